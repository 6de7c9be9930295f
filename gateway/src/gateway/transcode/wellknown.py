"""Names of the well-known types that JSON writes in a form of their own."""

from __future__ import annotations

TIMESTAMP = "google.protobuf.Timestamp"
DURATION = "google.protobuf.Duration"
FIELD_MASK = "google.protobuf.FieldMask"

# Left to json_format: rare, and free in form or wrapping a single value.
LOOSE = frozenset(
    f"google.protobuf.{name}"
    for name in (
        "Struct",
        "Value",
        "ListValue",
        "DoubleValue",
        "FloatValue",
        "Int64Value",
        "UInt64Value",
        "Int32Value",
        "UInt32Value",
        "BoolValue",
        "StringValue",
        "BytesValue",
    )
)

STRUCTS = frozenset(f"google.protobuf.{name}" for name in ("Struct", "Value", "ListValue"))
"""Free JSON."""
