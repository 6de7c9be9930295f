"""The gRPC edge: decode, one query, encode."""
