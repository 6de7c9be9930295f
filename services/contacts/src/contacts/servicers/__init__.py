"""The gRPC edge of contacts: decode, one use case, encode."""
