"""Writes what was read of page files to the database: one transaction a page, nothing twice."""
