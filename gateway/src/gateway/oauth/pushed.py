"""Pushed authorization requests (RFC 9126): /oauth/par takes one, /oauth/authorize reads it by its reference."""

from __future__ import annotations

from typing import Any

from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import InvalidRequestError
from werkzeug.datastructures import MultiDict

from gateway.oauth.clients import ANY_CLIENT, Client
from gateway.oauth.key_binding import InvalidDpopProof, asked_key, proven_key

_PROOFS = frozenset({"client_secret", "client_assertion", "client_assertion_type"})


class InvalidRequestUri(OAuth2Error):  # type: ignore[misc]
    """The reference is unknown, another client's, answered or too old."""

    error = "invalid_request_uri"


class RequestNotSupported(OAuth2Error):  # type: ignore[misc]
    """Request objects (RFC 9101) are not read."""

    error = "request_not_supported"


class PushedRequestEndpoint:
    """Checks a request as /oauth/authorize would, and keeps it."""

    ENDPOINT_NAME = "pushed_authorization_request"
    server: Any

    def create_endpoint_request(self, request: Any) -> Any:
        return self.server.create_oauth2_request(request)

    def __call__(self, request: Any) -> tuple[int, dict[str, Any], list[tuple[str, str]]]:
        """201 with the reference. Raises OAuth2Error, which never redirects: no browser is here."""
        client: Client = self.server.authenticate_client(request, ANY_CLIENT, self.ENDPOINT_NAME)
        try:
            self._check(request, client)
            key = self._key(request, client)
        except OAuth2Error as error:
            error.redirect_uri = None
            raise
        parameters = {name: value for name, value in request.form.items() if name not in _PROOFS}
        if key:
            parameters["dpop_jkt"] = key
        reference = self.server.pushed.add(client.client_id, parameters | {"client_id": client.client_id})
        return 201, {"request_uri": reference, "expires_in": self.server.pushed.lifetime_s}, _HEADERS

    def _key(self, request: Any, client: Client) -> str:
        """The key that the code will be bound to: the one asked for, or the one proven here (RFC 9449, 10.1)."""
        asked = asked_key(request.form)
        proven = proven_key(self.server.proofs, client, is_due=False)
        if asked and proven and asked != proven:
            raise InvalidDpopProof("dpop_jkt names another key than the one that the DPoP proof is made with.")
        return asked or proven

    def _check(self, request: Any, client: Client) -> None:
        if "request_uri" in request.form:
            raise InvalidRequestError("A pushed request cannot refer to another one.")
        if request.form.get("client_id", client.client_id) != client.client_id:
            raise InvalidRequestError("client_id names another client than the one that sent this.")
        request.payload.data["client_id"] = client.client_id
        refuse_request_objects(request.form)
        grant = self.server.get_authorization_grant(request)
        grant.validate_no_multiple_request_parameter(request)
        grant.validate_consent_request()


_HEADERS = [("Content-Type", "application/json"), ("Cache-Control", "no-store"), ("Pragma", "no-cache")]


def refuse_request_objects(values: MultiDict[str, str], *, redirect_uri: str | None = None) -> None:
    """Raises RequestNotSupported: an unread request object must not be taken for a read one."""
    if values.get("request"):
        message = "Request objects are not supported; push the request to /oauth/par."
        raise RequestNotSupported(message, redirect_uri=redirect_uri, state=values.get("state"))


def read_pushed(server: Any, values: MultiDict[str, str]) -> MultiDict[str, str]:
    """The parameters of an authorization request: those pushed before where there is a reference, and only those.

    Raises InvalidRequestUri, and InvalidRequestError where the client always has to push and did not.
    """
    client_id = values.get("client_id", "")
    if "request_uri" not in values:
        client: Client | None = server.query_client(client_id)
        if client is not None:
            asked = values.get("redirect_uri", "")
            refuse_request_objects(values, redirect_uri=asked if client.check_redirect_uri(asked) else None)
            if client.requires_pushed:
                raise InvalidRequestError("This client must push its requests to /oauth/par.")
        return values
    references = values.getlist("request_uri")
    found = server.pushed.find(references[0], client_id) if len(references) == 1 else None
    if found is None:
        raise InvalidRequestUri("This request is too old or was answered before. Go back to the app and begin again.")
    return MultiDict(found)
