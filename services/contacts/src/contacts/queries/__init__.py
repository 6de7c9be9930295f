"""Every SQL statement of contacts."""
