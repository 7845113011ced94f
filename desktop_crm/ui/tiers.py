"""The dialogs of tiers: what a re-tier run would change before it does, and setting a tier by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from desktop_crm import tiers
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show
from desktop_crm.records.tiers import CustomerTier, Tier
from desktop_crm.shop import Shop
from desktop_crm.tiers import Applied, Move, Proposal
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Chip, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S8, S12, S20
from desktop_crm.ui.marks import TIER_TONES, tier_mark
from desktop_crm.ui.page import Desk


class RetierDialog(QDialog):
    """What a run would change, with reasons; nothing is changed before Apply.

    Args:
        on_done: called after the run was applied.
    """

    def __init__(self, desk: Desk, on_done: Callable[[], object] | None = None) -> None:
        super().__init__(desk.window)
        self._desk, self._on_done = desk, on_done
        self._proposal: Proposal | None = None
        self.setWindowTitle(_("Judge all customers anew"))
        self._build()
        self.resize(880, min(620, desk.window.height() - 40))
        desk.jobs.query(_look, self._show, title=_("Judging all customers…"))

    def _build(self) -> None:
        self._head = Label(_("Judging all customers…"), "title")
        self._note = Label("", "quiet", wrap=True)
        self._counts = hbox(spacing=S20)
        self.table: RecordTable[Move] = RecordTable(
            [
                Column("name", _("Customer"), lambda move: move.name, bold=True, width=180),
                Column(
                    "from",
                    _("From"),
                    marks=lambda move: [tier_mark(move.from_tier)],
                    sort=lambda move: move.from_tier,
                    width=112,
                ),
                Column(
                    "to",
                    _("To"),
                    marks=lambda move: [tier_mark(move.to_tier)],
                    sort=lambda move: move.to_tier,
                    width=112,
                ),
                Column("why", _("Why"), lambda move: move.reason, stretch=1),
            ],
            name="retier",
            state=self._desk.state,
            dense=True,
            identity=lambda move: move.customer_id,
        )
        self.apply_button = KeyButton(
            _("Apply"), "Ctrl+Return", kind="primary", bind=False, on_click=self.apply
        )
        self.apply_button.setEnabled(False)
        close = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        vbox(
            vbox(self._head, self._note, spacing=2),
            self._counts,
            (self.table, 1),
            hbox(STRETCH, close, self.apply_button, spacing=S8),
            spacing=S12,
            margins=S20,
            on=self,
        )
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.apply)

    def apply(self) -> None:
        """Do what is shown, as one step that can be taken back."""
        proposal = self._proposal
        if proposal is None or not self.apply_button.isEnabled():
            return
        self.apply_button.setEnabled(False)
        self._desk.jobs.change(lambda shop: tiers.apply(shop, proposal), self._applied)

    def _show(self, found: tuple[Proposal, dict[Tier, int]]) -> None:
        proposal, now = found
        self._proposal = proposal
        moved = len(proposal.changes)
        title = ngettext("{count} customer would move", "{count} customers would move", moved)
        self._head.setText(title.format(count=f"{moved:,}") if moved else _("Nobody would move"))
        self._note.setText(
            _("As known on {day}. Tiers set by hand stay as they are.").format(day=proposal.as_of.isoformat())
        )
        clear(self._counts)
        for tier, count in proposal.tiers.items():
            self._counts.addWidget(_count(tier, now[tier], count))
        self._counts.addStretch(1)
        self.table.set_empty(
            EmptyState(
                _("Every tier is up to date"), _("The reasons stand on the cards."), icon="circle-check"
            )
        )
        self.table.set_records(proposal.changes)
        self.table.select_first()
        self.apply_button.setEnabled(bool(moved or proposal.quiet))

    def _applied(self, done: Applied) -> None:
        text = ngettext("{count} customer moved", "{count} customers moved", done.moved)
        self._desk.done(text.format(count=f"{done.moved:,}"))
        self.accept()
        if self._on_done is not None:
            self._on_done()


class OverrideForm(FormDialog[None]):
    """A tier set by hand, with its reason."""

    def __init__(self, desk: Desk, customer_id: int, name: str, tier: CustomerTier | None) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Set the tier of {name} by hand").format(name=name),
            note=_("It stays through every run until you let the figures decide again."),
        )
        self._id = customer_id
        choices: list[tuple[str, str]] = [(each, tiers.label(each)) for each in tiers.TIERS]
        if tier is not None and tier.overridden:
            choices.append(("", _("Let the figures decide")))
        self.tier = self.add(
            ChoiceField[str](_("Tier"), choices, value=tier.tier if tier else "regular", required=True)
        )
        self.reason = self.add(TextField(_("Why"), tier.override_reason if tier else ""))

    def problem(self) -> str:
        if self.tier.value() and self.reason.is_empty():
            return _("Please say why this tier is set by hand.")
        return ""

    def job(self) -> Callable[[Shop], None]:
        customer_id, tier, reason = self._id, self.tier.value(), self.reason.value()
        if not tier:
            return lambda shop: tiers.remove_override(shop, customer_id)
        return lambda shop: tiers.override(shop, customer_id, cast(Tier, tier), reason)


def retier(desk: Desk, on_done: Callable[[], object] | None = None) -> None:
    """Show what a re-tier run would change."""
    RetierDialog(desk, on_done).open()


def override_tier(
    desk: Desk, customer_id: int, name: str, on_done: Callable[[], object] | None = None
) -> None:
    """Ask for a tier by hand, with its reason."""

    def ask(tier: CustomerTier | None) -> None:
        def done(_none: None) -> None:
            desk.done(_("The tier of {name} is set.").format(name=name))
            if on_done is not None:
                on_done()

        OverrideForm(desk, customer_id, name, tier).open_with(done)

    desk.jobs.query(lambda shop: tiers.current(shop, customer_id), ask, key="tiers.override")


def _look(shop: Shop, _progress: object) -> tuple[Proposal, dict[Tier, int]]:
    return tiers.proposal(shop), tiers.counts(shop)


def _count(tier: Tier, now: int, after: int) -> QWidget:
    """One tier: how many now, how many after."""
    held = QWidget()
    change = after - now
    better = change < 0 if tier in ("lost", "prospect") else change > 0
    words = Label(
        show(change, "count", signed=True) if change else "", "quiet", tone="good" if better else "bad"
    )
    chip = Chip(tiers.label(tier), TIER_TONES[tier])
    vbox(hbox(Label(f"{after:,}", "figure"), words, spacing=6), hbox(chip, STRETCH), spacing=2, on=held)
    return held
