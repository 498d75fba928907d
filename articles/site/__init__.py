"""The reading site: what everybody may read, as web pages without scripts."""
