"""Decodes the bytes of one page file to a page."""
