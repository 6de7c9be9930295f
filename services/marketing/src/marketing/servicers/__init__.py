"""The gRPC edge of marketing."""
