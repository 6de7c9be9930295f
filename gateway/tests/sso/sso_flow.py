"""A person who logs in by the company's provider, and a provider that says what a test wants."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import threading
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from flask import Flask, Response, jsonify, request
from joserfc import jwt
from joserfc.jwk import ECKey
from werkzeug.serving import make_server

CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Person:
    """A browser at the gateway."""

    site: str
    http: httpx.Client

    def begin(self, email: str, target: str = "/") -> httpx.Response:
        """Opens the page and sends the e-mail; the answer leads to the provider."""
        page = self.http.get(f"{self.site}/log-in/sso", params={"next": target})
        found = CSRF.search(page.text)
        assert found, page.text
        form = {"csrf_token": found[1], "email": email, "next": target}
        return self.http.post(f"{self.site}/log-in/sso", data=form)

    def come_back(self, **parameters: str) -> httpx.Response:
        """What the provider's redirect asks of us."""
        return self.http.get(f"{self.site}/log-in/sso/callback", params=parameters)

    def log_in(self, provider: LyingProvider, typed: str, **claims: Any) -> httpx.Response:
        """The whole way, with the provider's word as the test wants it."""
        begun = self.begin(typed)
        assert begun.status_code == 303, begun.text
        asked = provider.asked(begun.headers["Location"])
        provider.word = {"email": typed, "email_verified": True, "name": "Ivan Newcomer", "sub": typed, **claims}
        return self.come_back(state=asked["state"], code="the-code")

    @property
    def is_in(self) -> bool:
        """Whether the browser holds a session that opens the console."""
        return self.http.get(f"{self.site}/settings/company").status_code == 200


@dataclass
class LyingProvider:
    """An OpenID provider. `word` are the claims of the next id_token; what is None is left out."""

    word: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "ES256"
    extra_metadata: dict[str, Any] = field(default_factory=dict)
    wrong_issuer: str = ""
    token_requests: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "k1", "use": "sig"})
        self.nonce = ""
        app = Flask("liar")
        app.add_url_rule("/.well-known/openid-configuration", "metadata", self._metadata)
        app.add_url_rule("/jwks", "jwks", lambda: jsonify({"keys": [self.key.as_dict(private=False)]}))
        app.add_url_rule("/token", "token", self._token, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def asked(self, url: str) -> dict[str, str]:
        """Parameters of the request that a browser was sent here with."""
        assert url.startswith(f"{self.issuer}/authorize?"), url
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.nonce = asked["nonce"]
        return asked

    def rotate(self) -> None:
        """Signs with another key from now on."""
        self.key = ECKey.generate_key("P-256", {"kid": f"k{time.monotonic_ns()}", "use": "sig"})

    def stop(self) -> None:
        """Ends the server."""
        self._server.shutdown()
        self._server.server_close()

    def _metadata(self) -> Response:
        return jsonify(
            issuer=self.wrong_issuer or self.issuer,
            authorization_endpoint=f"{self.issuer}/authorize",
            token_endpoint=f"{self.issuer}/token",
            jwks_uri=f"{self.issuer}/jwks",
            **self.extra_metadata,
        )

    def _token(self) -> Response:
        self.token_requests.append(request.form.to_dict())
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "funia", "iat": now, "exp": now + 300, "nonce": self.nonce} | self.word
        claims = {name: value for name, value in claims.items() if value is not None}
        header: dict[str, Any] = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "ES256":
            token = jwt.encode(header, claims, self.key, algorithms=["ES256"])
        else:
            token = self._forged(header, claims)
        return jsonify(access_token="a", token_type="Bearer", expires_in=300, id_token=token)

    def _forged(self, header: dict[str, Any], claims: dict[str, Any]) -> str:
        """A token without a signature, or with one made from the public key as if it were a shared secret."""
        parts = [urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
        body = b".".join(parts)
        signature = b""
        if self.algorithm == "HS256":
            signature = hmac.new(self.key.as_pem(private=False), body, hashlib.sha256).digest()
        return b".".join((body, urlsafe_b64encode(signature).rstrip(b"="))).decode()
