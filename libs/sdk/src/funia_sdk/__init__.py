"""Client of the Funia API.

from funia_sdk import ClientCredentials, Funia

funia = Funia("https://crm.example.com", ClientCredentials("client-id", "secret"))
for contact in funia.contacts.list(filter='lifecycle_stage = "lead"'):
    print(contact.display_name)
"""

from funia_sdk.auth import Authorization, ClientCredentials, RefreshToken, StaticToken
from funia_sdk.batching import Outcome
from funia_sdk.client import Funia
from funia_sdk.deprecations import FuniaDeprecationWarning
from funia_sdk.errors import (
    ApiError,
    BadRequest,
    Conflict,
    ConnectionFailed,
    CursorExpired,
    FuniaError,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    TokenRefused,
    TooLarge,
    Unauthenticated,
    Unprocessable,
    Violation,
)
from funia_sdk.events import LATEST, Event, EventStream
from funia_sdk.files import Download
from funia_sdk.generated import inputs, models
from funia_sdk.paging import Pages
from funia_sdk.proofs import ProofKey
from funia_sdk.retrying import Retries
from funia_sdk.webhooks import WebhookRefused, WebhookVerifier

__all__ = [
    "LATEST",
    "ApiError",
    "Authorization",
    "BadRequest",
    "ClientCredentials",
    "Conflict",
    "ConnectionFailed",
    "CursorExpired",
    "Download",
    "Event",
    "EventStream",
    "Funia",
    "FuniaDeprecationWarning",
    "FuniaError",
    "NotFound",
    "Outcome",
    "Pages",
    "PermissionDenied",
    "ProofKey",
    "RateLimited",
    "RefreshToken",
    "Retries",
    "ServerError",
    "StaticToken",
    "TokenRefused",
    "TooLarge",
    "Unauthenticated",
    "Unprocessable",
    "Violation",
    "WebhookRefused",
    "WebhookVerifier",
    "inputs",
    "models",
]
