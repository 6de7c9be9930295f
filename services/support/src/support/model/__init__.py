"""The tables of support."""
