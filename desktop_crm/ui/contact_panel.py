"""Before a call: who it is, why today, the last contacts, what one may say, and the six outcomes.

Shown beside the lists of Today and Follow-ups. What an outcome does is in followup_outcomes.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from desktop_crm import followups, interactions, today
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, joined, ngettext
from desktop_crm.base.masking import is_masked
from desktop_crm.base.values import show_phone
from desktop_crm.followups import DueFollowup
from desktop_crm.records.followups import Outcome
from desktop_crm.records.interactions import Channel
from desktop_crm.today import Contact, Met
from desktop_crm.ui.followup_form import CancelForm, SnoozeForm
from desktop_crm.ui.kit.buttons import IconButton, KeyButton
from desktop_crm.ui.kit.labels import Chip, Elided, Label
from desktop_crm.ui.kit.layouts import STRETCH, clear, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import EmptyState, Panel
from desktop_crm.ui.kit.theme import S4, S8, S12
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.outcomes import Choice, Chosen, Outcomes
from desktop_crm.ui.page import Desk

LATER_DAYS = 7
"""What is offered for "later": a week."""


class ContactPanel(Panel):
    """The panel of one follow-up.

    Signals:
        finished(): it was ended or put off; the list is to be read again.
        left(): Esc in the outcomes; the keys go back to the list.
    """

    finished = Signal()
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(padding=0, parent=parent)
        self._desk = desk
        self._shown: Contact | None = None
        self._build()

    def _build(self) -> None:
        self._name = Elided("", "title")
        self._tier, self._activity, self._risk = Chip(), Chip(), Chip()
        self._reach = Elided("", "quiet")
        self._open = IconButton("external-link", _("Open the card"), key="Alt+O", on_click=self._open_card)
        self._why, self._facts = Label("", "strong", wrap=True), Label("", "quiet", wrap=True)
        note = QFrame()
        note.setObjectName("note")
        vbox(self._why, self._facts, spacing=2, margins=S12, on=note)
        self._met = vbox(spacing=S4)
        self._copy = KeyButton(_("Copy"), "Alt+C", kind="quiet", icon="copy", on_click=self.copy_saying)
        self._saying = Label("", wrap=True, selectable=True)
        box = QFrame()
        box.setObjectName("box")
        vbox(self._saying, margins=(S12, S8, S12, S8), on=box)
        upper = QWidget()
        vbox(
            vbox(
                hbox(self._name, self._tier, self._activity, self._risk, STRETCH, self._open, spacing=S8),
                self._reach,
                spacing=2,
            ),
            note,
            Label(_("Last contacts"), "section"),
            self._met,
            hbox(Label(_("What you may say"), "section"), STRETCH, self._copy),
            box,
            STRETCH,
            spacing=S8,
            margins=(16, S12, 16, 0),
            on=upper,
        )
        self._later = KeyButton(_("Put off"), "Alt+S", kind="quiet", on_click=self.put_off)
        self._cancel = IconButton("x", _("Cancel this contact"), key="Alt+X", on_click=self.cancel)
        self.outcomes = Outcomes(_("Outcome"), self._desk.shop.today(), beside=(self._later, self._cancel))
        self.outcomes.done.connect(self._finish)
        self.outcomes.left.connect(self.left.emit)
        self._ended = Label("", "quiet", wrap=True)
        lower = QWidget()
        vbox(self.outcomes, self._ended, spacing=S8, margins=(16, S8, 16, 16), on=lower)
        full = QWidget()
        vbox((scrolling(upper), 1), lower, spacing=0, on=full)
        self._stack = QStackedWidget()
        self._stack.addWidget(
            EmptyState(
                _("Nobody chosen"), _("Choose a contact on the left to see whom and why."), icon="user"
            )
        )
        self._stack.addWidget(full)
        self.add(self._stack, 1)

    def show_line(self, line: DueFollowup | None) -> None:
        """Show a follow-up of the list, or None."""
        self.show_followup(None if line is None else line.id)

    def show_followup(self, followup_id: int | None) -> None:
        """Show a follow-up, or None."""
        if followup_id is None:
            self._shown = None
            self._stack.setCurrentIndex(0)
            return
        self._desk.jobs.query(
            lambda shop: today.contact(shop, followup_id),
            self._show,
            key=f"contact.{id(self)}",
            on_error=lambda _gone: self.show_followup(None),
        )

    @property
    def customer_id(self) -> int | None:
        """Whose contact is shown."""
        return None if self._shown is None else self._shown.line.followup.customer_id

    def take_keys(self) -> None:
        """Open the outcomes: digits count from now on."""
        if self._shown is not None and self._shown.line.followup.state == "open":
            self.outcomes.take_keys()

    def copy_saying(self) -> None:
        """Put what one may say on the clipboard."""
        if self._shown is not None:
            QGuiApplication.clipboard().setText(self._shown.saying)
            self._desk.messages.say(_("Copied. Paste it into a message."))

    def put_off(self) -> None:
        """Ask for another day."""
        if self._shown is not None and self._shown.line.followup.state == "open":
            SnoozeForm(self._desk, self._shown.line).open_with(lambda _none: self._after())

    def cancel(self) -> None:
        """Ask why it is not needed any more."""
        if self._shown is not None and self._shown.line.followup.state == "open":
            CancelForm(self._desk, self._shown.line).open_with(lambda _none: self._after())

    def _open_card(self) -> None:
        if self.customer_id is not None:
            self._desk.open_customer(self.customer_id)

    def _show(self, contact: Contact) -> None:
        self._shown = contact
        line = contact.line
        self._name.setText(line.customer_name)
        mark = tier_mark(line.tier)
        self._tier.show_mark(mark.text, mark.tone)
        self._activity.show_mark(contact.activity if not contact.at_risk else "", "grey")
        self._risk.show_mark(_("At risk") if contact.at_risk else "", "look")
        self._reach.setText(" · ".join(_reach(contact)))
        self._why.setText(line.why)
        facts = [*contact.facts, *([line.detail] if line.followup.rule == "complaint_closed" else [])]
        self._facts.setText(joined(facts))
        self._facts.setVisible(bool(facts))
        self._show_met(contact.met)
        self._saying.setText(contact.saying)
        self._show_state(line)
        self.outcomes.offer(_choices(contact, self._desk.shop.today() + timedelta(days=LATER_DAYS)))
        self._stack.setCurrentIndex(1)

    def _show_met(self, met: tuple[Met, ...]) -> None:
        clear(self._met)
        if not met:
            self._met.addWidget(Label(_("None is noted yet."), "quiet"))
        for each in met:
            day = Label(each.day, "quiet")
            day.setMinimumWidth(86)
            self._met.addLayout(hbox(day, Elided(f"{each.how} · {each.text}" if each.text else each.how)))

    def _show_state(self, line: DueFollowup) -> None:
        is_open = line.followup.state == "open"
        self.outcomes.setVisible(is_open)
        self._ended.setVisible(not is_open)
        self._ended.setText("" if is_open else self._ended_words(line))

    def _ended_words(self, line: DueFollowup) -> str:
        followup = line.followup
        zone = self._desk.shop.zone
        at = (
            from_instant(followup.done_at).astimezone(zone).strftime("%Y-%m-%d %H:%M")
            if followup.done_at
            else ""
        )
        if followup.state == "cancelled":
            return _("Cancelled {at}: {reason}").format(at=at, reason=followup.cancel_reason)
        words = followups.outcome_label(followup.outcome)
        note = f"{words} – {followup.outcome_note}" if followup.outcome_note else words
        return _("Done {at}: {outcome}").format(at=at, outcome=note)

    def _finish(self, chosen: Chosen) -> None:
        contact = self._shown
        if contact is None:
            return
        line, outcome = contact.line, cast(Outcome, chosen.key)
        channel = cast(Channel, chosen.channel or "call")
        self._desk.jobs.change(
            lambda shop: followups.finish(shop, line.id, outcome, chosen.note, chosen.day, channel=channel),
            lambda result: self._finished(line, outcome, result),
            on_error=self._failed,
            initiator=self.parent(),
        )

    def _failed(self, error: Exception) -> None:
        self._desk.messages.error(str(error))
        self.outcomes.close_choice()
        self._after()

    def _finished(self, line: DueFollowup, outcome: Outcome, result: followups.FinishResult) -> None:
        words = _("{name}: {outcome}.").format(
            name=line.customer_name, outcome=followups.outcome_label(outcome)
        )
        if result.next_day is not None:
            words = _("{done} Next contact {day}.").format(done=words, day=result.next_day)
        self._desk.done(words)
        self._after()
        if outcome == "bought":
            self._desk.run_action("sale", line.followup.customer_id)

    def _after(self) -> None:
        self.finished.emit()


def _reach(contact: Contact) -> list[str]:
    """How to reach them, in the order of use."""
    parts = [show_phone(number) for number in contact.phones[:2]]
    if any(map(is_masked, parts)):
        parts.append(_("hold F9 to see it"))
    if contact.wechat:
        parts.append(_("WeChat {name}").format(name=contact.wechat))
    if contact.referred_count:
        sent = ngettext("sent {count} customer", "sent {count} customers", contact.referred_count)
        parts.append(sent.format(count=contact.referred_count))
    return parts or [_("No number is known.")]


def _choices(contact: Contact, later: date) -> list[Choice]:
    """The six outcomes with what follows from each."""
    days = contact.next_days
    ways = tuple((key, interactions.channel_label(key)) for key in ("call", "wechat", "visit"))
    revisit = (
        _("The next contact is planned for {day}.").format(day=days.revisit)
        if days.revisit
        else _("No further contact is planned by rule.")
    )
    name = followups.outcome_label
    return [
        Choice("reached", name("reached"), revisit, channels=ways),
        Choice("no_answer", name("no_answer"), _("It is tried again."), True, days.try_again, channels=ways),
        Choice("later", _("Later…"), _("They would like to be contacted again."), True, later, channels=ways),
        Choice("not_interested", _("Not interested…"), revisit, channels=ways),
        Choice(
            "bought", _("Bought → sale"), _("The sale opens next and plans its own contacts."), channels=ways
        ),
        Choice(
            "do_not_contact",
            _("Do not contact"),
            _("This is noted on the card, and everything planned for them is cancelled."),
            channels=ways,
        ),
    ]
