"""The service graph, and the files that deploy Funia: generated where they follow from the code, checked everywhere."""
