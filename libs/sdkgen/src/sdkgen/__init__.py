"""Writes the generated part of `funia_sdk` from the OpenAPI document, and compares documents for broken promises."""
