"""What the worker of marketing does."""
