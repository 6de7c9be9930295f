"""Tables of a company in identity. Platform-wide rows have no tenant and live in `queries` as plain statements."""
