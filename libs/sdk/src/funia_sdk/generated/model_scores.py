"""Methods of model scores. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport

_LIST = Operation("model_scores.list", "GET", "/v1/model-scores")


class ModelScoresApi:
    """Runs of models over the whole company, every night and when asked for. The newest run that succeeded is
    active, and its scores are those of the customers. Runs and their lists are for callers who see all
    records; what the models say of one customer is for everybody who sees that customer.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        kind: str,
        band: str | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ModelScore, models.ListModelScoresResponse]:
        """Lists what the active run of a kind says of each customer, the highest score first.

        kind: Kind of model.
        band: Only customers of this band.
        page_size: Customers a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer; it goes on in the run that it began with.
        """

        def fetch(token: str) -> models.ListModelScoresResponse:
            return self._transport.call(
                _LIST,
                models.ListModelScoresResponse,
                {},
                Sent(
                    query={"kind": kind, "band": band, "page_size": page_size, "page_token": token or None},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.scores, page_token or "")
