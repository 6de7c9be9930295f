"""Methods of erasure certificates. Written by `make sdk` from the OpenAPI document; do not edit."""

from __future__ import annotations

from funia_sdk.generated import inputs, models
from funia_sdk.transport import Operation, Sent, Transport

_VERIFY = Operation("erasure_certificates.verify", "POST", "/v1/erasure-certificates:verify", public=True)


class ErasureCertificatesApi:
    """The company itself, its users, roles and apps."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def verify(
        self, body: inputs.VerifyErasureCertificateInput, *, timeout_s: float | None = None
    ) -> models.VerifyErasureCertificateAnswer:
        """For anybody: whoever holds a certificate has no company any more."""
        return self._transport.call(
            _VERIFY, models.VerifyErasureCertificateAnswer, {}, Sent(body=body, timeout_s=timeout_s)
        )
