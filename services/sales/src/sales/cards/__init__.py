"""How companies are paid by card: the port, and the provider behind it."""
