"""Every SQL statement of support."""
