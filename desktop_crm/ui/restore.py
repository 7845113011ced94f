"""Coming back from a backup: what it holds beside what there is now, what would be lost, and the two ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout

from desktop_crm import restore
from desktop_crm.base.dates import from_instant
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING
from desktop_crm.passwords import PasswordNeeded, User
from desktop_crm.restore import Prepared, Preview
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.jobs import Job, Progress
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S4, S8, S12, S20
from desktop_crm.ui.page import Desk
from desktop_crm.ui.unlock import Door, UnlockDialog


def ask(desk: Desk, file: Path) -> None:
    """Look into a backup and ask how to come back from it."""
    desk.jobs.query(
        lambda shop: restore.preview(shop, file),
        lambda shown: RestoreDialog(desk, shown).open(),
        key="restore",
    )


class RestoreDialog(QDialog):
    """What a backup holds, and what would be lost; Ctrl+Enter lets it take the place of the shop."""

    def __init__(self, desk: Desk, shown: Preview) -> None:
        super().__init__(desk.window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk, self.shown = desk, shown
        self._job: Job | None = None
        self._folder = Path()
        self._time = f"{from_instant(shown.about.made_at).astimezone(desk.shop.zone):%Y-%m-%d %H:%M}"
        title = _("Restore the backup of {time}").format(time=self._time)
        self.setWindowTitle(title)
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        self._state = Label("", "quiet")
        self.lost = Label(self._what_is_lost(), wrap=True, tone="bad" if shown.steps else None)
        self._build_buttons()
        vbox(
            Label(title, "title", wrap=True),
            self._trouble,
            self._figures(),
            self.lost,
            Label(self._what_happens(), "quiet", wrap=True),
            hbox(
                self._state,
                STRETCH,
                self.close_button,
                self.elsewhere_button,
                self.replace_button,
                spacing=S8,
            ),
            spacing=S12,
            margins=S20,
            on=self,
        )
        self.setMinimumWidth(min(600, desk.window.width() - 48))
        self.close_button.setFocus()

    def _build_buttons(self) -> None:
        self.close_button = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        self.elsewhere_button = KeyButton(_("Into another folder…"), "Alt+F", on_click=self.into_folder)
        self.replace_button = KeyButton(
            _("Replace the shop"), "Ctrl+Return", kind="danger", on_click=self.replace
        )
        self.replace_button.setEnabled(self.shown.is_same_shop)

    def _what_is_lost(self) -> str:
        if not self.shown.is_same_shop:
            return _("This is a backup of another shop: it can only be restored into a folder of its own.")
        return restore.lost_words(self.shown)

    def _what_happens(self) -> str:
        return _(
            "First the shop is backed up as it is now, and what is replaced is kept. Who was erased stays erased. "
            "The window closes for a moment and opens again."
        )

    def _figures(self) -> QGridLayout:
        """What is in the backup, beside what there is now."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(S20)
        grid.setVerticalSpacing(S4)
        grid.setColumnStretch(0, 1)
        for column, head in enumerate(("", _("In the backup"), _("Now"))):
            grid.addWidget(Label(head, "small"), 0, column, Qt.AlignmentFlag.AlignRight)
        for line, noun in enumerate(restore.NOUNS, 1):
            held = self.shown.held(noun)
            texts = (MISSING if held is None else f"{held:,}", f"{self.shown.now[noun]:,}")
            grid.addWidget(Label(_(restore.NOUNS[noun]), "quiet"), line, 0)
            for column, text in enumerate(texts, 1):
                grid.addWidget(Label(text, "strong"), line, column, Qt.AlignmentFlag.AlignRight)
        return grid

    # ---------------------------------------------------------------- the two ways

    def replace(self) -> None:
        """Let it take the place of the shop that is open."""
        if self._job is None and self.replace_button.isEnabled():
            file = self.shown.file

            def prepare(shop: Shop, progress: Progress) -> Prepared:
                return restore.prepare(shop, file, progress.report)

            self._begin(prepare, self._prepared)

    def into_folder(self) -> None:
        """Put it into another folder; the shop that is open is not touched."""
        chosen = QFileDialog.getExistingDirectory(
            self, _("An empty folder for the restored shop"), documents()
        )
        if chosen and self._job is None:
            file, self._folder = self.shown.file, Path(chosen)

            def unpack(shop: Shop, _progress: Progress) -> Path:
                return restore.into_folder(file, Path(chosen), present=shop)

            self._begin(unpack, self._unpacked)

    def _ask_what_opens_it(self, users: Sequence[User]) -> None:
        """The backup of another shop has other locks."""
        file, folder = self.shown.file, self._folder
        door = Door(
            _("Whose password opened this backup?"),
            users,
            lambda staff_id, password: restore.into_folder(file, folder, password=password, user=staff_id),
            lambda code: restore.into_folder(file, folder, code=code),
        )
        dialog = UnlockDialog(self, door)
        dialog.opened.connect(self._unpacked)
        dialog.open()

    def reject(self) -> None:
        """Close; while it is working, stop that first."""
        if self._job is not None:
            self._job.cancel()
        else:
            super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # QDialog would press its first button
        else:
            super().keyPressEvent(event)

    def _begin(
        self,
        work: Callable[[Shop, Progress], Prepared] | Callable[[Shop, Progress], Path],
        on_done: Callable[..., None],
    ) -> None:
        self._trouble.hide()
        self._show_working(_("Restoring…"))
        self._job = self.desk.jobs.query(work, on_done, title=_("Restoring…"), on_error=self._failed)
        self._job.ended.connect(self._ended)

    def _ended(self) -> None:
        self._job = None
        self._show_working("")

    def _show_working(self, words: str) -> None:
        self._state.setText(words)
        self.elsewhere_button.setEnabled(not words)
        self.replace_button.setEnabled(not words and self.shown.is_same_shop)

    def _failed(self, error: CrmError) -> None:
        if isinstance(error, PasswordNeeded):
            self._ask_what_opens_it(error.users)
            return
        self._trouble.set_text(str(error))
        self._trouble.show()

    def _prepared(self, prepared: Prepared) -> None:
        self.accept()
        said = _("The backup of {time} is restored: the shop is as it was then.").format(time=self._time)
        self.desk.open_shop(
            prepared.folder,
            page="settings",
            argument="backups",
            between=partial(restore.carry_out, prepared),
            said=said,
        )

    def _unpacked(self, folder: Path) -> None:
        self.accept()
        text = _("It lies in {folder}. The shop that is open now was not touched.").format(folder=folder)
        if self.desk.messages.confirm(_("The backup is restored"), text, yes=_("Open it")):
            self.desk.open_shop(folder)
