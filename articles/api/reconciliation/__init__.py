"""Reconciliation Service API 0.2 of the W3C: OpenRefine links the cells of a spreadsheet to records of the archive."""
