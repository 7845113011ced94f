"""How alike two names of people are: written the same, sounding the same, a slip of the pen, or somebody else's.

A name says little by itself (thousands are called 王伟), and what other evidence counts is in duplicate_rules.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from desktop_crm.base.pinyin import has_han, readings, squash
from desktop_crm.base.values import half_width

NameLikeness = Literal["same", "sound", "like", "open", "different"]
"""same: written alike; sound: read alike (张/章); like: a likely slip; open: one of them is no full name (王先生, a
phone number), so that both may be meant; different: two people's."""

_DOUBLE = (
    "欧阳 上官 司马 诸葛 尉迟 东方 皇甫 令狐 慕容 夏侯 公孙 轩辕 长孙 宇文 司徒 端木 南宫 独孤 申屠 澹台"
)
DOUBLE_SURNAMES = frozenset(_DOUBLE.split())

_TITLES = re.compile(
    "(先生|女士|小姐|太太|老师|老板|老板娘|阿姨|叔叔|大哥|大姐|师傅|经理|医生|律师|总|哥|姐|姨|叔|工)$"
)
_FAMILIAR = "小老阿"
_ANYBODY = (
    "散客 顾客 客户 客人 无名 匿名 未知 不详 测试 零售 过路客 路人 先生 女士 小姐 无 "
    "test unknown none customer guest walkin na"
)
_NOBODY = frozenset(_ANYBODY.split())
"""What clerks write where they know no name; squashed."""

_SHORTEST_SLIP = 5
"""Latin names shorter than that differ where a letter differs: Anna is not Anne."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart.

    Attributes:
        plain: squashed, without what stands in brackets and without the number of a second 王建国2.
        sounds: how it may be read, commonest first, syllables joined; Latin letters as they are.
        surname: of a Chinese name, '' otherwise.
        is_open: no full name: nothing, a number, a word for anybody, or a surname with a title.
    """

    plain: str
    sounds: tuple[str, ...]
    surname: str
    is_open: bool


@lru_cache(maxsize=2_000)
def read(name: str) -> Name:
    """Take a name apart."""
    if all("\u4e00" <= character <= "\u9fff" for character in name):  # as most are
        bare = plain = name
    else:
        bare = re.sub(r"[((\[【].*?([))\]】]|$)", "", half_width(name)).strip() or name
        plain = squash(bare)
        if has_han(plain):
            plain = re.sub(r"\d+$", "", plain)
    if not plain or plain.isdigit() or plain in _NOBODY:
        return Name(plain, (plain,), "", True)
    surname = _surname(plain) if has_han(plain[0]) else ""
    # two syllables of a surname and three of a title at most
    if surname and len(plain) <= 5 and (title := _TITLES.search(plain)) and title.start() <= len(surname):
        return Name(plain, (plain,), plain[: title.start()], True)
    if len(plain) == 2 and plain[0] in _FAMILIAR:
        return Name(plain, (plain,), plain[1], True)
    if not has_han(plain):
        turned = squash("".join(reversed(bare.split())))
        return Name(plain, tuple(dict.fromkeys((plain, turned))), "", False)
    return Name(plain, tuple("".join(syllables) for syllables in readings(plain)), surname, False)


def compare(one: str, other: str) -> NameLikeness:
    """How alike two names are; which is first makes no difference."""
    first, second = sorted((read(one), read(other)), key=lambda name: (len(name.plain), name.plain))
    if first.plain == second.plain and first.plain:
        return "same"
    if first.is_open or second.is_open:
        known = first.surname and second.surname
        return "different" if known and first.surname != second.surname else "open"
    if set(first.sounds) & set(second.sounds):
        return "sound"
    return "like" if _slip(first, second) else "different"


def same_surname(one: str, other: str) -> bool:
    """Whether two Chinese names have the same surname."""
    surname = read(one).surname
    return bool(surname) and surname == read(other).surname


def _slip(first: Name, second: Name) -> bool:
    """Whether the longer name is likely the shorter one mistyped; given names of brothers (建国, 建华) are none."""
    short, long = first.plain, second.plain
    if has_han(short) and has_han(long):
        if len(short) == len(long) >= 3 and sorted(short) == sorted(long):
            return True
        if len(short) == 2 and len(long) == 3 and long[1:] == short:
            return True
        if len(short) >= 5 and _is_within(short, long):
            return True
        return southern(first.sounds[0]) == southern(second.sounds[0])
    if has_han(short) or has_han(long) or len(short) < _SHORTEST_SLIP:
        return False
    from rapidfuzz.distance import OSA  # only where Latin names are compared

    allowed = 1 if len(short) < 10 else 2
    return any(
        OSA.distance(one, other, score_cutoff=allowed) <= allowed
        for one in first.sounds
        for other in second.sounds
    )


def _is_within(short: str, long: str) -> bool:
    """Whether all of `short` stands in `long`, in this order: 浩然科技公司 in 浩然科技有限公司."""
    rest = iter(long)
    return all(character in rest for character in short)


def southern(sound: str) -> str:
    """Pinyin as it is typed where zh and z, n and ng sound alike."""
    return re.sub(r"([zcs])h", r"\1", sound).replace("ng", "n")


def _surname(plain: str) -> str:
    return plain[:2] if len(plain) > 2 and plain[:2] in DOUBLE_SURNAMES else plain[0]
