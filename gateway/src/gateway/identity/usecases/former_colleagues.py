"""Taking the name of a colleague who left out of the company. What the colleague did stays, under a number.

The audit log needs no change: its entries carry ids, which lead to the number from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from chassis.errors import FailedPrecondition
from chassis.work import Row, Work

from gateway.errors import user_not_found
from gateway.identity import events
from gateway.identity.platform import platform_rights
from gateway.identity.queries import former_colleague as queries
from gateway.identity.queries import tenant as tenants
from gateway.identity.queries import user as users
from gateway.identity.usecases import company_exports

NAMES: Mapping[str, str] = {"en": "Former colleague {}", "ru": "Бывший коллега {}", "bg": "Бивш колега {}"}
"""What stands in place of the name, in the company's language."""
_NOWHERE = "former.invalid"
"""A domain that no mail can ever go to (RFC 2606)."""


def pseudonymize(work: Work, user_id: UUID, *, kept: frozenset[str] = frozenset()) -> Row:
    """Replaces name and address for good; a second time changes nothing. Returns the person's row.

    The account goes too where it belongs to no other company and is none of `kept`. Raises NotFound, and
    FailedPrecondition for somebody who was not removed.
    """
    # Numbers are given one after another, however many ask.
    company = tenants.get_for_update(work)
    row = users.get_for_update(work, user_id)
    if company is None or row is None:
        raise user_not_found(user_id)
    if queries.is_one(work, user_id):
        return row
    if row.status != "deactivated":
        raise FailedPrecondition("Remove the colleague first; then the name can go.", reason="STILL_A_COLLEAGUE")
    name = NAMES.get(company.locale, NAMES["en"]).format(queries.add(work, user_id))
    queries.rename(work, user_id, email=f"{user_id}@{_NOWHERE}", full_name=name)
    # Archives that can be downloaded tell the name.
    company_exports.remove_all(work)
    with platform_rights(work) as platform:
        account = users.account(platform, user_id)
        elsewhere = [one for one in users.memberships(platform, user_id) if one.tenant_id != work.tenant_id]
        if account is not None and not elsewhere and account.email not in kept:
            queries.delete_accounts(platform, [user_id])
    row = users.get(work, user_id)
    assert row is not None
    work.record(events.user_changed("pseudonymized", row, changed_fields=("email", "full_name", "team_id")))
    return row
