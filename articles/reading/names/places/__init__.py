"""Recognizes names of places in text."""
