"""Webhooks as Standard Webhooks say (https://www.standardwebhooks.com): sends the feed of changes to other programs."""
