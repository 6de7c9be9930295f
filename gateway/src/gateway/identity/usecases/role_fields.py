"""Field rights of roles: which fields of which records a role may hide or lock, and which roles may not have any."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from chassis.custom_fields import by_close_name
from chassis.errors import InvalidArgument, Violation
from chassis.work import Work

from gateway.identity.queries import custom_field as custom_fields
from gateway.identity.record_fields import standard_fields
from gateway.identity.roles import ADMINS_ONLY


def checked_fields(
    work: Work, scopes: Collection[str], hidden: Sequence[str], read_only: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Hidden and locked fields in their normal form; a hidden one needs no lock.

    Raises InvalidArgument naming each field that does not exist, and where the role could lift the rights itself.
    """
    if not hidden and not read_only:
        return [], []
    known = governable_fields(work)
    violations = [
        Violation(f"role.{name}[{index}]", _unknown(one, known), "UNKNOWN_FIELD")
        for name, fields in (("hidden_fields", hidden), ("read_only_fields", read_only))
        for index, one in enumerate(fields)
        if one not in known
    ]
    beyond = sorted(ADMINS_ONLY.intersection(scopes))
    if beyond:
        message = (
            f"A role with {', '.join(beyond)} sees every field, since it could give itself each of them. "
            "Take these scopes out, or let it see and change all fields."
        )
        violations.append(Violation("role.scopes", message, "FIELD_RIGHTS_OF_ADMINS"))
    if violations:
        first = violations[0]
        raise InvalidArgument(f"{first.field}: {first.message}", reason=first.reason, violations=violations)
    return sorted(set(hidden)), sorted(set(read_only) - set(hidden))


def governable_fields(work: Work) -> list[str]:
    """Every field that a role may hide or lock: those of the protos, then the company's own, archived ones too."""
    own = [f"{row.object}.custom.{row.key}" for row in custom_fields.listed(work, "", archived=True)]
    return [*standard_fields(), *own]


def _unknown(name: str, known: Sequence[str]) -> str:
    near = by_close_name(name, known)
    hint = f'Did you mean "{near}"?' if near else "Name one as contact.score or account.custom.<key>."
    return f'There is no field "{name[:120]}" that a role can hide or lock. {hint}'
