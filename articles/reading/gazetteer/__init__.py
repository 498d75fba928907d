"""Holds the official divisions of China and lists of other places, as data to look up."""
