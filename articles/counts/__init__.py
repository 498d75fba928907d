"""Counts articles by what they name."""
