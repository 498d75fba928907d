"""Leads editors through the pages that wait for review."""
