"""The event API: a company's events of the last days, replayed by cursor and followed as a stream."""
