"""Customers that nobody is, for demo and sandbox companies. Callers bring them where they belong."""
