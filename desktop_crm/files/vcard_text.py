"""Text of the values of vCards: character sets named, forgotten or wrong; quoted-printable, base64, backslashes.

Where a property begins and ends is vcard.py's business. Sources: RFC 2045 section 6.7, RFC 2426, RFC 6350, RFC 6868.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from dataclasses import dataclass, field

from desktop_crm.files.sniff import CANDIDATES, common_chinese
from desktop_crm.files.vcard import ENCODED, Property

LONGEST = 32_767
"""Characters of a value that are kept, as many as a cell of a workbook holds; what is longer ends with CUT."""
CUT = " […]"

_ESCAPE = re.compile(r"=([0-9A-Fa-f]{2})")
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_CHARSETS = re.compile(r"utf-?(8|16|32)|gb|hz|big5|cp|iso8859|shift|euc|koi8|mac|johab|ascii|latin")
_ODD_KEPT = 20_000
_POSSIBLE = ("big5hkscs", *(name for name in CANDIDATES if name not in ("big5hkscs", "utf-16-le")))
"""Encodings that a value may be in, in the order they are offered."""


class UnknownEncoding(Exception):
    """Values are in an encoding that nothing names and their bytes do not tell; candidates: those that are possible."""

    def __init__(self, candidates: tuple[str, ...]) -> None:
        super().__init__(candidates)
        self.candidates = candidates


@dataclass
class Texts:
    """Makes text of the values of one file.

    Attributes:
        encoding: of values that name none and are not UTF-8; "" until `settle` has found it.
    """

    encoding: str = ""
    _odd: list[bytes] = field(default_factory=list)
    _fine: int = 0

    def text(self, found: Property) -> str:
        """The whole value as text (without NUL, which no text has)."""
        return "".join(self._pieces(found, "\0"))

    def parts(self, found: Property) -> list[str]:
        """The components of a structured value (N, ADR, ORG), at least one."""
        return self._pieces(found, ";")

    def words(self, found: Property) -> list[str]:
        """The items of a list (CATEGORIES, NICKNAME), without empty ones."""
        return [word for word in self._pieces(found, ",") if word]

    def parameter(self, value: str) -> str:
        """A parameter as text; RFC 6868 names how quotes and line breaks stand in one."""
        plain = self._decoded(value.encode("latin-1"), "")
        signs = {"^n": "\n", "^^": "^", "^'": '"'}
        return re.sub(r"\^[n^']", lambda sign: signs[sign[0]], plain).strip()

    def settle(self) -> bool:
        """Find the encoding of the values that fit neither what they say nor UTF-8, after all were read once.

        Returns:
            whether some of them read differently from now on.

        Raises:
            UnknownEncoding: the bytes do not tell.
        """
        if not self._odd or (not self.encoding and len(self._odd) * 100 <= self._fine):
            return False  # a broken character here and there in a file of UTF-8
        enough = 0.9 * len(self._odd)
        fits = [
            name
            for name in (*_POSSIBLE, self.encoding)
            if name and sum(_fits(raw, name) for raw in self._odd) >= enough
        ]
        if self.encoding:
            if self.encoding in fits:
                return False
        elif "gb18030" in fits and common_chinese(b"\n".join(self._odd)):
            self.encoding = "gb18030"
            return True
        if fits:
            raise UnknownEncoding(tuple(fits))
        return False

    def _pieces(self, found: Property, sign: str) -> list[str]:
        charset = _charset(found.params.get("CHARSET", ""))
        encoding = found.encoding
        if encoding == "quoted-printable":
            raw = _joined(found.raw)
            pieces = [self._decoded(_bytes(piece), charset) for piece in _split(raw, sign)]
        elif encoding == "base64":
            pieces = _split(self._decoded(_unwrapped(found.raw), charset), sign)
        else:
            pieces = _split(self._decoded(found.raw.encode("latin-1"), charset), sign)
        return [_kept(_unescaped(piece)).strip() for piece in pieces]

    def _decoded(self, raw: bytes, charset: str) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        for name in (charset, "utf-8"):
            if name:
                try:
                    text = raw.decode(name)
                except UnicodeDecodeError:
                    continue
                self._fine += 1
                return text
        if len(self._odd) < _ODD_KEPT:
            self._odd.append(raw[:200] if len(raw) > 400 else raw)
        likely = self.encoding or ("gb18030" if _fits(raw, "gb18030") and common_chinese(raw) else "")
        if likely and _fits(raw, likely):
            return raw.decode(likely)
        return raw.decode("utf-8", "replace")


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _charset(said: str) -> str:
    """Python's name of a character set, GB 2312 and GBK as what contains both; "" for none that is known."""
    try:
        name = codecs.lookup(said).name if said else ""
    except (LookupError, ValueError):
        return ""
    if name in ("gb2312", "gbk"):
        return "gb18030"
    return name if _CHARSETS.match(name) else ""


def _joined(raw: str) -> str:
    """Quoted-printable lines as one, also where a writer broke inside an escape and lost its sign.

    `=E7=88=B8=` and `20=20` are `=E7=88=B8=20=20`: where all is escaped, two digits alone are none of the text.
    """
    first, *pieces = raw.removesuffix("=").split("=\n")
    proper, mended, escaped = first, first, bool(ENCODED.fullmatch(first))
    for piece in pieces:
        if piece[:1] in (" ", "\t") and _ESCAPE.match(piece, 1) and _ESCAPE.search(proper[-3:]):
            piece = piece[1:]  # a fold on top of the soft break
        broken = bool(_HEX.match(piece)) and bool(ENCODED.fullmatch("=" + piece))
        proper += "=" + piece if broken and escaped else piece
        mended += "=" + piece if _HEX.match(piece) else piece
        escaped = escaped and (broken or bool(ENCODED.fullmatch(piece)))
    return mended if not _fits(_bytes(proper), "utf-8") and _fits(_bytes(mended), "utf-8") else proper


def _bytes(piece: str) -> bytes:
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), piece)
    return plain.encode("latin-1")


def _unwrapped(raw: str) -> bytes:
    try:
        return base64.b64decode(re.sub(r"\s+", "", raw), validate=True)
    except (binascii.Error, ValueError):
        return raw.encode("latin-1")


def _split(text: str, sign: str) -> list[str]:
    """Split at a sign that no backslash escapes."""
    if "\\" not in text or sign not in text:
        return text.split(sign)
    pieces = [""]
    for token in re.findall(rf"(?:\\.|[^\\{sign}])+|{sign}|\\", text, re.S):
        if token == sign:
            pieces.append("")
        else:
            pieces[-1] += token
    return pieces


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\([nN\\;,:])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _kept(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT
