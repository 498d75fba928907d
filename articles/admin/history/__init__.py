"""Shows the versions of a record, and takes it back to one of them."""
