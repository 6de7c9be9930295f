"""Funia for assistants: methods of the public API as tools of the Model Context Protocol."""
