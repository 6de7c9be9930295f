"""The OAuth 2.1 / OpenID Connect authorization server: Authlib's protocol over identity's grants and keys.

Where Authlib's defaults are weaker than OAuth 2.1 they are overridden here, each with a test (tests/oauth).
"""
