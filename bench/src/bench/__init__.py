"""Measures what Funia promises, each figure beside a floor from the same run. Nothing imports this package."""
