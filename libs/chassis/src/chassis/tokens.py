"""Verifies callers' access tokens (RFC 9068, ES256) against the gateway's published keys.

Every service does this itself for every call; a verified token is remembered by its hash until it expires. A token
that is bound to a key (RFC 9449) is good only with a proof made by that key for the call at hand.
"""

from __future__ import annotations

import hashlib
import threading
import time
import urllib.request
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, cast
from uuid import UUID

import orjson
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from chassis import dpop
from chassis.caller import (
    EVERY_FIELD,
    NO_SHARING,
    VISIBILITIES,
    ActorType,
    Caller,
    FieldRights,
    Glass,
    Sharing,
    Visibility,
)
from chassis.errors import Unauthenticated, Unavailable
from chassis.revocations import CLOCKS_APART_S, Claimed, Revocations, refused, stamps_of

AUDIENCE = "funia"
ALGORITHM = "ES256"
TOKEN_TYPE = "at+jwt"


class KeySource(Protocol):
    """Where public keys come from."""

    def key(self, kid: str) -> ECKey | None:
        """The key of that id, or None where there is none."""


class JwksKeys:
    """Keys read from a JWKS address, refreshed on age and, at most once a second, on an unknown key id.

    A call waits for the reading only where its key is unknown: the gateway that answers it may have given its last
    thread to that very call.
    """

    def __init__(self, url: str, *, refresh_s: float, timeout_s: float = 3.0) -> None:
        self._url = url
        self._refresh_s = refresh_s
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._keys: dict[str, ECKey] = {}
        self._read_at = float("-inf")

    def key(self, kid: str) -> ECKey | None:
        """The key of that id. Raises Unavailable where no key was ever read."""
        age = time.monotonic() - self._read_at
        known = self._keys.get(kid)
        if known is not None:
            if age > self._refresh_s and self._lock.acquire(blocking=False):
                threading.Thread(target=self._refresh, name="jwks-refresh", daemon=True).start()
            return known
        if age > 1.0:
            with self._lock:
                if time.monotonic() - self._read_at >= min(age, 1.0):
                    self._read()
        return self._keys.get(kid)

    def read_ahead(self, *, for_s: float = 60.0, every_s: float = 0.2) -> None:
        """Reads the keys in the background, again and again until the gateway is up, before any call needs them."""

        def read() -> None:
            deadline = time.monotonic() + for_s
            while not self._keys and time.monotonic() < deadline:
                with self._lock, suppress(Unavailable):
                    self._read()
                time.sleep(0.0 if self._keys else every_s)

        threading.Thread(target=read, name="jwks-read-ahead", daemon=True).start()

    def _refresh(self) -> None:
        try:
            self._read()
        finally:
            self._lock.release()

    def _read(self) -> None:
        try:
            with urllib.request.urlopen(self._url, timeout=self._timeout_s) as response:
                document = orjson.loads(response.read())
        except (OSError, ValueError) as error:
            if not self._keys:
                raise Unavailable("The sign-in service is away for the moment. Try again.") from error
            self._read_at = time.monotonic() - self._refresh_s + 1.0
            return
        keys = KeySet.import_key_set(document)
        self._keys = {key.kid: key for key in keys.keys if isinstance(key, ECKey) and key.kid}
        self._read_at = time.monotonic()


class StaticKeys:
    """Keys held in memory: the gateway's own, and those of tests."""

    def __init__(self, keys: dict[str, ECKey]) -> None:
        self._keys = keys

    def key(self, kid: str) -> ECKey | None:
        """The key of that id."""
        return self._keys.get(kid)


@dataclass(slots=True)
class _Verified:
    caller: Caller
    expires_at: float
    claimed: Claimed
    thumbprint: str
    """Of the key that the token is bound to; "" for a bearer token."""
    judged: tuple[int, str] = (-1, "")
    """The version of the revocations that the token was last held against, and the refusal; replaced as one."""


class TokenVerifier:
    """Turns an access token into a Caller, or raises Unauthenticated, or PermissionDenied for a suspended company.

    Thread-safe. `revocations` holds for tokens known before, too: one that changed is judged anew.
    """

    def __init__(
        self,
        keys: KeySource,
        *,
        issuer: str,
        skew_s: int = 30,
        cache_size: int = 10_000,
        revocations: Revocations | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._skew_s = skew_s
        self._cache_size = cache_size
        self._revocations = revocations or Revocations()
        self._clock = clock
        self._cache: OrderedDict[bytes, _Verified] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str, proof: str = "") -> Caller:
        """The caller the token speaks for. `proof` is the DPoP proof that came with it, "" for a bearer token.

        A bound token is refused without its proof, and a token that is not bound is refused with one.
        """
        known = self._known(token)
        if not known.thumbprint and not proof:
            return known.caller
        if not known.thumbprint:
            raise Unauthenticated(
                'This access token is not bound to a key. Send it as "Authorization: Bearer ...".',
                reason="TOKEN_NOT_BOUND",
            )
        dpop.check_possession(proof, token, known.thumbprint, now=self._clock(), skew_s=dpop.SKEW_S + self._skew_s)
        return replace(known.caller, proof=proof)

    def inspect(self, token: str) -> Caller:
        """The caller of a genuine token that is in force, whoever shows it. Says nothing of who may use it."""
        return self._known(token).caller

    def _known(self, token: str) -> _Verified:
        digest = hashlib.sha256(token.encode()).digest()
        known = self._cache.get(digest)
        if known is None:
            known = self._verify_signature(token)
            with self._lock:
                self._cache[digest] = known
                while len(self._cache) > self._cache_size:
                    self._cache.popitem(last=False)
        if known.expires_at < self._clock() - self._skew_s:
            raise Unauthenticated("The access token has expired. Get a new one.", reason="TOKEN_EXPIRED")
        version, refusal = known.judged
        if version != self._revocations.version:
            refusal = self._judge(known)
        if refusal:
            raise refused(refusal)
        return known

    def _judge(self, known: _Verified) -> str:
        # The version is read first: what is learnt in between is then judged with the next call.
        version = self._revocations.version
        refusal = self._revocations.refusal(known.claimed)
        known.judged = (version, refusal)
        return refusal

    def _verify_signature(self, token: str) -> _Verified:
        try:
            signed = jws.extract_compact(token.encode())
            header = signed.headers()
            if header.get("alg") != ALGORITHM or header.get("typ") != TOKEN_TYPE or "crit" in header:
                raise _bad_token()
            key = self._keys.key(str(header.get("kid", "")))
            if key is None or not jws.validate_compact(signed, key, algorithms=[ALGORITHM]):
                raise _bad_token()
            claims = cast(dict[str, Any], orjson.loads(signed.payload))
            return self._from_claims(claims, token)
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise _bad_token() from error

    def _from_claims(self, claims: dict[str, Any], token: str) -> _Verified:
        audience = claims["aud"]
        if claims["iss"] != self._issuer or AUDIENCE not in ([audience] if isinstance(audience, str) else audience):
            raise _bad_token()
        if claims["vis"] not in VISIBILITIES or claims["act"] not in ("user", "client", "service"):
            raise _bad_token()
        if int(claims["iat"]) > self._clock() + CLOCKS_APART_S + self._skew_s:
            raise _bad_token()
        caller = Caller(
            tenant_id=UUID(claims["tid"]),
            actor_type=cast(ActorType, claims["act"]),
            actor_id=UUID(claims["sub"]),
            scopes=frozenset(str(claims["scope"]).split()),
            visibility=cast(Visibility, claims["vis"]),
            team_ids=unpacked(claims.get("teams", "")),
            fields=fields_of(claims),
            sharing=sharing_of(claims.get("shr")),
            glass=glass_of(claims.get("glass")),
            client_id=claims.get("client_id"),
            token=token,
            locale=claims.get("loc", "en"),
        )
        return _Verified(caller, float(claims["exp"]), stamps_of(claims), str(claims.get("cnf", {}).get("jkt", "")))


def fields_of(claims: dict[str, Any]) -> FieldRights:
    """The field rights in the claims of a token; most have none."""
    if "hid" not in claims and "rdo" not in claims:
        return EVERY_FIELD
    return FieldRights(frozenset(claims.get("hid", "").split()), frozenset(claims.get("rdo", "").split()))


def sharing_of(claim: dict[str, str] | None) -> Sharing:
    """What the claim of `sharing_claim` says; most tokens have none."""
    if not claim:
        return NO_SHARING
    return Sharing(**{name: unpacked(claim[letter]) for name, letter in _SHARING.items() if letter in claim})


def sharing_claim(sharing: Sharing) -> dict[str, str]:
    """What a token says of sharing; empty where nothing is shared with the person."""
    return {letter: packed(ids) for name, letter in _SHARING.items() if (ids := getattr(sharing, name))}


def glass_of(claim: dict[str, Any] | None) -> Glass | None:
    """What the claim of `glass_claim` says; nearly every token has none."""
    if not claim:
        return None
    record_id = claim.get("record")
    return Glass(UUID(claim["id"]), int(claim["until"]), UUID(record_id) if record_id else None)


def glass_claim(glass: Glass) -> dict[str, Any]:
    """What a token says of a break-glass."""
    claim: dict[str, Any] = {"id": str(glass.id), "until": glass.until}
    return claim if glass.record_id is None else claim | {"record": str(glass.record_id)}


_SHARING = {
    "owner_ids": "o",
    "team_ids": "t",
    "changed_owner_ids": "co",
    "changed_team_ids": "ct",
    "above": "in",
}


def packed(ids: Iterable[UUID]) -> str:
    """Ids as a token carries them: many must fit into a header."""
    return urlsafe_b64encode(b"".join(one.bytes for one in ids)).decode().rstrip("=")


def unpacked(text: str) -> tuple[UUID, ...]:
    """The ids of `packed`. Raises ValueError where they are none."""
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return tuple(UUID(bytes=raw[at : at + 16]) for at in range(0, len(raw), 16))


def _bad_token() -> Unauthenticated:
    return Unauthenticated("The access token is not valid. Get a new one.", reason="TOKEN_INVALID")
