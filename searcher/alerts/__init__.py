"""Alerts: saved searches that new articles are matched against, and the delivery of matches.

matching.py matches articles before they are indexed; reverse_search.py finds the queries that may
match; delivery.py sends matches to webhooks and commands. Alerts are stored by feeds.state.alerts.
"""
