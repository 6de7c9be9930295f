"""The event edge: bus messages become rows of facts."""
