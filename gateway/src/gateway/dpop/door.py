"""The WSGI callable in front of everything that takes access tokens: bound ones come in with a good proof only.

A request with a bearer token, or without any, passes untouched; a bound token that comes as a bearer token is refused
behind the door, and told of here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chassis.caller import Caller
from chassis.dpop import BadProof
from chassis.errors import FuniaError, Unauthenticated
from chassis.tokens import TokenVerifier
from starlette.requests import Request

from gateway.dpop.misuse import Misuse
from gateway.dpop.proofs import NonceNeeded, Proofs
from gateway.identity.model.audit import Origin
from gateway.problems import NONCE_KEY, ProblemWriter, request_id_of
from gateway.transcode.calls import PROOF, Environ, is_bound
from gateway.transcode.routes import StartResponse, WsgiApp


class Door:
    """Put inside of what counts requests: looking at a proof costs two signatures and a row."""

    def __init__(
        self, app: WsgiApp, proofs: Proofs, verifier: TokenVerifier, problems: ProblemWriter, misuse: Misuse
    ) -> None:
        self._app = app
        self._misuse = misuse
        self._proofs = proofs
        self._verifier = verifier
        self._problems = problems

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_AUTHORIZATION")
        if given is None or not is_bound(given):
            if given is not None:
                self._look_at_bearer(given, environ)
            return self._app(environ, start_response)
        path = environ["PATH_INFO"].encode("latin-1").decode(errors="replace")
        try:
            nonce = admit(
                self._proofs,
                self._verifier,
                credential=given,
                proof=environ.get("HTTP_DPOP", ""),
                method=environ["REQUEST_METHOD"],
                path=path,
            )
        except FuniaError as error:
            self._misuse.note(_token_of(given), error.reason, _origin_of(environ))
            rendered = self._problems.render(error, request_id_of(environ))
            start_response(f"{rendered.status.value} {rendered.status.phrase}", rendered.headers)
            return [b""] if environ["REQUEST_METHOD"] == "HEAD" else [rendered.body]
        environ[PROOF] = environ["HTTP_DPOP"]
        if not nonce:
            return self._app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("DPoP-Nonce", nonce)], *rest)

        return self._app(environ, start)

    def _look_at_bearer(self, credential: str, environ: Environ) -> None:
        token = _token_of(credential)
        if token.count(".") != 2:
            return
        try:
            self._verifier.verify(token)
        except FuniaError as error:
            self._misuse.note(token, error.reason, _origin_of(environ))


def _token_of(credential: str) -> str:
    return credential.partition(" ")[2].strip()


def _origin_of(environ: Environ) -> Origin:
    return Origin(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_USER_AGENT", ""))


def caller_of(request: Request, proofs: Proofs, verifier: TokenVerifier) -> Caller:
    """The caller of a request to the async process, by a bearer token or a bound one. Raises as `admit`."""
    credential = request.headers.get("authorization", "")
    scheme, _, token = credential.partition(" ")
    if scheme.lower() == "bearer" and token.strip():
        return verifier.verify(token.strip())
    if not is_bound(credential):
        raise Unauthenticated("Send an access token: Authorization: Bearer <token>.", reason="TOKEN_MISSING")
    proof = request.headers.get("dpop", "")
    admit(proofs, verifier, credential=credential, proof=proof, method=request.method, path=request.url.path)
    return verifier.verify(token.strip(), proof)


def admit(proofs: Proofs, verifier: TokenVerifier, *, credential: str, proof: str, method: str, path: str) -> str:
    """Checks a request with "Authorization: DPoP ..."; returns the nonce to hand out with its answer, or "".

    Raises Unauthenticated, and PermissionDenied for a suspended company.
    """
    if not proof:
        raise Unauthenticated(
            'Send a proof in the header DPoP, beside "Authorization: DPoP ...".', reason="PROOF_INVALID"
        )
    verifier.verify(credential.partition(" ")[2].strip(), proof)
    try:
        return proofs.next_nonce(proofs.check(proof, method, path, "api"))
    except NonceNeeded as error:
        nonce = {NONCE_KEY: proofs.nonces.fresh()}
        raise Unauthenticated(str(error), reason="PROOF_NEEDS_NONCE", metadata=nonce) from error
    except BadProof as error:
        raise Unauthenticated(str(error), reason="PROOF_INVALID") from error
