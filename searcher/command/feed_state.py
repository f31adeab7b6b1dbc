"""The state of the feeds, as the commands open it."""

from __future__ import annotations

from searcher.assembly import open_state
from searcher.errors import UnknownFeed
from searcher.feeds.state import FeedState
from searcher.feeds.subscription import Subscription
from searcher.settings import Settings
from searcher.text.urls import bare_url, shown_url


def existing_state(settings: Settings) -> FeedState:
    """Open the state of the feeds. Raises UnknownFeed if there is none, and StateDamaged."""
    if not settings.feed_state.exists():
        raise UnknownFeed(
            f"{settings.feed_state} does not exist: there are no feeds or alerts yet; "
            "“searcher feeds add” follows a feed"
        )
    return open_state(settings)


def subscription_of(state: FeedState, url: str) -> Subscription:
    """Return the subscription with this address; name and password may be missing in `url`. Raises
    UnknownFeed."""
    found = state.subscriptions.get(url)
    if found is None:
        alike = [one for one in state.subscriptions.all() if bare_url(one.url) == bare_url(url)]
        found = alike[0] if len(alike) == 1 else None
    if found is None:
        raise UnknownFeed(f"{shown_url(url)} is not followed; “searcher feeds list” lists feeds")
    return found
