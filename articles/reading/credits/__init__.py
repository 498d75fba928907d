"""Reads who reported, photographed or sent an article."""
