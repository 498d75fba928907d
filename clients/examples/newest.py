"""Prints the headlines of the newest articles: newest.py http://localhost:8000 (needs the package of clients/python)."""

import sys
from itertools import islice

from newsroom_client import Archive

with Archive(sys.argv[1]) as archive:
    for article in islice(archive.rows("articles", fields="headline", page_size=3), 5):
        print(article["headline"])
