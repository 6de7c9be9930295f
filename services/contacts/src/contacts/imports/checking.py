"""Rows of a file checked and turned into drafts, by a mapping compiled once. Asks no database, writes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chassis.custom_fields import Defs
from chassis.formats import FORMATS
from chassis.importing.countries import country_code
from chassis.importing.custom_columns import custom_setter, yes_or_no
from chassis.importing.numbers import money, whole_number
from chassis.importing.rows import Problem, RawRow
from chassis.importing.safe_csv import unguarded

from contacts.imports import fields
from contacts.imports.fields import Target
from contacts.imports.values import language, phone, split_name
from contacts.model.account import TYPES
from contacts.model.contact import LIFECYCLE, OFF_LIFECYCLE
from contacts.model.drafts import AccountDraft, Address, ContactDraft, Email, Phone
from contacts.model.names import domain_key, email_key, name_key

Keys = tuple[tuple[str, str], ...]
Setter = Callable[[str, dict[str, Any]], Problem | None]

_LIST_MARKS = re.compile(r"[;,|\n]")
_FITS_EMAIL = next(known.fits for known in FORMATS.values() if known.name == "email")
_FITS_DOMAIN = next(known.fits for known in FORMATS.values() if known.name == "domain")
_STAGES = {stage: stage for stage in (*LIFECYCLE, *OFF_LIFECYCLE)}
_TYPES = {name: name for name in TYPES}


@dataclass(frozen=True, slots=True)
class CheckedContact:
    """A row that makes sense as a contact. `given` names the draft's fields that have a value in the row."""

    raw: RawRow
    draft: ContactDraft
    given: tuple[str, ...]
    keys: Keys
    company: str
    role: str


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """A row that makes sense as a company."""

    raw: RawRow
    draft: AccountDraft
    given: tuple[str, ...]
    keys: Keys
    name_key: str
    parent: str


class RowChecker:
    """Checks rows of one import. `mapping` gives for each column its heading and the field it fills, if any;
    `identified` rows may name their record in a column of its own.
    """

    def __init__(
        self,
        kind: str,
        mapping: Sequence[tuple[str, Target | None]],
        *,
        default_country: str,
        default_currency: str,
        custom: Defs | None = None,
        identified: bool = False,
    ) -> None:
        self._width = len(mapping)
        self._default_country = default_country
        self._currency = default_currency
        self._custom = custom or {}
        self._identified = identified
        self._is_contact = kind == "contact"
        steps = [
            (index, heading, self._setter(one))
            for index, (heading, one) in enumerate(mapping)
            if one is not None and one.name != "phones"
        ]
        # Numbers are read in the row's own country, so they come after it.
        steps += [
            (index, heading, self._set_phones)
            for index, (heading, one) in enumerate(mapping)
            if one is not None and one.name == "phones"
        ]
        self._steps = steps

    def check(self, raw: RawRow) -> CheckedContact | CheckedAccount | Problem:
        """The row's meaning, or all that is wrong with it."""
        if raw.problem is not None:
            return raw.problem
        values = raw.values
        if len(values) != self._width:
            ragged = self._ragged(values)
            if ragged is not None:
                return ragged
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for index, heading, setter in self._steps:
            value = values[index].strip()
            if value:
                if value[0] == "'":
                    value = unguarded(value)
                problem = setter(value, found)
                if problem is not None:
                    problems.append(Problem(problem.reason, problem.message, heading))
        if problems:
            return _joined(problems)
        return self._contact(raw, found) if self._is_contact else self._account(raw, found)

    def _contact(self, raw: RawRow, found: dict[str, Any]) -> CheckedContact | Problem:
        company, role = found.pop("account_name", ""), found.pop("account_role", "")
        emails: dict[str, Email] = found.get("emails", {})
        phones: dict[str, Phone] = found.get("phones", {})
        external: dict[str, str] = found.get("external_ids", {})
        if emails:
            found["emails"] = _one_primary(tuple(emails.values()))
        if phones:
            found["phones"] = _one_primary(tuple(phones.values()))
        _finish(found)
        if not (
            self._identified
            or emails
            or phones
            or external
            or found.keys() & {"given_name", "middle_name", "family_name"}
        ):
            return Problem("NOTHING_TO_IDENTIFY_BY", "This row has no name, e-mail, phone or external id.")
        keys = (
            *[("email", key) for key in emails],
            *[("phone", key) for key in phones],
            *[("external", f"{system}:{value}") for system, value in external.items()],
        )
        return CheckedContact(raw, ContactDraft(**found), tuple(found), keys, company, role)

    def _account(self, raw: RawRow, found: dict[str, Any]) -> CheckedAccount | Problem:
        parent = found.pop("parent_name", "")
        domains: dict[str, None] = found.get("domains", {})
        external: dict[str, str] = found.get("external_ids", {})
        if domains:
            found["domains"] = tuple(domains)
        _finish(found)
        name = found.get("name", "")
        if not (self._identified or name or domains or external):
            return Problem("NOTHING_TO_IDENTIFY_BY", "This row has no company name, domain or external id.")
        key = name_key(name)
        if name and not key:
            return Problem("INVALID_VALUE", "A company's name needs a letter or a digit.")
        keys = (
            *[("domain", domain) for domain in domains],
            *[("external", f"{system}:{value}") for system, value in external.items()],
        )
        return CheckedAccount(raw, AccountDraft(**found), tuple(found), keys, key, parent)

    def _ragged(self, values: list[str]) -> Problem | None:
        """More columns than the heading are right only where they are empty; they are cut off then."""
        if len(values) > self._width and not any(value.strip() for value in values[self._width :]):
            del values[self._width :]
            return None
        if len(values) > self._width:
            hint = "A value with the delimiter in it must stand in quotes."
            reason = "TOO_MANY_COLUMNS"
        else:
            hint = "Leave missing values empty, but keep their delimiters."
            reason = "TOO_FEW_COLUMNS"
        return Problem(reason, f"This row has {len(values)} columns where the heading has {self._width}. {hint}")

    def _setter(self, one: Target) -> Setter:
        name = one.name
        if name.startswith("address."):
            part = name.removeprefix("address.")
            if part == "country_code":
                return lambda value, found: _country(value, found.setdefault("addresses", {}))
            return _text(part, fields.ADDRESS_TEXTS[part], within="addresses")
        if name == "custom":
            return custom_setter(self._custom[one.option], self._currency)
        if name == "external_ids":
            return _external(one.option or "external")
        if name in fields.REVENUE_SCALES:
            return _revenue(fields.REVENUE_SCALES[name], one.option or self._currency)
        special: dict[str, Setter] = {
            "emails": self._set_emails,
            "domains": self._set_domains,
            "tags": self._set_tags,
            "country_code": _country,
            "owner_id": _owner,
            "full_name": _full_name,
            "language": _language,
            "do_not_contact": _do_not_contact,
            "score": _number("score", fields.SCORE_MAX),
            "employees": _number("employees", fields.EMPLOYEES_MAX),
            "founded_year": _number("founded_year", fields.YEAR_MAX),
            "lifecycle_stage": _choice("lifecycle_stage", _STAGES),
            "type": _choice("type", _TYPES),
            "account_name": _company_name,
            "parent_name": _text("parent_name", fields.ACCOUNT_TEXTS["name"]),
            "account_role": _text("account_role", fields.ROLE_MAX_CHARS),
        }
        if name in special:
            return special[name]
        texts = fields.CONTACT_TEXTS if self._is_contact else fields.ACCOUNT_TEXTS
        return _text(name, texts[name])

    def _set_emails(self, value: str, found: dict[str, Any]) -> Problem | None:
        emails = found.setdefault("emails", {})
        for address in _several(value) if _LIST_MARKS.search(value) else (value,):
            if len(address) > fields.EMAIL_MAX_CHARS or not _FITS_EMAIL(address):
                return Problem("INVALID_EMAIL", f'"{address[:100]}" is no e-mail address. Mend it or empty the cell.')
            emails.setdefault(email_key(address), Email(address))
        return _too_many("emails", emails)

    def _set_phones(self, value: str, found: dict[str, Any]) -> Problem | None:
        phones = found.setdefault("phones", {})
        country = found.get("country_code") or self._default_country
        for number in _several(value) if _LIST_MARKS.search(value) else (value,):
            normal = phone(number, country) if len(number) <= fields.PHONE_MAX_CHARS else None
            if normal is None:
                return Problem(
                    "INVALID_PHONE",
                    f'"{number[:60]}" is not a phone number we can read. Write it with the country code, such as '
                    "+359 2 123 4567, or choose the country of the file.",
                )
            phones.setdefault(normal, Phone(normal))
        return _too_many("phones", phones)

    def _set_domains(self, value: str, found: dict[str, Any]) -> Problem | None:
        domains = found.setdefault("domains", {})
        for text in _several(value):
            domain = domain_key(text)
            if len(domain) > fields.DOMAIN_MAX_CHARS or not _FITS_DOMAIN(domain):
                return Problem("INVALID_DOMAIN", f'"{text[:100]}" is not a web domain such as example.com.')
            domains[domain] = None
        return _too_many("domains", domains)

    def _set_tags(self, value: str, found: dict[str, Any]) -> Problem | None:
        tags = found.setdefault("tags", {})
        for tag in _several(value):
            if len(tag) > fields.TAG_MAX_CHARS:
                return Problem("TOO_LONG", f"A tag has {fields.TAG_MAX_CHARS} characters at most.")
            tags[tag] = None
        return _too_many("tags", tags)


def _several(value: str) -> list[str]:
    return [part for raw in _LIST_MARKS.split(value) if (part := raw.strip())]


def _finish(found: dict[str, Any]) -> None:
    if "tags" in found:
        found["tags"] = tuple(found["tags"])
    if "addresses" in found:
        found["addresses"] = (Address(**found["addresses"]),)


def _one_primary(items: tuple[Any, ...]) -> tuple[Any, ...]:
    return (type(items[0])(items[0].address if isinstance(items[0], Email) else items[0].number, "", True), *items[1:])


def _joined(problems: list[Problem]) -> Problem:
    first = problems[0]
    if len(problems) == 1:
        return first
    return Problem(first.reason, " ".join(f"{one.column}: {one.message}" for one in problems), first.column)


def _text(name: str, most: int, *, within: str = "") -> Setter:
    def put(value: str, found: dict[str, Any]) -> Problem | None:
        if len(value) > most:
            return Problem("TOO_LONG", f"{len(value)} characters are too many: {most} at most.")
        (found.setdefault(within, {}) if within else found)[name] = value
        return None

    return put


def _company_name(value: str, found: dict[str, Any]) -> Problem | None:
    if not any(character.isalnum() for character in value):
        return Problem("INVALID_VALUE", f'"{value[:60]}" is no company name: it needs a letter or a digit.')
    return _put_company(value, found)


def _number(name: str, most: int) -> Setter:
    def put(value: str, found: dict[str, Any]) -> Problem | None:
        number = whole_number(value, most=most)
        if number is None:
            return Problem("INVALID_NUMBER", f'"{value[:60]}" is not a whole number between 0 and {most}.')
        found[name] = number
        return None

    return put


def _choice(name: str, known: dict[str, str]) -> Setter:
    def put(value: str, found: dict[str, Any]) -> Problem | None:
        chosen = known.get(value.casefold())
        if chosen is None:
            return Problem("NOT_ALLOWED", f'"{value[:60]}" is not one of: {", ".join(known)}.')
        found[name] = chosen
        return None

    return put


def _external(system: str) -> Setter:
    def put(value: str, found: dict[str, Any]) -> Problem | None:
        if len(value) > fields.EXTERNAL_ID_MAX_CHARS:
            return Problem("TOO_LONG", f"An external id has {fields.EXTERNAL_ID_MAX_CHARS} characters at most.")
        found.setdefault("external_ids", {})[system] = value
        return _too_many("external_ids", found["external_ids"])

    return put


def _revenue(scale: int, currency: str) -> Setter:
    def put(value: str, found: dict[str, Any]) -> Problem | None:
        amount = money(value, scale=scale, currency=currency)
        if amount is None:
            return Problem("INVALID_NUMBER", f'"{value[:60]}" is no amount of money such as 1200000 or EUR 1,200.50.')
        found["revenue_currency"], found["revenue_minor"] = amount
        return None

    return put


def _country(value: str, found: dict[str, Any]) -> Problem | None:
    code = country_code(value)
    if code is None:
        return Problem("INVALID_COUNTRY", f'"{value[:60]}" is no country we know. Write its ISO code, such as BG.')
    found["country_code"] = code
    return None


def _language(value: str, found: dict[str, Any]) -> Problem | None:
    tag = language(value)
    if tag is None:
        return Problem("INVALID_LANGUAGE", f'"{value[:60]}" is no language tag such as "en" or "pt-BR".')
    found["language"] = tag
    return None


def _do_not_contact(value: str, found: dict[str, Any]) -> Problem | None:
    answer = yes_or_no(value)
    if answer is None:
        return Problem("NOT_ALLOWED", f'"{value[:60]}" is neither yes nor no.')
    found["do_not_contact"] = answer
    return None


def _owner(value: str, found: dict[str, Any]) -> Problem | None:
    try:
        found["owner_id"] = UUID(value)
    except ValueError:
        return Problem("INVALID_UUID", f'"{value[:60]}" is not the id of a user.')
    return None


def _full_name(value: str, found: dict[str, Any]) -> Problem | None:
    if len(value) > fields.FULL_NAME_MAX_CHARS:
        return Problem("TOO_LONG", f"A whole name has {fields.FULL_NAME_MAX_CHARS} characters at most.")
    for name, part in zip(("given_name", "middle_name", "family_name"), split_name(value), strict=True):
        if len(part) > fields.CONTACT_TEXTS[name]:
            return Problem("TOO_LONG", f"A part of the name is longer than {fields.CONTACT_TEXTS[name]} characters.")
        if part:
            found[name] = part
    return None


def _too_many(name: str, values: Any) -> Problem | None:
    most = fields.LIST_MAX[name]
    return Problem("TOO_MANY", f"{len(values)} values are too many: {most} at most.") if len(values) > most else None


_put_company = _text("account_name", fields.ACCOUNT_TEXTS["name"])
