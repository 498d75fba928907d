"""The REST API: reads models, knows nothing of how they were loaded."""
