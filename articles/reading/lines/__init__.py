"""Cuts the text of a page into printed lines, and brings their characters to one shape."""
