"""Parameters of a URL that say how the reader arrived, and not which page is shown.

Article ids are made of URLs without these parameters, so the list is our own: a list that changed
with the version of a library would change the ids of stored articles. The names are those of
ClearURLs (gitlab.com/ClearURLs/rules) and courlan (github.com/adbar/courlan, `TRACKERS_RE`) that
cannot select an article. Both lists also drop names such as `cid`, `eid`, `uid`, `source`,
`session` and `keyword`. Content systems use these to select an article, and dropping them would
give two articles one id, so they are kept.

A new name changes the id of each stored article whose URL has that parameter: such an article is
added once more under the new id when its URL is fetched again.
"""

from __future__ import annotations

import re

_TRACKING = re.compile(
    # Campaigns
    r"utm_\w+|mtm_\w+|hsa_\w+|ns_\w+|at_(medium|campaign|custom\d)|(pk|piwik)_(campaign|kwd|keyword)|"
    r"(ga|itm)_(source|medium|campaign|term|content)|cmpid|ocid|s_cid|smid|xtor|wt_z?mc|wtrid|"
    # Clicks on advertisements and in apps
    r"(fb|g|d|y|ys|tw)clid|msclkid|gclsrc|gbraid|wbraid|gad_source|srsltid|wickedid|igsh(id)?|"
    r"fb_(action_ids|action_types|source|ref)|"
    # Newsletters
    r"mc_([ce]id|tc)|mkt_tok|_hsenc|_hsmi|__hs(fp|sc|tc)|oly_(anon|enc)_id|vero_(id|conv)|"
    r"ml_subscriber(_hash)?|"
    # Visitors
    r"_ga|_gl|_openstat|spm|echobox|__twitter_impression|guce_referrer(_sig)?|guccounter|"
    # Referrers
    r"s?ref(_src|errer)?|partner(id)?|"
    # AMP viewers and caches
    r"usqp|amp_(js_v|gsa|ct|latest_update_time)"
)
"""Names of parameters that say how the reader arrived, in lower case."""
_MAYBE_TRACKING = re.compile(r"s?ref")
"""Names that select an article on some sites."""
_SCRIPT = re.compile(r"/|.*\.(?:php\d?|aspx?|jspx?|cgi|pl|dll)", re.IGNORECASE | re.DOTALL)
"""Paths of programs, whose parameters select the page."""


def is_tracking(name: str, value: str, path: str) -> bool:
    """Return whether a parameter says how the reader arrived.

    A number in `ref` or `sref` counts as the selection of a page where the path is a program's.

    name: the parameter's name, decoded as far as it is ASCII; case does not matter.
    value: the parameter's value, without "=".
    path: the path of the URL.
    """
    name = name.lower()
    if _MAYBE_TRACKING.fullmatch(name) and value.isdecimal() and _SCRIPT.fullmatch(path):
        return False
    return bool(_TRACKING.fullmatch(name))
