"""Names as somebody types them: squashed to bare letters and digits, and Chinese ones read in pinyin.

pypinyin is imported only when a Han character without a known reading comes by.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

_HAN = re.compile("[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PARTS = re.compile(
    "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W_]+?(?=[\u3007\u3400-\u9fff]|$)"
)
_MOST_READINGS = 8
"""Different readings of one whole name that are told apart; more would only swell the index."""

_INNER = {
    "乐": ("le", "yue"), "行": ("xing", "hang"), "长": ("chang", "zhang"), "重": ("chong", "zhong"),
    "朝": ("chao", "zhao"), "曾": ("zeng", "ceng"), "单": ("dan", "shan"), "解": ("jie", "xie"),
    "俟": ("qi", "si"), "于": ("yu",), "茜": ("qian", "xi"), "晟": ("sheng", "cheng"), "贾": ("jia", "gu"),
    "莎": ("sha", "suo"), "娜": ("na", "nuo"), "盛": ("sheng", "cheng"), "藏": ("cang", "zang"),
    "铄": ("shuo",), "翟": ("zhai", "di"), "都": ("du", "dou"), "佛": ("fo", "fu"), "那": ("na", "nuo"),
}  # fmt: skip
"""Characters with more than one living reading inside a given name. Elsewhere only the commonest reading counts,
because dictionaries list many that no name has (家 gu). The first character, the surname, counts with all of its."""


def squash(text: str) -> str:
    """Only letters and digits, lower case, full-width forms and accents made plain: "Ｗjg_88 é" is "wjg88e"."""
    if text.isascii():
        return re.sub(r"[\W_]+", "", text).lower()
    plain = unicodedata.normalize("NFKD", text).lower()
    return "".join(c for c in unicodedata.normalize("NFC", plain) if c.isalnum())


def has_han(text: str) -> bool:
    """Whether a Chinese character is in it."""
    return _HAN.search(text) is not None


def readings(name: str) -> list[tuple[str, ...]]:
    """The ways to read a squashed name with Chinese characters, one word per syllable, commonest first.

    Other letters between the characters are a syllable of their own.
    """
    parts = _PARTS.findall(name)
    choices = [_readings(part, place == 0) for place, part in enumerate(parts)]
    return list(dict.fromkeys(islice(product(*choices), _MOST_READINGS)))


@lru_cache(maxsize=20_000)
def _readings(part: str, first: bool) -> tuple[str, ...]:
    if not _HAN.match(part):
        return (part,)
    if not first and part in _INNER:
        return _INNER[part]
    # The phrase dictionary costs 40 MB and 140 ms and knows no surnames.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, pinyin

    found = tuple(pinyin(part, style=Style.NORMAL, heteronym=first)[0])
    spoken = [*found, *(each.replace("v", "u") for each in found if each in ("lv", "nv"))]
    return tuple(dict.fromkeys(spoken))[: 4 if first else 2]
