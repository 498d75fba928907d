"""Loads pages with workers on any number of machines."""
