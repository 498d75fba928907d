"""Holds the weights of features for labels, and the costs of one label below another, as `decoding` uses them.

The weights were set by hand and tried on labelled pages. Each row has its reason in how newspapers are set;
a new kind of page is a new row, not a new branch in the code.
"""

from __future__ import annotations

# The labels of a line. `opening` is a byline above a body, `signature` one below it; `inset` is a caption in the
# middle of a paragraph; `more` is a further line of a headline; `advert` is the text below an advert title.
LABELS = (
    "header",
    "kicker",
    "headline",
    "more",
    "subtitle",
    "opening",
    "paragraph",
    "continuation",
    "heading",
    "caption",
    "inset",
    "signature",
    "credit",
    "notice",
    "advert title",
    "advert",
)
# Labels that mostly have the same weight; a single label later in a row overrides its group.
_GROUPS = {
    "titles": ("kicker", "headline", "more", "subtitle", "heading"),
    "text": ("paragraph", "continuation"),
    "pictures": ("caption", "inset"),
}

_Row = dict[str, float]


def _rows(table: dict[str, str]) -> dict[str, _Row]:
    """Parse the rows of a table, each written "label weight, label weight"; a group's name means all its labels."""
    return {label: _row(text) for name, text in table.items() for label in _GROUPS.get(name, (name,))}


def _row(text: str) -> _Row:
    row: _Row = {}
    for entry in text.split(", "):
        name, _, weight = entry.rpartition(" ")
        row.update(dict.fromkeys(_GROUPS.get(name, (name,)), float(weight)))
    return row


# How much each feature speaks for a label (+) or against it (-); labels that are not named get nothing.
WEIGHTS = _rows(
    {
        # Every line: labels that need evidence of their own begin below zero.
        "any": "header -7, opening -6, signature -6, credit -6, notice -7, advert title -7, advert -1, "
        "caption -3, inset -10, more -1.5, kicker -1.5, subtitle -1.5, continuation -1.5, "
        "heading -0.5",
        # Size: titles are short, body text is long.
        "tiny": "headline -2, kicker -2, heading -1.5, continuation +1.5",
        "short": "pictures +0.5, paragraph -1, continuation -0.5, headline +0.5, heading +0.5",
        "medium": "headline -0.5, heading -1.5, kicker -1, more -1, caption +0.5",
        "long": "titles -6, text +1, advert +1, subtitle -3.5, caption -2, inset -2.5",
        "few words": "heading +0.5, headline -0.3",
        "statement": "heading -0.8, headline +0.5",
        "figure": "heading -0.5, headline +0.5",
        # Punctuation: sentences end, titles do not.
        "stop": "titles -4, text +2, advert +2",
        "exclaimed": "titles -0.7, text +0.5, heading -1",
        "inner stop": "titles -5, text +1, advert +1",
        "inner comma": "text +0.5, headline -0.5, heading -0.7, kicker -0.3",
        "clause first": "titles -2",
        "clause": "titles -3, text +0.5",
        "colon": "headline -2.5, more -2.5, subtitle -2, paragraph +1, kicker -1",
        "colon above title": "heading +2",
        "unfinished": "subtitle +0.5, paragraph -1.5, continuation -1",
        "item": "titles -4, paragraph +1.5, continuation +0.5",
        "all quoted": "heading +1, headline -0.5",
        "open quote": "titles -3.5",
        "closing quote": "titles -3.5",
        "quote goes on below": "headline +4.5, kicker +2",
        "above quote goes on": "more +9, subtitle +2, continuation -1",
        "spaced": "headline +0.3, paragraph -0.3",
        "open bracket": "titles -3.5",
        "mid end": "titles -1.5, text +0.5",
        # Marks.
        "dash": "subtitle +5, headline -2, kicker -2, heading 0, paragraph -0.5, more -1",
        "numbered": "heading +2.5, headline -2, kicker -2, paragraph +0.5, subtitle -1.5, more -4, "
        "continuation -2",
        "numeral": "heading +5, headline -4, kicker -4, paragraph -2",
        "in a list": "titles -4, pictures -3, paragraph +4, continuation -3",
        "decorated": "kicker +3, headline +0.5, heading +1",
        "caption lead": "pictures +6, headline -2, heading -2, continuation -2",
        "caption mark": "pictures +4, titles -1",
        "picture word": "pictures +6",
        "scene word": "pictures +3",
        "photo credit": "pictures +6.5, headline -4, heading -4, kicker -4, subtitle -4",
        "tiny sentence": "pictures +4.5, paragraph -0.5",
        "short sentence": "pictures +2.5",
        "below short sentence or byline": "caption +1.8",
        "position mark": "pictures +6",
        "box title": "heading +3, headline -2, kicker -1.5",
        "salutation": "paragraph +4, headline -4, heading -4, kicker -4",
        "speaker": "paragraph +2.5, titles -4, continuation -2",
        "editor note": "paragraph +3, headline -2, heading -0.5, continuation -3",
        "signs a letter": "credit +14",
        "signed": "titles -3, paragraph +1, continuation +0.5",
        # Credits and header lines are known by their grammar.
        "header": "header +14",
        "staff": "credit +13",
        "page foot": "header +16",
        "byline": "opening +12, signature +12",
        "nameless": "kicker +8, opening -2, signature -2",
        "in verse": "titles -7, pictures -4, paragraph +5",
        "names": "opening +7, signature +6, headline -1.5, heading -1, kicker -1, subtitle -1",
        "jump": "notice +13, titles -6",
        "weather": "notice +9",
        "guide title": "notice +10, titles -1",
        "remark": "notice +11, titles -4",
        "jumped from": "titles -4, paragraph +3, continuation -4",
        "advert title": "advert title +13",
        "advert words": "advert +8",
        "loss": "advert +6, text -3",
        "in a table": "titles -6, pictures -4, continuation -4, notice +9, paragraph +1",
        "dateline": "titles -6, paragraph +4, continuation -6, caption -2, inset -4",
        "opener": "continuation -1.5, paragraph +0.7, headline -0.3, heading -0.3",
        "mid start": "titles -2, more 0, paragraph -2, continuation +2.5",
        "speech end": "kicker +2",
        # The line above.
        "first": "headline +1, kicker +0.5, heading -5, continuation -2, caption +1",
        "above short sentence": "caption +1.5",
        "above open quote": "headline -3, kicker -3, heading -3, continuation +0.5",
        "above open bracket": "headline -3, kicker -3, heading -3, continuation +8",
        "above photo credit": "headline +1, kicker +1",
        "above open": "continuation +4, headline -1.5, kicker -1.5, heading -2, inset +9, caption -1",
        "above open short": "continuation +0.5, inset +7",
        "above open on loose page": "continuation -4.5, inset -5",
        "above colon": "heading +1.5, headline -2, kicker -2",
        "above clause": "continuation +2.5, inset +1, headline -2, heading -2",
        "above item": "continuation -1.5, paragraph +0.5, headline -1.5, heading -1",
        "above mid end": "continuation +3, headline -2, heading -2",
        "above signed": "headline +2, kicker +1.5, heading -2.5, paragraph -1",
        "above scene word": "caption +2.5, headline -1.5, heading -1.5",
        "above caption lead": "caption +0.5",
        "above cut title": "more +4",
        "above title of two parts": "subtitle +1, more -1",
        "gap": "headline +1.5, kicker +1.5, continuation -1",
        # Where blank lines part articles, a title without one is a title inside an article.
        "gap below body": "headline +1.5, kicker +1.5, heading -1.5",
        "no gap below body": "headline -1.5, kicker -1.5, heading +1",
        # The line below.
        "below dateline": "headline +3, more +3, subtitle +3, paragraph -1.5, heading -3, kicker -1.5",
        "below byline": "headline +2.5, more +2.5, subtitle +2.5, heading -2, kicker -1.5",
        "below names": "headline +1.5, subtitle +1, heading -1",
        "below dash": "headline +3, kicker -1",
        "below title": "kicker +1, headline 0, heading -0.5",
        "below body": "headline +0.5, more +0.5, subtitle +0.5, heading +0.7, kicker -2",
        "below news opener": "headline +1.6, heading -1.2",
        "below mid start": "text +0.5, headline -2, heading -2",
        "below caption lead": "headline +0.5, caption +2",
        "below jumped from": "headline +4, heading -3",
        "below salutation": "headline +4, heading -3",
        "longer than below": "kicker +0.7",
        "far shorter than below": "kicker +1.5, headline -0.5, more -1",
        "longer than above": "subtitle +0.7",
        # The page.
        "datelines elsewhere": "headline -0.8, heading +0.5",
        "sentence page": "continuation -4, heading -1.5, headline -0.5",
        "no datelines": "heading +0.7",
        "unfinished on loose page": "text +1.5",
        "between titles": "paragraph -1.5",
        "parallel": "heading +2",
        "column of a list": "headline +2, heading -1.5",
        "credited apart": "headline +1.5, kicker +0.7, heading -1.5",
        "section of one": "headline +0.8, more +0.8, subtitle +0.8, heading -0.5",
        # Where paragraphs are indented, what is not is a title or goes on.
        "indented": "paragraph +1.5, continuation -4, headline -1.5, kicker -1.5, more -1.5, subtitle -1",
        "not indented": "paragraph -2, continuation +1.5, headline +0.7, kicker +0.5, heading +0.7",
    }
)

# Which label may follow which, at what cost. "edge" is above the first line and below the last.
TRANSITIONS = _rows(
    {
        "edge": "header 0, kicker 0, headline 0, paragraph -4, caption -2, opening -4, notice -1, "
        "credit -3, advert title 0",
        "header": "header 0, kicker 0, headline 0, paragraph -3, continuation -4, caption -2, opening -4, "
        "notice -1, credit -1, heading -5, advert title 0, edge 0",
        "kicker": "headline 0, kicker -4",
        "headline": "more 0, subtitle 0, opening 0, paragraph 0, caption -0.7, heading -3, headline -5, "
        "credit -1, header -5, edge -5, kicker -6",
        "more": "more -2, subtitle 0, opening 0, paragraph 0, caption -0.7, heading -3, headline -5, "
        "credit -1, edge -5",
        "subtitle": "subtitle -0.5, credit -1, opening 0, paragraph 0, caption -0.7, heading -3, edge -6",
        "opening": "paragraph 0, opening -1, caption -0.7, heading -1.5, subtitle -3, headline -6, edge -6",
        "text": "text 0, heading 0, caption -0.5, inset -0.5, signature 0, credit 0, headline -1, "
        "kicker -1.5, header -0.5, notice -0.5, advert title -0.5, advert -6, edge 0",
        "heading": "paragraph 0, heading -1, caption -0.7, opening -3, edge -6",
        "caption": "caption 0, paragraph 0, heading -0.3, headline -1, kicker -1.5, opening -1, signature 0, "
        "credit 0, header -0.5, notice -0.5, advert title -0.5, subtitle -3, edge -0.5",
        "inset": "continuation +2.5, inset -0.5",
        "signature": "signature -0.5, credit 0, headline 0, kicker -0.5, header 0, notice 0, advert title 0, advert -6, "
        "caption -1, paragraph -3, heading -4, edge 0",
        "credit": "credit 0, headline 0, kicker -0.5, header 0, notice 0, advert title 0, caption -1, "
        "paragraph -2, edge 0, opening -0.5, signature -1, heading -4",
        "notice": "notice 0, advert -6, headline 0, kicker -0.5, paragraph -1, continuation -2, header 0, credit -1, "
        "signature -1, advert title 0, edge 0",
        "advert title": "advert 0, advert title -1",
        "advert": "advert 0, advert title 0, headline -1, kicker -1.5, header 0, credit 0, edge 0",
    }
)
