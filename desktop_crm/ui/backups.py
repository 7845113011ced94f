"""Backups, in Settings: how safe the shop is, the copies there are, the second place, the proof; the way back from one.

What is lost by going back, and how, is in ui/restore.py; the check of the shop's file in ui/check.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_crm import backup, drill, restore, second_place
from desktop_crm.backup import Copy
from desktop_crm.base.dates import from_instant, local_day
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.drill import Proof
from desktop_crm.restore import Restored
from desktop_crm.second_place import Second
from desktop_crm.settings import (
    BACKUP_DAYS,
    BACKUP_MONTHS,
    BACKUP_WEEKS,
    BACKUPS_KEPT,
    JOURNAL_DAYS,
    JOURNAL_ROWS,
)
from desktop_crm.shop import Shop
from desktop_crm.ui import restore as restoring
from desktop_crm.ui.check import CheckPanel
from desktop_crm.ui.kit.buttons import IconButton, KeyButton
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.layouts import holder, vbox, wrap_row
from desktop_crm.ui.kit.messages import Action
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S16
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Columns, Section, StateRow, hair

_MB = 1024 * 1024
_FEW = 10
"""Steps that may be missing in a backup that is called good."""


@dataclass(frozen=True)
class Row:
    """One backup as shown; `at` in shop time."""

    id: Path
    at: str
    why: str
    cards: str
    size: str
    is_whole: bool
    is_protected: bool


@dataclass(frozen=True)
class Seen:
    """What the section shows."""

    rows: list[Row]
    newest: str
    is_of_today: bool
    missing: int | None
    second: Second | None
    second_days: int
    proof: Proof | None
    proof_days: int
    restored: Restored | None
    restored_at: str


class BackupsSection(Section):
    """How safe the shop is, the copies, the check, and how much is kept."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._verified: dict[Path, Mark] = {}
        self.check = CheckPanel(desk, page)
        kept = self.panel_of(
            (BACKUPS_KEPT, BACKUP_DAYS, BACKUP_WEEKS, BACKUP_MONTHS), _("Backups that are kept")
        )
        undo = self.panel_of((JOURNAL_DAYS, JOURNAL_ROWS), _("Undo"))
        below = Columns([self.check, undo], [kept])
        vbox(self._build_state(), self._build_copies(), below, spacing=S16, on=self)

    def _build_state(self) -> Panel:
        panel = Panel(_("How safe is the shop?"))
        self.now_button = KeyButton(_("Back up now"), "Alt+B", kind="primary", on_click=self.make)
        self.second_button = KeyButton(_("Choose…"), "Alt+W", on_click=self.choose_second)
        self.give_up_button = IconButton("x", _("Copy nowhere any more"), on_click=self.give_up_second)
        self.proof_button = KeyButton(_("Try it out"), "Alt+O", on_click=self.prove)
        self.last = StateRow(_("Last backup"), self.now_button)
        self.second = StateRow(_("Second place"), self.give_up_button, self.second_button)
        self.proof = StateRow(_("Tried out"), self.proof_button)
        self.restored = StateRow(_("Restored"))
        for row in (self.last, self.second, self.proof):
            if row is not self.last:
                panel.add(hair())
            panel.add(row)
        self._past = holder(vbox(hair(), self.restored))
        panel.add(self._past)
        self._past.hide()
        return panel

    def _build_copies(self) -> Panel:
        self.table: RecordTable[Row] = RecordTable(
            self._columns(), name="settings.backups", state=self.desk.state, dense=True
        )
        self.table.set_empty(
            EmptyState(
                _("No backup yet"),
                _(
                    "One is made whenever the window closes, every two hours and before each import. "
                    "You can make one now."
                ),
                icon="archive",
            )
        )
        self.table.row_limit(8)
        elsewhere = KeyButton(_("Save a copy elsewhere…"), "Alt+S", on_click=self.make_elsewhere)
        from_file = KeyButton(_("Restore from a file…"), "Alt+F", on_click=self.restore_file)
        self.verify_button = KeyButton(_("Verify"), "Alt+V", on_click=self.verify)
        self.restore_button = KeyButton(_("Restore…"), "Alt+R", on_click=self.restore)
        panel = Panel(_("Backups"), note=_("each holds the whole shop with its key file"))
        panel.add(wrap_row(self.restore_button, self.verify_button, elsewhere, from_file, spacing=S8))
        panel.add(self.table)
        panel.body.addStretch(1)  # room to spare stays below the table
        self.table.record_selected.connect(self._selected)
        self.table.record_chosen.connect(lambda _row: self.restore())
        self._selected(None)
        self._others = (elsewhere, from_file)
        return panel

    def _columns(self) -> list[Column[Row]]:
        return [
            Column("at", _("Made at"), lambda row: row.at, bold=True, width=160),
            Column("why", _("Why"), lambda row: row.why, stretch=1),
            Column("cards", _("Cards"), lambda row: row.cards, align="right", width=90),
            Column(
                "size", _("Size"), lambda row: row.size, align="right", width=100, tone=lambda _row: "quiet"
            ),
            Column("state", _("State"), marks=self._marks, width=230),
        ]

    def load(self) -> None:
        super().load()
        self.desk.jobs.query(_look, self._show, key="settings.backups")

    # ---------------------------------------------------------------- what is shown

    def _show(self, seen: Seen) -> None:
        may = self.desk.shop.may("backups")
        for button in (self.now_button, self.second_button, self.proof_button, *self._others):
            button.setEnabled(may)
        self.table.set_records(seen.rows)
        self._show_last(seen)
        self._show_second(seen, may=may)
        self._show_proof(seen)
        self._past.setVisible(seen.restored is not None)
        if seen.restored is not None:
            words = _("A backup took the place of the shop. What was there before is among the backups.")
            if seen.restored.over:
                words = _(
                    "A backup took the place of the shop. What was there before lies in {folder}"
                ).format(folder=seen.restored.over)
            self.restored.show_state(seen.restored_at, "grey", words)

    def _show_last(self, seen: Seen) -> None:
        if not seen.rows:
            self.last.show_state(_("none"), "bad", _("If this PC breaks today, everything is gone."))
            return
        newest = next((row for row in seen.rows if row.is_whole), None)
        words = _missing_words(seen.missing)
        if newest is not None and not newest.is_protected:
            words += " " + _("Without a password, who has the file can read the customers.")
        is_good = seen.missing == 0 or (
            seen.is_of_today and seen.missing is not None and seen.missing <= _FEW
        )
        self.last.show_state(seen.newest, "good" if is_good else "look", words)

    def _show_second(self, seen: Seen, *, may: bool) -> None:
        self.give_up_button.setVisible(seen.second is not None and may)
        if seen.second is None:
            words = _("All backups lie on the disk of the shop: if it breaks or is stolen, both are gone.")
            self.second.show_state(_("none"), "look", words)
            return
        if seen.second.is_late:
            days = seen.second.days_late
            state = ngettext("not reached for {count} day", "not reached for {count} days", days)
            self.second.show_state(state.format(count=days), "bad", str(seen.second.folder))
        elif seen.second.reached_at:
            self.second.show_state(_ago(seen.second_days), "good", str(seen.second.folder))
        else:
            self.second.show_state(_("not reached yet"), "look", str(seen.second.folder))

    def _show_proof(self, seen: Seen) -> None:
        if seen.proof is None:
            words = _("Opens the last backup like a shop, counts it and reads some cards; takes a moment.")
            self.proof.show_state(_("never"), "look", words)
        elif not seen.proof.is_good:
            self.proof.show_state(_("failed"), "bad", seen.proof.words)
        else:
            tone = "good" if seen.proof_days <= drill.MONTH.days else "look"
            self.proof.show_state(_ago(seen.proof_days), tone, seen.proof.words)

    def _marks(self, row: Row) -> list[Mark]:
        found = self._verified.get(row.id)
        if found is None:
            found = Mark(_("verified"), "good") if row.is_whole else Mark(_("damaged"), "bad")
        open_mark = [] if row.is_protected or not row.is_whole else [Mark(_("no password"), "look")]
        return [found, *open_mark]

    def _selected(self, row: object) -> None:
        may = row is not None and self.desk.shop.may("backups")
        for button in (self.verify_button, self.restore_button):
            button.setEnabled(may)

    # ---------------------------------------------------------------- making and verifying

    def make(self) -> None:
        """Make a verified backup now."""
        self.desk.jobs.query(partial(_make, None), self._made, title=_("Backing up…"))

    def make_elsewhere(self) -> None:
        """Save a verified backup where the person wants it, e.g. on a stick."""
        name = f"{self.desk.shop.today()}.crmbackup"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save a copy"), documents(name), _kinds())
        if chosen:
            self.desk.jobs.query(partial(_make, Path(chosen)), self._made, title=_("Backing up…"))

    def verify(self) -> None:
        """Open the chosen backup and check it whole."""
        row = self.table.selected()
        if row is not None and self.verify_button.isEnabled():
            self.desk.jobs.query(
                lambda shop, _progress: restore.verify(row.id, shop),
                partial(self._is_whole, row.id),
                title=_("Checking the backup…"),
                on_error=partial(self._is_damaged, row.id),
            )

    def prove(self) -> None:
        """Open the last backup like a shop."""
        self.desk.jobs.query(
            lambda shop, progress: drill.run(shop, progress.report), self._proved, title=_("Trying it out…")
        )

    def _made(self, path: Path) -> None:
        self.desk.messages.say(_("The backup is made and verified: {file}").format(file=path.name))
        self.desk.jobs.changed.emit(frozenset({"backups"}), None)

    def _is_whole(self, path: Path, cards: int) -> None:
        self._verified[path] = Mark(_("whole ✓"), "good")
        self.table.viewport().update()
        words = ngettext(
            "The backup is whole; it holds {count} card.",
            "The backup is whole; it holds {count} cards.",
            cards,
        )
        self.desk.messages.say(words.format(count=f"{cards:,}"))

    def _is_damaged(self, path: Path, error: CrmError) -> None:
        self._verified[path] = Mark(_("damaged"), "bad")
        self.table.viewport().update()
        self.desk.messages.error(str(error))

    def _proved(self, proof: Proof) -> None:
        tell = self.desk.messages.say if proof.is_good else self.desk.messages.error
        tell(proof.words)
        self.load()

    # ---------------------------------------------------------------- the way back

    def restore(self) -> None:
        """Look into the chosen backup and ask how to come back from it."""
        row = self.table.selected()
        if row is not None and self.restore_button.isEnabled():
            restoring.ask(self.desk, row.id)

    def restore_file(self) -> None:
        """As `restore`, for a file of any place."""
        chosen, _kind = QFileDialog.getOpenFileName(self, _("The backup"), documents(), _kinds())
        if chosen:
            restoring.ask(self.desk, Path(chosen))

    # ---------------------------------------------------------------- the second place

    def choose_second(self) -> None:
        """Ask for a folder on another disk; backups are copied there from now on."""
        chosen = QFileDialog.getExistingDirectory(self, _("A folder on another disk"), documents())
        if chosen and self._may_be_read_there(Path(chosen)):
            self.desk.jobs.query(
                lambda shop, _progress: second_place.choose(shop, Path(chosen)),
                self._chosen,
                title=_("Copying the last backup…"),
            )

    def _may_be_read_there(self, folder: Path) -> bool:
        """Without a password a backup is open to whoever has it: ask before anything is copied."""
        if self.desk.shop.keys.is_protected:
            return True
        words = _(
            "Backups in {folder} could be read by anyone: who finds the stick, or can see into the folder, has all "
            "customers with their numbers. With a password (Settings › Safety) nobody can read them. "
            "Set one first, then choose the folder again."
        ).format(folder=folder)
        if self.desk.messages.confirm(
            _("The shop has no password yet"), words, yes=_("Copy all the same"), danger=True
        ):
            return True
        to_safety = Action(_("Set a password"), "", lambda: self.desk.go_to("settings", "safety"))
        self.desk.messages.say(_("Nothing was copied."), to_safety)
        return False

    def give_up_second(self) -> None:
        """Copy nowhere any more."""
        self.desk.jobs.query(second_place.give_up, lambda _nothing: self.load(), key="settings.second")

    def _chosen(self, remark: str) -> None:
        self.desk.messages.say(remark or _("Backups are copied there from now on."))
        self.desk.jobs.changed.emit(frozenset({"backups"}), None)
        self.load()


def _look(shop: Shop) -> Seen:
    copies, second = backup.copies(shop), second_place.state(shop)
    proof, restored = drill.last(shop), restore.last(shop)
    newest = next((copy for copy in copies if copy.is_whole), None)
    return Seen(
        [_row(shop, copy) for copy in copies],
        _time(shop, newest.at) if newest else MISSING,
        newest is not None and local_day(from_instant(newest.at), shop.zone) == shop.today(),
        backup.missing(shop),
        second,
        _days(shop, second.reached_at) if second else 0,
        proof,
        _days(shop, proof.at) if proof else 0,
        restored,
        _time(shop, restored.at) if restored else "",
    )


def _row(shop: Shop, copy: Copy) -> Row:
    return Row(
        copy.path,
        _time(shop, copy.at),
        backup.why_words(copy.why),
        MISSING if copy.cards is None else f"{copy.cards:,}",
        _("{size} MB").format(size=f"{copy.size / _MB:.1f}"),
        copy.is_whole,
        copy.is_protected,
    )


def _time(shop: Shop, at: str) -> str:
    return f"{from_instant(at).astimezone(shop.zone):%Y-%m-%d %H:%M}"


def _days(shop: Shop, at: str) -> int:
    """Shop days from an instant until today, 0 where there is none."""
    return max(0, (shop.today() - local_day(from_instant(at), shop.zone)).days) if at else 0


def _ago(days: int) -> str:
    if days == 0:
        return _("today ✓")
    return ngettext("{count} day ago ✓", "{count} days ago ✓", days).format(count=days)


def _missing_words(missing: int | None) -> str:
    """What the newest backup holds of the shop as it is now."""
    if missing is None:
        return _("It was read back and is whole; the shop has gone another way since.")
    if missing == 0:
        return _("It was read back and holds all that the shop holds now.")
    words = ngettext(
        "It was read back and is whole; {count} step came since and is not in it.",
        "It was read back and is whole; {count} steps came since and are not in it.",
        missing,
    )
    return words.format(count=f"{missing:,}")


def _make(out: Path | None, shop: Shop, progress: Progress) -> Path:
    return backup.by_hand(shop, out, progress.report)


def _kinds() -> str:
    return _("Backups of a shop") + " (*.crmbackup)"
