"""Tables of contacts, with their rules."""
