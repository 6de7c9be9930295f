"""What can be done with companies, people, sessions and clients."""
