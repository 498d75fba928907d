#!/usr/bin/env python
"""Run a command: `manage.py loadseeds`, `manage.py runserver` and all of Django's."""

from __future__ import annotations

from newsroom.command_line import main

if __name__ == "__main__":
    main()
