"""Adding and changing the fields a company adds to its records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from uuid import UUID

from chassis.errors import Conflict, FailedPrecondition, InvalidArgument, NotFound, Violation
from chassis.ids import uuid7
from chassis.work import Row, Work

from gateway.errors import stale
from gateway.identity import events
from gateway.identity.model.custom_field import FIELDS_MAX, KEPT_MAX
from gateway.identity.queries import custom_field as queries

_CHOICES = ("choice", "choices")
_SEARCHABLE = ("text", *_CHOICES)
_CHANGEABLE = ("label", "options", "required", "searchable", "position", "archived")


@dataclass(frozen=True, slots=True)
class CustomFieldDraft:
    """A custom field as an administrator describes it."""

    object: str
    key: str
    label: str
    type: str
    options: tuple[str, ...] = ()
    refers_to: str = ""
    required: bool = False
    searchable: bool = False
    position: int = 0
    archived: bool = False


def get(work: Work, field_id: UUID) -> Row:
    """A field of the company. Raises NotFound."""
    return _found(queries.get(work, field_id), field_id)


def listed(work: Work, kind: str, *, archived: bool) -> list[Row]:
    """Fields of an object, of all where it is empty, in the order shown."""
    return queries.listed(work, kind, archived=archived)


def create(work: Work, draft: CustomFieldDraft) -> Row:
    """Adds a field. Raises Conflict where the key is taken, FailedPrecondition where there are too many."""
    draft = replace(draft, archived=False)
    _check(draft)
    there = queries.listed(work, draft.object, archived=True)
    if any(row.key == draft.key for row in there):
        raise Conflict(
            f'There is a field "{draft.key}" already, perhaps an archived one. Choose another key, or bring it back.',
            reason="KEY_TAKEN",
        )
    _check_count(there)
    if not draft.position:
        draft = replace(draft, position=max((row.position for row in there), default=0) + 10)
    field_id = uuid7()
    queries.add(
        work,
        id=field_id,
        **{**asdict(draft), "options": list(draft.options)},
        version=1,
        created_at=work.now,
        created_by=work.caller.actor_id,
        updated_at=work.now,
        updated_by=work.caller.actor_id,
    )
    row = get(work, field_id)
    work.record(events.custom_field_changed("created", row))
    return row


def update(work: Work, field_id: UUID, draft: CustomFieldDraft, names: Collection[str], *, etag: str) -> Row:
    """Changes these fields of the definition. Raises Conflict where the etag is stale."""
    row = _found(queries.get(work, field_id, lock=True), field_id)
    if etag and etag != str(row.version):
        raise stale(etag, row.version)
    before = {name: getattr(row, name) for name in _CHANGEABLE}
    after = before | {name: getattr(draft, name) for name in _CHANGEABLE if name in names}
    after["options"] = list(after["options"])
    changed = tuple(name for name in _CHANGEABLE if after[name] != before[name])
    if not changed:
        return row
    _check(
        CustomFieldDraft(
            row.object, row.key, after["label"], row.type, tuple(after["options"]), row.refers_to,
            searchable=after["searchable"],
        )
    )  # fmt: skip
    if "archived" in changed and not after["archived"]:
        _check_count(queries.listed(work, row.object, archived=True))
    queries.change(work, field_id, after)
    row = get(work, field_id)
    work.record(events.custom_field_changed("updated", row, changed_fields=changed))
    return row


def _check(draft: CustomFieldDraft) -> None:
    wrong: list[Violation] = []
    if not draft.label.strip():
        wrong.append(Violation("custom_field.label", "Give a name that people read.", "REQUIRED"))
    if draft.type in _CHOICES and not draft.options:
        wrong.append(Violation("custom_field.options", "A choice needs options.", "REQUIRED"))
    if draft.type not in _CHOICES and draft.options:
        wrong.append(Violation("custom_field.options", "Only a choice has options.", "NOT_ALLOWED"))
    if len(set(draft.options)) != len(draft.options):
        wrong.append(Violation("custom_field.options", "An option comes twice. Leave one out.", "DUPLICATE_VALUE"))
    if (draft.type == "reference") != bool(draft.refers_to):
        text = "Say what it points to: contact or account." if not draft.refers_to else "Only a reference points."
        wrong.append(Violation("custom_field.references", text, "NOT_ALLOWED" if draft.refers_to else "REQUIRED"))
    if draft.searchable and draft.type not in _SEARCHABLE:
        text = f"Only these are searched by: {', '.join(_SEARCHABLE)}. Filter by it instead."
        wrong.append(Violation("custom_field.searchable", text, "NOT_ALLOWED"))
    if wrong:
        first = wrong[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason="INVALID_FIELD", violations=wrong)


def _check_count(there: list[Row]) -> None:
    living = sum(not row.archived for row in there)
    if living >= FIELDS_MAX or len(there) > KEPT_MAX:
        raise FailedPrecondition(
            f"An object has {FIELDS_MAX} custom fields at most, {KEPT_MAX} with archived ones. Archive one first.",
            reason="TOO_MANY_FIELDS",
        )


def _found(row: Row | None, field_id: UUID) -> Row:
    if row is None:
        raise NotFound(f"There is no custom field {field_id} in your company.", reason="CUSTOM_FIELD_NOT_FOUND")
    return row
