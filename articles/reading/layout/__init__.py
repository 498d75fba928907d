"""Decides what each printed line is, and assembles lines to articles."""
