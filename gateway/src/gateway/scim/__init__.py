"""SCIM 2.0 (RFC 7643, RFC 7644): a company's directory provisions its people. Loaded with the first request for it."""
