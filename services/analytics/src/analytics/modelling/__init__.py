"""From facts to results of models: reads the store, calls the methods, gives scores. Knows no run and no caller."""
