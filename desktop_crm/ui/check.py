"""The check of the shop's file, in Settings: is everything in order, and what is to be done where it is not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import integrity
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.integrity import Finding
from desktop_crm.ui import idle_check
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import hair


class CheckPanel(Panel):
    """Looks for trouble when asked, and shows each finding with its mend.

    Args:
        page: the page it is on, whose own changes its are.
    """

    def __init__(self, desk: Desk, page: QWidget) -> None:
        self.check_button = KeyButton(_("Check now"), "Alt+C", on_click=self.check)
        super().__init__(_("Is everything in order?"), actions=[self.check_button])
        self.desk, self.page = desk, page
        self.findings = Panel(padding=0, spacing=S8)
        self.findings.setObjectName("")
        self.findings.add(Label(_about(desk), "quiet", wrap=True))
        self.add(self.findings)
        desk.jobs.cancelled.connect(self._stopped)

    def check(self) -> None:
        """Look for trouble in the file."""
        self.check_button.setEnabled(False)
        self.desk.jobs.query(
            lambda shop, progress: integrity.check(shop, tell=progress.report),
            self._show_findings,
            title=_("Checking the shop…"),
            on_error=self._check_failed,
        )

    def mend(self, key: str) -> None:
        """Do what a finding says, then look again."""
        self.desk.jobs.change(
            lambda shop, _progress: integrity.mend(shop, key),
            lambda _nothing: self.check(),
            title=_("Mending…"),
            initiator=self.page,
        )

    def _stopped(self, _title: str) -> None:
        self.check_button.setEnabled(True)

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


def _about(desk: Desk) -> str:
    """What is checked, and when that was done by itself."""
    words = _("Checks the file, its indexes, totals, audit trail, keys and backups; nothing is changed.")
    day = idle_check.last(desk.state, desk.shop)
    if not day:
        return words
    return " ".join(
        (words, _("Once a day this is done by itself in quiet minutes, last on {day}.").format(day=day))
    )
