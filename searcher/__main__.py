"""Makes `python -m searcher` the same as the command `searcher`."""

from searcher.command.cli import main

# Worker processes import this module, too, and must not run the command.
if __name__ == "__main__":
    main()
