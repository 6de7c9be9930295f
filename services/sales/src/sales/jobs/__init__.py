"""Long and timed work."""
