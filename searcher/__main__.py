"""`python -m searcher` is the command `searcher`."""

from searcher.cli import main

# Processes that this one starts import it, too.
if __name__ == "__main__":
    main()
