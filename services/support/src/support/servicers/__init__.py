"""The gRPC edge of support."""
