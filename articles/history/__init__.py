"""Lists who changed what, and when."""
