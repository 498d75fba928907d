"""The site: settings, URLs, middleware and the WSGI application."""
