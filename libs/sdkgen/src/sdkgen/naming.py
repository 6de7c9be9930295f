"""How paths and operation ids become names of Python: /v1/contacts/{id}:merge is `contacts.merge`."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from typing import Any

_VERSION = "/v1/"
_WORD = re.compile(r"OAuth|[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")
_VERB_NAMES = {"get": "get", "post": "create", "put": "set", "patch": "update", "delete": "delete"}


def snake(text: str) -> str:
    """batchCreate, bulk-jobs and OAuthClient as batch_create, bulk_jobs and oauth_client."""
    return "_".join(word.lower() for word in _WORD.findall(text))


def identifier(name: str) -> str:
    """The name as Python can have it."""
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) or plain in ("self", "cls") else plain


def group_of(path: str) -> str:
    """The resource that a path is about; "" for what is not of the public API's first version."""
    if not path.startswith(_VERSION):
        return ""
    return identifier(snake(path.removeprefix(_VERSION).partition("/")[0].partition(":")[0]))


def class_name(group: str) -> str:
    """The class of a resource's methods."""
    return "".join(word.capitalize() for word in group.split("_")) + "Api"


def method_name(group: str, path: str, verb: str, operation: Mapping[str, Any]) -> str:
    """What the method is called within its resource: the action after the colon, else the words of the operation id
    that the resource's name does not say already.
    """
    action = path.rpartition("/")[2].partition(":")[2]
    if action:
        return identifier(snake(action))
    said = {*group.split("_"), *(singular(word) for word in group.split("_"))}
    words = [word for word in snake(full_name(operation)).split("_") if word not in said]
    return identifier("_".join(words) or _VERB_NAMES.get(verb, verb))


def full_name(operation: Mapping[str, Any]) -> str:
    """The operation id without its service: ListContacts."""
    return str(operation["operationId"]).rpartition("_")[2]


def singular(word: str) -> str:
    """Of an English plural."""
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word.removesuffix("es")
    return word.removesuffix("s")
