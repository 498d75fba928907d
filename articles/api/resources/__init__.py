"""Answers the requests of each resource."""
