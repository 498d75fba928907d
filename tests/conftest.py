"""What holds for every test. The database is SQLite in memory, or the server that DATABASE_URL names."""

from __future__ import annotations

import hypothesis

# Derandomised, so that the same tree always gives the same answer, on a busy machine too.
hypothesis.settings.register_profile("newsroom", derandomize=True, deadline=None)
hypothesis.settings.load_profile("newsroom")
