"""The bar above the list of customers: the view that is open, its conditions as chips, how many they name, in words.

Keys, while the page is shown: Alt+F adds a condition, Alt+O says whether all or one must hold, Alt+E shows everybody
again, Ctrl+J goes to a view (bound by the rail), Ctrl+S keeps the filter as a view, Alt+V does more with the view.
On a chip Enter changes it, Delete takes it away, the arrows go to the next. The list itself is ui/customers.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop_crm import views, who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, ngettext
from desktop_crm.records.views import View
from desktop_crm.shop import Shop
from desktop_crm.ui.condition_asker import ConditionAsker
from desktop_crm.ui.kit import icons, theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Job
from desktop_crm.ui.kit.labels import Elided
from desktop_crm.ui.kit.layouts import FlowLayout, holder, let_go, vbox
from desktop_crm.ui.kit.palette import Palette
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.ui.view_menu import ViewMenu
from desktop_crm.who import Clause, Condition, Filter

KEYS = (
    ("Alt+F", N_("Add a condition")),
    ("Alt+O", N_("All conditions, or one of them")),
    ("Alt+E", N_("Everybody again")),
    ("Ctrl+J", N_("Go to a view")),
    ("Ctrl+S", N_("Keep the filter as a view")),
    ("Alt+V", N_("More with the view")),
    ("Ctrl+Shift+1", N_("Open the first view of the rail, from anywhere; 2 to 6 the next ones")),
    ("Alt+Y", N_("Add the first views, while they are offered")),
)
"""For the sheet of keys."""

_NARROW = 760
"""Below this width buttons show no keys, and the sentence is left away."""


@dataclass(frozen=True)
class _Told:
    """What the bar says of a filter: how many it names, itself and its conditions in words; or what is wrong with it."""

    count: int
    sentence: str
    words: tuple[str, ...]
    clause: Clause
    problem: str = ""


class FilterBar(QWidget):
    """Which customers the list shows.

    Signals:
        filter_changed(Filter): another filter holds; also when a view is opened.
        clause_changed(Clause): the filter as SQL, as of today; also after each `load`.
        left(): a view was opened or a condition added: the keys go to the list.
    """

    filter_changed = Signal(object)
    clause_changed = Signal(object)
    left = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.filter = who.EVERYBODY
        self.view: View | None = None
        self._words: tuple[str, ...] = ()
        self._changed_at = -1
        self._is_wrong = False
        self._opening: Job | None = None
        self._is_held_anew = False
        self._build()
        self.palette_list = Palette(self.add_button)
        self.palette_list.closed.connect(self.left)
        self.asker = ConditionAsker(desk, self.palette_list, self._take)
        self.menu = ViewMenu(self)
        self._show_parts()

    def _build(self) -> None:
        self.view_button = KeyButton(
            "", "Ctrl+J", bind=False, on_click=self.choose_view, tooltip=_("Go to a view"), icon="users"
        )
        self.add_button = KeyButton(
            _("Condition"), "Alt+F", icon="plus", kind="quiet", on_click=self.add_condition
        )
        self.joint_button = KeyButton("", "Alt+O", kind="quiet", on_click=self._toggle_joint)
        self.clear_button = KeyButton(_("Everybody"), "Alt+E", kind="quiet", on_click=self.clear)
        self.save_button = KeyButton(_("Keep as view"), "Ctrl+S", on_click=lambda: self.menu.save())
        self.more_button = KeyButton(_("View"), "Alt+V", kind="quiet", on_click=lambda: self.menu.open_menu())
        self._flow = FlowLayout(6)
        line = holder(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        line.setSizePolicy(policy)
        self.chips: list[ConditionChip] = []
        self._buttons = (
            self.view_button,
            self.add_button,
            self.joint_button,
            self.clear_button,
            self.save_button,
            self.more_button,
        )
        for button in self._buttons:
            self._flow.addWidget(button)
        self.sentence = Elided("", "quiet")
        self.offer = Banner(
            "",
            "accent",
            buttons=[
                KeyButton(_("Add them"), "Alt+Y", on_click=self._take_offer),
                KeyButton(_("Not now"), kind="quiet", on_click=self._decline_offer),
            ],
            slim=True,
        )
        self.offer.hide()
        self._offered: list[views.Proposal] = []
        vbox(self.offer, line, self.sentence, spacing=S8, on=self)

    # ------------------------------------------------------------ what holds

    def load(self) -> None:
        """Count anew, look whether the open view still is as it was, and whether views are to be offered."""
        self._tell()
        self.desk.jobs.query(views.proposals, self._show_offer, key="filter.offer")
        if self.view is not None:
            own = self.view.id

            def look(shop: Shop) -> View | None:
                return next((view for view in views.listing(shop) if view.id == own), None)

            self.desk.jobs.query(look, self._refresh_view, key="filter.view")

    def open(self, argument: object) -> None:
        """What `go_to("customers", argument)` asks for: a filter, ("view", id), or "views" to choose one."""
        if isinstance(argument, Filter):
            self.view = None
            self._hold(argument)
        elif isinstance(argument, tuple) and argument[0] == "view":
            self.open_view(int(argument[1]))
        elif argument == "views":
            QTimer.singleShot(0, self, self.choose_view)  # when the page is shown

    def open_view(self, view_id: int) -> None:
        """Show the customers of a view."""

        def look(shop: Shop) -> tuple[View, Filter]:
            view = views.get(shop, view_id)
            return view, views.filter_of(view)

        self._opening = self.desk.jobs.query(look, lambda found: self.show_view(*found), key="filter.open")

    def show_view(self, view: View, wanted: Filter) -> None:
        """A view is open from now on."""
        self.view = view
        self._hold(wanted)
        self.left.emit()

    def hold_view(self, view: View) -> None:
        """What holds now is kept in this view: nothing else changes."""
        self.view = view
        self._show_parts()

    def clear(self) -> None:
        """Everybody again."""
        self.view = None
        self._hold(who.EVERYBODY)
        self.left.emit()

    def set_filter(self, wanted: Filter) -> None:
        """Another filter holds; the view that is open stays open, as a changed one."""
        self._hold(wanted)

    @property
    def is_asking(self) -> bool:
        """Whether another clause may be on its way."""
        return self._is_held_anew or (self._opening is not None and not self._opening.is_over)

    @property
    def is_changed(self) -> bool:
        """Whether what holds differs from the view that is open."""
        return self.view is not None and self.view.filter != who.to_text(self.filter)

    def _hold(self, wanted: Filter) -> None:
        self.filter = wanted
        self._words = ()
        self._is_held_anew = True
        self._show_parts()
        self._tell()
        self.filter_changed.emit(wanted)

    def _refresh_view(self, view: View | None) -> None:
        """The view was changed or deleted elsewhere, or by an undo: follow it unless it was being changed here."""
        was_changed = self.is_changed
        self.view = view
        if view is not None and not was_changed and self.is_changed:
            try:
                self._hold(views.filter_of(view))
            except CrmError as error:
                self.sentence.setText(str(error))
        self._show_parts()

    # ------------------------------------------------------------ conditions

    def add_condition(self) -> None:
        """Ask for a condition."""
        self._changed_at = -1
        self.palette_list.hang_below(self.add_button)
        self.asker.begin()

    def change_condition(self, place: int) -> None:
        """Ask for a condition instead of one that there is."""
        self._changed_at = place
        self.palette_list.hang_below(self.chips[place])
        self.asker.change(self.filter.conditions[place])

    def remove_condition(self, place: int) -> None:
        """Take a condition away; the keys go to its neighbour."""
        kept = tuple(each for at, each in enumerate(self.filter.conditions) if at != place)
        self.set_filter(replace(self.filter, conditions=kept))
        if self.chips:
            self.chips[min(place, len(self.chips) - 1)].setFocus()
        else:
            self.add_button.setFocus()

    def choose_view(self) -> None:
        """Ask for a view to open."""
        self.palette_list.hang_below(self.view_button)
        self.menu.choose()

    def _take(self, condition: Condition) -> None:
        old = list(self.filter.conditions)
        place = self._changed_at if self._changed_at >= 0 else len(old)
        old[place : place + 1] = [condition]
        self.set_filter(replace(self.filter, conditions=tuple(old)))
        self.left.emit()

    def _toggle_joint(self) -> None:
        self.set_filter(replace(self.filter, all_of=not self.filter.all_of))

    # ------------------------------------------------------------ showing

    def _tell(self) -> None:
        wanted = self.filter

        def look(shop: Shop) -> _Told:
            words = tuple(who.condition_words(shop, each) for each in wanted.conditions)
            try:
                clause = who.clause(shop, wanted)
                return _Told(who.count(shop, wanted), who.sentence(shop, wanted), words, clause)
            except CrmError as error:
                return _Told(0, "", words, Clause("0"), str(error))

        self.desk.jobs.query(look, self._show_told, key="filter.told")

    def _show_told(self, told: _Told) -> None:
        self._words = told.words
        self._is_held_anew = False
        self.clause_changed.emit(told.clause)
        found = ngettext("{count} customer: {filter}", "{count} customers: {filter}", told.count)
        self._is_wrong = bool(told.problem)
        self._show_sentence()
        self.sentence.setText(told.problem or found.format(count=f"{told.count:,}", filter=told.sentence))
        self.sentence.set_tone("bad" if told.problem else "plain")
        self._show_chips()

    def _show_parts(self) -> None:
        name = self.view.name if self.view is not None else ""
        if self.is_changed:
            name = _("{name}, changed").format(name=name)
        self.view_button.setText(name or (_("Own filter") if self.filter.conditions else _("Everybody")))
        self.view_button.updateGeometry()
        self.joint_button.setText(_("All must hold") if self.filter.all_of else _("One must hold"))
        self.joint_button.updateGeometry()
        self.joint_button.setVisible(len(self.filter.conditions) > 1)
        self.clear_button.setVisible(bool(self.filter.conditions) or self.view is not None)
        self.save_button.setVisible(bool(self.filter.conditions) if self.view is None else self.is_changed)
        self.more_button.setVisible(self.view is not None)
        self._show_sentence()
        self._show_chips()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for button in self._buttons:
            button.set_compact(self.width() < _NARROW)
        self._show_sentence()

    def _show_sentence(self) -> None:
        """Where there is little room the chips say it all, unless something is wrong."""
        held = bool(self.filter.conditions) or self.view is not None
        self.sentence.setVisible(held and (self.width() >= _NARROW or self._is_wrong))

    def _show_chips(self) -> None:
        """One chip for each condition, before the button that adds one."""
        if len(self.chips) != len(self.filter.conditions):
            for _chip in self.chips:
                let_go(self._flow.takeAt(1))
            self.chips = [ConditionChip(self, place) for place in range(len(self.filter.conditions))]
            for place, chip in enumerate(self.chips):
                self._flow.insert(1 + place, chip)
        for place, chip in enumerate(self.chips):
            chip.show_words(self._words[place] if place < len(self._words) else "…")
        self._flow.invalidate()

    # ------------------------------------------------------------ the first views

    def _show_offer(self, proposed: list[views.Proposal]) -> None:
        self._offered = proposed
        self.offer.setVisible(bool(proposed))
        names = _(", ").join(each.name for each in proposed)
        self.offer.set_text(_("Views show with one key whom to look after: {names}.").format(names=names))

    def _take_offer(self) -> None:
        proposed = self._offered
        self.desk.jobs.change(lambda shop: views.take(shop, proposed), lambda _none: self._offer_over(True))

    def _decline_offer(self) -> None:
        self.desk.jobs.change(views.decline, lambda _none: self._offer_over(False))

    def _offer_over(self, taken: bool) -> None:
        self.offer.hide()
        if taken:
            self.desk.done(_("The views are in the rail now."))


class ConditionChip(QAbstractButton):
    """One condition: Enter or a click changes it, Delete or a click on its cross takes it away."""

    def __init__(self, bar: FilterBar, place: int) -> None:
        super().__init__()
        self._bar, self._place = bar, place
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: bar.change_condition(place))

    def show_words(self, words: str) -> None:
        """Say another condition."""
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(_("{condition}  (Enter changes it, Delete takes it away)").format(condition=words))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        wide = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(min(wide, 420) + 12 + 30, 34)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key))
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._bar.remove_condition(self._place)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif step is not None:
            chips = self._bar.chips
            chips[(self._place + step) % len(chips)].setFocus()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().x() > self.width() - 28:
            self.setDown(False)
            self._bar.remove_condition(self._place)
            return
        super().mouseReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        named = theme.tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = self.hasFocus()
        painter.setPen(QPen(named.colour("accent" if held else "accent_line"), 2 if held else 1))
        painter.setBrush(named.colour("accent_soft"))
        painter.drawRoundedRect(QRectF(1, 1, self.width() - 2, self.height() - 2), 8, 8)
        painter.setFont(self.font())
        painter.setPen(named.colour("accent_text"))
        room = self.width() - 12 - 28
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room + 1)
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(12, 0, room + 2, self.height() - 1), left, shown)
        tone = "accent_text" if self.underMouse() or held else "faint"
        cross = icons.pixmap("x", 14, named.colour(tone).name(), ratio=self.devicePixelRatioF())
        painter.drawPixmap(QPoint(self.width() - 23, (self.height() - 14) // 2), cross)
        painter.end()
