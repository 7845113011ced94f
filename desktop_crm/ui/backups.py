"""Backups and the check of the shop's file, in Settings: make, verify, restore elsewhere, look for trouble."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from desktop_crm import backup, integrity, restore
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.integrity import Finding
from desktop_crm.settings import BACKUPS_KEPT, JOURNAL_DAYS, JOURNAL_ROWS
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.jobs import Progress
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox, wrap_row
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Columns, Section, hair

_MB = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """One backup as shown; `at` in shop time."""

    id: Path
    at: str
    why: str
    size: str


class BackupsSection(Section):
    """The last backups and what can be done with one; the check; how much is kept."""

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self._verified: dict[Path, Mark] = {}
        self.table: RecordTable[Row] = RecordTable(
            [
                Column("at", _("Made"), lambda row: row.at, bold=True, width=170),
                Column("why", _("Why"), lambda row: row.why, stretch=1),
                Column(
                    "size",
                    _("Size"),
                    lambda row: row.size,
                    align="right",
                    width=90,
                    tone=lambda _row: "quiet",
                ),
                Column("state", _("Verified"), marks=self._marks, width=130),
            ],
            name="settings.backups",
            state=desk.state,
            dense=True,
        )
        self.table.set_empty(
            EmptyState(
                _("No backup yet"),
                _("One is made whenever the window closes and before each import. You can make one now."),
                icon="archive",
            )
        )
        self.table.row_limit(8)
        vbox(Columns([self._build_backups()], [self._build_check(), self._build_kept()]), on=self)

    def _build_backups(self) -> Panel:
        note = _("each holds the whole shop with its key")
        now = KeyButton(_("Back up now"), "Alt+B", kind="primary", on_click=self.make)
        elsewhere = KeyButton(_("Save a copy elsewhere…"), "Alt+S", on_click=self.make_elsewhere)
        self.verify_button = KeyButton(_("Verify"), "Alt+V", on_click=self.verify)
        self.restore_button = KeyButton(_("Restore…"), "Alt+R", on_click=self.restore)
        panel = Panel(_("Backups"), note=note)
        panel.add(self.table)
        panel.add(wrap_row(now, elsewhere, self.verify_button, self.restore_button, spacing=S8))
        self.table.record_selected.connect(self._selected)
        self._selected(None)
        return panel

    def _build_check(self) -> Panel:
        self.check_button = KeyButton(_("Check now"), "Alt+C", on_click=self.check)
        panel = Panel(_("Is everything in order?"), actions=[self.check_button])
        self.findings = Panel(padding=0, spacing=S8)
        self.findings.setObjectName("")
        self.findings.add(
            Label(_("Checks the file, its indexes and its totals; nothing is changed."), "quiet", wrap=True)
        )
        panel.add(self.findings)
        return panel

    def _build_kept(self) -> Panel:
        return self.panel_of((BACKUPS_KEPT, JOURNAL_DAYS, JOURNAL_ROWS), _("What is kept"))

    def load(self) -> None:
        super().load()
        self.desk.jobs.query(_rows, self.table.set_records, key="settings.backups")

    # ---------------------------------------------------------------- backups

    def make(self) -> None:
        """Make a verified backup now."""
        self.desk.jobs.query(_make(None), self._made, title=_("Backing up…"))

    def make_elsewhere(self) -> None:
        """Save a verified backup where the person wants it, e.g. on a stick."""
        name = f"{self.desk.shop.today()}.crmbackup"
        chosen, _kind = QFileDialog.getSaveFileName(self, _("Save a copy"), documents(name), _kinds())
        if chosen:
            self.desk.jobs.query(_make(Path(chosen)), self._made, title=_("Backing up…"))

    def verify(self) -> None:
        """Open the chosen backup and check it whole."""
        row = self.table.selected()
        if row is not None:
            self.desk.jobs.query(
                lambda shop, _progress: restore.verify(row.id, shop),
                partial(self._is_whole, row.id),
                title=_("Checking the backup…"),
                on_error=partial(self._is_damaged, row.id),
            )

    def restore(self) -> None:
        """Put the chosen backup into another folder and offer to open it there; this shop stays as it is."""
        row = self.table.selected()
        chosen = (
            QFileDialog.getExistingDirectory(self, _("An empty folder for the restored shop")) if row else ""
        )
        if row is not None and chosen:
            folder = Path(chosen)
            self.desk.jobs.query(
                lambda _shop, _progress: restore.into_folder(row.id, folder), self._restored, title=_("Restoring…")
            )

    def _made(self, path: Path) -> None:
        self._verified[path] = Mark(_("whole ✓"), "good")
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
        self.desk.messages.say(words.format(count=cards))

    def _is_damaged(self, path: Path, error: CrmError) -> None:
        self._verified[path] = Mark(_("damaged"), "bad")
        self.table.viewport().update()
        self.desk.messages.error(str(error))

    def _restored(self, folder: Path) -> None:
        text = _("It lies in {folder}. The shop that is open now was not touched.").format(folder=folder)
        if self.desk.messages.confirm(_("The backup is restored"), text, yes=_("Open it")):
            self.desk.open_shop(folder)

    def _selected(self, row: object) -> None:
        for button in (self.verify_button, self.restore_button):
            button.setEnabled(row is not None)

    def _marks(self, row: Row) -> list[Mark]:
        found = self._verified.get(row.id)
        return [found] if found is not None else []

    # ---------------------------------------------------------------- the check

    def check(self) -> None:
        """Look for trouble in the file."""
        self.check_button.setEnabled(False)
        self.desk.jobs.query(
            lambda shop, _progress: integrity.check(shop),
            self._show_findings,
            title=_("Checking the shop…"),
            on_error=self._check_failed,
        )

    def _check_failed(self, error: CrmError) -> None:
        self.check_button.setEnabled(True)
        self.desk.messages.error(str(error))

    def _show_findings(self, findings: Sequence[Finding]) -> None:
        self.check_button.setEnabled(True)
        self.findings.clear()
        if not findings:
            self.findings.add(
                hbox(Chip(_("in order ✓"), "good"), Label(_("Nothing is wrong."), "quiet"), STRETCH)
            )
        for place, finding in enumerate(findings):
            if place:
                self.findings.add(hair())
            words = vbox(Label(finding.what, wrap=True), Label(finding.mend, "quiet", wrap=True), spacing=2)
            row = hbox((words, 1))
            if finding.mendable:
                row.addWidget(KeyButton(_("Do it"), kind="primary", on_click=partial(self.mend, finding.key)))
            self.findings.add(row)

    def mend(self, key: str) -> None:
        """Do what a finding says, then look again."""
        self.desk.jobs.change(
            lambda shop, _progress: integrity.mend(shop, key),
            lambda _nothing: self.check(),
            title=_("Mending…"),
            initiator=self.page,
        )


def _rows(shop: Shop) -> list[Row]:
    return [
        Row(
            made.path,
            f"{from_instant(made.at).astimezone(shop.zone):%Y-%m-%d %H:%M}",
            backup.why_words(made.why),
            _("{size} MB").format(size=f"{made.size / _MB:.1f}"),
        )
        for made in backup.listing(shop)
    ]


def _make(out: Path | None) -> Callable[[Shop, Progress], Path]:
    def make(shop: Shop, progress: Progress) -> Path:
        return backup.by_hand(shop, out, lambda done, total: progress.report(done, total))

    return make


def _kinds() -> str:
    return _("Backups of a shop") + " (*.crmbackup)"
