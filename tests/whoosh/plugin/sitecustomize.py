"""Use our codec also in the processes that a test of Whoosh starts."""

import columnar_codec  # noqa: F401
