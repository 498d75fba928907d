"""Finds the places and organizations that an article names."""
