"""Long work: rebuilding facts from the stream."""
