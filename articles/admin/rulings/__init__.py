"""Answers a name in doubt for many articles at once."""
