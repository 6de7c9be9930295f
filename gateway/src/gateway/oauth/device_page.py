"""The person's side of RFC 8628: /device, where a code shown by a device is typed, looked at and confirmed."""

from __future__ import annotations

from flask import Response, render_template, request

from gateway.console.i18n import gettext
from gateway.identity.usecases.device_codes import Decision, DeviceCodes
from gateway.identity.usecases.sessions import Present
from gateway.oauth.clients import ClientRegistry
from gateway.oauth.consent import Consent, check_csrf, refused_page, speak

_CODE_MAX_LENGTH = 40
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)


class DevicePage:
    """Never decides by itself: a code in the address only fills the field, so that a sent link agrees to nothing."""

    def __init__(self, devices: DeviceCodes, clients: ClientRegistry, consent: Consent) -> None:
        self._devices = devices
        self._clients = clients
        self._consent = consent

    def __call__(self, person: Present) -> Response:
        """Asks for the code, then for the consent, then says how it ended."""
        speak(person)
        if request.method == "GET":
            return self._page(person, "ask", code=request.args.get("user_code", "")[:_CODE_MAX_LENGTH])
        check_csrf(person)
        code = request.form.get("user_code", "")[:_CODE_MAX_LENGTH]
        row = self._devices.find(code, person.member.user_id)
        client = None if row is None else self._clients.find(row.client_id)
        if row is None or client is None:
            return self._page(person, "wrong", code=code, status=404)
        choices = self._consent.choices(person, client, row.scopes)
        if "decision" not in request.form:
            return self._consent.page(person, client, choices, user_code=code)
        if not choices:
            sentence = gettext("This app does not serve a company of yours.")
            return refused_page(sentence, client_name=client.name, status=403)
        approval = self._consent.answer(person, client, choices)
        decision = None
        if approval is not None:
            decision = Decision(
                approval.tenant_id, approval.user_id, approval.scopes, approval.authenticated_at, approval.amr
            )
        if not self._devices.decide(code, decision):
            return self._page(person, "wrong", code=code, status=409)
        return self._page(person, "denied" if decision is None else "allowed")

    def _page(self, person: Present, state: str, *, code: str = "", status: int = 200) -> Response:
        page = render_template("oauth/device.html", state=state, code=code, csrf_token=person.csrf_token)
        response = Response(page, status=status, content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-store"
        response.headers["Content-Security-Policy"] = _CSP
        return response
