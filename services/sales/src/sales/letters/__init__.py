"""Mails of sellers: how templates are filled, and how a mail travels. Knows neither tables nor messages."""
