"""Finds records that may be duplicates."""
