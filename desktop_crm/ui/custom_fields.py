"""The shop's own fields in Settings: define, rename, move, retire; what they hold before one changes them.

What may be is custom_fields.py's business; values are written on the card (custom_panel.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_crm import custom_fields
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.custom_fields import FieldKind
from desktop_crm.records.custom_fields import CustomField
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, NoteField, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section

_SHOWN_VALUES = 6


@dataclass(frozen=True)
class FieldLine:
    """One field with how many cards have a value, and its most frequent values in words."""

    id: int
    field: CustomField
    count: int
    values: str


class FieldsSection(Section):
    """All own fields in the order of the card, retired ones last."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.table: RecordTable[FieldLine] = RecordTable(_columns(), name="settings.fields", state=desk.state)
        self.table.set_empty(
            EmptyState(
                _("No own fields yet"),
                _(
                    "What your shop wants to know of its customers and the card does not ask: when the broadband "
                    "contract ends, the size of a shoe. It then stands on the card, in lists, search, import and print."
                ),
                icon="list-checks",
            )
        )
        self.up_button = KeyButton(_("Up"), "Alt+Up", on_click=lambda: self.shift(-1))
        self.down_button = KeyButton(_("Down"), "Alt+Down", on_click=lambda: self.shift(1))
        self.retire_button = KeyButton(_("Retire"), "Alt+D", on_click=self.retire)
        self.add_button = KeyButton(_("Add"), "Alt+A", kind="primary", on_click=self.add)
        panel = Panel(
            _("Own fields"),
            note=_("Enter changes one"),
            actions=[self.up_button, self.down_button, self.retire_button, self.add_button],
        )
        panel.add(self.table, 1)
        vbox(panel, on=self)
        self.table.record_chosen.connect(self.change)
        self.table.record_selected.connect(self._show_buttons)
        self.setFocusProxy(self.table)
        self._show_buttons(None)

    def load(self) -> None:
        self.desk.jobs.query(_lines, self._show, key="settings.fields")

    def add(self) -> None:
        """Ask for a new field."""
        FieldForm(self.desk, None, self.page).open_with(self._done)

    def change(self, line: FieldLine) -> None:
        """Ask what is to be different about a field."""
        FieldForm(self.desk, line, self.page).open_with(self._done)

    def shift(self, steps: int) -> None:
        """Move the selected field up or down on the card."""
        line = self.table.selected()
        if line is not None and line.field.active:
            self.desk.jobs.change(
                lambda shop: custom_fields.move(shop, line.id, steps),
                lambda _done: self.load(),
                initiator=self.page,
            )

    def retire(self) -> None:
        """Take the selected field off the card, or bring it back."""
        line = self.table.selected()
        if line is None:
            return
        act = custom_fields.retire if line.field.active else custom_fields.bring_back
        words = (
            _("{field} is no longer on the card; its values are kept.")
            if line.field.active
            else _("{field} is on the card again.")
        )
        self.desk.jobs.change(
            lambda shop: act(shop, line.id),
            lambda _done: self._done(words.format(field=line.field.name)),
            initiator=self.page,
        )

    def _show(self, lines: Sequence[FieldLine]) -> None:
        self.table.set_records(lines)
        self._show_buttons(self.table.selected())

    def _show_buttons(self, line: FieldLine | None) -> None:
        on_card = line is not None and line.field.active
        self.up_button.setEnabled(on_card)
        self.down_button.setEnabled(on_card)
        self.retire_button.setEnabled(line is not None)
        self.retire_button.setText(_("Retire") if on_card or line is None else _("Bring back"))

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class FieldForm(FormDialog[str]):
    """One field; saving gives the sentence about it."""

    def __init__(self, desk: Desk, line: FieldLine | None, page: QWidget) -> None:
        title = _("Add an own field") if line is None else line.field.name
        super().__init__(desk.jobs, desk.window, title=title, initiator=page)
        self._field = line.field if line is not None else None
        kinds = [(kind, custom_fields.kind_label(kind)) for kind in custom_fields.KINDS]
        self.name = self.add(
            TextField(
                _("Field"),
                self._field.name if self._field else "",
                required=True,
                placeholder=_("Broadband until"),
            )
        )
        self.kind = self.add(
            ChoiceField[FieldKind](
                _("Kind"), kinds, value=self._field.kind if self._field else "text", required=True
            )
        )
        words = "\n".join(custom_fields.choices(self._field)) if self._field else ""
        self.choices = self.add(NoteField(_("What can be chosen, each on a line"), words, lines=6))
        self.held = self.add_widget(Label(_held(line), "quiet", wrap=True))
        self.held.setVisible(bool(_held(line)))
        self.kind.changed.connect(self._show_choices)
        self._show_choices()

    def _show_choices(self) -> None:
        self.choices.setVisible(not self.kind.problem() and self.kind.value() == "choice")
        if self.isVisible():
            self._fit()

    def job(self) -> Callable[[Shop], str]:
        """Add it or save it."""
        name, kind, known = self.name.value(), self.kind.value(), self._field
        words = self.choices.value().split("\n") if kind == "choice" else []
        sentence = _("The field {field} was saved.").format(field=name)

        def save(shop: Shop) -> str:
            if known is None:
                custom_fields.add(shop, name, kind, words)
            else:
                custom_fields.edit(shop, known.id, name=name, kind=kind, choices=words)
            return sentence

        return save


def _lines(shop: Shop) -> list[FieldLine]:
    with shop.reading():
        counts = custom_fields.counts(shop)
        return [
            FieldLine(field.id, field, counts.get(field.id, 0), _values(shop, field))
            for field in custom_fields.listing(shop, active_only=False)
        ]


def _values(shop: Shop, field: CustomField) -> str:
    """From where to where numbers and days go; of others the most frequent with their number."""
    if (span := custom_fields.span(shop, field)) is not None:
        low, high = span
        return low if low == high else _("{low} to {high}").format(low=low, high=high)
    found = custom_fields.value_counts(shop, field.id, _SHOWN_VALUES + 1)
    known = custom_fields.choices(field)
    parts = []
    for value, count in found[:_SHOWN_VALUES]:
        words = custom_fields.show(field, value)
        if field.kind == "choice" and value not in known:
            words = _("{value} (no choice any more)").format(value=words)
        parts.append(f"{words} {count:,}" if field.kind in ("choice", "yes_no") else words)
    return " · ".join(parts) + (" …" if len(found) > _SHOWN_VALUES else "")


def _held(line: FieldLine | None) -> str:
    """What the cards hold, as a sentence."""
    if line is None or not line.count:
        return ""
    words = ngettext("{count} card has a value: {values}", "{count} cards have a value: {values}", line.count)
    return words.format(count=f"{line.count:,}", values=line.values)


def _columns() -> list[Column[FieldLine]]:
    return [
        Column(
            "name", _("Field"), lambda f: f.field.name, bold=True, width=220, marks=_marks, sortable=False
        ),
        Column(
            "kind", _("Kind"), lambda f: custom_fields.kind_label(f.field.kind), width=110, sortable=False
        ),
        Column(
            "values",
            _("On the cards"),
            lambda f: f.values,
            stretch=1,
            tone=lambda _f: "quiet",
            sortable=False,
        ),
        Column("count", _("Cards"), lambda f: f"{f.count:,}", align="right", width=90, sortable=False),
    ]


def _marks(line: FieldLine) -> list[Mark]:
    return [] if line.field.active else [Mark(_("retired"), "grey")]
