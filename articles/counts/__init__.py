"""Counts of articles by the records, dates and states that they have."""
