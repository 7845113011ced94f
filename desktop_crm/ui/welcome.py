"""The first window where there is no shop yet: look at the demo, make a shop, bring one's own list, open a shop.

It only finds or makes a folder; opening the shop in it is the application's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from desktop_crm import passwords, restore, shops, staff
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.passwords import PasswordNeeded, User
from desktop_crm.shop import Shop
from desktop_crm.ui.appearance import Appearance
from desktop_crm.ui.drop_veil import DropVeil
from desktop_crm.ui.first_run import NewShopForm, ProtectForm
from desktop_crm.ui.kit.alone import Alone
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.kit.panels import Drawing, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.progress import Progress
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.kit.theme import S4, S8, S12, S16, S20
from desktop_crm.ui.unlock import Door, Unlock

_WIDEST = 900

Opener = Callable[..., object]
"""open_shop(folder, page, argument of the page), and what opens it where that is known: a password or a code"""


class WelcomePage(QWidget):
    """What there is to begin with.

    Args:
        open_shop: called with the folder of a shop that is ready, a page's key, and what the page shall do.
        from_demo: somebody has seen the demo and wants a shop of their own.
        state: this machine's memory.
    """

    def __init__(
        self,
        open_shop: Opener,
        parent: QWidget | None = None,
        *,
        from_demo: bool = False,
        state: State | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("content")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._open_shop, self._from_demo = open_shop, from_demo
        self._state = state if state is not None else State()
        self._working: Alone | None = None
        self._wanted: tuple[str, Path, str, object] = ("", Path(), "today", None)
        self._backup = Path()
        self.unlock: Unlock | None = None
        self.messages = Messages(self)
        self.veil = DropVeil(self, self._files_fell)
        self._column = vbox(spacing=0, on=self)
        self._build()

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        """Everything that wears words; built anew in another language."""
        self.setWindowTitle(_("Welcome"))
        self._stack = QStackedWidget()
        self.form = NewShopForm()
        self.form.wanted.connect(self._ask_password)
        self.form.left.connect(self._show_choices)
        self.protect = ProtectForm()
        self.protect.wanted.connect(self._make_shop)
        self.protect.left.connect(self._show_form)
        self._stack.addWidget(scrolling(_middle(self._build_choices())))
        self._stack.addWidget(scrolling(_middle(self.form)))
        self._stack.addWidget(scrolling(_middle(self.protect)))
        appearance = Appearance(self._state)
        appearance.language_changed.connect(self._build_anew)
        self._held = QWidget()
        bar = hbox(STRETCH, appearance, margins=(S20, S12, S20, 0))
        vbox(bar, (self._stack, 1), spacing=0, on=self._held)
        self._column.addWidget(self._held)

    def _build_anew(self) -> None:
        self._leave_unlock()
        page, old = self._stack.currentIndex(), self._held
        self._column.removeWidget(old)
        old.hide()
        old.deleteLater()
        self._build()
        self._stack.setCurrentIndex(page)
        self._focus_first()

    def _build_choices(self) -> QWidget:
        title = _("A shop of your own") if self._from_demo else _("Welcome")
        words = _(
            "Customer cards, follow-ups, complaints and the printed month. Everything stays on this PC."
        )
        self.demo_button = self._button(
            _("Look at the demo"), "Ctrl+D", self.look_at_demo, first=not self._from_demo
        )
        self.new_button = self._button(_("New shop"), "Ctrl+N", self.begin_shop, first=self._from_demo)
        self.import_button = self._button(_("Import my Excel"), "Ctrl+I", lambda: self.begin_import())
        cards = (
            _choice(
                "store",
                _("See a shop at work"),
                _(
                    "A made-up phone shop with 2,000 customers and three years of sales. Change anything you like."
                ),
                self.demo_button,
            ),
            _choice(
                "plus",
                _("Start with an empty shop"),
                _("Add customers as they come in, or import them whenever you want."),
                self.new_button,
            ),
            _choice(
                "file-spreadsheet",
                _("Bring my own list"),
                _(
                    "Excel or CSV of customers, sales or follow-ups. You see every row before anything is saved."
                ),
                self.import_button,
            ),
        )
        order = (1, 2, 0) if self._from_demo else (0, 1, 2)
        self._focus_here = self.new_button if self._from_demo else self.demo_button
        foot = hbox(
            Label(_("Is there a shop already?"), "quiet"),
            KeyButton(_("Open its folder…"), "Ctrl+O", kind="quiet", on_click=self.choose_shop),
            KeyButton(_("Restore a backup…"), kind="quiet", on_click=self.choose_backup),
            STRETCH,
            spacing=S8,
        )
        choices = QWidget()
        vbox(
            Label(title, "figure"),
            Label(words, "quiet", wrap=True),
            S8,
            hbox(*((cards[place], 1) for place in order), spacing=S16),
            S4,
            foot,
            spacing=S8,
            on=choices,
        )
        return choices

    def _button(
        self, text: str, key: str, on_click: Callable[[], object], *, first: bool = False
    ) -> KeyButton:
        """The first one has the focus at the beginning, so Enter needs no shortcut of its own."""
        if first:
            return KeyButton(text, "Return", kind="primary", bind=False, on_click=on_click)
        return KeyButton(text, key, on_click=on_click)

    # ---------------------------------------------------------------- what one can do

    def look_at_demo(self) -> None:
        """Open the demo, made first where it is not there yet."""
        self._begin(_("Making the demo shop…"), lambda progress: shops.ready_demo(_told(progress)), "today")

    def begin_shop(self) -> None:
        """Ask for the name of a new shop."""
        self.form.begin(
            page="today", argument=None, words=_("The name stands on the report and in the window.")
        )
        self._show_form()

    def begin_import(self, files: tuple[Path, ...] = ()) -> None:
        """Ask for the name of a new shop, into which the own lists are imported next."""
        words = _(
            "Your list needs a shop to go to. Next you choose the file and see every row before it is saved."
        )
        if files:
            words = _(
                "Your files need a shop to go to. Next you see every row of them before anything is saved."
            )
        self.form.begin(page="data", argument=files or "import", words=words)
        self._show_form()

    def _files_fell(self, paths: list[Path]) -> None:
        """A shop's folder is opened, everything else is imported into a new shop."""
        if len(paths) == 1 and shops.is_shop(paths[0]):
            self._open_shop(paths[0], "today", None)
        elif self._working is None:
            self.begin_import(tuple(paths))

    def choose_shop(self) -> None:
        """Ask for the folder of a shop that exists."""
        chosen = QFileDialog.getExistingDirectory(self, _("The folder of the shop"), documents())
        if chosen:
            self._open_shop(Path(chosen), "today", None)

    def choose_backup(self) -> None:
        """Ask for a backup and put it into a new folder of this PC."""
        kinds = _("Backups of a shop") + " (*.crmbackup)"
        chosen, _kind = QFileDialog.getOpenFileName(self, _("The backup"), documents(), kinds)
        if chosen:
            self._backup = Path(chosen)
            file = self._backup
            self._begin(
                _("Restoring the backup…"),
                lambda _progress: restore.into_folder(file, shops.own_folder()),
                "today",
            )

    def _ask_for_backup(self, users: Sequence[User]) -> None:
        """Ask for what opened the shop when the backup was made."""
        file, folder = self._backup, shops.own_folder()

        def by_password(staff_id: int, password: str) -> tuple[Path, str, None]:
            return restore.into_folder(file, folder, password=password, user=staff_id), password, None

        def by_code(code: str) -> tuple[Path, None, str]:
            return restore.into_folder(file, folder, code=code), None, code

        self.unlock = Unlock(Door(_("Whose password opened this backup?"), users, by_password, by_code))
        self.unlock.opened.connect(self._backup_is_open)
        self._stack.addWidget(self.unlock)
        self._stack.setCurrentWidget(self.unlock)
        self.unlock.focus_first()

    def _backup_is_open(self, found: tuple[Path, str | None, str | None], _by_code: bool) -> None:
        folder, password, code = found
        self._leave_unlock()
        self._open_shop(folder, "today", None, password, code)

    def _leave_unlock(self) -> None:
        if self.unlock is not None:
            self._stack.removeWidget(self.unlock)
            self.unlock.deleteLater()
            self.unlock = None

    def _ask_password(self, name: str, folder: Path, page: str, argument: object) -> None:
        """Ask who may open the shop that is named; it is made after that."""
        self._wanted = (name, folder, page, argument)
        self._stack.setCurrentIndex(2)
        self._focus_first()

    def _make_shop(self, owner: str, password: str) -> None:
        name, folder, page, argument = self._wanted
        self._begin(
            _("Making the shop…"),
            lambda _progress: _create(name, folder, owner, password),
            page,
            argument,
            password,
        )

    # ---------------------------------------------------------------- running

    def _begin(
        self,
        title: str,
        make: Callable[[Progress], Path],
        page: str,
        argument: object = None,
        password: str = "",
    ) -> None:
        """Make a folder on a thread of its own, then have it opened."""
        if self._working is not None:
            return
        self._working = work = Alone(title, make, self)
        work.done.connect(partial(self._made, page, argument, password))
        work.failed.connect(self._failed)
        work.crashed.connect(self._crashed)
        work.cancelled.connect(self._stopped)
        self._held.setEnabled(False)
        self.messages.show_progress(work.job)
        work.start()

    def _made(self, page: str, argument: object, password: str, folder: Path) -> None:
        self._stopped()
        self._open_shop(folder, page, argument, *([password] if password else []))

    def _failed(self, error: CrmError) -> None:
        self._stopped()
        if isinstance(error, PasswordNeeded):
            self._ask_for_backup(error.users)
        else:
            self.messages.error(str(error))

    def _crashed(self, error: BaseException) -> None:
        self._stopped()
        raise error

    def _stopped(self) -> None:
        self._working = None
        self._held.setEnabled(True)
        self._focus_first()

    def _show_choices(self) -> None:
        self._stack.setCurrentIndex(0)
        self._focus_first()

    def _show_form(self) -> None:
        self._stack.setCurrentIndex(1)
        self._focus_first()

    def _go_back(self) -> None:
        """Esc: to the question before."""
        if self._stack.currentIndex() == 2:
            self._show_form()
        elif self.unlock is None or not self.unlock.use_password():
            self._leave_unlock()
            self._show_choices()

    def _focus_first(self) -> None:
        first = (self._focus_here, self.form.name, self.protect.name, self.unlock)
        here = first[self._stack.currentIndex()]
        if isinstance(here, Unlock):
            here.focus_first()
        elif here is not None:
            here.setFocus()

    # ---------------------------------------------------------------- the window

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._focus_first()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing stops what is being made; nothing of it stays."""
        if self._working is not None:
            self._working.job.cancel()
            self._working.wait()
        if self.unlock is not None:
            self.unlock.end(lambda _found: None)
        self._state.save()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        row = [b for b in (self.demo_button, self.new_button, self.import_button) if b.isVisible()]
        row.sort(key=lambda button: button.mapToGlobal(button.rect().topLeft()).x())
        here = next((place for place, button in enumerate(row) if button.hasFocus()), None)
        if event.key() == Qt.Key.Key_Escape and self._stack.currentIndex():
            self._go_back()
        elif step is not None and here is not None:
            row[(here + step) % len(row)].setFocus()
        else:
            super().keyPressEvent(event)


def _choice(icon: str, title: str, words: str, button: KeyButton) -> Panel:
    card = Panel(padding=S20, spacing=S8)
    card.add(hbox(Drawing(icon), STRETCH))
    card.add(Label(title, "section", wrap=True))
    card.add(Label(words, "quiet", wrap=True))
    card.body.addStretch(1)
    card.body.addSpacing(S8)
    card.add(hbox(button, STRETCH))
    return card


def _middle(widget: QWidget) -> QWidget:
    held = QWidget()
    widget.setMaximumWidth(min(widget.maximumWidth(), _WIDEST))
    vbox(STRETCH, hbox((QWidget(), 1), (widget, 30), (QWidget(), 1)), STRETCH, margins=S20, on=held)
    return held


def _told(progress: Progress) -> Callable[[int, int], None]:
    return lambda done, total: progress.report(done, total)


def _create(name: str, folder: Path, owner: str, password: str) -> Path:
    shop = Shop.create(folder, name)
    try:
        if password:
            passwords.set_first(shop, staff.add(shop, owner, "owner"), password)
    finally:
        shop.close()
    return folder
