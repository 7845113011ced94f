"""The questions of an import: what a column means, how a text is written, which password, how days are meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLineEdit

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.importing import plan as importing
from desktop_crm.importing.columns import SheetColumn
from desktop_crm.importing.rehearsal import Question
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.choices import ChoiceField
from desktop_crm.ui.kit.forms import FormDialog, TextField
from desktop_crm.ui.kit.inplace import OutcomeList
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.page import Desk

_NEW = "new"


class MeaningForm(FormDialog[str]):
    """Says what one column means; it may become a new field of the shop's own, whose kind is then asked.

    Args:
        new_fields: whether it may.
    """

    def __init__(
        self, desk: Desk, column: SheetColumn, meanings: list[tuple[str, str]], *, new_fields: bool
    ) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("What is in “{column}”?").format(column=column.title),
            note=_("It is remembered for the next sheet with these headings."),
            save_text=_("Use it"),
        )
        for sample in column.samples:
            self.add_widget(Label(sample, "body", wrap=True))
        offered = [*meanings, (_NEW, _("A new own field “{name}”").format(name=column.title))]
        made = column.own is not None and not column.own.id
        self._field = self.add(
            ChoiceField(
                _("Becomes"), offered if new_fields else meanings, value=_NEW if made else column.field
            )
        )
        kinds = [(kind, custom_fields.kind_label(kind)) for kind in custom_fields.KINDS]
        kind = column.own.kind if made and column.own is not None else column.guess
        self._kind = self.add(ChoiceField(_("Kind of field"), kinds, value=kind, required=True))
        self._field.changed.connect(self._show_kind)
        self._show_kind()

    def _show_kind(self) -> None:
        self._kind.setVisible(not self._field.problem() and self._field.value() == _NEW)

    def job(self) -> Callable[[Shop], str]:
        chosen, kind = self._field.value(), self._kind.value()
        meaning = importing.new_field(kind) if chosen == _NEW else chosen
        return lambda _shop: meaning


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


class PasswordForm(FormDialog[str]):
    """Asks for the password of a workbook; it is never kept.

    Args:
        words: why it is asked, or that the last one was wrong.
    """

    def __init__(self, desk: Desk, path: Path, words: str) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("The password of {file}").format(file=path.name),
            note=words,
            save_text=_("Open it"),
        )
        field = self.add(TextField(_("Password"), required=True))
        assert isinstance(field.editor, QLineEdit)
        self._line = field.editor
        self._line.setEchoMode(QLineEdit.EchoMode.Password)
        self.add_widget(
            Label(_("It is tried on the other files too and not kept anywhere."), "small", wrap=True)
        )

    def job(self) -> Callable[[Shop], str]:
        password = self._line.text()  # as it was typed: spaces count
        return lambda _shop: password


class DaysForm(FormDialog[str]):
    """Asks how the days of one column are meant; a digit answers."""

    def __init__(self, desk: Desk, path: Path, question: Question) -> None:
        text = ngettext(
            "{count} date in {file} can be read in several ways. The answer holds for the whole column.",
            "{count} dates in {file} can be read in several ways. The answer holds for the whole column.",
            question.cells,
        )
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("How are the days in “{column}” meant?").format(column=question.title),
            note=text.format(count=f"{question.cells:,}", file=path.name),
            save_text=_("Read them so"),
        )
        self._chosen = ""
        words = order_words()
        self._list = self.add_widget(
            OutcomeList(
                [(order, words[order].format(day=day)) for order, day in question.examples.items()],
                on_choose=self._choose,
            )
        )
        self._list.left.connect(self.reject)
        self.save_button.hide()  # a digit or Enter answers at once; a second key would land on the page behind

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.take_keys()

    def _choose(self, order: str) -> None:
        self._chosen = order
        self.save()

    def problem(self) -> str:
        return "" if self._chosen else _("Choose one of them by its digit.")

    def job(self) -> Callable[[Shop], str]:
        chosen = self._chosen
        return lambda _shop: chosen


def order_words() -> dict[str, str]:
    """How the parts of a day can stand, with a place for an example."""
    return {"dmy": _("Day first: {day}"), "mdy": _("Month first: {day}"), "ymd": _("Year first: {day}")}
