"""Short names of acts in the audit log, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping

from gateway.console.i18n import Lazy, lazy
from gateway.console.words import event_name

ACT_NAMES: Mapping[str, Lazy] = {
    "identity.log_in.succeeded": lazy("Logged in"),
    "identity.log_in.failed": lazy("Log-in failed"),
    "identity.session.ended": lazy("Session ended"),
    "identity.user.updated": lazy("Colleague changed"),
    "identity.user.suspended": lazy("Colleague suspended"),
    "identity.user.deactivated": lazy("Colleague removed"),
    "identity.tenant.updated": lazy("Company settings changed"),
    "identity.client.authorized": lazy("API client registered"),
    "identity.client.revoked": lazy("API client revoked"),
    "identity.grant.authorized": lazy("App allowed"),
    "identity.grant.revoked": lazy("App's access ended"),
    "identity.grant.refused": lazy("App's code or token refused"),
    "identity.request.refused": lazy("Refused by a rule"),
    "identity.audit.exported": lazy("Audit log exported"),
    "contacts.export.started": lazy("People exported"),
    "contacts.account.deleted": lazy("Company moved to the bin"),
    "contacts.account.undeleted": lazy("Company taken out of the bin"),
}


def act_name(action: str) -> str:
    """The act in words, or its own name where there are none yet."""
    return str(ACT_NAMES[action]) if action in ACT_NAMES else event_name(action)
