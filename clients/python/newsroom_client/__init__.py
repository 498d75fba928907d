"""A client of Newsroom's API: lists as iterators over all pages, a mirror of the archive, and retries.

    archive = Archive("https://news.example")
    for article in archive.rows("articles", q="大桥", fields="headline,issue_date"):
        print(article["issue_date"], article["headline"])

`newsroom_client.generated` has a function and types for each operation, where scripts/build_client.py has made it.
"""

from .archive import Archive, ArchiveError
from .mirror import Mirror

__all__ = ["Archive", "ArchiveError", "Mirror"]
