"""Shows reporters, places and organizations, and merges them."""
