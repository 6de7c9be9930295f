"""What callers want done with customers. Takes Work first, never commits, never sees a message."""
