"""Infers when a page was printed from the days and years that its text names."""
