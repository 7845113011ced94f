"""Several tags in one cell: written by the exports, read by the import; a tag that holds a separator stands in quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from desktop_crm.base.values import clean_text
from desktop_crm.importing.plain import NOTHING

_OTHERS_OWN = ("mycontacts",)
"""What address books write there that is no tag."""
_AWKWARD = re.compile(r"[,，、;；|\n\"\[\]【】]|:::|^\*")
_SEPARATOR = r"(?:[,，、;；|\n]|:::)"
_PIECES = re.compile(
    rf"(?:^|{_SEPARATOR})(?:\s*\"((?:[^\"]|\"\")*)\"\s*(?=$|{_SEPARATOR})|((?:(?!{_SEPARATOR}).)*))", re.S
)


def words(tags: Iterable[str]) -> str:
    """Tags as a cell: VIP; "A,B"."""
    return "; ".join(map(_word, filter(None, tags)))


def _word(tag: str) -> str:
    if _AWKWARD.search(tag) or tag.lower() in (*NOTHING, *_OTHERS_OWN):
        return '"' + tag.replace('"', '""') + '"'
    return tag


def split(cell: str) -> list[str]:
    """The tags of a cell, each once; `[a，b]`, `a ::: b` and lists by comma are known."""
    found: dict[str, None] = {}
    text = cell if cell.startswith('"') else cell.strip("[]【】")
    for piece in _PIECES.finditer(text):
        if piece[1] is not None:
            tag = clean_text(piece[1].replace('""', '"'))
        else:
            tag = clean_text(piece[2]).lstrip("*").strip()
            if tag.lower() in (*NOTHING, *_OTHERS_OWN):
                continue
        if tag:
            found[tag] = None
    return list(found)
