"""The window: rail, search box, action buttons, and the pages, each built when it is first shown.

A new page is one line in PAGES, something new to begin from anywhere one line in ACTIONS. What is on a page is
the page's business; how keys reach the search box is in keys.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QByteArray, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QMainWindow, QScrollArea, QStackedWidget, QWidget

from desktop_crm.base import i18n, machine
from desktop_crm.base.i18n import N_, _
from desktop_crm.ui import frame
from desktop_crm.ui.drop_veil import DropVeil
from desktop_crm.ui.key_sheet import KeySheet, key_groups
from desktop_crm.ui.keys import Typing
from desktop_crm.ui.kit import theme
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.layouts import hbox, scrolling, vbox
from desktop_crm.ui.kit.messages import Action, Messages
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S12, S20
from desktop_crm.ui.page import ActionSpec, Desk, Page, PageSpec, page_digit, resolve
from desktop_crm.ui.rail import Rail
from desktop_crm.ui.search_box import SearchBox
from desktop_crm.ui.translation import translate_qt
from desktop_crm.ui.undo import DETAILS_KEY, Undoing

if TYPE_CHECKING:
    from desktop_crm.counter import Guard
    from desktop_crm.rights import Right
    from desktop_crm.shop import Shop

PAGES: Final = (
    PageSpec(
        "today",
        N_("Today"),
        "desktop_crm.ui.today:TodayPage",
        badge="desktop_crm.ui.today:badge",
        depends_on=frozenset({"followups", "customers"}),
    ),
    PageSpec("customers", N_("Customers"), "desktop_crm.ui.customers:CustomersPage"),
    PageSpec("card", "", "desktop_crm.ui.card:CardPage", within="customers", called=N_("Customer card")),
    PageSpec("followups", N_("Follow-ups"), "desktop_crm.ui.followups:FollowupsPage"),
    PageSpec(
        "complaints",
        N_("Complaints"),
        "desktop_crm.ui.complaints:ComplaintsPage",
        badge="desktop_crm.ui.complaints:badge",
        depends_on=frozenset({"complaints"}),
    ),
    PageSpec("performance", N_("Performance"), "desktop_crm.ui.performance:PerformancePage"),
    PageSpec("reports", N_("Reports"), "desktop_crm.ui.reports:ReportsPage"),
    PageSpec("clean", N_("Tidy up"), "desktop_crm.ui.clean:CleanPage"),
    PageSpec("history", N_("History"), "desktop_crm.ui.history:HistoryPage"),
    PageSpec("audit", "", "desktop_crm.ui.audit:AuditPage", within="history", called=N_("Audit trail")),
    PageSpec("data", N_("Data"), "desktop_crm.ui.data:DataPage"),
    PageSpec("settings", N_("Settings"), "desktop_crm.ui.settings:SettingsPage"),
)

ACTIONS: Final = (
    ActionSpec("customer", N_("New customer"), "Ctrl+N", "desktop_crm.ui.customer_form:new_customer"),
    ActionSpec(
        "sale",
        N_("Sale"),
        "F2",
        "desktop_crm.ui.sale:new_sale",
        offered="desktop_crm.ui.sale:offer_sale",
    ),
    ActionSpec("followup", N_("Follow-up"), "F3", "desktop_crm.ui.followup_form:new_followup"),
    ActionSpec("complaint", N_("Complaint"), "F4", "desktop_crm.ui.complaint_form:new_complaint"),
    ActionSpec(
        "person", N_("Who is at the counter"), "F12", "desktop_crm.ui.person:choose_person", in_bar=False
    ),
)

SERVICES: Final = (
    "desktop_crm.ui.attention:start",
    "desktop_crm.ui.reminders:start",
    "desktop_crm.ui.housekeeping:start",
    "desktop_crm.ui.watch:start",
    "desktop_crm.ui.idle_check:start",
)
"""module:function(desk) giving a QObject that lives as long as the window, or None."""

LOCK_KEY: Final = "Ctrl+L"

_TRAIL = 50
_SMALL = 1100
"""Below this width buttons show no keys and gaps are smaller."""

_FRAME = 40
"""Title bar and borders of a window, in pixels, at most."""


class MainWindow(QMainWindow):
    """The one window of a shop.

    Args:
        shop: the open shop; who closes the window closes the shop.
        state: this machine's memory.
        pages / actions: what there is; tests give their own.

    Signals:
        closed(): it was closed, and what was being saved is saved.
    """

    closed = Signal()

    def __init__(
        self,
        shop: Shop,
        state: State,
        *,
        pages: Sequence[PageSpec] = PAGES,
        actions: Sequence[ActionSpec] = ACTIONS,
    ) -> None:
        super().__init__()
        self._specs = {page.key: page for page in pages}
        self._actions = actions
        self._pages: dict[str, Page] = {}
        self._holders: dict[str, QScrollArea] = {}
        self._trail: list[tuple[str, object]] = []
        self._here: tuple[str, object] = ("", None)
        self.state = state
        self.jobs = Jobs(shop, self)
        self._services: list[QObject] = []
        self._lock_screen: Any = None  # a LockScreen, read when it is first needed
        self._warning = ""
        self.messages = Messages(self)
        self.messages.listen(self.jobs)
        self.undoing = Undoing(self, self.jobs, self.messages)
        self.veil = DropVeil(self, lambda paths: self.go_to("data", tuple(paths)))
        self.shop_wanted: Callable[..., None] | None = None
        self.desk = self._make_desk()
        self._build()
        self._connect()
        self._restore_place()
        self.refresh_frame()

    def _make_desk(self) -> Desk:
        return Desk(
            jobs=self.jobs,
            messages=self.messages,
            state=self.state,
            window=self,
            go_to=self.go_to,
            open_customer=self.open_customer,
            back=self.go_back,
            run_action=self.run_action,
            done=self.say_done,
            undo=self.undo,
            redo=self.redo,
            tell_undone=self.undoing.tell,
            set_person=self.set_person,
            set_language=self.set_language,
            set_dark=self.set_dark,
            open_shop=self._open_shop,
            warn=self.warn,
            whom=self.whom,
            lock=self.lock_screen,
        )

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        self.setMinimumSize(800, 460)
        self.rail = Rail([page for page in self._specs.values() if page.title])
        self.search = SearchBox(self.jobs, self)
        self._bar = [self._bar_button(action) for action in self._actions if action.in_bar]
        top = QFrame()
        top.setObjectName("top")
        top.setFixedHeight(56)
        undoing = self.undoing.make_buttons()
        hbox(
            (self.search, 100),
            undoing,
            (QWidget(), 1),
            *self._bar,
            spacing=S12,
            margins=(S20, 0, S20, 0),
            on=top,
        )
        self.search.setMaximumWidth(460)
        self._demo = Banner(
            _("This is the demo shop: look at everything, change anything."),
            "look",
            buttons=[KeyButton(_("Make my own shop"), kind="quiet", on_click=self._leave_demo)],
            slim=True,
        )
        self._demo.hide()
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        self._stack = QStackedWidget()
        self._content = QWidget()
        self._content.setObjectName("content")
        self._column = vbox(
            self._trouble, self._demo, (self._stack, 1), spacing=S12, margins=S20, on=self._content
        )
        whole = QWidget()
        hbox(self.rail, (vbox(top, (self._content, 1), spacing=0), 1), spacing=0, on=whole)
        self.setCentralWidget(whole)

    def _bar_button(self, action: ActionSpec) -> KeyButton:
        return KeyButton(_(action.title), action.shortcut, on_click=partial(self.run_action, action.key))

    def _connect(self) -> None:
        self.jobs.changed.connect(self._changed)
        self._connect_frame()
        self._typing = Typing(self, self.search)
        keys: dict[str, Callable[[], object]] = {
            "Ctrl+F": self._focus_search,
            "F1": self.show_keys,
            "F5": self.reload,
            LOCK_KEY: self.ask_lock,
            "Ctrl+Z": self.undo,
            "Ctrl+Y": self.redo,
            "Ctrl+Shift+Z": self.redo,
            DETAILS_KEY: self.undoing.show_left,
        }
        for action in self._actions:
            if not action.in_bar:
                keys[action.shortcut] = partial(self.run_action, action.key)
        titled = [page.key for page in self._specs.values() if page.title]
        for place, key in enumerate(titled[:10]):
            digit = page_digit(place)
            keys[f"Ctrl+{digit}"] = keys[f"Alt+{digit}"] = partial(self.go_to, key)
        for sequence, run in keys.items():
            QShortcut(QKeySequence(sequence), self).activated.connect(run)

    def _connect_frame(self) -> None:
        self.rail.page_chosen.connect(self.go_to)
        self.rail.attach_views(self.jobs, self.go_to)
        self.rail.person_pressed.connect(partial(self.run_action, "person"))
        self.rail.safety_pressed.connect(partial(self.go_to, "settings", "safety"))
        self.search.customer_chosen.connect(self.open_customer)
        self.search.left.connect(self._focus_page)
        self.search.new_wanted.connect(partial(self.run_action, "customer"))
        self.search.nobody_found.connect(
            lambda text: self.messages.say(
                _("Nobody fits “{text}”.").format(text=text),
                Action(_("New customer"), "Ctrl+N", partial(self.run_action, "customer")),
            )
        )

    # ---------------------------------------------------------------- places

    def go_to(self, key: str, argument: object = None) -> None:
        """Show a page; `argument` says what on it, e.g. a customer's id."""
        place = (key, argument)
        if self._here[0] and self._here != place:
            self._trail = [*self._trail[-_TRAIL:], self._here]
        self._show_place(place)

    def open_customer(self, customer_id: int) -> None:
        """Show a customer's card."""
        self.go_to("card", customer_id)

    def go_back(self) -> None:
        """Esc: close what is open on the page, else go to where one came from."""
        self.messages.hide()
        page = self.current_page()
        if (page is not None and page.go_back()) or not self._trail:
            return
        self._show_place(self._trail.pop())

    def current_page(self) -> Page | None:
        """The page that is shown."""
        return self._pages.get(self._here[0])

    def reload(self) -> None:
        """F5: ask for everything that is shown again."""
        self.refresh_frame()
        page = self.current_page()
        if page is not None:
            self._load(page)

    def _show_place(self, place: tuple[str, object]) -> None:
        key, argument = place
        page = self._page(key)
        again = self._here == place and not page.is_stale
        self._here = place
        spec = self._specs[key]
        self.rail.light(spec.within or key)
        self.search.close_list()
        if argument is not None:
            page.open(argument)
            if not again:
                self._holders[key].verticalScrollBar().setValue(0)
        self._stack.setCurrentWidget(self._holders[key])
        if page.is_stale or (argument is not None and not again):
            self._load(page)
        self._focus_page()

    def _page(self, key: str) -> Page:
        page = self._pages.get(key)
        if page is None:
            kind: type[Page] = resolve(self._specs[key].place)
            page = self._pages[key] = kind(self.desk)
            holder = self._holders[key] = scrolling(page)
            # A page that needs more room than there is scrolls as a whole: nothing is ever out of reach.
            holder.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
            self._stack.addWidget(holder)
        return page

    def _load(self, page: Page) -> None:
        page.is_stale = False
        page.load()

    def _focus_page(self) -> None:
        page = self.current_page()
        if page is not None:
            page.setFocus()

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # ---------------------------------------------------------------- actions

    def run_action(self, key: str, customer_id: int | None = None) -> None:
        """Begin a sale, a follow-up … for a customer; by default for the one who is open."""
        action = next(action for action in self._actions if action.key == key)
        page, place = self.current_page(), action.place
        if customer_id is None and page is not None:
            customer_id = page.current_customer()
            if action.offered and not page.is_of_one_customer:
                place = action.offered
        resolve(place)(self.desk, customer_id)

    def undo(self) -> None:
        """Ctrl+Z: take back the latest step of the person at the counter."""
        self.undoing.undo()

    def redo(self) -> None:
        """Ctrl+Y: take back the latest undo."""
        self.undoing.redo()

    def say_done(self, text: str) -> None:
        """Say what was done and offer to take it back."""
        self.messages.say(text, Action(_("Undo"), "Ctrl+Z", self.undo))

    def warn(self, text: str) -> None:
        """Say something across the top until it is over; "" takes it away."""
        self._warning = text
        self._trouble.set_text(text)
        self._trouble.setVisible(bool(text))

    def show_keys(self) -> None:
        """F1: every key on one sheet, those of the page that is shown first."""
        groups = key_groups(self._specs.values(), self._actions, self._here[0])
        KeySheet(self.desk, groups).open()

    def set_person(self, staff_id: int | None) -> None:
        """Another person is at the counter from now on."""
        shop = self.jobs.shop.at_counter(staff_id)
        self.jobs.use(shop)
        self.state.put(f"person.{shop.keys.shop_id}", str(staff_id or ""))
        self.state.save()
        self.search.ask_again()  # what was found may be for other eyes
        self.refresh_frame()
        self._changed(frozenset({"person"}), None)

    def whom(self) -> int | None:
        """The customer who is shown or marked: in the form before the window, in the list of hits, else on the page."""
        form, page = QApplication.activeModalWidget(), self.current_page()
        if form is not None:
            found: int | None = form.property("customer_id")
            return found
        return self.search.marked() or (page.looked_at() if page is not None else None)

    def ask_lock(self) -> None:
        """Ctrl+L: cover the screen, where somebody could open it again."""

        def lock(guard: Guard) -> None:
            if guard.can_lock:
                self.lock_screen()
            else:
                self.messages.say(
                    _("Nobody could open the screen again: set a PIN in Settings › Staff first.")
                )

        self.jobs.query(_resolver("desktop_crm.counter:guard"), lock, key="lock", urgent=True)

    def lock_screen(self, *, by_itself: bool = False) -> None:
        """Cover everything until somebody has shown who they are."""
        if self._lock_screen is None:
            self._lock_screen = resolve("desktop_crm.ui.lock:LockScreen")(self.desk)
        self._lock_screen.lock(by_itself=by_itself)

    def set_dark(self, dark: bool) -> None:
        """Change the theme at once and remember it."""
        self.state.put("dark", dark)
        self.state.save()
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.dress(application, dark=dark)

    def set_language(self, language: str) -> None:
        """Change the language at once: the frame and the pages are built anew, one stays where one was."""
        i18n.set_language(language)
        machine.remember({machine.LANGUAGE: language})
        translate_qt(language)
        for page in self._pages.values():
            page.deleteLater()
        self._pages, self._holders = {}, {}
        self._typing.deleteLater()
        self._build()
        self._connect_frame()
        self._typing = Typing(self, self.search)
        self.warn(self._warning)
        self.refresh_frame()
        self._show_place(self._here)

    def _leave_demo(self) -> None:
        if self.messages.confirm(
            _("Make my own shop"),
            _("The demo closes and stays as it is; you choose what to begin with."),
            yes=_("Go on"),
        ):
            self._open_shop(None)

    def _open_shop(self, folder: Path | None, **how: Any) -> None:  # as `Running.switch` takes it
        """Leave this shop for another one; None asks which."""
        if self.shop_wanted is not None:
            self.shop_wanted(folder, **how)

    # ---------------------------------------------------------------- keeping up to date

    def refresh_frame(self) -> None:
        """Ask for what the rail shows."""
        self.jobs.query(frame.look, self._show_frame, key="window.frame")
        self.undoing.refresh()
        self._ask_badges(None)

    def _show_frame(self, seen: frame.Frame) -> None:
        self.setWindowTitle(seen.shop)
        self.rail.show_shop(seen.shop)
        self.rail.show_person(seen.person or _("Who is there?"))
        self.rail.show_backup(seen.backup)
        self.rail.show_safety(*seen.safety)
        self._demo.setVisible(seen.is_demo)
        self._follow_rights(seen.rights)

    def _follow_rights(self, rights: frozenset[Right]) -> None:
        """The person at the counter may do more or less than a moment ago: the pages are asked again."""
        if rights != self.jobs.shop.rights:
            self.jobs.use(self.jobs.shop.at_counter(self.jobs.shop.staff_id))
            self._changed(frozenset({"person"}), None)

    def _changed(self, kinds: frozenset[str], initiator: object) -> None:
        for page in self._pages.values():
            if page is initiator or not ("person" in kinds or page.depends_on & kinds):
                continue  # what a page shows is what the person at the counter may see
            page.is_stale = True
            if page is self.current_page():
                self._load(page)
        self._ask_badges(kinds)
        self.undoing.refresh()
        if kinds & {"settings", "staff", "backups", "safety"}:
            self.refresh_frame()

    def _ask_badges(self, kinds: frozenset[str] | None) -> None:
        for spec in self._specs.values():
            if spec.badge and (kinds is None or spec.depends_on & kinds):
                show = partial(self.rail.show_badge, spec.key)
                self.jobs.query(_resolver(spec.badge), show, key=f"badge.{spec.key}")

    # ---------------------------------------------------------------- the window itself

    def start_services(self, places: Sequence[str] = SERVICES) -> None:
        """Start what runs beside the pages; after the first painted window."""
        for place in places:
            service = resolve(place)(self.desk)
            if isinstance(service, QObject):
                service.setParent(self)
                self._services.append(service)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.width() < _SMALL
        for button in self._bar:
            button.set_compact(small)
        self._column.setContentsMargins(*(((S12,) * 4) if small else ((S20,) * 4)))
        self.search.close_list()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.property("stays_in_tray"):
            self.hide()
            event.ignore()
            return
        self.state.put("window", bytes(self.saveGeometry().toBase64().data()).decode())
        self.state.save()
        self.hide()
        self.jobs.close()
        super().closeEvent(event)
        self.closed.emit()

    def appear(self) -> None:
        """Show the window as it was last time; the first time, filling a screen that is not larger than it."""
        room = self.screen().availableGeometry()
        if not self.state.text("window") and (room.width() <= 1366 or room.height() <= 768 + _FRAME):
            self.showMaximized()
        else:
            self.show()

    def _restore_place(self) -> None:
        """As last time, else as large as fits."""
        remembered = self.state.text("window")
        if remembered and self.restoreGeometry(QByteArray.fromBase64(remembered.encode())):
            return
        room = self.screen().availableGeometry()
        self.resize(min(1366, room.width()), min(768, room.height()))


def _resolver(place: str) -> Callable[[Shop], Any]:  # whatever the function answers
    """A question that imports what it asks only on the thread that asks."""
    return lambda shop: resolve(place)(shop)
