"""What sales does: rules over more than one record."""
