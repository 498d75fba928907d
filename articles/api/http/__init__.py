"""Handles what every request has: sign-in, limits, errors, conditional answers, caches."""
