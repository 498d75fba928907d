"""Checks of stored data, one module for each kind of row."""
