"""When a page was printed: what editors decide, and what is suggested to them."""
