"""The OpenAPI document of this checkout, with every limit at its default, so that it is the same on every machine."""

from __future__ import annotations

from typing import Any

from gateway.api_document import api_document
from gateway.eventlog.document import EventLimits
from gateway.settings import GatewaySettings
from gateway.transcode.bindings import read_routes
from gateway.transcode.catalogue import api_files

Document = dict[str, Any]
_ISSUER = "https://funia.example"


def current_document() -> Document:
    """What /openapi.json answers, of an installation at funia.example."""
    return api_document(
        read_routes(api_files()),
        issuer=_ISSUER,
        upload_max_bytes=_default("upload_max_bytes"),
        password_min_length=_default("password_min_length"),
        events=EventLimits(
            page_size_default=_default("event_page_size_default"),
            page_size_max=_default("event_page_size_max"),
            stream_url=_ISSUER,
        ),
    )


def _default(setting: str) -> int:
    return int(GatewaySettings.model_fields[setting].default)
