"""The languages of the interface.

Covers web.languages and web.period_words.
"""
