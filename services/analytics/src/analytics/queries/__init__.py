"""Every SQL statement of analytics, each bound to one tenant by the store."""
