"""Decides which record each mention names."""
