"""The gRPC edge of identity."""
