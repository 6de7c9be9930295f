"""What marketing does, without the wire."""
