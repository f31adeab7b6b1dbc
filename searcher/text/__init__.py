"""Pure functions over text: no network, no clock, and no files but the tables beside the code.

- Analysis for index and queries: folding, pieces, tokens, analyzer; names and exonyms (names.txt,
  exonyms.txt); lemmas by endings, listed forms, suffixes.
- Words of texts that kernels look up: run_classes, run_table.
- From bytes to the paragraphs of an article: encoding, cleaning, joined (joined.toml), boilerplate
  (tails.toml), datelines (datelines.toml), agencies (agencies.toml), sentences.
- Metadata: bylines, headlines, dates, calendars, months, zones, urls, tracking.
- Languages: scripts, profiles, unprofiled, language, passages.
"""
