"""Formats of the desk in Chinese."""
