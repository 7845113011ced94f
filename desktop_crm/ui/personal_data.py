"""A person's rights: printing everything held about them, erasing them for good; and Settings' list of who was erased.

Opened by Alt+Z on the card and in the recycle bin, and from Settings. What is held and how it is erased is
desktop_crm/person.py's; person.py of this folder is about the staff at the counter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

from desktop_crm import person
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING, show_money
from desktop_crm.person import Erased, ErasedLine, Preview
from desktop_crm.reports import output
from desktop_crm.reports import person as report
from desktop_crm.ui.customer_field import CustomerField
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.labels import Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Banner, EmptyState, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S12, S16, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.paper import PaperDialog
from desktop_crm.ui.sections import Section

_MOST_LINES = 5
"""Texts of others that are shown; of more, how many."""


class PersonalData(QDialog):
    """What may be done for somebody who asks what is held about them, or wants it gone.

    Args:
        erased: called when the person was erased.
    """

    def __init__(self, desk: Desk, customer_id: int, erased: Callable[[], object] = lambda: None) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Personal data"))
        self._desk, self._customer_id, self._erased = desk, customer_id, erased
        self.preview: Preview | None = None
        self._build()
        desk.jobs.query(
            lambda shop, _progress: person.preview(shop, customer_id),
            self._show,
            on_error=self._refuse,
            title=_("Looking what is held…"),
        )

    def _build(self) -> None:
        self._name = Elided("", "quiet")
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        held = QWidget()
        vbox(self._build_told(), self._build_gone(), STRETCH, spacing=S16, on=held)
        vbox(
            Label(_("Personal data"), "title"),
            self._name,
            (scrolling(held), 1),
            hbox(STRETCH, close),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.resize(min(720, self._desk.window.width() - 48), min(700, self._desk.window.height() - 48))
        self._enable(False)

    def _build_told(self) -> Panel:
        self.print_button = KeyButton(
            _("Print everything"), "Alt+P", kind="primary", icon="printer", on_click=self.print_everything
        )
        words = _(
            "All pages of what is stored, what the history still remembers, and who saw or changed it. They may "
            "ask for it at any time."
        )
        panel = Panel(_("Everything held about them"), actions=[self.print_button])
        panel.add(Label(words, "quiet", wrap=True))
        return panel

    def _build_gone(self) -> Panel:
        self.erase_button = KeyButton(_("Erase for good…"), "Alt+E", kind="danger", on_click=self.ask)
        self._cautions, self._sides = QWidget(), QWidget()
        self._caution_column = vbox(spacing=S8, on=self._cautions)
        self._side_row = hbox(spacing=S20, on=self._sides)
        words = _("Only who may delete and change the settings can erase somebody: ask the owner.")
        self._ask_owner = Label(words, "quiet", wrap=True)
        panel = Panel(_("Erase them for good"), actions=[self.erase_button])
        panel.add(Label(_("It cannot be undone, by nobody and by no button."), "error", wrap=True))
        for widget in (self._ask_owner, self._cautions, self._sides):
            panel.add(widget)
        return panel

    def _enable(self, there: bool) -> None:
        shop = self._desk.shop
        self.print_button.setEnabled(there and shop.may("phones") and shop.may("export"))
        may_erase = shop.may("delete") and shop.may("settings")
        self.erase_button.setEnabled(there and may_erase)
        self._ask_owner.setVisible(not may_erase)

    # ---------------------------------------------------------------- showing

    def _show(self, found: Preview) -> None:
        self.preview = found
        self._customer_id = found.customer_id
        words = _("{name} · card no. {number}").format(name=found.name, number=found.customer_id)
        if found.cards > 1:
            more = ngettext(
                "with {count} card that went into it", "with {count} cards that went into it", found.cards - 1
            )
            words = f"{words} · {more.format(count=found.cards - 1)}"
        self._name.setText(words)
        clear(self._caution_column)
        for sentence in found.cautions:
            self._caution_column.addWidget(Banner(sentence, tone="look"))
        self._cautions.setVisible(bool(found.cautions))
        clear(self._side_row)
        self._side_row.addWidget(
            _side(_("Goes, also from the search, the history and what undo keeps"), self._goes(found)), 1
        )
        self._side_row.addWidget(_side(_("Stays in the books, of nobody"), self._stays(found)), 1)
        self._enable(True)
        (self.erase_button if not self.print_button.isEnabled() else self.print_button).setFocus()

    def _goes(self, found: Preview) -> list[str]:
        lines = [_("The card: name, address, birthday, notes")]
        lines += [_("{what}: {count}").format(what=what, count=count) for what, count in found.goes]
        lines.append(_("All words about sales, contacts and complaints"))
        if found.mentions:
            lines.append(
                ngettext(
                    "Their name or number in {count} text about somebody else:",
                    "Their name or number in {count} texts about somebody else:",
                    len(found.mentions),
                ).format(count=len(found.mentions))
            )
            lines += [_("“{text}”").format(text=text) for text in found.mentions[:_MOST_LINES]]
        return lines

    def _stays(self, found: Preview) -> list[str]:
        lines = [_("{what}: {count}").format(what=what, count=count) for what, count in found.stays]
        if found.net_fen:
            lines.append(_("Sales of {sum}").format(sum=show_money(found.net_fen)))
        return [*lines, _("Backups made before, until they are thrown away; restoring one erases again")]

    def _refuse(self, error: CrmError) -> None:
        self.reject()
        self._desk.messages.error(str(error))

    # ---------------------------------------------------------------- doing

    def print_everything(self) -> None:
        """Show all that is held as it is printed."""
        who = self._customer_id
        PaperDialog(
            self._desk,
            _("Everything held about somebody"),
            lambda _chosen, shop, language: output.sheet(report.document(shop, who, language)),
            people=lambda _document: 1,
            customer_id=who,
        ).open()

    def ask(self) -> None:
        """Ask once more, then erase."""
        found = self.preview
        if found is None:
            return
        sure = self._desk.messages.confirm(
            _("Erase {name} for good?").format(name=found.name),
            _(
                "This cannot be undone: neither Undo nor a backup brings the person back. What was sold and paid stays "
                "in the books, of nobody. If they may ask for their data first, print it before."
            ),
            yes=_("Erase for good"),
            danger=True,
        )
        if sure:
            self.erase()

    def erase(self) -> None:
        """Erase the person without asking."""
        who = self._customer_id
        self._enable(False)
        self._desk.jobs.change(
            lambda shop, _progress: person.erase(shop, who),
            self._done,
            on_error=self._not_done,
            title=_("Erasing…"),
        )

    def _done(self, done: Erased) -> None:
        self.accept()
        self._erased()
        words = _("Erased for good: card no. {number}.").format(number=done.customer_id)
        if not done.is_settled:
            words += " " + _(
                "The last traces on the disk go when the other program that reads the shop is done."
            )
        self._desk.messages.say(words)

    def _not_done(self, error: CrmError) -> None:
        self._enable(True)
        self._desk.messages.error(str(error))


def _side(title: str, lines: Sequence[str]) -> QWidget:
    held = QWidget()
    labels = [Label(line, "body", wrap=True) for line in lines]
    vbox(Label(title, "quiet", wrap=True), *labels, STRETCH, spacing=S4, on=held)
    return held


class PrivacySection(Section):
    """Choose somebody whose data is asked for, and the list of who was erased."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.who = CustomerField(desk.jobs, _("Whose data is asked for?"))
        self.open_button = KeyButton(_("Print or erase…"), "Alt+P", kind="primary", on_click=self.open_person)
        panel = Panel(_("A person's rights"))
        panel.add(
            Label(
                _(
                    "Whoever stands in the customer file may ask what is held about them, and may ask to be erased. Both "
                    "are one click, here and on the card (Alt+Z)."
                ),
                "quiet",
                wrap=True,
            )
        )
        row = hbox((self.who, 1), self.open_button, spacing=S12)
        row.setAlignment(self.open_button, Qt.AlignmentFlag.AlignBottom)
        panel.add(row)
        self.table: RecordTable[ErasedLine] = RecordTable(
            _columns(),
            name="settings.erased",
            state=desk.state,
            dense=True,
            identity=lambda line: line.customer_id,
        )
        self.table.set_empty(
            EmptyState(
                _("Nobody was erased yet"),
                _(
                    "Who is erased stands here by card number only, so that a restored backup erases them again."
                ),
                icon="user",
            )
        )
        erased = Panel(_("Erased for good"), note=_("by card number; nothing else is known of them"))
        erased.add(self.table, 1)
        vbox(panel, (erased, 1), spacing=S16, on=self)
        self.who.entered.connect(self.open_person)

    def load(self) -> None:
        self.desk.jobs.query(person.listing, self.table.set_records, key="settings.erased")

    def open_person(self) -> None:
        """Open what may be done for the chosen person."""
        who = self.who.value()
        if who is None:
            is_empty = self.who.is_empty()
            self.who.fail(_("Choose a person first.") if is_empty else _("Please choose one of those found."))
        else:
            open_personal_data(self.desk, who, self._after)

    def _after(self) -> None:
        self.who.set_value(None)
        self.load()


def _columns() -> list[Column[ErasedLine]]:
    return [
        Column("card", _("Card no."), lambda line: str(line.customer_id), bold=True, width=120),
        Column("when", _("Erased"), lambda line: line.when, width=180),
        Column("who", _("By"), lambda line: line.who or MISSING, stretch=1),
    ]


def open_personal_data(
    desk: Desk, customer_id: int, erased: Callable[[], object] = lambda: None
) -> PersonalData:
    """Open what may be done for a person who asks for their data or wants it gone."""
    dialog = PersonalData(desk, customer_id, erased)
    dialog.open()
    return dialog
