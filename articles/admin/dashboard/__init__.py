"""Shows the front page of the admin: what waits, what was loaded, what the archive covers."""
