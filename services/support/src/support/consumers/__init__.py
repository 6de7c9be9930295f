"""The event edge of support."""
