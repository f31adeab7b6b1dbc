"""Reads an article out of an HTML page: its text and its metadata.

1. `outline` divides the page into `blocks` of text, with `inline`; `tables` makes rows of data one
   block each.
2. `exclusion` marks those outside of the article, by `element_names` (element_names.toml), `rows`
   and `pictures`.
3. `body` chooses the element and the blocks of the article, by `kinds`; `repeats`, `quotes`,
   `running`, `standfirst` and `captions` help. `edges` takes the headline, the byline and the date
   off its beginning, and the writer's name off its end.
4. `metadata` reads the rest, with `linked_data`, `json_scripts`, `meta_elements`, `headline`,
   `titles`, `authors`, `byline`, `byline_lines`, `byline_marks`, `page_dates` and `dated_lines`.

`searcher.sources.html` calls these steps, `text` those of the body. Where they find next to
nothing, `state` reads the text that a page has only as data, and `state_facts` the metadata beside
it.
"""
