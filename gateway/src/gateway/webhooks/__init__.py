"""Webhooks: who wants an event, how it is signed, and how it gets out without reaching where it must not."""
