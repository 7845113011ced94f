"""The after-sales terms in Settings: what may be asked for after a sale and until when; edited, added, retired, put back.

What they mean for a device is after_sales.py's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QWidget

from desktop_crm import after_sales
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.records.after_sales import AfterSalesTerm
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section


class AfterSalesSection(Section):
    """All terms in their order."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._terms: Sequence[AfterSalesTerm] = ()
        self.table: RecordTable[AfterSalesTerm] = RecordTable(
            _columns(), name="settings.after_sales", state=desk.state
        )
        self.table.set_empty(EmptyState(_("No terms"), _("Alt+R puts the ones of the law back.")))
        self.which = Pills(
            [("active", _("In force")), ("all", _("All"))], on_choose=lambda _key: self._show_chosen()
        )
        self.reset_button = KeyButton(_("As the law has them"), "Alt+R", on_click=self.reset)
        self.add_button = KeyButton(_("Add"), "Alt+A", kind="primary", on_click=self.add)
        panel = Panel(
            _("After-sales terms"),
            note=_("Enter changes one"),
            actions=[self.which, self.reset_button, self.add_button],
        )
        panel.add(self.table, 1)
        panel.add(
            Label(
                _("They are shown on cards and sales; the day after the sale is day 1, the last day counts."),
                "quiet",
                wrap=True,
            )
        )
        vbox(panel, on=self)
        self.table.record_chosen.connect(self.change)
        self.setFocusProxy(self.table)

    def load(self) -> None:
        self.desk.jobs.query(
            lambda shop: after_sales.terms(shop, active_only=False), self._show, key="settings.after_sales"
        )

    def add(self) -> None:
        """Ask for a term of the shop's own."""
        TermForm(self.desk, None, self.page).open_with(self._done)

    def change(self, term: AfterSalesTerm) -> None:
        """Ask what is to be changed."""
        TermForm(self.desk, term, self.page).open_with(self._done)

    def reset(self) -> None:
        """Put the built-in terms back."""
        done = _("The terms of the law are back; the shop's own stayed.")
        self.desk.jobs.change(after_sales.reset, lambda _none: self._done(done), initiator=self.page)

    def _show(self, found: Sequence[AfterSalesTerm]) -> None:
        self._terms = found
        self._show_chosen()

    def _show_chosen(self) -> None:
        everything = self.which.chosen == "all"
        self.table.set_records([term for term in self._terms if everything or term.active])

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class TermForm(FormDialog[str]):
    """One term; saving gives the sentence about it."""

    def __init__(self, desk: Desk, term: AfterSalesTerm | None, page: QWidget) -> None:
        title = _("Add an after-sales term") if term is None else _("After-sales term")
        super().__init__(desk.jobs, desk.window, title=title, initiator=page, width=560)
        self._term = term
        part, remedy, condition = ("", "", "") if term is None else after_sales.words(term)
        parts = list(dict.fromkeys(after_sales.words(law)[0] for law in after_sales.BUILT_IN))
        self.part = ChoiceField[str](
            _("For which part"), [(text, text) for text in parts], value=part, free=True, required=True
        )
        self.remedy = TextField(_("What may be asked for"), remedy, required=True)
        self.add_row(self.part, self.remedy, stretches=(1, 2))
        units = [("days", _("days")), ("months", _("months"))]
        is_days = term is not None and term.days is not None
        length = "" if term is None else str(term.days if is_days else term.months)
        self.length = TextField(_("How long"), length, required=True, check=_length_problem)
        self.unit = ChoiceField[str](
            _("Counted in"), units, value="days" if is_days else "months", required=True
        )
        self.add_row(self.length, self.unit)
        self.condition = self.add(
            TextField(_("Only if"), condition, placeholder=_("nothing: it always holds"))
        )
        self.source = self.add(
            TextField(
                _("Source"), term.source if term is not None else "", placeholder=_("law, maker or shop")
            )
        )
        self.active = CheckField(_("In force"), term.active if term is not None else True)
        if term is not None:
            self.add(self.active)

    def job(self) -> Callable[[Shop], str]:
        """Save it."""
        length = int(self.length.value())
        in_days = self.unit.value() == "days"
        part, remedy, condition, source = (
            self.part.value(),
            self.remedy.value(),
            self.condition.value(),
            self.source.value(),
        )
        days, months = (length, None) if in_days else (None, length)
        term, active = self._term, self.active.value()
        sentence = _("The term was saved.")

        def save(shop: Shop) -> str:
            if term is None:
                after_sales.add(
                    shop, part, remedy, days=days, months=months, condition=condition, source=source
                )
            else:
                after_sales.edit(
                    shop,
                    term.id,
                    part=part,
                    remedy=remedy,
                    days=days,
                    months=months,
                    condition=condition,
                    source=source,
                    active=active,
                )
            return sentence

        return save


def length_words(term: AfterSalesTerm) -> str:
    """How long a term lasts, in words."""
    if term.days is not None:
        return ngettext("{count} day", "{count} days", term.days).format(count=term.days)
    months = term.months or 0
    return ngettext("{count} month", "{count} months", months).format(count=months)


def _columns() -> list[Column[AfterSalesTerm]]:
    return [
        Column("part", _("Part"), lambda term: after_sales.words(term)[0], width=120, sortable=False),
        Column(
            "remedy",
            _("What may be asked for"),
            lambda term: after_sales.words(term)[1],
            second=_condition,
            marks=_marks,
            bold=True,
            stretch=3,
            sortable=False,
        ),
        Column("length", _("How long"), length_words, width=110, sortable=False),
        Column("source", _("Source"), lambda term: term.source, tone="quiet", stretch=2, sortable=False),
    ]


def _condition(term: AfterSalesTerm) -> str:
    condition = after_sales.words(term)[2]
    return _("if {condition}").format(condition=condition) if condition else ""


def _marks(term: AfterSalesTerm) -> list[Mark]:
    return [] if term.active else [Mark(_("not in force"), "grey")]


def _length_problem(text: str) -> str:
    if text.isascii() and text.isdigit() and 0 < int(text) <= 3650:
        return ""
    return _("Write a whole number, e.g. 15.")
