"""Files of leads, products, deals and orders of another system: what their columns mean, and how they go in."""
