"""Long work of contacts: what the worker does with the jobs that were enqueued."""
