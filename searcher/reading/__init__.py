"""From raw files to articles: files, web archives, and normalising."""
