"""The two questions of the first run: what the new shop is called and where it lies; who may open it, or not now.

They only collect and say what is wrong; making the shop is the welcome's business.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout

from desktop_crm import shops
from desktop_crm.base import places
from desktop_crm.base.i18n import _
from desktop_crm.base.places import PlaceRefused
from desktop_crm.ui import new_password
from desktop_crm.ui.kit.buttons import IconButton, KeyButton
from desktop_crm.ui.kit.fields import Field, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Drawing, Panel
from desktop_crm.ui.kit.places import documents
from desktop_crm.ui.kit.theme import S4, S12


class NewShopForm(Panel):
    """Name and folder of a new shop.

    Signals:
        wanted(name, folder, page, argument): make it, then open it there.
        left(): the person does not want one after all.
    """

    wanted = Signal(str, object, str, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=S12)
        self._page = "today"
        self._argument: object = None
        self.setMaximumWidth(520)
        self._words = Label("", "quiet", wrap=True)
        self.name = TextField(_("Name of the shop"), required=True, placeholder=_("e.g. Galaxy Phones"))
        self.folder = TextField(_("Folder"), str(shops.own_folder()), required=True)
        self.folder.setToolTip(_("Everything of the shop lies in this folder: data, key and backups."))
        choose = IconButton("folder-open", _("Choose a folder"), on_click=self._choose)
        self.make_button = KeyButton(_("Go on"), "Return", kind="primary", bind=False, on_click=self.make)
        row: QHBoxLayout = hbox((self.folder, 1), choose, spacing=S4)
        row.setAlignment(choose, Qt.AlignmentFlag.AlignBottom)
        self.add(Label(_("Your shop"), "title"))
        self.add(self._words)
        self.add(self.name)
        self.add(row)
        self.add(
            hbox(STRETCH, KeyButton(_("Back"), "Esc", bind=False, on_click=self.left.emit), self.make_button)
        )
        self.name.entered.connect(self.make)
        self.folder.entered.connect(self.make)
        self.folder.line.editingFinished.connect(self._look_at_folder)

    def begin(self, *, page: str, argument: object, words: str) -> None:
        """Say what it is for and where it leads."""
        self._page, self._argument = page, argument
        self._words.setText(words)

    def make(self) -> None:
        """Ask for the shop, if both are filled in and it can be made there."""
        for field in (self.name, self.folder):
            problem = field.problem() or (_against(Path(field.value())) if field is self.folder else "")
            field.fail(problem)
            if problem:
                field.setFocus()
                return
        self.wanted.emit(self.name.value(), Path(self.folder.value()), self._page, self._argument)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("The folder of the shop"), documents())
        if chosen:
            self.folder.set_value(chosen)
            self._look_at_folder()

    def _look_at_folder(self) -> None:
        """Warn of a disk that can be unplugged."""
        self.folder.set_hint(places.warning(places.look(Path(self.folder.value()))))


class ProtectForm(Panel):
    """Name and password of the owner.

    Signals:
        wanted(name, password): make the shop so; the password is "" where nobody wants one now.
        left(): back to the question before.
    """

    wanted = Signal(str, str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=S12)
        self.setMaximumWidth(520)
        words = _(
            "A password locks the file of the shop itself. Without one, anyone with this PC can read the customers; "
            "you can set it later, too."
        )
        head = vbox(Label(_("Who may open it?"), "title"), Label(words, "quiet", wrap=True), spacing=S4)
        self.name = TextField(
            _("Your name"), required=True, hint=_("You are the owner: you may do everything.")
        )
        self.first, self.second = new_password.fields()
        later = KeyButton(_("Not now"), "Alt+N", on_click=self.skip)
        self.make_button = KeyButton(_("Lock it"), "Return", kind="primary", bind=False, on_click=self.make)
        self.add(hbox(Drawing("lock"), (head, 1), spacing=S12))
        for field in self._fields():
            self.add(field)
        back = KeyButton(_("Back"), "Esc", bind=False, on_click=self.left.emit)
        self.add(hbox(back, STRETCH, later, self.make_button))
        self.name.entered.connect(self.first.setFocus)
        self.first.entered.connect(self.second.setFocus)
        self.second.entered.connect(self.make)

    def make(self) -> None:
        """Ask for the shop with this password, if all is filled in."""
        wrong = [(field, field.problem()) for field in self._fields()]
        for field, problem in wrong:
            field.fail(problem)
        first_wrong = next((field for field, problem in wrong if problem), None)
        if first_wrong is None:
            self.wanted.emit(self.name.value(), self.first.value())
        else:
            first_wrong.setFocus()

    def skip(self) -> None:
        """Ask for the shop without a password."""
        self.wanted.emit("", "")

    def _fields(self) -> tuple[Field[str], ...]:
        return self.name, self.first, self.second


def _against(folder: Path) -> str:
    """Why no shop can be made there, as a sentence, or ""."""
    if shops.is_shop(folder):
        return _(
            "There is already a shop in {folder}; it was left as it was. Open it, or choose another folder."
        ).format(folder=folder)
    try:
        places.check_new(folder)
    except PlaceRefused as error:
        return str(error)
    return ""
