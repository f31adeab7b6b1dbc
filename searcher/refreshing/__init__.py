"""Refreshing: feeds and pages fetched, archived, noted and indexed, in that order."""
