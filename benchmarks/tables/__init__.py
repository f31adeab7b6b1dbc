"""Scripts that make tables of `searcher/text` from data of other projects."""
