"""The live event stream: what happens in a company, as server-sent events, in an async process of its own."""
