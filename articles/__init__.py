"""Printed pages in, linked articles out: ingest writes, models keep, admin and api show."""
