"""The rules of support: verbs that take a `Work` first and never see a message."""
