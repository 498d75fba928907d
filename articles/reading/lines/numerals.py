"""Parses numbers as newspapers print them, in digits or in Chinese numerals."""

_DIGITS = {"〇": 0, "○": 0} | {char: value for value, char in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "廿": 20, "卅": 30}

NUMERAL = "[0-9〇○零一二三四五六七八九十廿卅]"


def parse_number(printed: str) -> int:
    """Parse a printed number; `ValueError` if it is not one.

    >>> [parse_number(printed) for printed in ("07", "十二", "廿五", "二十", "二〇二四")]
    [7, 12, 25, 20, 2024]
    """
    if printed.isdecimal():
        return int(printed)
    if not any(char in _TENS for char in printed):
        return int("".join(str(_digit(char)) for char in printed))
    total = 0
    for char in printed:
        if char == "十":
            total = (total or 1) * 10
        else:
            total += _TENS.get(char) or _digit(char)
    return total


def _digit(char: str) -> int:
    if char not in _DIGITS:
        raise ValueError(f"{char!r} is not a numeral")
    return _DIGITS[char]
