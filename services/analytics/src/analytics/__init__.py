"""Analytics: what happened, counted. Reads the event stream of all services; owns no truth of its own."""
