"""A phone book as reading.py's sheet: a row per card, a column per thing that some card has. Runs in the child process.

What a card says is vcard_cards.py's business.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from desktop_crm.base import i18n
from desktop_crm.base.i18n import _
from desktop_crm.files import vcard, vcard_card, vcard_cards, vcard_text
from desktop_crm.files.wire import Refused, SheetName

_LOOKED_AT = 5_000
"""Cards that the columns and the encoding are found in; what only later ones have becomes lines of the note."""
_MOST_COLUMNS = 120


class VCardBook:
    """A file of vCards; its rows come while it is read, so that neither memory nor waiting grow with it."""

    def __init__(self, job: dict[str, Any]) -> None:
        i18n.set_language(job["language"])  # of the headings
        self.offset = 0
        self.date1904 = False
        self.sheets = [SheetName(_("Phone book"), False)]
        self._path, self._encoding = job["path"], job["encoding"]
        self._texts = vcard_text.Texts("" if self._encoding.startswith("utf") else self._encoding)
        self._begin()
        try:
            if self._texts.settle():  # other texts, and labels are headings too
                self._begin()
        except vcard_text.UnknownEncoding as error:
            raise Refused("encoding", ",".join(error.candidates)) from error

    def _begin(self) -> None:
        """Read the first cards and find the columns: what some card has, and the note where more may come."""
        self._rest = self._read()
        self._first = list(itertools.islice(self._rest, _LOOKED_AT))
        found = dict.fromkeys(title for cells in self._first for title in cells)
        known = [_(heading) for heading in vcard_card.COLUMNS]
        whole = len(self._first) < _LOOKED_AT
        more = [title for title in found if title not in known]
        vast = not whole or len(more) > _MOST_COLUMNS
        left_out = _(vcard_card.PICTURES)
        self._titles = [title for title in known if vast or title in found] + more[:_MOST_COLUMNS]
        if vast and left_out not in self._titles:
            self._titles.append(left_out)

    def rows(self, index: int) -> Iterator[tuple[int, list[Any]]]:
        """The headings as row 1, then the cards; one that says nothing has a number and no row."""
        yield 1, list(self._titles)
        note, known = _(vcard_card.NOTE), set(self._titles)
        for number, cells in enumerate(itertools.chain(self._first, self._rest), 2):
            if not cells.keys() <= known:
                more = [f"{title}: {text}" for title, text in cells.items() if title not in known]
                cells[note] = "\n".join(filter(None, [cells.get(note, ""), *more]))
            yield number, [cells.get(title) for title in self._titles]

    def _read(self) -> Iterator[dict[str, str]]:
        with vcard.opened(self._path, self._encoding) as file:
            for properties in vcard.cards(file):
                yield vcard_cards.cells(properties, self._texts)
