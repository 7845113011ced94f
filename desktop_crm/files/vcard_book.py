"""A phone book as reading.py's sheet: a row per card, a column per thing that some card has. Runs in the child process.

What a card says is vcard_cards.py's business.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desktop_crm.base import i18n
from desktop_crm.base.i18n import _
from desktop_crm.files import vcard, vcard_card, vcard_cards, vcard_text
from desktop_crm.files.wire import Refused, SheetName

_MOST_COLUMNS = 120
_KEPT_CARDS, _KEPT_CHARACTERS = 300_000, 50_000_000
"""So much is kept from the first reading; of a larger book nothing is, so that memory does not grow with it."""


class VCardBook:
    """A file of vCards, read once for its columns and its encoding, and once more for its rows where it is vast."""

    def __init__(self, job: dict[str, Any]) -> None:
        i18n.set_language(job["language"])  # of the headings
        self.offset = 0
        self.date1904 = False
        self.sheets = [SheetName(_("Contacts"), False)]
        self._path, self._encoding = job["path"], job["encoding"]
        self._texts = vcard_text.Texts("" if self._encoding.startswith("utf") else self._encoding)
        self._kept: list[dict[str, str]] | None = []
        try:
            found = self._headings()
            if self._texts.settle():  # other texts, and labels are headings too
                self._kept = []
                found = self._headings()
        except vcard_text.UnknownEncoding as error:
            raise Refused("encoding", ",".join(error.candidates)) from error
        first = [_(heading) for heading in vcard_card.COLUMNS]
        self._titles = [title for title in first if title in found]
        self._titles += [title for title in found if title not in first]

    def _headings(self) -> dict[str, None]:
        """What some card has, in the file's order; the note holds the rest where there is no end of it."""
        found: dict[str, None] = {}
        size = 0
        for cells in self._read():
            if len(found) < _MOST_COLUMNS:
                found.update(dict.fromkeys(cells))
            if self._kept is not None:
                size += sum(map(len, cells.values()))
                self._kept.append(cells)
                if size > _KEPT_CHARACTERS or len(self._kept) > _KEPT_CARDS:
                    self._kept = None
        if len(found) >= _MOST_COLUMNS:
            found[_(vcard_card.NOTE)] = None
        return found

    def rows(self, index: int) -> Iterator[tuple[int, list[Any]]]:
        """The headings as row 1, then the cards; one that says nothing has a number and no row."""
        yield 1, list(self._titles)
        note, known = _(vcard_card.NOTE), set(self._titles)
        for number, cells in enumerate(self._read() if self._kept is None else self._kept, 2):
            if not cells.keys() <= known:  # of a file with columns without end
                more = [f"{title}: {text}" for title, text in cells.items() if title not in known]
                cells[note] = "\n".join(filter(None, [cells.get(note, ""), *more]))
            yield number, [cells.get(title) for title in self._titles]

    def _read(self) -> Iterator[dict[str, str]]:
        with vcard.opened(self._path, self._encoding) as file:
            for properties in vcard.cards(file):
                yield vcard_cards.cells(properties, self._texts)
