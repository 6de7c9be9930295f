"""Serves one SCIM request: the protocol over the unit of work of the company whose directory asks."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import orjson
from chassis.work import Work
from scim2_models import SCIMException
from scim2_server.handler import ScimHandler
from scim2_server.requests import ScimRequest
from scim2_server.responses import ScimResponse

from gateway.scim.calls import Answer, ScimCall
from gateway.scim.resources import provider
from gateway.scim.service import Provisioning, scim_error
from gateway.scim.storage import WorkStorage
from gateway.settings import GatewaySettings

log = logging.getLogger(__name__)

OpenWork = Callable[[], AbstractContextManager[Work]]


class ScimServer:
    """The service and its limits. Thread-safe."""

    def __init__(self, settings: GatewaySettings, *, base_url: str) -> None:
        self._settings = settings
        self._base_url = base_url
        self._service = Provisioning(
            provider(page_size_max=settings.scim_page_size_max),
            filter_max_length=settings.scim_filter_max_length,
            operations_max=settings.scim_operations_max,
        )

    def configuration(self, query: Mapping[str, str], request_id: str) -> Answer:
        """What this service can do; needs no company."""
        try:
            return _sent(self._service.service_provider_config(f"{self._base_url}/ServiceProviderConfig", query))
        except SCIMException as error:
            return self.refusal(error, request_id)

    def answer(self, call: ScimCall, open_work: OpenWork) -> Answer:
        """Whatever is raised inside undoes the work and becomes an error in SCIM's form."""
        asked = ScimRequest(call.method, self._base_url, call.path, call.query, call.headers, call.body)
        try:
            with open_work() as work:
                storage = WorkStorage(
                    work,
                    locks=call.method != "GET",
                    scan_max=self._settings.scim_scan_max,
                    groups_max=self._settings.scim_groups_max,
                )
                response = ScimHandler(self._service, storage).handle(asked)
        except Exception as error:  # noqa: BLE001 - becomes an error in SCIM's form; what is not ours is logged
            return self.refusal(error, call.request_id)
        return _sent(response)

    def refusal(self, error: Exception, request_id: str) -> Answer:
        """The answer in place of one."""
        told = scim_error(error)
        if not isinstance(told, SCIMException):
            log.error("unexpected error, request_id=%s", request_id, exc_info=told)
        return _sent(self._service.error_response(told))


def _sent(response: ScimResponse) -> Answer:
    body = b"" if response.body is None else orjson.dumps(response.body)
    return response.status.value, response.headers, body
