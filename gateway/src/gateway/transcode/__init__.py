"""REST from the descriptors: what the protos say about HTTP, turned into routes, JSON and OpenAPI."""
