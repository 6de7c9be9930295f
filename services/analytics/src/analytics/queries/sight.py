"""What of a company's facts a caller counts: everything, the team's, or the own, by owner and team of each record."""

from __future__ import annotations

from chassis.caller import Caller

from analytics.store.port import Parameter, Row, TenantReader


class Sight:
    """Asks for one caller: in every statement SEEN stands where rows are chosen."""

    def __init__(self, reader: TenantReader, caller: Caller) -> None:
        self._reader = reader
        self._parameters: dict[str, Parameter] = {}
        self.hidden = caller.fields.hidden_in("deal")
        """Fields of deals that the caller may not see."""
        self.condition = "1"
        if caller.visibility != "all":
            teams = caller.team_ids if caller.visibility == "team" else ()
            self.condition = "(has({seen_owners:Array(UUID)}, owner_id) OR has({seen_teams:Array(UUID)}, team_id))"
            self._parameters = {
                "seen_owners": [caller.actor_id, *caller.sharing.owner_ids],
                "seen_teams": [*teams, *caller.sharing.team_ids],
            }

    def query(self, sql: str, **parameters: Parameter) -> list[Row]:
        """Rows of a statement in which SEEN stands for what the caller may count, ALL_SEEN for whether it is all."""
        return self._reader.query(self._cut(sql), repeats=False, **{**self._parameters, **parameters})

    def query_repeated(self, sql: str, **parameters: Parameter) -> list[Row]:
        """The same, where it is no harm that a fact may come several times."""
        return self._reader.query(self._cut(sql), repeats=True, **{**self._parameters, **parameters})

    def _cut(self, sql: str) -> str:
        return sql.replace("ALL_SEEN", "0" if self._parameters else "1").replace("SEEN", self.condition)
