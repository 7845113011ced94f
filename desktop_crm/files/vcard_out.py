"""Writing a phone book: vCard 3.0, as iPhones, Android and their clouds take it in; read back by vcard_cards.py.

3.0 because every phone knows it: 2.1 has no common way to write Chinese, and Android before 2023 does not read 4.0.
Source: RFC 2426; X-ABLabel and X-ALTBDAY as Apple writes them. What only we need begins with X-SHOP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

from desktop_crm.base.names import DOUBLE_SURNAMES
from desktop_crm.base.values import valid_mobile
from desktop_crm.files.cells import storable

_HAN_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_LATIN_NAME = re.compile(r"([A-Za-z.'-]+) ([A-Za-z.'-]+)")
_SIGNS = re.compile(r"[\\;,]")
_BREAKS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_AT_HOME = {"home", "家", "家里", "家庭", "住宅", "宅电"}
_AT_WORK = {"work", "office", "company", "公司", "单位", "办公", "办公室", "工作"}
_LONGEST_LINE = 75


@dataclass(frozen=True)
class Contact:
    """One card of a phone book; texts are '' where nothing is known.

    Attributes:
        uid: the same for the same customer each time, so that a phone may know the card again.
        name: as it is shown. company: it is a company's.
        phones: (number, label), the main one first; "转801" in a label is an extension.
        birthday: YYYY-MM-DD or --MM-DD. lunar / leap: in the lunar calendar, in a leap month of it.
        labels: words for the phone's groups that are worked out and come back as nothing (tier). tags: those worn.
        kind: of customer, where it is neither person nor company.
    """

    uid: str
    name: str
    company: bool = False
    phones: Sequence[tuple[str, str]] = ()
    wechat: str = ""
    email: str = ""
    gender: str = ""
    birthday: str = ""
    lunar: bool = False
    leap: bool = False
    region: str = ""
    address: str = ""
    occupation: str = ""
    labels: Sequence[str] = ()
    tags: Sequence[str] = ()
    card_no: str = ""
    external_id: str = ""
    kind: str = ""
    note: str = ""


def write_contacts(file: BinaryIO, contacts: Iterable[Contact]) -> int:
    """Write cards into an open file; memory does not grow with them.

    Returns:
        how many were written.
    """
    count = 0
    for contact in contacts:
        lines = ["BEGIN:VCARD", "VERSION:3.0", *_lines(contact), "END:VCARD"]
        file.write(b"".join(_folded(line) for line in lines))
        count += 1
    return count


def _lines(contact: Contact) -> Iterator[str]:
    yield f"UID:{_text(contact.uid)}"
    name = _text(contact.name)
    yield f"FN:{name}"
    yield "N:;;;;" if contact.company else f"N:{';'.join(map(_text, _parts(contact.name)))};;;"
    if contact.company:
        yield f"ORG:{name}"
        yield "X-ABShowAs:COMPANY"
    yield from _phones(contact.phones)
    if contact.email:
        yield f"EMAIL;TYPE=INTERNET:{_text(contact.email)}"
    if contact.wechat:
        yield f"IMPP;X-SERVICE-TYPE=WeChat:x-apple:{quote(storable(contact.wechat), safe='@+')}"
    if contact.region or contact.address:
        yield f"ADR;TYPE=HOME:;;{_text(contact.address)};{_text(contact.region)};;;"
    yield from _birthday(contact)
    categories = [*contact.labels, *contact.tags]
    plain = {
        "TITLE": _text(contact.occupation),
        "X-GENDER": {"female": "Female", "male": "Male"}.get(contact.gender, ""),
        "CATEGORIES": ",".join(map(_text, categories)),
        "X-SHOP-LABELS": ",".join(map(_text, contact.labels)),
        "X-SHOP-CARD-NO": _text(contact.card_no),
        "X-SHOP-EXTERNAL-ID": _text(contact.external_id),
        "X-SHOP-KIND": _text(contact.kind),
        "NOTE": _text(contact.note),
    }
    for key, value in plain.items():
        if value:
            yield f"{key}:{value}"


def _phones(phones: Sequence[tuple[str, str]]) -> Iterator[str]:
    for place, (number, label) in enumerate(phones):
        extension = re.search(r"转(\d{1,6})", label)
        words = re.sub(r"转\d{1,6}", "", label).strip()
        kind = "HOME" if words.lower() in _AT_HOME else "WORK" if words.lower() in _AT_WORK else "VOICE"
        types = f"TYPE={'CELL' if valid_mobile(number) else kind}" + (
            ";TYPE=PREF" if not place and len(phones) > 1 else ""
        )
        dialled = _text(number) + (f",{extension[1]}" if extension else "")  # a pause, then the extension
        if words:
            yield f"item{place + 1}.TEL;{types}:{dialled}"
            yield f"item{place + 1}.X-ABLabel:{_text(words)}"
        else:
            yield f"TEL;{types}:{dialled}"


def _birthday(contact: Contact) -> Iterator[str]:
    day = contact.birthday
    if not day:
        return
    if not contact.lunar:
        yield f"BDAY:{day}"
    elif contact.leap or day.startswith("-"):  # how Apple writes these is not known
        year, month_day = day[:-5].replace("--", ""), day[-5:]
        yield f"X-LUNAR-BIRTHDAY:农历{year}{'闰' if contact.leap else ''}{month_day}"
    else:
        cycle, place = divmod(int(day[:4]) - 1984, 60)
        yield f"X-ALTBDAY;CALSCALE=chinese:{78 + cycle:04d}{place + 1:04d}{day[5:7]}{day[8:]}"


def _parts(name: str) -> tuple[str, str]:
    """Family and given name, by which phones sort; a name that does not tell is all family name."""
    if _HAN_NAME.fullmatch(name):
        size = 2 if len(name) > 2 and name[:2] in DOUBLE_SURNAMES else 1
        return name[:size], name[size:]
    latin = _LATIN_NAME.fullmatch(name)
    return (latin[2], latin[1]) if latin else (name, "")


def _text(text: str) -> str:
    """Text as a value: breaks, commas, semicolons and backslashes escaped, nothing that ends a line."""
    if text.isprintable() and not _SIGNS.search(text):
        return text
    plain = _BREAKS.sub("\n", storable(text))
    return _SIGNS.sub(r"\\\g<0>", plain).replace("\n", "\\n")


def _folded(line: str) -> bytes:
    """A line in pieces of 75 bytes, none of which ends inside a character."""
    raw = line.encode()
    if len(raw) <= _LONGEST_LINE:
        return raw + b"\r\n"
    pieces = []
    while len(raw) > _LONGEST_LINE:
        end = _LONGEST_LINE
        while raw[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(raw[:end])
        raw = b" " + raw[end:]
    return b"\r\n".join([*pieces, raw]) + b"\r\n"
