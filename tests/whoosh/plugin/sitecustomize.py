"""Processes that a test of Whoosh's starts use our codec, too."""

import columnar_codec  # noqa: F401
