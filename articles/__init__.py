"""Turns the printed pages of a newspaper into linked articles, for its editors and for REST clients."""
