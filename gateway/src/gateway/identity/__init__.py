"""Companies, people, their rights, sessions and keys: the database `identity` and what may be done with it."""
