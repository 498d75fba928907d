"""Shows an article to editors, and takes what they decide of its text and its names."""
