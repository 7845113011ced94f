"""The right of the card: what can be done now, what is open, and what the customer is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from desktop_crm import complaint_rules
from desktop_crm.advice import Advice
from desktop_crm.base.dates import from_instant
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_money
from desktop_crm.card import Card, Quarter
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox, wrap_row
from desktop_crm.ui.kit.panels import Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S4, S8, S12
from desktop_crm.ui.openings import BroughtPart

_MOST_OPEN = 3
_LONGEST_HEAD = 40
_LONGEST = 100
"""Letters of a suggestion; all of it is in its tooltip and what is copied."""


@dataclass(frozen=True)
class OpenItem:
    """One open follow-up ("followup") or complaint ("complaint") and when it is due."""

    kind: str
    id: int
    text: str
    due: str
    tone: str


class NowPanel(Panel):
    """Suggestions with their reasons, and the button of the first that has one.

    Args:
        on_act: called with the suggestion whose button was pressed.
        on_plan: plan a contact. on_log: note one.
        on_consent: the answer to "may we contact you?".
    """

    def __init__(
        self,
        on_act: Callable[[Advice], object],
        on_plan: Callable[[], object],
        on_log: Callable[[], object],
        on_consent: Callable[[str], object],
    ) -> None:
        super().__init__(_("What can be done now"), tone="accent", spacing=S8)
        self._on_act, self._on_plan, self._on_log, self._on_consent = on_act, on_plan, on_log, on_consent

    def show_card(self, card: Card) -> None:
        """Show what is suggested for a customer."""
        self.clear()
        for advice in card.advice:
            words = vbox(
                Label(_short(advice.head, _LONGEST_HEAD), "strong", wrap=True), _words(advice), spacing=0
            )
            if advice.hint:
                words.addWidget(Label(advice.hint, "small", wrap=True, tone="bad"))
            self.add(words)
        if not card.advice:
            self.add(Label(_("Nothing is due."), "quiet", wrap=True))
        buttons = self._buttons(card)
        if buttons:
            self.add(wrap_row(*buttons, spacing=S8))

    def _buttons(self, card: Card) -> list[KeyButton]:
        if card.customer.deleted_at is not None:
            return []
        buttons = []
        actions = {advice.action: advice for advice in reversed(card.advice)}
        if "complaint" in actions:
            act = partial(self._on_act, actions["complaint"])
            buttons.append(KeyButton(_("Open the case"), "Alt+C", on_click=act))
        if "followup" in actions:
            due = actions["followup"]
            buttons.append(KeyButton(_("Outcome"), "Alt+O", on_click=partial(self._on_act, due)))
            buttons.append(KeyButton(_("Copy"), "Alt+K", on_click=partial(_copy, due.text)))
        if "consent" in actions:
            granted, refused = partial(self._on_consent, "granted"), partial(self._on_consent, "refused")
            buttons.append(KeyButton(_("Agrees to contact"), "Alt+Y", on_click=granted))
            buttons.append(KeyButton(_("Wants no contact"), "Alt+J", on_click=refused))
        if "followup" not in actions and not card.customer.do_not_contact:
            buttons.append(KeyButton(_("Follow-up"), "F3", bind=False, on_click=self._on_plan))
        if buttons:
            buttons[0].set_kind("primary")
        log = KeyButton(
            _("Contact"), "F8", on_click=self._on_log, tooltip=_("Note a visit, a call or a message.")
        )
        return [*buttons, log]


class OpenPanel(Panel):
    """What is not finished: complaints first, then follow-ups."""

    def __init__(self, on_open: Callable[[OpenItem], object]) -> None:
        super().__init__(_("Open"), spacing=S4)
        self.table: RecordTable[OpenItem] = RecordTable(
            [
                Column("text", "", lambda item: item.text, stretch=1, sortable=False),
                Column(
                    "due",
                    "",
                    marks=lambda item: [Mark(item.due, item.tone)],
                    width=96,
                    align="right",
                    sortable=False,
                ),
            ],
            dense=True,
            identity=lambda item: (item.kind, item.id),
        )
        self.table.horizontalHeader().setFixedHeight(0)
        self.table.record_chosen.connect(on_open)
        self._nothing = Label(_("Nothing is open."), "faint")
        self.add(self.table)
        self.add(self._nothing)

    def show_card(self, card: Card) -> None:
        """Show what is open for a customer."""
        items = [*_open_cases(card, card.now), *_open_followups(card, card.today)]
        self.table.set_records(items)
        self.table.row_limit(_MOST_OPEN)
        self.table.setVisible(bool(items))
        self._nothing.setVisible(not items)
        self.note_label.setText(str(len(items)) if len(items) > _MOST_OPEN else "")


class ValuePanel(Panel):
    """Net sales of the window, large, and how they came about; what was brought along stands apart from them.

    Args:
        on_brought: opens what was brought along.
    """

    def __init__(self, on_brought: Callable[[], object]) -> None:
        super().__init__(_("Customer value"), spacing=S4)
        self._sum = Label("", "figure")
        self._words = Label("", "quiet", wrap=True)
        self.brought = BroughtPart(on_brought)
        self.bars = QuarterBars()
        self.add(self._sum)
        self.add(self._words)
        self.add(self.brought)
        self.body.addSpacing(S12)
        self.add(self.bars, 4)
        self.body.addStretch(1)

    def show_card(self, card: Card) -> None:
        """Show a customer's worth."""
        worth = card.worth
        self.brought.show_brought(card.brought)
        self._sum.setText(show_money(worth.net_fen, cents=False))
        self._sum.setVisible(worth.purchases > 0)
        if not worth.purchases:
            self._words.setText(_("Nothing bought yet.") if card.brought is None else "")
            self._words.setVisible(card.brought is None)
            self.bars.hide()
            return
        words = ngettext(
            "{months} months · {count} purchase", "{months} months · {count} purchases", worth.occasions
        )
        self._words.show()
        parts = [words.format(months=worth.window_months, count=worth.occasions)]
        if worth.lifetime_fen != worth.net_fen:
            money = show_money(worth.lifetime_fen, cents=False)
            parts.append(_("{money} of all time").format(money=money))
        self._words.setText(" · ".join(parts))
        self.bars.show_quarters(worth.quarters)


class QuarterBars(QWidget):
    """Net sales of eight quarters as bars, the last four strong; pointing at one says its sum."""

    def __init__(self) -> None:
        super().__init__()
        self._quarters: Sequence[Quarter] = ()
        self._at = -1
        self.setMinimumHeight(36)
        self.setMaximumHeight(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    def show_quarters(self, quarters: Sequence[Quarter]) -> None:
        """Show these, oldest first."""
        self._quarters = quarters
        self.setAccessibleName(
            ", ".join(f"{each.label} {show_money(each.net_fen)}" for each in quarters if each.net_fen)
        )
        self.setVisible(any(each.net_fen > 0 for each in quarters))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        most = max((each.net_fen for each in self._quarters), default=0)
        if most <= 0:
            return
        named = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(12))
        slot = self.width() / len(self._quarters)
        floor = self.height() - 20.0
        room = floor - 20
        for place, quarter in enumerate(self._quarters):
            high = max(2.0, room * quarter.net_fen / most) if quarter.net_fen > 0 else 2.0
            strong = place >= len(self._quarters) - 4
            name = ("bar" if strong else "bar_quiet") if quarter.net_fen > 0 else "hair"
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(named.colour(name))
            wide = min(22.0, slot - 6)
            painter.drawRoundedRect(QRectF(slot * place + (slot - wide) / 2, floor - high, wide, high), 2, 2)
        painter.setPen(named.colour("faint"))
        foot = QRectF(0, floor, self.width(), 20)
        if 0 <= self._at < len(self._quarters):
            shown = self._quarters[self._at]
            words = f"{shown.label}  {show_money(shown.net_fen, cents=False)}"
            painter.setPen(named.colour("text"))
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, words)
        else:
            below = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(foot, below | Qt.AlignmentFlag.AlignLeft, self._quarters[0].label)
            painter.drawText(foot, below | Qt.AlignmentFlag.AlignRight, self._quarters[-1].label)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._quarters:
            self._at = int(event.position().x() * len(self._quarters) / max(1, self.width()))
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._at = -1
        self.update()


def _short(text: str, most: int) -> str:
    """So much of a text as a suggestion has room for."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def _words(advice: Advice) -> Label:
    label = Label(_short(advice.text, _LONGEST), "quiet", wrap=True)
    label.setToolTip(advice.text if label.text() != advice.text else "")
    return label


def _copy(words: str) -> None:
    QApplication.clipboard().setText(words)


def _open_cases(card: Card, now: str) -> list[OpenItem]:
    found = []
    for case in card.complaints:
        late = case.due_at < now
        due = _("late") if late else from_instant(case.due_at).strftime("%m-%d")
        text = f"{case.summary} · {complaint_rules.state_label(case.state)}".replace("\n", " ")
        found.append(OpenItem("complaint", case.id, text, due, "bad" if late else "look"))
    return found


def _open_followups(card: Card, today: date) -> list[OpenItem]:
    found = []
    for due in card.followups:
        day = date.fromisoformat(due.followup.due_day)
        days = (day - today).days
        text = day.isoformat()[5:] if day.year == today.year else day.isoformat()
        tone = "bad" if days < 0 else "look" if days <= 7 else "grey"
        found.append(OpenItem("followup", due.followup.id, due.why, _("today") if days == 0 else text, tone))
    return found
