"""Reads the parameters of a list: filters, search, order and pages."""
