"""Recognizes names of organizations in text."""
