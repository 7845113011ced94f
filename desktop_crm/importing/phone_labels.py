"""Labels of telephone numbers as they stand in a cell: in brackets behind their number, 13800138000(儿子), or beside it.

Written by the exports and read by the import; what a number is, is cleaning.py's business.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from desktop_crm.base.values import clean_text, half_width

EXTENSION = re.compile(r"\s*(?:转|ext\.?|分机|x|#)\s*(\d{1,6})\s*$", re.I)
_LABEL = re.compile(r"(?<=[\d\s])[(（]\s*([^()（）]*[^()（）\d\s.+-][^()（）]*)[)）]")
_BRACKETS = str.maketrans("()（）", "〔〕〔〕")
_MARK = "№"
"""Stands before a label that would be read as digits or an extension."""


def words(number: str, label: str) -> str:
    """A stored number with its stored label as a cell: 01088888888转801(公司)."""
    extension = re.match(r"转\d{1,6}(?= |$)", label)
    number += extension[0] if extension else ""
    rest = (label[extension.end() :] if extension else label).strip().translate(_BRACKETS)
    if not rest:
        return number
    return f"{number}({_MARK + rest if _needs_mark(rest) else rest})"


def _needs_mark(label: str) -> bool:
    plain = label.lstrip(_MARK)
    return bool(EXTENSION.fullmatch(half_width(plain)) or not re.search(r"[^\d\s.+-]", plain))


def put_aside(written: str) -> tuple[str, list[str]]:
    """A cell in which \\x01, a number and \\x01 stand for each label, and the labels; an extension in brackets is none."""
    labels: list[str] = []

    def replaced(found: re.Match[str]) -> str:
        label = clean_text(found[1])
        if EXTENSION.fullmatch(half_width(label)):
            return label
        labels.append(label[1:] if label[0] == _MARK and _needs_mark(label) else label)
        return f"\1{len(labels) - 1}\1"

    return _LABEL.sub(replaced, written), labels


_WORDS = re.compile(r"[^\W\d_](?:\D*[^\W\d_])?")
_USUAL = re.compile(r"[\W\d]|手机号?码?|电话|座机|固话|mobile|cell|phone|tel|home|work", re.I)
_MONEY = re.compile(r"元|块钱?|yuan|rmb|cny", re.I)
_LONGEST = 12
"""A label of more characters is a sentence, which belongs into the note."""


def says(written: str) -> bool:
    """Whether words say more of a number than that it is one."""
    return bool(_USUAL.sub("", written))


def beside(body: str, read: Callable[[str], list[str]]) -> tuple[list[str], dict[int, list[str]], bool]:
    """The numbers of a text, place of a number → the words right before or behind it, and whether other words are left.

    Args:
        read: the numbers in a text without words; none where it is not made of numbers only.
    """
    words = list(_WORDS.finditer(body))
    if not words:
        return read(body), {}, False
    starts, ends = [0, *(word.end() for word in words)], [*(word.start() for word in words), len(body)]
    between = [body[start:end] for start, end in zip(starts, ends, strict=True)]
    numbers: list[str] = []
    first: list[int] = []  # place of the first number behind each word, and of the first of all
    for text in between:
        first.append(len(numbers))
        found = read(text) if re.search(r"\d", text) else []
        if not found and re.search(r"\d", text):
            return [], {}, False
        numbers += found
    labels: dict[int, list[str]] = {}
    left = False
    for place, word in enumerate(words):
        if says(word[0]):
            whose = _whose(between, place)
            if whose is None or len(word[0]) > _LONGEST or _MONEY.fullmatch(word[0]):
                left = True
            else:
                labels.setdefault(first[place + 1] - 1 + whose, []).append(word[0])
    return numbers, labels, left


def _whose(between: list[str], place: int) -> int | None:
    """0 where a word belongs to the number before it, 1 to the one behind it, None where nobody can tell."""
    before, behind = between[place], between[place + 1]
    if not (before.strip() and behind.strip()):
        return int(bool(behind.strip()))
    touches = (not before[-1].isspace(), not behind[0].isspace())
    if touches[0] != touches[1]:
        return int(touches[1])
    if bool(between[0].strip()) == bool(between[-1].strip()):
        return None
    return int(not between[0].strip())
