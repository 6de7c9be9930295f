"""The gRPC edge of sales."""
