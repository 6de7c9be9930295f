"""Methods of sso domains. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import models
from funia_sdk.transport import Operation, Sent, Transport, given

_LIST = Operation("sso_domains.list", "GET", "/v1/sso-domains")
_CREATE = Operation("sso_domains.create", "POST", "/v1/sso-domains", keyed=True)
_DELETE = Operation("sso_domains.delete", "DELETE", "/v1/sso-domains/{domain}", keyed=True)
_VERIFY = Operation("sso_domains.verify", "POST", "/v1/sso-domains/{domain}:verify", keyed=True)


class SsoDomainsApi:
    """The provider a company has connected, and the e-mail domains it has proven to own."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, *, timeout_s: float | None = None) -> models.ListSsoDomainsResponse:
        """Lists the e-mail domains of the company, by name. There are at most 50."""
        return self._transport.call(_LIST, models.ListSsoDomainsResponse, {}, Sent(timeout_s=timeout_s))

    def create(
        self, *, domain: str, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SsoDomain:
        """Adds a domain, to be proven by the DNS record in the answer.

        domain: The domain.
        """
        return self._transport.call(
            _CREATE,
            models.SsoDomain,
            {},
            Sent(body=given({"domain": domain}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def delete(
        self, domain: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.DeleteSsoDomainResponse:
        """Takes a domain out: its people cannot log in by the provider any more.

        domain: The domain.
        """
        return self._transport.call(
            _DELETE,
            models.DeleteSsoDomainResponse,
            {"domain": domain},
            Sent(idempotency_key=idempotency_key, timeout_s=timeout_s),
        )

    def verify(
        self, domain: str, *, idempotency_key: str | None = None, timeout_s: float | None = None
    ) -> models.SsoDomain:
        """Looks for the DNS record of a domain now; the answer says whether it was found.

        domain: The domain.
        """
        return self._transport.call(
            _VERIFY,
            models.SsoDomain,
            {"domain": domain},
            Sent(body=given({}), idempotency_key=idempotency_key, timeout_s=timeout_s),
        )
