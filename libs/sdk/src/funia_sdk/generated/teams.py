"""Methods of teams. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("teams.list", "GET", "/v1/teams")
_CREATE = Operation("teams.create", "POST", "/v1/teams", keyed=True)
_DELETE = Operation("teams.delete", "DELETE", "/v1/teams/{id}", keyed=True)
_GET = Operation("teams.get", "GET", "/v1/teams/{id}")
_UPDATE = Operation("teams.update", "PATCH", "/v1/teams/{id}", keyed=True)


class TeamsApi:
    """Who works together. A person with the visibility "team" sees the records of his team and of every team
    below it.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListTeamsResponse:
        """Lists every team of the company, by name."""
        return self._transport.call(_LIST, models.ListTeamsResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, body: inputs.TeamInput, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.Team:
        """Makes a team."""
        return self._transport.call(
            _CREATE, models.Team, {}, Sent(body=body, idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def delete(
        self, id: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteTeamResponse:
        """Deletes a team. Its people and the teams below it move up; the team above sees its records from then on.

        id: Team.
        """
        return self._transport.call(
            _DELETE, models.DeleteTeamResponse, {"id": id}, Sent(idempotency_key=idempotency_key, timeout_s=timeout_s)
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.Team:
        """Returns one team.

        id: Team.
        """
        return self._transport.call(_GET, models.Team, {"id": id}, Sent(timeout_s=timeout_s))

    def update(
        self,
        id: str,
        body: inputs.TeamPatch,
        *,
        update_mask: str | None = None,
        idempotency_key: str | None = None,
        if_match: str | None = None,
        timeout_s: float | None = None,
    ) -> models.Team:
        """Renames a team, moves it below another one, or gives it another lead.

        id: UUIDv7.
        update_mask: Fields to change. Over HTTP: the fields present in the body, where not given.
        """
        return self._transport.call(
            _UPDATE,
            models.Team,
            {"id": id},
            Sent(
                query={"update_mask": update_mask},
                body=body,
                idempotency_key=idempotency_key,
                if_match=if_match,
                timeout_s=timeout_s,
            ),
        )
