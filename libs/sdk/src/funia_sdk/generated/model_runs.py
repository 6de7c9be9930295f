"""Methods of model runs. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from typing import Literal

from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("model_runs.list", "GET", "/v1/model-runs")
_START = Operation("model_runs.start", "POST", "/v1/model-runs", keyed=True)
_GET = Operation("model_runs.get", "GET", "/v1/model-runs/{id}")


class ModelRunsApi:
    """Runs of models over the whole company, every night and when asked for. The newest run that succeeded is
    active, and its scores are those of the customers. Runs and their lists are for callers who see all
    records; what the models say of one customer is for everybody who sees that customer.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        kind: str | None = None,
        active: bool | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        timeout_s: float | None = None,
    ) -> Pages[models.ModelRun, models.ListModelRunsResponse]:
        """Lists runs, newest first.

        kind: Only runs of this kind.
        active: Only the active run.
        page_size: Runs a page, 50 where unset, 200 at most.
        page_token: Token of the next page from the last answer.
        """

        def fetch(token: str) -> models.ListModelRunsResponse:
            return self._transport.call(
                _LIST,
                models.ListModelRunsResponse,
                {},
                Sent(
                    query={"kind": kind, "active": active, "page_size": page_size, "page_token": token or None},
                    timeout_s=timeout_s,
                ),
            )

        return Pages(fetch, lambda page: page.model_runs, page_token or "")

    def start(
        self,
        *,
        kind: Literal["rfm", "lifetime_value", "churn", "clusters", "baskets"],
        parameters: inputs.ModelParametersInput | None = None,
        idempotency_key: str | None = None,
        timeout_s: float | None = None,
    ) -> models.ModelRun:
        """Asks for a run; where one of that kind waits or is under way, that one is the answer.

        kind: What to compute: rfm (groups by recency, frequency and money), lifetime_value, churn, clusters or baskets (what is bought together; its rules are listed by ListBasketRules).
        parameters: How; what is not given is as the text of the field says.
        """
        return self._transport.call(
            _START,
            models.ModelRun,
            {},
            Sent(
                body=given({"kind": kind, "parameters": parameters}),
                idempotency_key=idempotency_key,
                timeout_s=timeout_s,
            ),
        )

    def get(self, id: str, *, timeout_s: float | None = None) -> models.ModelRun:
        """Reads a run with its result.

        id: Run.
        """
        return self._transport.call(_GET, models.ModelRun, {"id": id}, Sent(timeout_s=timeout_s))
