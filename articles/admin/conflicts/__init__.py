"""Refuses a save that would overwrite what somebody else changed meanwhile."""
