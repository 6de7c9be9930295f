"""Keeps a service's own picture of customers from the events of contacts; it never asks contacts for anything."""
