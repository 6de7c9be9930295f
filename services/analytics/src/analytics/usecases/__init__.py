"""Verbs of analytics: they take Work first, never commit and never see the columnar store."""
