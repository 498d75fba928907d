"""Reviews a printed page as a whole: its articles together, its lines in place."""
