"""The event edge of identity: acts of other services become entries of the audit log."""
