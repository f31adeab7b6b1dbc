"""A story as the templates show it: plain values, no markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from searcher.article import Article
from searcher.engine.places import Member, Place, Story, article_number
from searcher.search.request import Request
from searcher.stories.reasons import reason
from searcher.wording import said
from web.addresses import address, comparison_address, story_address
from web.article_view import ArticleFacts, article_facts, long_date
from web.languages import gettext, ngettext, say

LinkOf = Callable[[str], str]
"""Returns the address of the page of the article with an id."""


@dataclass(frozen=True, slots=True)
class MemberView:
    """An article of a story, in the list of its versions."""

    title: str
    """Its title."""
    link: str
    """Address of its page."""
    facts: ArticleFacts
    """Its metadata."""
    comparison: str
    """Address of it beside the article that is shown above."""
    reason: str
    """Why it is of the story; "" for the one that founded it."""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story below its best article."""

    label: str
    """The number of its articles and outlets, and the date of the first one."""
    timeline: str
    """Address of the story over time."""
    members: list[MemberView]
    """Its first articles, in the order of publication, without the one that is shown above."""
    all: str
    """Address of the results that are all its articles."""
    unlisted: int
    """Number of its articles that are not among those."""


def story_view(
    story: Story, versions: Sequence[Member], shown: Article, link_of: LinkOf
) -> StoryView:
    """Return the view of a story.

    versions: the articles of the story that are listed.
    shown: the article of the story that is shown as the hit. link_of: returns the address of an
    article's page.
    """
    members = [one for one in versions if one.article.id != shown.id]
    own = next((one.place for one in versions if one.article.id == shown.id), None)
    names = _names([one.article for one in members])
    names[article_number(shown.id)] = said("the article above")
    whole = Request(f"story:{story.id}", sort="oldest", by_story=False)
    return StoryView(
        label=story_label(story),
        timeline=story_address(story.id),
        members=[_member_view(one, shown, own, names, link_of) for one in members],
        all=address(whole),
        unlisted=story.size - 1 - len(members),
    )


def _names(articles: Sequence[Article]) -> dict[int, str]:
    """Return for the `article_number` of each article a name: its outlet, or its title if several
    are of that."""
    outlets = Counter(article.source for article in articles)
    return {
        article_number(article.id): article.source
        if article.source and outlets[article.source] == 1
        else f"“{article.title}”"
        for article in articles
    }


def _member_view(
    member: Member,
    shown: Article,
    own: Place | None,
    names: Mapping[int, str],
    link_of: LinkOf,
) -> MemberView:
    """Return the view of a member.

    own: the place of the article that is shown, if it is known. names: of the articles, by number.
    """
    article = member.article
    because, peer = member.place, member.place.peer
    if own and own.peer == article_number(article.id):
        # The article that is shown came into the story by this one.
        because, peer = own, article_number(shown.id)
    return MemberView(
        title=article.title,
        link=link_of(article.id),
        facts=article_facts(article),
        comparison=comparison_address(shown.id, article.id),
        reason=say(reason(because, names.get(peer, ""))),
    )


def story_label(story: Story) -> str:
    """Return the numbers of a story's articles and outlets, and the date of the first one."""
    first = story.members[0].article.published
    label = ngettext("%(count)s version", "%(count)s versions", story.size)
    if story.outlets > 1:
        outlets = ngettext("%(count)s outlet", "%(count)s outlets", story.outlets)
        label = gettext("%(versions)s in %(outlets)s", versions=label, outlets=outlets)
    if first:
        label = gettext("%(versions)s, first %(date)s", versions=label, date=long_date(first))
    return label
