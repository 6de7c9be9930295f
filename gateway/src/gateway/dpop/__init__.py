"""DPoP (RFC 9449) where requests come in: proofs are held against the request, used up, and asked to bear a nonce."""
