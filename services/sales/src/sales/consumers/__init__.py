"""What sales learns from the events of others."""
