"""The event edge of contacts: its own events become search documents and timelines; identity's become profiles."""
