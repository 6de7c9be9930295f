"""Builds the public process: API, console, authorization server and health behind one WSGI callable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import grpc
from chassis import tracing
from flask import Flask, Response, has_request_context, request
from prometheus_client import Histogram
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix

from gateway.accounts import ConsoleAccounts
from gateway.api_document import api_document
from gateway.calendars import Calendars
from gateway.channels import open_channels, services_away
from gateway.company_end import company_end_blueprint
from gateway.composition import Identity, build_identity
from gateway.consent_links import ConsentLinks
from gateway.console import ConsoleServices, Stubs, console_blueprint, error_page
from gateway.console.blueprint import is_console_request
from gateway.dpop.door import Door
from gateway.dpop.misuse import Misuse
from gateway.entry import entry_blueprint
from gateway.eventlog.bus_thread import BusThread
from gateway.eventlog.document import EventLimits
from gateway.eventlog.views import events_blueprint
from gateway.files import FILE_ENDS, FILE_ROUTES, files_blueprint
from gateway.guide_pages import guides_blueprint
from gateway.health import health_blueprint
from gateway.identity.model.audit import Origin
from gateway.identity.usecases.app_review import AppReview
from gateway.identity.usecases.calendar_feeds import CalendarFeeds
from gateway.identity.usecases.device_codes import DeviceCodes
from gateway.identity.usecases.grants import Grants
from gateway.identity.usecases.pushed_requests import PushedRequests
from gateway.mcp.views import mcp_blueprint
from gateway.oauth.clients import ClientRegistry
from gateway.oauth.registration import Registration
from gateway.oauth.server import OAuthServer, ServerParts
from gateway.oauth.views import OAuthServices, oauth_blueprint
from gateway.operating import OperatorDesk
from gateway.payment_hooks import payment_hooks_blueprint
from gateway.problems import register_problems, request_id_of, unknown_route
from gateway.quote_links import QuoteLinks
from gateway.ratelimit.calls import ApiCalls
from gateway.ratelimit.edge import REFUSAL, Edge
from gateway.ratelimit.meter import Meter
from gateway.ratelimit.payers import Payers
from gateway.ratelimit.turns import Turns
from gateway.scim.views import ScimCallers, scim_blueprint
from gateway.session_tokens import SessionTokens, cookie_of
from gateway.settings import GatewaySettings
from gateway.tenant_document import fields_of_caller, rights_of_caller, with_custom_fields, with_field_rights
from gateway.traced_requests import TracedRequests
from gateway.transcode.bindings import Route
from gateway.transcode.calls import RequestLimits
from gateway.transcode.catalogue import api_files
from gateway.transcode.reference import reference_blueprint
from gateway.transcode.routes import StartResponse, TranscodedApi, WsgiApp

HTTP_SECONDS = Histogram("funia_http_seconds", "Time of a request to the API.", ["method", "code"])
_CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class PublicApp:
    """The WSGI callable, with what is inside for tests and for the process's end."""

    wsgi: WsgiApp
    flask: Flask
    api: TranscodedApi
    identity: Identity
    channels: Mapping[str, grpc.Channel]
    bus: BusThread
    meter: Meter
    calls: ApiCalls

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        return self.wsgi(environ, start_response)

    def close(self) -> None:
        """Writes down the last API calls, closes channels and database connections."""
        self.calls.stop()
        for channel in self.channels.values():
            channel.close()
        self.bus.close()
        self.identity.database.close()


def create_wsgi_app(settings: GatewaySettings) -> PublicApp:
    """The public app. Makes its channels here, so call it in the process that serves.

    Raises ValueError naming the setting that is missing.
    """
    channels = open_channels(settings)
    identity = build_identity(settings)
    identity.passwords.prepare()
    identity.database.find_origin = request_origin
    session_token = SessionTokens(identity.sessions)
    limits = RequestLimits(
        body_bytes=settings.body_max_bytes,
        bulk_body_bytes=settings.bulk_body_max_bytes,
        call_timeout_s=settings.call_deadline_s,
        bulk_call_timeout_s=settings.bulk_deadline_s,
        call_patience_s=settings.call_patience_s,
    )
    app = Flask("gateway", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.body_max_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = settings.body_max_bytes
    api = TranscodedApi(
        api_files(), channels, app.wsgi_app, limits=limits, session_token=session_token, observe=_observe
    )
    accounts = ConsoleAccounts(identity, address=lambda: request.remote_addr or "")
    app.register_blueprint(
        health_blueprint(
            identity.database.ping,
            lambda: services_away(channels, timeout_s=settings.ready_timeout_s),
            service_count=len(channels),
        )
    )
    app.register_blueprint(entry_blueprint(identity, accounts, api.codec, limits))
    app.register_blueprint(
        company_end_blueprint(identity, api.codec, limits, verifier=identity.verifier, session_token=session_token)
    )
    app.register_blueprint(oauth_blueprint(_oauth_services(identity)))
    app.register_blueprint(
        files_blueprint(
            channels, settings, limits, codec=api.codec, verifier=identity.verifier, session_token=session_token
        )
    )
    app.register_blueprint(
        payment_hooks_blueprint(
            channels["sales"],
            identity.tokens,
            body_max_bytes=settings.payment_hook_max_bytes,
            timeout_s=settings.call_deadline_s,
        )
    )
    bus = BusThread(settings)
    app.register_blueprint(
        events_blueprint(
            bus, identity.database, settings, limits, verifier=identity.verifier, session_token=session_token
        )
    )
    scim_callers = ScimCallers(identity.scim_tokens, identity.verifier)
    app.register_blueprint(scim_blueprint(identity.database, scim_callers, settings))
    document = api_document(
        api.routes,
        issuer=settings.issuer,
        upload_max_bytes=settings.upload_max_bytes,
        password_min_length=settings.password_min_length,
        events=EventLimits(
            page_size_default=settings.event_page_size_default,
            page_size_max=settings.event_page_size_max,
            stream_url=settings.live_public_url,
        ),
    )
    meter = Meter(settings)
    calls = ApiCalls(identity.database, meter, settings)
    app.register_blueprint(
        mcp_blueprint(
            api.endpoints, api.problems, limits, issuer=settings.issuer, verifier=identity.verifier, calls=calls
        )
    )
    fields_of = fields_of_caller(channels["identity"], session_token, limits)

    def own_document(environ: dict[str, Any]) -> dict[str, Any] | None:
        fields = fields_of(environ)
        own = with_custom_fields(document, fields) if fields else None
        rights = rights_of_caller(environ, identity.verifier, session_token, limits)
        return with_field_rights(own or document, rights) if rights else own

    app.register_blueprint(reference_blueprint(document, own_document=own_document))
    app.register_blueprint(guides_blueprint())
    app.register_blueprint(console_blueprint(_console_services(identity, accounts, channels)))
    _register_errors(app, api)
    app.after_request(_Headers(settings))
    app.before_request(_refuse_where_limited)
    misuse = Misuse(identity.database, identity.verifier, every_s=settings.token_misuse_told_s)
    wsgi: WsgiApp = Door(api, identity.proofs, identity.verifier, api.problems, misuse)
    if settings.rate_limits:
        payers = Payers(meter, identity.verifier, identity.sessions, scim_callers, settings)
        bulk = _bulk_routes(api.routes)
        wsgi = Edge(
            wsgi,
            meter,
            payers,
            api.problems,
            turns=Turns(settings),
            bulk=bulk,
            bulk_ends=FILE_ENDS,
            reads=_posted_reads(api.routes),
            calls=calls,
        )
    if settings.trusted_proxies:
        near = settings.trusted_proxies
        wsgi = ProxyFix(wsgi, x_for=near, x_proto=near, x_host=near)
    if tracing.active is not None:
        wsgi = TracedRequests(wsgi, tracing.active)
    return PublicApp(wsgi, app, api, identity, channels, bus, meter, calls)


def request_origin() -> Origin | None:
    """Where the request at hand comes from, for the audit log."""
    if not has_request_context():
        return None
    return Origin(request.remote_addr or "", request.headers.get("User-Agent", ""))


def _oauth_services(identity: Identity) -> OAuthServices:
    database, settings = identity.database, identity.settings
    grants = Grants(database, settings)
    server = OAuthServer(
        ServerParts(
            settings=settings,
            clients=ClientRegistry(database),
            grants=grants,
            devices=DeviceCodes(database, settings, grants),
            pushed=PushedRequests(database, settings),
            used_ids=identity.used_ids,
            proofs=identity.proofs,
            tokens=identity.tokens,
            verifier=identity.verifier,
        )
    )
    return OAuthServices(
        server,
        identity.keys,
        identity.sessions,
        identity.verifier,
        Registration(database, body_max_bytes=settings.body_max_bytes),
        cookie=lambda: cookie_of(request.environ),
    )


def _console_services(
    identity: Identity, accounts: ConsoleAccounts, channels: Mapping[str, grpc.Channel]
) -> ConsoleServices:
    settings = identity.settings
    stubs = Stubs.over(**{name: channels[name] for name in ("contacts", "sales", "support", "analytics", "identity")})
    return ConsoleServices(
        identity=accounts,
        stubs=lambda: stubs,
        app_review=AppReview(identity.database),
        operating=OperatorDesk(settings, channels),
        quote_pages=QuoteLinks(identity.tokens, channels["sales"], settings),
        consent_pages=ConsentLinks(identity.tokens, channels["marketing"], settings),
        calendars=Calendars(CalendarFeeds(identity.database, identity.tokens), channels["sales"], settings),
        operators=settings.operator_emails,
        live_url=f"{settings.live_public_url}/live/events",
        secure_cookies=settings.is_https,
        call_timeout_s=settings.call_deadline_s,
        call_patience_s=settings.call_patience_s,
        upload_timeout_s=settings.upload_timeout_s,
        upload_bytes_max=settings.upload_max_bytes,
        parts=identity,
        local_mail=settings.local_mail_folder,
    )


def _register_errors(app: Flask, api: TranscodedApi) -> None:
    """Pages for people, problem documents for programs."""
    register_problems(app, api.problems, allowed_methods=api.allowed_methods)

    @app.errorhandler(NotFound)
    def nothing_here(_error: NotFound) -> Response:
        methods = api.allowed_methods(request.path)
        if request.method == "GET" and not methods and is_console_request():
            return error_page(404)
        missing = unknown_route(request.method, request.path, methods)
        rendered = api.problems.render(missing, request_id_of(request.environ))
        return Response(rendered.body, rendered.status, rendered.headers)


def _refuse_where_limited() -> None:
    refusal = request.environ.get(REFUSAL)
    if refusal is not None and request.blueprint != "scim":
        raise refusal


def _bulk_routes(routes: Iterable[Route]) -> list[tuple[str, str]]:
    """Verb and path of what moves many records: batches by the contract, and the files written by hand."""
    batches = [(route.verb, route.template) for route in routes if route.takes_many]
    return [*batches, *FILE_ROUTES]


def _posted_reads(routes: Iterable[Route]) -> list[str]:
    """Paths that are posted to and change nothing."""
    return [route.template for route in routes if route.verb == "POST" and route.access.read_only]


class _Headers:
    """Headers that keep foreign code, frames and sniffing out, where a view has not set its own."""

    def __init__(self, settings: GatewaySettings) -> None:
        self._is_https = settings.is_https

    def __call__(self, response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", _CSP)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("X-Request-Id", request_id_of(request.environ))
        if self._is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response


def _observe(route: Route, status: int, seconds: float) -> None:
    _seconds_of(route.rpc, status).observe(seconds)


@lru_cache(maxsize=2_000)
def _seconds_of(rpc: str, status: int) -> Histogram:
    return HTTP_SECONDS.labels(rpc, str(status))
