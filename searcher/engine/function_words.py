"""Function words by language: articles, prepositions, conjunctions, pronouns and auxiliaries."""

from __future__ import annotations

from functools import cache

from searcher.text.folding import fold

_OURS = {
    "ar": "من في على أن إلى و التي هذه ما أو إن الذي عن لا كما قد كل ذلك كان هذا لم بل كانت بعض"
    " ولكن مع بين بعد قبل هو هي لن ثم",
    "ca": "de i la el a en que els l les es d del o per és un amb dels al s una aquesta no com"
    " ha si són també han on això pel pels als aquest entre però ja ser ho hi",
    "cs": "a v na je se o s z pro že to i do ve které jsou jak od nebo by také k už byl při"
    " jeho aby byly po si této může za tak před která mezi který ale ze není jako u bylo"
    " byla",
    "el": "και το του για η να που με την από της είναι στο τα δεν τους των ο σε ένα αυτό τη"
    " τον θα ότι οι τις στην στη στις έχουν ως αλλά αυτή έτσι μια ένας ή αν στον",
    "id": "yang dan dengan itu di dalam untuk ini pada tidak dari akan bahwa oleh ke dapat"
    " adalah telah mereka ia jika maka ada juga karena sudah atau sebagai para dia",
    "pl": "w na z nie i się to do o że już dla są jest tym od jak a po będzie też przez tych"
    " ten których którzy ale za czy co który ze oraz przed było był była lub tak",
    "ro": "de a care este la în cu o din și pentru mai nu ce ca un sau se au i sunt acest să va"
    " fi sa le pe al dacă aceasta după că prin fost unei unui îi cel cea",
}
"""Words of languages for which Whoosh has no list. They are closed classes of grammar, written for
this project and compared with the most frequent words of a hundred sentences each."""


@cache
def function_words() -> dict[str, frozenset[str]]:
    """Return the folded function words of some languages, by language: those of the Snowball
    project, as Whoosh has them, and ours."""
    from whoosh.lang.stopwords import stoplists

    lists = {**{language: words.split() for language, words in _OURS.items()}, **stoplists}
    return {
        language: frozenset(fold(word) for word in words if word.isalpha())
        for language, words in lists.items()
    }
