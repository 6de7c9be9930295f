"""Rate limits and concurrency at the edge, per company and client. Decides who may go on, never what they may see."""
