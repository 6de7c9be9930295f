"""The demo tenant: a believable company's customers in three languages, made through the public API only."""
