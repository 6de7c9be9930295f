"""Mail out of the gateway: where it goes, and the loop that sends it."""
