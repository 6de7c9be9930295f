"""Customer data: people, companies, how to reach them, and what happened with them."""
