"""The statements of marketing."""
