"""Papers as PDF: what they say, in which words, and how they look. Knows no database and no message."""
