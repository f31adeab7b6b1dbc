"""Subscriptions to feeds: what is known of each, and when it is due."""
