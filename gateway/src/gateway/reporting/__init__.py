"""Sends reports that are due."""
