"""The columnar store: one port, one SQL dialect (ClickHouse's), two engines behind it."""
