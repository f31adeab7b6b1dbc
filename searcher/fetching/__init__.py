"""Fetching from the web: safe addresses, bounded requests, and polite pauses."""
