"""Reads an article out of an HTML page: its text and its metadata."""
