"""The two questions of an import: what a column means, and how a text is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_crm.base.i18n import _
from desktop_crm.importing import plan as importing
from desktop_crm.importing.columns import SheetColumn
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.choices import ChoiceField
from desktop_crm.ui.kit.forms import FormDialog
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.page import Desk


class MeaningForm(FormDialog[str]):
    """Says what one column means."""

    def __init__(self, desk: Desk, column: SheetColumn, meanings: list[tuple[str, str]]) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("What is in “{column}”?").format(column=column.title),
            note=_("It is remembered for the next sheet with these headings."),
            save_text=_("Use it"),
        )
        for sample in column.samples:
            self.add_widget(Label(sample, "body", wrap=True))
        self._field = self.add(ChoiceField(_("Becomes"), meanings, value=column.field))

    def job(self) -> Callable[[Shop], str]:
        field = self._field.value()
        return lambda _shop: field


class EncodingForm(FormDialog[str]):
    """Asks in which encoding the names look right."""

    def __init__(self, desk: Desk, path: Path, words: str, candidates: Sequence[str]) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("How is this text written?"),
            note=words,
            save_text=_("Read it so"),
            width=560,
        )
        self._path = path
        self._field = self.add(
            ChoiceField(_("Encoding"), [(name, name) for name in candidates], value=candidates[0])
        )
        self._sample = self.add_widget(Label("", "body", wrap=True))
        self._field.changed.connect(self._show_sample)
        self._show_sample()

    def _show_sample(self) -> None:
        self._sample.setText(importing.first_lines(self._path, self._field.value()))

    def job(self) -> Callable[[Shop], str]:
        encoding = self._field.value()
        return lambda _shop: encoding
