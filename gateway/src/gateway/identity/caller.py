"""Who the person of a console session is, as units of work see callers."""

from __future__ import annotations

from chassis.caller import Caller

from gateway.identity.usecases.sessions import Present


def caller_of(present: Present) -> Caller:
    """The caller with the rights of the session."""
    rights = present.rights
    return Caller(
        tenant_id=rights.tenant_id,
        actor_type="user",
        actor_id=rights.subject,
        scopes=rights.scopes,
        visibility=rights.visibility,
        team_ids=rights.team_ids,
        fields=rights.fields,
        sharing=rights.sharing,
        glass=rights.glass,
        client_id=rights.client_id,
        locale=rights.locale,
    )
