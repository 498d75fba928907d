"""Parses the values of command-line options."""

import datetime as dt
import re
from argparse import ArgumentTypeError


def publication_name(text: str) -> str:
    if not (text.isprintable() and 0 < len(text.strip()) <= 200):
        raise ArgumentTypeError("the name of a paper is one line of up to 200 characters")
    return text.strip()


def iso_date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"{text!r} is no date; write it as in 2024-07-30") from error


def division_code(text: str) -> str:
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12}", text):
        raise ArgumentTypeError(f"{text!r} is no division code; write it as in 140800")
    return text


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value <= 3600:
        raise ArgumentTypeError(f"{text!r}: give a number of seconds from 1 to 3600")
    return value
