"""The site: settings, URLs and the door for web servers."""
