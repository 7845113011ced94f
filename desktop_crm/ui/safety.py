"""Who can open the shop, in Settings: passwords, the recovery sheet, changing the locks, where the shop lies.

What a person may do once it is open are rights, not locks. Every rule is in passwords.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop_crm import passwords, staff
from desktop_crm.base import places
from desktop_crm.base.i18n import _
from desktop_crm.base.places import Place
from desktop_crm.passwords import User
from desktop_crm.records.staff import StaffMember
from desktop_crm.reports import output, recovery_sheet
from desktop_crm.reports.output import Sheet
from desktop_crm.shop import Shop
from desktop_crm.ui.frame import ROLES
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox, wrap_row
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.ui.paper import PaperDialog
from desktop_crm.ui.safety_forms import FirstForm, OwnForm, PasswordForm, ProveForm
from desktop_crm.ui.sections import Columns, Section


@dataclass(frozen=True)
class Row:
    """One person who has a password."""

    id: int
    user: User
    is_here: bool


@dataclass(frozen=True)
class Seen:
    """What the section shows: `others` work here and have no password; `group_no` is the one to ask for."""

    rows: tuple[Row, ...]
    others: tuple[StaffMember, ...]
    owners: tuple[StaffMember, ...]
    place: Place
    is_protected: bool
    is_proved: bool
    group_no: int
    may_decide: bool


class SafetySection(Section):
    """The locks of the shop."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._seen: Seen | None = None
        self.open_panel = self._build_open()
        self.people_panel = self._build_people()
        self.sheet_panel = self._build_sheet()
        self.locks_panel = self._build_locks()
        self.place_panel = self._build_place()
        vbox(
            Columns(
                [self.open_panel, self.people_panel], [self.sheet_panel, self.locks_panel, self.place_panel]
            ),
            on=self,
        )
        for panel in (self.open_panel, self.people_panel, self.sheet_panel, self.locks_panel):
            panel.hide()

    # ---------------------------------------------------------------- building

    def _build_open(self) -> Panel:
        panel = Panel(_("The shop has no password"))
        panel.head.insertWidget(0, Chip(_("unlocked"), "look"))
        words = _(
            "Anyone with this PC can read the customers: whoever takes it away, repairs it or copies the folder. A "
            "password locks the file itself, and every backup made from then on."
        )
        panel.add(Label(words, "quiet", wrap=True))
        panel.add(hbox(KeyButton(_("Set a password…"), "Alt+A", kind="primary", on_click=self.lock), STRETCH))
        return panel

    def _build_people(self) -> Panel:
        self.table: RecordTable[Row] = RecordTable(
            [
                Column("name", _("Name"), lambda row: row.user.name, bold=True, stretch=1, marks=_marks),
                Column("role", _("Role"), lambda row: _(ROLES[row.user.role]), width=110),
            ],
            name="settings.safety",
            state=self.desk.state,
            dense=True,
        )
        self.table.row_limit(8)
        self.own_button = KeyButton(_("My password…"), "Alt+P", on_click=self.change_own)
        self.add_button = KeyButton(_("Add…"), "Alt+A", kind="primary", on_click=self.add)
        self.reset_button = KeyButton(_("New password…"), "Alt+N", on_click=self.reset)
        self.remove_button = KeyButton(_("Remove"), "Alt+D", on_click=self.remove)
        panel = Panel(_("Who opens the shop"), note=_("each with a password of their own"))
        panel.add(self.table)
        panel.add(
            wrap_row(self.add_button, self.own_button, self.reset_button, self.remove_button, spacing=S8)
        )
        self.table.record_selected.connect(self._selected)
        return panel

    def _build_sheet(self) -> Panel:
        self.sheet_state = Chip()
        panel = Panel(_("Recovery sheet"), actions=[self.sheet_state])
        words = _(
            "A code on paper. It opens the shop when every password is forgotten, or when the key file is lost; there is "
            "no other way. Keep it with the contracts, not beside the PC."
        )
        panel.add(Label(words, "quiet", wrap=True))
        self.print_button = KeyButton(_("Print it…"), "Alt+S", icon="printer", on_click=self.print_sheet)
        self.prove_button = KeyButton(_("I have it…"), "Alt+V", on_click=self.prove)
        panel.add(wrap_row(self.print_button, self.prove_button, spacing=S8))
        return panel

    def _build_locks(self) -> Panel:
        panel = Panel(_("Change the locks"))
        words = _(
            "When somebody leaves who knew a password, when the sheet was lost or a copy of the shop got away. Passwords "
            "stay as they are; the old sheet and old copies of the key file open nothing that comes after."
        )
        panel.add(Label(words, "quiet", wrap=True))
        panel.add(hbox(KeyButton(_("Change the locks…"), "Alt+L", on_click=self.change_locks), STRETCH))
        return panel

    def _build_place(self) -> Panel:
        self.place_state = Chip()
        panel = Panel(_("Where the shop lies"), actions=[self.place_state])
        panel.add(Label(str(self.desk.shop.folder), "quiet", wrap=True, selectable=True))
        self.place_words = Label("", wrap=True)
        panel.add(self.place_words)
        return panel

    # ---------------------------------------------------------------- showing

    def load(self) -> None:
        super().load()
        self.desk.jobs.query(look, self._show, key="settings.safety")

    def _show(self, seen: Seen) -> None:
        self._seen = seen
        self.open_panel.setVisible(not seen.is_protected)
        self.people_panel.setVisible(seen.is_protected)
        for panel in (self.sheet_panel, self.locks_panel):
            panel.setVisible(seen.is_protected and seen.may_decide)
        self.table.set_records(list(seen.rows))
        for button in (self.add_button, self.reset_button, self.remove_button):
            button.setVisible(seen.may_decide)
        self.own_button.setVisible(any(row.is_here for row in seen.rows))
        if seen.is_proved:
            self.sheet_state.show_mark(_("you have it ✓"), "good")
        else:
            self.sheet_state.show_mark(_("not proved yet"), "look")
        self.print_button.set_kind("plain" if seen.is_proved else "primary")
        warning = places.warning(seen.place)
        self.place_state.show_mark(
            *((_("can be unplugged"), "look") if warning else (_("disk of this PC ✓"), "good"))
        )
        self.place_words.setText(warning)
        self.place_words.setVisible(bool(warning))
        self._selected(self.table.selected())

    def _selected(self, row: Row | None) -> None:
        for button in (self.reset_button, self.remove_button):
            button.setEnabled(row is not None)

    # ---------------------------------------------------------------- what one can do

    def begin(self, what: str) -> None:
        """ "recover": somebody came in by the recovery sheet and needs a new password."""
        if what == "recover":
            self.desk.jobs.query(_who_is_here, self._give_new, key="settings.safety.recover")

    def _give_new(self, member: StaffMember | None) -> None:
        if member is not None:
            PasswordForm(self.desk, [member], self.page).open_with(self._given)

    def lock(self) -> None:
        """Ask for the first password, then for the sheet."""
        if self._seen is not None:
            FirstForm(self.desk, self._seen.owners, self.page).open_with(self._locked)

    def _locked(self, staff_id: int) -> None:
        self.desk.set_person(staff_id)
        self.load()
        self.desk.messages.say(_("The shop is locked. Print the recovery sheet now."))
        self.print_sheet()

    def add(self) -> None:
        """Ask for a password for somebody who has none."""
        if self._seen is None:
            return
        if self._seen.others:
            PasswordForm(self.desk, self._seen.others, self.page).open_with(self._given)
        else:
            self.desk.messages.say(_("Everybody of the staff has a password. Add people under Staff."))

    def reset(self) -> None:
        """Ask for a new password for the chosen person, who forgot theirs."""
        row = self.table.selected()
        if row is not None and row.is_here:
            self.change_own()
        elif row is not None:
            user = row.user
            member = StaffMember(user.staff_id, user.name, "", user.role)
            PasswordForm(self.desk, [member], self.page).open_with(self._given)

    def change_own(self) -> None:
        """Ask for one's own old and new password."""
        own = next((row for row in self.table.records() if row.is_here), None)
        if own is not None:
            OwnForm(self.desk, own.user, self.page).open_with(self._changed)

    def remove(self) -> None:
        """Take the chosen person's password away, after a question."""
        row = self.table.selected()
        if row is None:
            return
        name, staff_id = row.user.name, row.user.staff_id
        text = _(
            "{name} can no longer open the shop. If {name} knows where a copy of the shop's folder lies, change the locks "
            "afterwards."
        ).format(name=name)
        if self.desk.messages.confirm(
            _("Remove the password of {name}").format(name=name), text, yes=_("Remove")
        ):
            done = _("{name} can no longer open the shop.").format(name=name)
            self.desk.jobs.change(
                lambda shop: passwords.remove_user(shop, staff_id),
                lambda _nothing: self._said(done),
                initiator=self.page,
            )

    def change_locks(self) -> None:
        """Lock the shop anew, after a question; the sheet is printed next."""
        text = _(
            "The shop is locked with a new key. That takes a moment and can be interrupted without harm. The printed "
            "recovery sheet becomes invalid: the new one is printed next."
        )
        if self.desk.messages.confirm(_("Change the locks"), text, yes=_("Change the locks")):
            self.desk.jobs.change(
                lambda shop, _progress: passwords.change_locks(shop),
                self._locks_changed,
                title=_("Changing the locks…"),
                initiator=self.page,
            )

    def _locks_changed(self, _nothing: object) -> None:
        self._said(_("The locks are changed. The old recovery sheet is invalid: print the new one now."))
        self.print_sheet()

    def print_sheet(self) -> None:
        """Show the sheet, to print it."""
        dialog = SheetDialog(self.desk, _("Recovery sheet"), _make)
        dialog.accepted.connect(self.prove)
        dialog.open()

    def prove(self) -> None:
        """Ask for one group of the printed sheet."""
        if self._seen is not None:
            ProveForm(self.desk, self._seen.group_no, self.page).open_with(self._proved)

    def _given(self, name: str) -> None:
        self._said(_("{name} opens the shop with the new password from now on.").format(name=name))

    def _changed(self, _nothing: None) -> None:
        self._said(_("Your password is changed."))

    def _proved(self, _nothing: None) -> None:
        self._said(_("Good: the recovery sheet is there and right. Keep it well."))

    def _said(self, words: str) -> None:
        self.desk.messages.say(words)
        self.load()
        self.desk.jobs.changed.emit(frozenset({"safety"}), self.page)


class SheetDialog(PaperDialog):
    """The recovery sheet before it is printed. It is not saved: a file with the code would lie beside what it opens."""

    def _build(self, title: str, options: QWidget | None) -> None:
        super()._build(title, options)
        self.pdf_button.hide()
        self.excel_button.hide()


def look(shop: Shop) -> Seen:
    """Gather it; run on a reader thread."""
    with shop.reading():
        users = passwords.users(shop.folder)
        members = staff.listing(shop)
        known = {user.staff_id for user in users}
        is_protected = shop.keys.is_protected
        may_decide = shop.may("roles")
        return Seen(
            rows=tuple(Row(user.staff_id, user, user.staff_id == shop.staff_id) for user in users),
            others=tuple(member for member in members if member.id not in known),
            owners=tuple(member for member in members if member.role == "owner"),
            place=places.look(shop.folder),
            is_protected=is_protected,
            is_proved=is_protected and passwords.is_proved(shop),
            group_no=passwords.group_to_prove(shop) if is_protected and may_decide else 1,
            may_decide=may_decide,
        )


def _who_is_here(shop: Shop) -> StaffMember | None:
    return staff.get(shop, shop.staff_id)


def _make(_chosen: object, shop: Shop, language: str) -> Sheet:
    return output.sheet(recovery_sheet.make(shop, language))


def _marks(row: Row) -> Sequence[Mark]:
    return [Mark(_("you"), "accent")] if row.is_here else []
