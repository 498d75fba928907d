#!/bin/sh
# Prints the headlines of the newest articles: newest.sh http://localhost:8000
curl -sf "$1/api/v1/articles/?page_size=5&fields=headline&format=json" | tr '{' '\n' | sed -n 's/.*"headline":"\([^"]*\)".*/\1/p'
