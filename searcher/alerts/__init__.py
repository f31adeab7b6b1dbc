"""Saved searches: kept, matched with new articles, and delivered."""
