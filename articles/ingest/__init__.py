"""Moves to articles.loading."""
