"""Labels of telephone numbers as they stand in a cell, in brackets behind their number: 13800138000(儿子).

Written by the exports and read by the import; what a number is, is cleaning.py's business.
"""

from __future__ import annotations

import re

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
