"""The client: one object with every resource of the API."""

from __future__ import annotations

from types import TracebackType

import httpx2

from funia_sdk.auth import Authorization, ClientCredentials, StaticToken
from funia_sdk.events import Events
from funia_sdk.generated.resources import Resources
from funia_sdk.jobs import BulkJobs
from funia_sdk.retrying import Retries
from funia_sdk.transport import Transport, environment

_AGENT = "funia-sdk-python"


class Funia(Resources):
    """The API of one company, by `funia.contacts`, `funia.events` and so on. Safe to share between threads.

    `url` is where the API is (`FUNIA_URL` where not given). `authorization` is a `ClientCredentials`, `RefreshToken`
    or `StaticToken`, or an access token as text; where not given, `FUNIA_CLIENT_ID` and `FUNIA_CLIENT_SECRET`, or
    `FUNIA_TOKEN`, of the environment. `http` brings proxies, certificates and transports of your own.
    """

    def __init__(
        self,
        url: str = "",
        authorization: Authorization | str | None = None,
        *,
        retries: Retries | None = None,
        timeout_s: float = 30.0,
        http: httpx2.Client | None = None,
    ) -> None:
        base_url = url or environment("FUNIA_URL")
        if not base_url:
            raise ValueError("Give the url of the API, or set FUNIA_URL.")
        if isinstance(authorization, str):
            authorization = StaticToken(authorization)
        self._http = http or httpx2.Client(headers={"User-Agent": _AGENT})
        transport = Transport(
            self._http, base_url, authorization or _from_environment(), retries or Retries(), timeout_s
        )
        super().__init__(transport)
        self.events: Events = Events(transport)
        self.bulk_jobs: BulkJobs = BulkJobs(transport)

    def __enter__(self) -> Funia:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._http.close()


def _from_environment() -> Authorization:
    client_id, secret, token = (environment(f"FUNIA_{name}") for name in ("CLIENT_ID", "CLIENT_SECRET", "TOKEN"))
    if client_id and secret:
        return ClientCredentials(client_id, secret)
    if token:
        return StaticToken(token)
    raise ValueError("Give an authorization, or set FUNIA_CLIENT_ID and FUNIA_CLIENT_SECRET, or FUNIA_TOKEN.")
