"""Reads an article out of an HTML page: its text and its metadata.

1. `blocks` divides the page into blocks of text, with `inline`; `tables` makes rows of data one
   block each.
2. `exclusion` marks those outside of the article, by `element_names` (element_names.toml) and
   `rows`.
3. `body` chooses the element and the blocks of the article; `repeats`, `quotes`, `running`,
   `standfirst` and `captions` help. `edges` takes the headline, the byline and the date off its
   beginning.
4. `metadata` reads the rest, with `linked_data`, `meta_elements`, `headline`, `titles`, `authors`,
   `byline`, `byline_lines`, `page_dates` and `dated_lines`.

`searcher.sources.html` calls these steps. Where they find next to nothing, `state` reads the text
that a page has only as data, and `state_facts` the metadata beside it.
"""
