"""Passkeys: WebAuthn credentials that live in a device or a password manager and log in without a password.

Each must check its person (PIN, finger, face) and be found without a name, so it stands for both factors at once.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import orjson
import webauthn
from chassis.errors import FailedPrecondition
from chassis.work import Database, Row
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from gateway.errors import factor_not_found, wrong_passkey
from gateway.identity.platform import PlatformWork, open_platform_work
from gateway.identity.queries import factor as factors
from gateway.identity.queries import user as users
from gateway.identity.usecases.second_factors import ISSUER, SecondFactors
from gateway.settings import GatewaySettings

ADD, PROVE = "add", "prove"
NAME_MAX_LENGTH = 60


class Passkeys:
    """Registers, verifies and removes. Thread-safe."""

    def __init__(self, database: Database, second_factors: SecondFactors, settings: GatewaySettings) -> None:
        self._database = database
        self._second_factors = second_factors
        self._settings = settings
        self._site, self._origin = site_of(settings.issuer, settings.passkey_domain)

    def offer_to_add(self, user_id: UUID) -> str:
        """Options for the browser to make a passkey with, as JSON."""
        with open_platform_work(self._database) as platform:
            account = users.account(platform, user_id)
            assert account is not None
            known = factors.passkeys(platform, user_id, limit=self._settings.passkeys_per_person)
            if len(known) >= self._settings.passkeys_per_person:
                raise FailedPrecondition("Remove a passkey first: this is as many as there may be.", reason="TOO_MANY")
            options = webauthn.generate_registration_options(
                rp_id=self._site,
                rp_name=ISSUER,
                user_id=user_id.bytes,
                user_name=account.email,
                user_display_name=account.full_name,
                exclude_credentials=[PublicKeyCredentialDescriptor(id=bytes(row.credential_id)) for row in known],
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
            self._keep(platform, options.challenge, ADD, user_id)
        return webauthn.options_to_json(options)

    def add(self, user_id: UUID, credential: str, name: str) -> list[str]:
        """Takes the browser's answer. Returns recovery codes where the person had none.

        Raises InvalidArgument where the answer is not one to a fresh challenge of this person.
        """
        with open_platform_work(self._database) as platform:
            challenge = self._take(platform, credential, ADD, user_id)
            try:
                made = webauthn.verify_registration_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=self._site,
                    expected_origin=self._origin,
                    require_user_verification=True,
                )
            except WebAuthnException as error:
                raise wrong_passkey() from error
            if not factors.add_passkey(
                platform,
                made.credential_id,
                user_id=user_id,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                name=" ".join(name.split())[:NAME_MAX_LENGTH] or "Passkey",
                backed_up=made.credential_backed_up,
            ):
                raise wrong_passkey()
            return self._second_factors.changed(platform, user_id, "added_passkey")

    def offer_to_prove(self) -> str:
        """Options for the browser to prove with any passkey of this site, as JSON."""
        options = webauthn.generate_authentication_options(
            rp_id=self._site, user_verification=UserVerificationRequirement.REQUIRED
        )
        with open_platform_work(self._database) as platform:
            self._keep(platform, options.challenge, PROVE, None)
        return webauthn.options_to_json(options)

    def prove(self, credential: str) -> UUID:
        """The account whose passkey answered. Raises InvalidArgument where the answer proves nothing."""
        with open_platform_work(self._database) as platform:
            challenge = self._take(platform, credential, PROVE, None)
            try:
                parsed = webauthn.helpers.parse_authentication_credential_json(credential)
                row = factors.passkey(platform, parsed.raw_id)
                if row is None or row.status != "active":
                    raise wrong_passkey()
                proved = webauthn.verify_authentication_response(
                    credential=parsed,
                    expected_challenge=challenge,
                    expected_rp_id=self._site,
                    expected_origin=self._origin,
                    credential_public_key=bytes(row.public_key),
                    credential_current_sign_count=row.sign_count,
                    require_user_verification=True,
                )
            except WebAuthnException as error:
                raise wrong_passkey() from error
            factors.use_passkey(
                platform,
                proved.credential_id,
                sign_count=proved.new_sign_count,
                backed_up=proved.credential_backed_up,
            )
            return UUID(str(row.user_id))

    def remove(self, user_id: UUID, credential_id: str) -> None:
        """Removes a passkey by its id in base64url. Raises NotFound where the person has no such one."""
        with open_platform_work(self._database) as platform:
            if not factors.drop_passkey(platform, user_id, _bytes(credential_id)):
                raise factor_not_found()
            self._second_factors.changed(platform, user_id, "removed_passkey")

    def of(self, user_id: UUID) -> list[Row]:
        """The person's passkeys, oldest first."""
        with open_platform_work(self._database) as platform:
            return factors.passkeys(platform, user_id, limit=self._settings.passkeys_per_person)

    def _keep(self, platform: PlatformWork, challenge: bytes, purpose: str, user_id: UUID | None) -> None:
        ends = platform.now + timedelta(seconds=self._settings.passkey_challenge_s)
        factors.add_challenge(platform, _digest(challenge), purpose=purpose, user_id=user_id, expires_at=ends)

    def _take(self, platform: PlatformWork, credential: str, purpose: str, user_id: UUID | None) -> bytes:
        """The challenge that the answer names, if it is ours, fresh, meant for this person and unused."""
        try:
            challenge = parse_client_data_json(_client_data(credential)).challenge
        except (WebAuthnException, ValueError, KeyError, TypeError) as error:
            raise wrong_passkey() from error
        row = factors.take_challenge(platform, _digest(challenge), purpose=purpose)
        if row is None or row.user_id != user_id:
            raise wrong_passkey()
        return challenge


def site_of(issuer: str, domain: str = "") -> tuple[str, str]:
    """The domain that passkeys belong to, and the only origin that may ask for them.

    Raises ValueError where the issuer does not lie in the domain: no browser would make or use a passkey then.
    """
    parts = urlsplit(issuer)
    host = parts.hostname or ""
    site = domain.lower() or host
    if host != site and not host.endswith(f".{site}"):
        raise ValueError(f"FUNIA_PASSKEY_DOMAIN is {site}, and {host} of FUNIA_ISSUER does not lie in it")
    port = "" if parts.port in (None, {"https": 443, "http": 80}.get(parts.scheme)) else f":{parts.port}"
    return site, f"{parts.scheme}://{host}{port}"


def _client_data(credential: str) -> bytes:
    return base64url_to_bytes(orjson.loads(credential)["response"]["clientDataJSON"])


def _digest(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()


def _bytes(text: str) -> bytes:
    try:
        return base64url_to_bytes(text)
    except ValueError:
        return b""
