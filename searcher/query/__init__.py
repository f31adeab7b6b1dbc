"""The query language: its syntax tree, its parser, and its manual."""
