"""The life of a company as a whole, run by the worker over all services: its export, its closing, its erasure."""
