"""Use our codec in the child processes of Whoosh's tests, too."""

import columnar_codec  # noqa: F401
