"""`python -m searcher` is the command `searcher`."""

from searcher.command.cli import main

# Processes that this one starts import it, too.
if __name__ == "__main__":
    main()
