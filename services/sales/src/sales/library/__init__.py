"""Files of the document library: what they are, found in their content."""
