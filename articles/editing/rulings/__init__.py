"""Decides a name for many articles at once, by one answer of an editor."""
