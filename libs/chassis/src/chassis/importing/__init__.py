"""Files of records that a company brings along: read, mapped, and accounted for row by row."""
