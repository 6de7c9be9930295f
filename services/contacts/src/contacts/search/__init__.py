"""Customer search: one port and two engines (tantivy on one machine, OpenSearch beyond it).

Start at `port.py`. Nothing here reads the environment or opens anything on import.
"""
