"""Shows loads, and takes uploads of page files."""
