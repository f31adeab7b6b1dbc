"""Fetching from the web as a good citizen."""
