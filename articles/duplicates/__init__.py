"""Suggests pairs of records that may be the same."""
