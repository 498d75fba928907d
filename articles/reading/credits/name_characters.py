"""Says how likely the characters of a text are a name of a person, by the characters that names have."""

from functools import cache

from articles.reading.gazetteer.list_files import load_words

_TABLE = load_words("name_characters")
_SURNAMES, _GIVEN = (
    {character: int(odds) / 10 for odds, characters in _TABLE[part].items() for character in characters}
    for part in ("surname", "given")
)
_UNSEEN_SURNAME: float = _TABLE["surname_unseen"] / 10
_UNSEEN_GIVEN: float = _TABLE["given_unseen"] / 10


@cache
def name_odds(name: str) -> float:
    """How much likelier a name is than other text with these characters, as a natural logarithm.

    >>> name_odds("王小明") > 3 > 0 > name_odds("严格监")
    True
    """
    given = sum(_GIVEN.get(character, _UNSEEN_GIVEN) for character in name[1:])
    return _SURNAMES.get(name[0], _UNSEEN_SURNAME) + given
