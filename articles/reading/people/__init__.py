"""Reads the people that an article names, and what it says of them: posts and other attributes."""
