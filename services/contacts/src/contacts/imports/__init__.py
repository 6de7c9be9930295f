"""From a customer's file to contacts and accounts: reading, mapping, checking and writing rows, and undoing it."""
