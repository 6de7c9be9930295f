"""Statements of sales beyond those that every record has."""
