"""What marketing hears from other services."""
