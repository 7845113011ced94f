"""One card as the cells of a row: the headings that the import knows, and columns named after what has none.

What a property means is vcard_cards.py's business, how it stands in a file vcard.py's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_text, normal_phone
from desktop_crm.files.cells import risky
from desktop_crm.files.vcard import Property
from desktop_crm.files.vcard_text import CUT, Texts

NAME, FAMILY, GIVEN, MIDDLE = N_("Name"), N_("Family name"), N_("Given name"), N_("Middle name")
NICKNAME, COMPANY, PHONE, WECHAT, EMAIL = (
    N_("Nickname"),
    N_("Company"),
    N_("Phone"),
    N_("WeChat"),
    N_("E-mail"),
)
GENDER, BIRTHDAY, LUNAR, PROVINCE = N_("Gender"), N_("Birthday"), N_("Lunar birthday"), N_("Province")
CITY, ADDRESS, OCCUPATION, TAGS, NOTE = N_("City"), N_("Address"), N_("Occupation"), N_("Tags"), N_("Note")
CARD_NO, EXTERNAL_ID, KIND = N_("Card no."), N_("Id in the other program"), N_("Kind of customer")
PICTURES = N_("Pictures and sounds (left out)")
"""A column that says what there was; importing/columns.py never imports it."""
COLUMNS = (
    NAME, FAMILY, GIVEN, MIDDLE, NICKNAME, COMPANY, PHONE, WECHAT, EMAIL, GENDER, BIRTHDAY, LUNAR, PROVINCE, CITY, ADDRESS,
    OCCUPATION, TAGS, CARD_NO, EXTERNAL_ID, KIND, NOTE,
)  # fmt: skip
"""Headings that importing/fields.py knows, in the order of the sheet."""

ROOM = 128 * 1024
"""Characters that one card may fill; no real one comes near."""
_LONGEST_TITLE = 60
_HAN = re.compile(r"[\u3400-\u9fff]")


class Card:
    """The cells of one card.

    Attributes:
        cells: heading → texts; those of COLUMNS in English, columns of their own as a person reads them.
        properties / texts: what they are made of.
        labels: group of a property → what the person calls it.
    """

    def __init__(self, properties: Sequence[Property], texts: Texts) -> None:
        self.cells: dict[str, list[str]] = {}
        self.texts = texts
        self.properties = properties
        self.labels = {
            found.group: _label(texts.text(found))
            for found in properties
            if found.name == "X-ABLABEL" and found.group
        }
        self._room = ROOM

    @property
    def kinds(self) -> set[str]:
        """Whether it is about a person, a company or a group, as far as it says."""
        names = ("KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS")
        return {self.texts.text(found).lower() for found in self.properties if found.name in names}

    def add(self, heading: str, text: str) -> None:
        """One more text under a heading; what comes when the card is full is left out, with a mark."""
        if not text or not self._room or text in self.cells.get(heading, ())[-100:]:
            return
        self._room -= len(heading) + len(text)
        if self._room <= 0:
            self._room, text = 0, text + CUT
        self.cells.setdefault(heading, []).append(text)

    def spare(self, heading: str, text: str, label: str = "") -> None:
        """A text that no field is for: a column of its own, “Website (work)”."""
        title = f"{_(heading)} ({label})" if label else _(heading)
        self.add(clean_text(title)[:_LONGEST_TITLE], text)

    def single(self, heading: str, text: str) -> None:
        """The first text goes under the heading, others into columns with numbers."""
        if not text or text in self.cells.get(heading, ()):
            return
        titles = [heading, *(f"{_(heading)} {number}" for number in range(2, 10))]
        self.add(next((title for title in titles if title not in self.cells), titles[-1]), text)

    def label(self, found: Property) -> str:
        """What the person calls a property, '' for nothing of their own."""
        return self.labels.get(found.group, "") if found.group else ""

    def joined(self) -> dict[str, str]:
        """The cells as text, under translated headings."""
        return {_(heading): _joined(heading, known) for heading, known in self.cells.items() if any(known)}


def _joined(heading: str, known: list[str]) -> str:
    text = (" / " if heading == PHONE else "\n").join(known)
    # the import takes away a ' that an export has put before a formula; here nothing was put, so one more keeps it
    return "'" + text if text.startswith("'") and risky(text.lstrip("'")) else text


def _label(text: str) -> str:
    """_$!<Anniversary>!$_ is Apple's way to mark labels that it translates."""
    found = re.fullmatch(r"_\$!<(.*)>!\$_", text)
    return found[1] if found else text


def settle_name(card: Card) -> None:
    """Decide which of the names is the customer's, when all properties are read.

    That is the name as it is shown, unless it is the company's or a number, or a Chinese name in Western order: 三 张 with
    the family name 张 is 张三.
    """
    shown, *others = card.cells.pop(NAME, [""])
    parts = {part: "".join(card.cells.pop(part, ())) for part in (FAMILY, MIDDLE, GIVEN)}
    company = card.cells.get(COMPANY, [""])[0]
    if shown and (shown == company or card.kinds & {"company", "org"}):
        card.cells[COMPANY] = list(dict.fromkeys([shown, *card.cells.get(COMPANY, ())]))
        parts = {part: "" if text in shown else text for part, text in parts.items()}
        shown = ""
    elif shown and _is_number(card, shown):
        shown = ""
    whole = "".join(parts.values())
    turned = bool(_HAN.search(shown)) and " " in shown and sorted(whole) == sorted(shown.replace(" ", ""))
    if shown and not turned:
        card.add(NAME, shown)
        if not all(text in shown for text in parts.values()):
            card.spare("vCard N", " ".join(filter(None, parts.values())))
    else:
        for part, text in parts.items():
            card.add(part, text)
    for other in others:
        card.spare("vCard FN", other)
    if not shown and not whole and not card.cells.keys() & {COMPANY, NICKNAME, PHONE}:
        card.add(NAME, "".join(card.cells.get(EMAIL, [""])[:1]))  # better known by that than lost


def _is_number(card: Card, shown: str) -> bool:
    """Whether the name is one of the card's numbers, as phones show who has no name."""
    number = normal_phone(shown)
    plain = len(number) >= 5 and not re.search(r"[^\d+\-() ]", shown)
    return plain and any(normal_phone(one) == number for one in card.cells.get(PHONE, ()))
