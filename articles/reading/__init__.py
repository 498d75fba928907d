"""Reads the bytes of a page file into articles, credits, names and links, as plain values without Django."""
