"""One complaint: what the customer says, its clock, its steps, and the next step in three keys."""

from __future__ import annotations

from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from desktop_crm import complaints, interactions
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.complaints import Case, CaseLine, Clock
from desktop_crm.records.complaints import ComplaintStep, StepKind
from desktop_crm.records.interactions import Channel
from desktop_crm.ui.complaint_form import DuplicateForm, HandForm
from desktop_crm.ui.kit.buttons import IconButton, KeyButton
from desktop_crm.ui.kit.cells import Mark
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.theme import S4, S8, S12
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.outcomes import Choice, Chosen, Outcomes
from desktop_crm.ui.page import Desk

STATE_TONES = {
    "received": "look",
    "investigating": "accent",
    "resolved": "accent",
    "answered": "good",
    "closed": "good",
    "withdrawn": "grey",
    "duplicate": "grey",
}
PRIORITY_TONES = {"high": "bad", "normal": "grey", "low": "grey"}
_WORDED = ("note", "reopened", "withdrawn")
_WITH_CHANNEL = ("responded", "answered")


def clock_mark(line: CaseLine) -> Mark:
    """How a case stands against its due time, as a pill."""
    clock = line.clock
    if clock.ended:
        if line.row.state != "closed":
            return Mark("")
        return (
            Mark(_("Late by {time}").format(time=_time(clock)), "look")
            if clock.late
            else Mark(_("In time"), "good")
        )
    if clock.late:
        return Mark(_("{time} late").format(time=_time(clock)), "bad")
    return Mark(_("{time} left").format(time=_time(clock)), "look" if clock.minutes <= 240 else "grey")


def _time(clock: Clock) -> str:
    """Business time in the largest unit that says enough."""
    minutes = abs(clock.minutes)
    if minutes < 90:
        return _("{minutes} min").format(minutes=round(minutes))
    hours = round(minutes / 60)
    return ngettext("{hours} h", "{hours} h", hours).format(hours=hours)


class ComplaintPanel(Panel):
    """The panel of one case.

    Signals:
        changed(): a step was taken; the list is to be read again.
        left(): Esc in the steps; the keys go back to the list.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._desk = desk
        self._case: Case | None = None
        self._build()

    def _build(self) -> None:
        self._name = Elided("", "title")
        self._tier, self._priority = Chip(), Chip()
        self._open = IconButton("external-link", _("Open the card"), key="Alt+O", on_click=self._open_card)
        self._reach = Elided("", "quiet")
        self._state, self._clock = Chip(), Chip()
        self._summary = Label("", "strong", wrap=True, selectable=True)
        self._about = Label("", "quiet", wrap=True)
        note = QFrame()
        note.setObjectName("note")
        vbox(self._summary, self._about, spacing=2, margins=S12, on=note)
        self._steps = vbox(spacing=S8)
        upper = QWidget()
        vbox(
            vbox(
                hbox(self._name, self._tier, STRETCH, self._open, spacing=S8),
                self._reach,
                spacing=2,
            ),
            hbox(self._state, self._clock, self._priority, STRETCH, spacing=S8),
            note,
            Label(_("Steps"), "section"),
            self._steps,
            STRETCH,
            spacing=S12,
            margins=(16, 16, 16, 0),
            on=upper,
        )
        self._hand = KeyButton(_("Urgency, who"), "Alt+U", kind="quiet", on_click=self.hand_over)
        self.outcomes = Outcomes(_("Next step"), self._desk.shop.today(), beside=(self._hand,))
        self.outcomes.done.connect(self._take)
        self.outcomes.left.connect(self.left.emit)
        full = QWidget()
        vbox(
            (scrolling(upper), 1),
            hbox(self.outcomes, margins=(16, S8, 16, 16)),
            spacing=0,
            on=full,
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                _("No complaint chosen"),
                _("Choose one on the left to see its steps."),
                icon="message-square-warning",
            )
        )
        self._stack.addWidget(full)
        self.add(self._stack, 1)

    def show_line(self, line: CaseLine | None) -> None:
        """Show a case of the list, or None."""
        self.show_case(None if line is None else line.id)

    def show_case(self, complaint_id: int | None) -> None:
        """Show a case, or None."""
        if complaint_id is None:
            self._case = None
            self._stack.setCurrentIndex(0)
            return
        self._desk.jobs.query(
            lambda shop: complaints.gather(shop, complaint_id),
            self._show,
            key=f"complaint.{id(self)}",
            on_error=lambda _gone: self.show_case(None),
        )

    @property
    def customer_id(self) -> int | None:
        """Whose case is shown."""
        return None if self._case is None else self._case.line.row.customer_id

    def take_keys(self) -> None:
        """Open the next steps: digits count from now on."""
        if self._case is not None:
            self.outcomes.take_keys()

    def hand_over(self) -> None:
        """Ask how urgent it is and who is answerable."""
        if self._case is not None:
            HandForm(self._desk, self._case).open_with(lambda _none: self.changed.emit())

    def _open_card(self) -> None:
        if self.customer_id is not None:
            self._desk.open_customer(self.customer_id)

    def _show(self, case: Case) -> None:
        self._case = case
        row = case.line.row
        self._name.setText(row.customer_name or _("Unknown customer"))
        tier = tier_mark(row.tier) if row.customer_id is not None else Mark("")
        self._tier.show_mark(tier.text, tier.tone)
        self._open.setVisible(row.customer_id is not None)
        self._reach.setText(show_phone(row.phone))
        self._reach.setVisible(bool(row.phone))
        self._state.show_mark(complaints.state_label(row.state), STATE_TONES[row.state])
        clock = clock_mark(case.line)
        self._clock.show_mark(clock.text, clock.tone)
        self._priority.show_mark(complaints.priority_label(row.priority), PRIORITY_TONES[row.priority])
        self._summary.setText(row.summary)
        zone = self._desk.shop.zone
        due = _("due {time}").format(time=_wall(row.due_at, zone))
        about = [row.category, row.device, due, row.owner_name]
        self._about.setText(" · ".join(part for part in about if part))
        self._show_steps(case.steps, zone)
        self.outcomes.offer([_choice(kind) for kind in case.next_steps])
        self._stack.setCurrentIndex(1)

    def _show_steps(self, steps: tuple[tuple[ComplaintStep, str], ...], zone: ZoneInfo) -> None:
        clear(self._steps)
        for step, who in steps:
            at = Label(_wall(step.at, zone), "quiet")
            at.setMinimumWidth(118)
            head = hbox(
                at, Label(complaints.step_label(step.kind), "strong"), Elided(who, "quiet"), spacing=S8
            )
            self._steps.addLayout(head)
            if step.note:
                self._steps.addLayout(hbox(Label(step.note, "quiet", wrap=True), margins=(126, 0, 0, S4)))

    def _take(self, chosen: Chosen) -> None:
        case = self._case
        if case is None:
            return
        kind = cast(StepKind, chosen.key)
        if kind == "duplicate":
            self.outcomes.close_choice()
            DuplicateForm(self._desk, case).open_with(lambda _none: self.changed.emit())
            return
        channel = cast(Channel, chosen.channel or "call")
        self._desk.jobs.change(
            lambda shop: complaints.step(shop, case.complaint.id, kind, chosen.note, channel=channel),
            lambda _none: self._taken(case, kind),
            on_error=self._failed,
            initiator=self.parent(),
        )

    def _taken(self, case: Case, kind: StepKind) -> None:
        name = case.line.row.customer_name or _("Unknown customer")
        self._desk.done(_("{name}: {step}.").format(name=name, step=complaints.step_label(kind)))
        self.changed.emit()

    def _failed(self, error: Exception) -> None:
        self._desk.messages.error(str(error))
        self.outcomes.close_choice()
        self.changed.emit()


def _wall(instant: str, zone: ZoneInfo) -> str:
    return from_instant(instant).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _choice(kind: StepKind) -> Choice:
    hints: dict[StepKind, str] = {
        "responded": _("The first word to the customer; the response time ends here."),
        "investigating": _("Somebody looks into it."),
        "resolved": _("It is solved; the customer is still to be told."),
        "answered": _("The customer was told the result."),
        "closed": _("Done. A call a week later is planned by rule."),
        "reopened": _("It is looked into again. Why?"),
        "withdrawn": _("The customer takes it back. Why?"),
        "duplicate": _("It repeats another complaint, to be chosen next."),
        "note": _("What is to be remembered?"),
    }
    channels = (
        tuple((key, interactions.channel_label(key)) for key in ("call", "wechat", "visit"))
        if kind in _WITH_CHANNEL
        else ()
    )
    return Choice(
        kind, complaints.step_label(kind), hints[kind], needs_note=kind in _WORDED, channels=channels
    )
