"""What the authorization server says of itself: RFC 8414 and OpenID Connect Discovery."""

from __future__ import annotations

from typing import Any

from chassis.tokens import ALGORITHM

from gateway.identity.roles import OPENID_SCOPES, SCOPES


def server_metadata(issuer: str) -> dict[str, Any]:
    """The document under both well-known addresses."""
    secrets = ["client_secret_basic", "client_secret_post"]
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oauth/authorize",
        "token_endpoint": f"{issuer}/oauth/token",
        "revocation_endpoint": f"{issuer}/oauth/revoke",
        "introspection_endpoint": f"{issuer}/oauth/introspect",
        "userinfo_endpoint": f"{issuer}/oauth/userinfo",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "service_documentation": f"{issuer}/docs",
        "scopes_supported": [*SCOPES, *OPENID_SCOPES],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [*secrets, "none"],
        "revocation_endpoint_auth_methods_supported": [*secrets, "none"],
        "introspection_endpoint_auth_methods_supported": secrets,
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "claims_supported": ["sub", "tid", "name", "email", "locale", "auth_time", "nonce"],
        "prompt_values_supported": ["none", "login", "consent"],
        "ui_locales_supported": ["en", "ru", "bg"],
    }
