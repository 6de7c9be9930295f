"""What a line costs and why: one function for quote, order and till alike. Pure; it reads no database and no clock."""
