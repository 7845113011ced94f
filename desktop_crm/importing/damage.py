"""What programs do to a cell on its way to us: digits lost, a failed formula saved as text, signs of another encoding.

Tells of it, and never mends it; what becomes of a troubled cell is decided in rows.py.
"""

from __future__ import annotations

import re

from desktop_crm.base.i18n import _
from desktop_crm.files.reading import Error
from desktop_crm.importing.trouble import Trouble, error_cell

_ERROR = re.compile(
    r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|FIELD!|BUSY!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA)"
    r"|#{3,}|Err:\d{3}",
    re.I,
)
_LOST_SIGNS = re.compile(r"\ufffd|锟斤拷|[烫屯]{3}|^[?？\s]+$")
_HAN = "\u2e80-\u9fff"
_MAYBE_LOST = re.compile(rf"^[{_HAN}]{{0,5}}\?+[{_HAN}]{{0,5}}$")


def _han_of_utf8_leads() -> str:
    """The Chinese signs that GBK makes of the first two bytes of a Chinese sign in UTF-8."""
    pairs = (bytes((lead, follow)) for lead in range(0xE4, 0xEA) for follow in range(0x80, 0xC0))
    return "".join(pair.decode("gbk", "ignore") for pair in pairs)


_SUSPECT = re.compile(f"^(?:#|Err:)|[?？\x80-\xff\ufffd锟烫屯{_han_of_utf8_leads()}]")
"""No damaged text is without one of these, and few others have one."""


def lost(number: str) -> Trouble:
    """A number whose digits a spreadsheet rounded away."""
    text = _(
        "The spreadsheet lost digits of this number ({text}); write it again, in a column formatted as text."
    )
    return Trouble("bad", text.format(text=number), "")


def damage(text: str) -> Trouble | None:
    """What a text shows of having been damaged, None for nearly all; no key, but a mere text may be used as it is.

    Args:
        text: as it stands in the cell: cleaning takes away the very signs that tell.
    """
    if _SUSPECT.search(text) is None:
        return None
    plain = text.strip(" \t\r\n")  # a no-break space may be a byte of a sign
    if _ERROR.fullmatch(plain):
        return error_cell(Error(plain))
    if _LOST_SIGNS.search(plain):
        told = _("“{text}” has signs that were lost on the way from another program; write it again.")
        return Trouble("bad", told.format(text=plain), plain)
    if meant := in_other_encoding(plain):
        told = _(
            "“{text}” was read in a wrong encoding by some program; “{meant}” may be meant. Write it again."
        )
        return Trouble("bad", told.format(text=plain, meant=meant), plain)
    if _MAYBE_LOST.match(plain):
        told = _("A sign of “{text}” may have been lost on the way from another program.")
        return Trouble("hint", told.format(text=plain), plain)
    return None


def refused(text: str) -> Trouble | None:
    """The same for what cannot be used when it is damaged."""
    found = damage(text)
    return found._replace(value="") if found else None


def in_other_encoding(text: str) -> str:
    """What was probably meant where some program read bytes in a wrong encoding, "" where nothing speaks for that."""
    for wrong, written in (("cp1252", text), ("cp1252", text.replace(" ", "\xa0")), ("gbk", text)):
        meant = _decoded(_bytes(written, wrong), "utf-8")
        if meant and (wrong == "cp1252" or re.search(f"[{_HAN}]", meant)):
            return meant
    if len(text) > 1 and not re.search(r"[A-Za-z]", text):
        meant = _decoded(_bytes(text, "cp1252"), "gb2312")
        if re.fullmatch(f"[{_HAN}\\s\\d]+", meant):
            return meant
    return ""


def _bytes(text: str, encoding: str) -> bytes:
    """The bytes that were read as this text; b"" where it cannot come from that encoding, or says nothing of it."""
    if text.isascii():
        return b""
    made = bytearray()
    for sign in text:
        try:
            made += sign.encode(encoding)
        except UnicodeEncodeError:
            if ord(sign) > 0xFF or encoding != "cp1252":
                return b""
            made.append(ord(sign))  # bytes that this encoding leaves free are passed through
    return bytes(made)


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return ""
