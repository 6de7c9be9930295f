"""The pages, one module a noun; each adds its own routes to the blueprint."""
