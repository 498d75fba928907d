"""Filters, exports and bulk actions of the lists."""
