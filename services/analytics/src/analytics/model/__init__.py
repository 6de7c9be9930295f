"""Tables of analytics' own database: runs of models and what they say of customers. Facts are in the columnar store."""
