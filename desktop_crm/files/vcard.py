"""vCards 2.1, 3.0 and 4.0 as they stand in files: lines put together, properties taken apart, cards told from each other.

Making text of values is vcard_text.py's business, what they mean vcard_cards.py's, writing vcard_out.py's. Phones do not
keep to the rules, so nothing is ever refused here. Lines are handled as Latin-1 (a character is a byte) until the
character set of a value is known. Sources: vCard 2.1 (versit, 1996), RFC 2426, RFC 6350.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TextIO

_PIECE = 1 << 16
_LONGEST_RAW = 1 << 19
_DEEPEST = 20
_MOST_PROPERTIES = 50_000
_USUAL = 200
"""Heads shorter than that come again and again, and their reading is remembered."""

_START = re.compile(r"(?:[A-Za-z0-9_-]+\.)?([A-Za-z][A-Za-z0-9_-]*)\s*([;:])")
_HEAD = re.compile(
    r'(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)\s*((?:;[^":;]*(?:"[^"]*"[^":;]*)*)*):',
)
_PARAMETER = re.compile(r';([^";]*(?:"[^"]*"[^";]*)*)')
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{4,}")
ENCODED = re.compile(r"(?:=[0-9A-Fa-f]{2}|[;\s])*")
_ENCODINGS = {"QUOTED-PRINTABLE", "BASE64", "B", "Q", "8BIT", "7BIT"}

PICTURES = frozenset({"PHOTO", "LOGO", "KEY", "X-MS-CARDPICTURE", "X-PHOTO"})
"""Properties that hold pictures, sounds or keys whatever they say."""
TEXTS = frozenset({"N", "FN", "NOTE", "ORG", "ADR", "LABEL", "TITLE", "NICKNAME", "EMAIL", "TEL"})
"""Properties that are text even where somebody wrapped them in base64."""
KNOWN = TEXTS | PICTURES | {
    "BEGIN", "END", "VERSION", "PRODID", "REV", "UID", "PROFILE", "SOURCE", "NAME", "CLASS", "MAILER", "TZ", "GEO", "LANG",
    "ROLE", "BDAY", "ANNIVERSARY", "GENDER", "CATEGORIES", "URL", "IMPP", "RELATED", "MEMBER", "KIND", "AGENT", "SOUND",
    "SORT-STRING", "CALURI", "CALADRURI", "FBURL", "CLIENTPIDMAP", "XML",
}  # fmt: skip
"""Names of the standards; others begin with X- or are not meant as names."""


@dataclass
class Property:
    """One property of a card.

    Attributes:
        name: upper case, without its group. group: lower case, "" if none ("item1").
        types: the values of TYPE, and what vCard 2.1 writes bare, in lower case.
        params: the other parameters, the name in upper case, as they stand (Latin-1).
        raw: the value as it stands (Latin-1), lines of quoted-printable still apart.
        binary: a picture, a sound, a key; raw is then worthless.
    """

    name: str
    group: str
    types: frozenset[str]
    params: dict[str, str]
    raw: str
    binary: bool = False

    @property
    def encoding(self) -> str:
        """How its bytes are written: "quoted-printable", "base64" or ""."""
        said = self.params.get("ENCODING", "").upper()
        if said in ("BASE64", "B"):
            return "base64"
        if said in ("QUOTED-PRINTABLE", "Q"):
            return "quoted-printable"
        # some phones write a character set and forget to say the rest
        wrapped = self.raw.count("=") >= 2 and ENCODED.fullmatch(self.raw.replace("=\n", ""))
        return "quoted-printable" if wrapped and self.name in TEXTS else ""


def cards(file: TextIO) -> Iterator[list[Property]]:
    """The cards of a file opened as `opened` does, one after another.

    A card without an end ends where the next one begins; what stands outside of all cards comes as one of its own. A card
    inside another one (AGENT) comes as a card too.
    """
    nested: list[list[Property]] = []
    strays: list[Property] = []
    for found in _properties(file):
        border = found.raw.strip().upper() == "VCARD"
        if found.name == "BEGIN" and border:
            if strays:
                yield strays
                strays = []
            if nested and (len(nested) > _DEEPEST or not (nested[-1] and nested[-1][-1].name == "AGENT")):
                yield nested.pop()
            nested.append([])
        elif found.name == "END" and border:
            if nested:
                yield nested.pop()
        else:
            mine = nested[-1] if nested else strays
            if len(mine) < _MOST_PROPERTIES:
                mine.append(found)
            elif len(mine) == _MOST_PROPERTIES:
                mine.append(Property("", "", frozenset(), {}, "[...]"))  # the note says that there was more
    yield from reversed(nested)
    if strays:
        yield strays


def opened(path: str, encoding: str) -> TextIO:
    """A file of vCards, every byte a character; only UTF-16 and UTF-32 are decoded as a whole."""
    whole = encoding.startswith(("utf-16", "utf-32"))
    return open(path, encoding=encoding if whole else "latin-1", errors="replace", newline=None)


def _lines(file: TextIO) -> Iterator[tuple[bool, str]]:
    """(whether it only goes on with the line before, text); a line of 100 MB comes in pieces."""
    wide = getattr(file, "encoding", "latin-1") != "latin-1"
    inside = False
    while piece := file.readline(_PIECE):
        more = not piece.endswith("\n")
        text = piece if more else piece[:-1]
        if wide:
            text = text.lstrip("\ufeff").encode("utf-8", "surrogatepass").decode("latin-1")
        elif text.startswith("\xef\xbb\xbf"):
            text = text[3:]
        yield inside, text
        inside = more


class _Line:
    """A property whose lines are still coming."""

    def __init__(self, text: str, *, old: bool) -> None:
        self._old = old
        self._parts = [text]
        self._size = len(text)
        self._head: _Head | None = None
        self._value_at = 0
        self._closed = False
        self.name = ""
        self.quoted = self.binary = False
        self._look()

    def takes(self, inside: bool, text: str) -> bool:
        """Whether a line belongs to this property; it is then added."""
        if inside:
            self._add(text)
        elif self.name in ("BEGIN", "END"):
            return not text or text.isspace()
        elif self.quoted and self._parts[-1].endswith("=") and not text.upper().startswith("END:VCARD"):
            self._add("\n" + text)
        elif not text or text.isspace():
            self._closed = True
        elif text[0] in " \t":
            self._add(self._gap(text) + text[1:])
        elif self.binary and _BASE64.fullmatch(text.strip()) and (not self._closed or len(text) > 40):
            self._add(text)
        elif self.name in TEXTS and (not (start := _START.match(text)) or self._prose(start)):
            self._add("\n" + text)  # a line break that should have been escaped
        else:
            return False
        return True

    def _prose(self, start: re.Match[str]) -> bool:
        """Whether a line that looks like a property is the next line of a note whose breaks are not escaped."""
        name = start[1].upper()
        return self.name == "NOTE" and start[2] == ":" and name not in KNOWN and not name.startswith("X-")

    def _gap(self, text: str) -> str:
        """vCard 2.1 folds at a space that belongs to the text, 3.0 adds one after 75 bytes, and phones mix the two up."""
        before = self._parts[-1]
        words = (
            before[-1:].isascii() and before[-1:].isalnum() and text[1:2].isascii() and text[1:2].isalnum()
        )
        return " " if self._old and words and len(before) < 60 and not self.binary and not self.quoted else ""

    def _add(self, text: str) -> None:
        if self.binary or self._size > _LONGEST_RAW:
            return
        self._parts.append(text)
        self._size += len(text)
        if self._head is None:
            self._look()

    def _look(self) -> None:
        """Find name and parameters as soon as they are complete."""
        text = "".join(self._parts) if self._size <= 2 * _PIECE else ""
        head = text.partition(":")[0] if ":" in text else ""
        if '"' in head:
            whole = _HEAD.match(text)
            head = whole[0][:-1] if whole else ""
        found = (_usual_head(head) if len(head) < _USUAL else _head(head)) if head else None
        if found is None:
            return
        self._head, self._value_at, self.name = found, len(head) + 1, found.name
        self.quoted = found.params.get("ENCODING", "").upper() == "QUOTED-PRINTABLE"
        wrapped = found.params.get("ENCODING", "").upper() in ("BASE64", "B")
        data = text[self._value_at : self._value_at + 5].lower() == "data:"
        self.binary = self.name in PICTURES or ((wrapped or data) and self.name not in TEXTS)

    def finished(self) -> Property:
        """The property."""
        text = "".join(self._parts)
        head = self._head
        if head is not None:
            value = "" if self.binary else text[self._value_at :]
            return Property(head.name, head.group, head.types, head.params, value, self.binary)
        start = _START.match(text)
        if start is None:  # no line of a vCard
            return Property("", "", frozenset(), {}, text)
        value = text.partition(":")[2] or text  # a quotation mark that never ends
        return Property(start[1].upper(), "", frozenset(), {}, value)


class _Head(NamedTuple):
    """What stands before the colon, see Property."""

    name: str
    group: str
    types: frozenset[str]
    params: dict[str, str]


def _head(text: str) -> _Head | None:
    """Name and parameters, or None where these are none."""
    found = _HEAD.fullmatch(text + ":")
    if found is None:
        return None
    return _Head(found[2].upper(), (found[1] or "").lower(), *_parameters(found[3]))


_usual_head = lru_cache(maxsize=2000)(_head)


def _parameters(text: str) -> tuple[frozenset[str], dict[str, str]]:
    types: list[str] = []
    params: dict[str, str] = {}
    for part in _PARAMETER.findall(text):
        key, sign, value = part.partition("=")
        key = key.strip().upper()
        value = value.strip()
        if not sign:
            value, key = key, "ENCODING" if key in _ENCODINGS else "TYPE"
        if key == "TYPE":
            types += value.replace('"', "").lower().split(",")
        else:
            params.setdefault(key, value.strip('"'))
    return frozenset(each.strip() for each in types if each.strip()), params


def _properties(file: TextIO) -> Iterator[Property]:
    line: _Line | None = None
    old = False
    for inside, text in _lines(file):
        if line is not None:
            if line.takes(inside, text):
                continue
            found = line.finished()
            if found.name == "VERSION":
                old = found.raw.strip().startswith("2")
            yield found
        line = _Line(text.lstrip(), old=old) if text.strip() else None
    if line is not None:
        yield line.finished()
