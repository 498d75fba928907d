"""Authentication, throttles, errors, conditional requests and caches: what all requests share."""
