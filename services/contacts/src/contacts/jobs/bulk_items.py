"""Items of an uploaded file one by one, whatever stands in it: a broken line costs itself, never its neighbours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

import orjson
from chassis.caller import FieldRights
from chassis.custom_fields import Defs
from chassis.errors import InvalidArgument, Violation
from chassis.field_rights import refuse_named
from chassis.importing.limits import ImportLimits
from chassis.importing.rows import Problem, RawRow, text_rows
from chassis.rules import is_update
from chassis.work import Row
from google.protobuf.json_format import ParseDict, ParseError

from contacts.imports import fields
from contacts.imports.checking import RowChecker
from contacts.model.drafts import AccountDraft, ContactDraft
from contacts.servicers.bulk import ItemForm, item_form
from contacts.usecases.bulk import BulkItem

Item = BulkItem[Any]
_OWN_COLUMNS = ("id", "etag")
_IDENTITY = frozenset(_OWN_COLUMNS)
_UNUSABLE = frozenset({"account_name", "account_role", "parent_name"})
"""Fields of imports that name a second record, which bulk methods never make."""
_NO_SUCH_FIELD = re.compile(r'has no field named "(?P<name>[^"]{1,80})" at "\w+\.?(?P<path>[^"]*)"')
_WRONG_FIELD = re.compile(r"Failed to parse (\w+) field: ")


def items_of(
    job: Row, chunks: Iterable[bytes], limits: ImportLimits, *, custom: Defs, country: str, rights: FieldRights
) -> Iterator[Item]:
    """The items of a job's file, within the field rights of who started it.

    Raises InvalidArgument where the file as a whole makes no sense, PermissionDenied where it writes a column that it
    must not.
    """
    if job.format == "jsonl":
        form = item_form(job.object, job.operation, job.system, rights)
        return (_from_line(line, form) for line in _lines(chunks, limits.line_max_chars))
    rows = text_rows(chunks, encoding="utf-8", delimiter=",", width=0, limits=limits)
    heading = next(rows, None)
    if heading is None or heading.problem is not None:
        raise _bad_heading("the file needs a first line that names the fields")
    columns = [(name.strip(), fields.governed(job.object, name.strip())) for name in heading.values]
    unwritable = rights.unwritable_in(job.object)
    refuse_named(((name, f"{job.object}.{field}") for name, field in columns if field in unwritable), rights)
    return map(_row_reader(job, heading.values, limits, custom, country), rows)


def _lines(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    """Lines that are not blank; one that is too long comes cut, so that it is refused as no JSON."""
    rest = b""
    skipping = False
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not skipping and line.strip():
                yield line[: most + 1]
            skipping = False
        if len(rest) > most and not skipping:
            yield rest[: most + 1]
            skipping = True
        if skipping:
            rest = b""
    if rest.strip() and not skipping:
        yield rest


def _from_line(line: bytes, form: ItemForm) -> Item:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return _refused(form.empty, "", f"This line is no JSON, or too long: {error.msg}.", "MALFORMED_JSON")
    if not isinstance(value, dict):
        return _refused(form.empty, "", "A line holds one JSON object.", "WRONG_TYPE")
    mask = value.pop("update_mask", "")
    message: Any = form.message()
    try:
        ParseDict(value, message)
    except (ParseError, ValueError, TypeError) as error:
        return _refused(form.empty, *_what_is_wrong(str(error)))
    if is_update(message.DESCRIPTOR):
        given = value.get(form.resource)
        present = [name for name in given if name not in _IDENTITY] if isinstance(given, dict) else []
        paths = [path.strip() for path in mask.split(",")] if isinstance(mask, str) and mask else present
        message.update_mask.paths.extend(paths)
    return form.judged(message)


def _what_is_wrong(told: str) -> tuple[str, str, str]:
    """Field, message and reason of what the library says, whose own words name its parts and not the API's."""
    unknown = _NO_SUCH_FIELD.search(told)
    if unknown is not None:
        path = f"{unknown['path']}.{unknown['name']}" if unknown["path"] else unknown["name"]
        return path, f"There is no field {unknown['name']} here.", "UNKNOWN_FIELD"
    return ".".join(_WRONG_FIELD.findall(told)), "This value does not fit the field.", "WRONG_TYPE"


def _row_reader(
    job: Row, headings: list[str], limits: ImportLimits, custom: Defs, country: str
) -> Callable[[RawRow], Item]:
    names = [heading.strip() for heading in headings]
    targets = [None if name in _OWN_COLUMNS else fields.target(job.object, name) for name in names]
    for name, target in zip(names, targets, strict=True):
        if name in _OWN_COLUMNS:
            continue
        if target is None or target.name in _UNUSABLE:
            raise _bad_heading(fields.unknown_field(job.object, name))
        if target.name == "custom" and target.option not in custom:
            raise _bad_heading(f'there is no custom field "{target.option}"')
    checker = RowChecker(
        job.object,
        list(zip(names, targets, strict=True)),
        default_country=country,
        default_currency=limits.default_currency,
        custom=custom,
        identified=True,
    )
    empty: Any = ContactDraft() if job.object == "contact" else AccountDraft()
    places = {name: names.index(name) for name in _OWN_COLUMNS if name in names}

    def read(raw: RawRow) -> Item:
        checked = checker.check(raw)
        if isinstance(checked, Problem):
            return _refused(empty, checked.column, checked.message, checked.reason)
        own = {name: raw.values[index].strip() for name, index in places.items()}
        try:
            record_id = UUID(own["id"]) if own.get("id") else None
        except ValueError:
            return _refused(empty, "id", "This is no id of a record.", "INVALID_UUID")
        value = checked.draft.external_ids.get(job.system, "") if job.system else ""
        return BulkItem(
            checked.draft,
            checked.given,
            record_id=record_id,
            external=f"{job.system}:{value}" if value else "",
            etag=own.get("etag", ""),
            allow_duplicate=job.allow_duplicate,
        )

    return read


def _refused(empty: Any, field: str, message: str, reason: str) -> Item:
    where = f"{field}: " if field else ""
    violations = [Violation(field, message, reason)]
    return BulkItem(empty, refusal=InvalidArgument(f"{where}{message}", reason=reason, violations=violations))


def _bad_heading(message: str) -> InvalidArgument:
    return InvalidArgument(f"The heading cannot be read: {message}", reason="INVALID_HEADING")
