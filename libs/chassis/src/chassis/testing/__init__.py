"""What tests of the services share: tokens, databases, callers. Nothing but tests imports this."""
