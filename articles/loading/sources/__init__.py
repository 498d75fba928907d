"""Lists and opens page files: in folders, zip archives and object storage."""
