"""The engine on a cluster of OpenSearch.

Analysis, planning and the arithmetic of ranking stay ours: the cluster gets tokens with their
positions, and queries as terms. docs/opensearch.md describes it.
"""
