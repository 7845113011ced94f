"""A form in a dialog: fields below each other, one button that saves. What was typed is never lost.

The form collects; what a valid thing is and how it is saved is the feature function's business (`job`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import _
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.choices import ChoiceField
from desktop_crm.ui.kit.fields import (
    CheckField,
    DayField,
    Field,
    MoneyField,
    NoteField,
    PhoneField,
    TextField,
)
from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, scrolling, vbox
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.theme import S4, S8, S12, S20

if TYPE_CHECKING:
    from desktop_crm.shop import Shop

__all__ = [
    "CheckField",
    "ChoiceField",
    "DayField",
    "FormDialog",
    "MoneyField",
    "NoteField",
    "PhoneField",
    "TextField",
]

T = TypeVar("T")
FieldT = TypeVar("FieldT", bound=Field[Any])  # fields of any value
WidgetT = TypeVar("WidgetT", bound=QWidget)


class FormDialog(QDialog, Generic[T]):
    """The base of all forms: Enter goes on and at last saves, Ctrl+Enter saves, Esc closes.

    A form overrides `job` and has a classmethod that opens it and returns what saving gave, or None.

    Args:
        jobs: where the change is queued; while a long one runs the form says so and stays open.
        parent: the window before which it opens.
        title: what the form is for. note: quiet words below.
        initiator: whose own change it is (a page that updates itself).
    """

    def __init__(
        self,
        jobs: Jobs,
        parent: QWidget | None,
        *,
        title: str,
        save_text: str = "",
        note: str = "",
        width: int = 460,
        initiator: object | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._jobs, self._initiator = jobs, initiator
        self._fields: list[Field[Any]] = []  # fields of any value
        self._result: T | None = None
        self._on_saved: Callable[[T], object] | None = None
        self._touched = self._saving = False
        self._leaving = self._is_filled = False
        self._width = width
        self._build(title, note, save_text or _("Save"))

    def _build(self, title: str, note: str, save_text: str) -> None:
        self._trouble = Banner("", "bad")
        self._trouble.hide()
        held = QWidget()
        self.body = vbox(spacing=S12, margins=(S20, 0, S20, S4), on=held)
        self.save_button = KeyButton(save_text, "Ctrl+Return", kind="primary", bind=False, on_click=self.save)
        self._close_button = KeyButton(_("Close"), "Esc", bind=False, on_click=self.reject)
        self._state = Label("", "quiet")
        self.foot = hbox(
            self._state,
            STRETCH,
            self._close_button,
            self.save_button,
            spacing=S8,
            margins=(S20, S12, S20, S20),
        )
        head = vbox(Label(title, "title", wrap=True), spacing=2, margins=(S20, S20, S20, S12))
        if note:
            head.addWidget(Label(note, "quiet", wrap=True))
        held.installEventFilter(self)
        self._area = scrolling(held)
        vbox(
            head,
            hbox(self._trouble, margins=(S20, 0, S20, S12)),
            (self._area, 1),
            self.foot,
            spacing=0,
            on=self,
        )
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(key), self).activated.connect(self.save)

    # ------------------------------------------------------------ to be overridden

    def job(self) -> Callable[[Shop], T]:
        """Take the values (all fields are right) and return what the writer thread shall run."""
        raise NotImplementedError

    def problem(self) -> str:
        """What is wrong with the form as a whole, as a sentence, or ""."""
        return ""

    # ------------------------------------------------------------ building

    def add(self, field: FieldT) -> FieldT:
        """Put a field below the others."""
        self._know(field)
        self.body.addWidget(field)
        return field

    def add_row(self, *fields: Field[Any], stretches: Sequence[int] = ()) -> None:  # fields of any value
        """Put fields side by side, equally wide or by `stretches`."""
        for field in fields:
            self._know(field)
        shares = stretches or (1,) * len(fields)
        row = hbox(*zip(fields, shares, strict=True), spacing=S12)
        for place in range(row.count()):
            row.setAlignment(fields[place], Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(row)

    def add_widget(self, widget: WidgetT) -> WidgetT:
        """Put anything else below the others."""
        self.body.addWidget(widget)
        return widget

    # ------------------------------------------------------------ opening

    def run(self) -> T | None:
        """Open it before everything else; what saving gave, or None when it was closed."""
        self.exec()
        return self._result

    def open_with(self, on_saved: Callable[[T], object]) -> None:
        """Open it and go on; `on_saved` gets what saving gave."""
        self._on_saved = on_saved
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.open()

    def save(self) -> None:
        """Save, if everything is right; otherwise say what is not and go there."""
        if self._saving:
            return
        wrong = [(field, problem) for field in self._fields if (problem := field.problem())]
        for field in self._fields:
            field.fail(next((problem for other, problem in wrong if other is field), ""))
        if wrong:
            wrong[0][0].editor.setFocus()
            self._area.ensureWidgetVisible(wrong[0][0])
            return
        sentence = self.problem()
        self._say_trouble(sentence)
        if sentence:
            return
        self._set_saving(True)
        self._jobs.change(self.job(), self._saved, on_error=self._not_saved, initiator=self._initiator)

    def fill(self, show: Callable[[Any], None], found: Any) -> None:  # whatever was read
        """Let `show` put what was read into the fields: that is not typed, and Esc need not ask about it."""
        touched = self._touched
        show(found)
        self._touched = touched

    def reject(self) -> None:
        """Close; where something was typed, the first Esc only asks, a second one closes."""
        if self._saving:
            return
        if self._touched and not self._leaving:
            self._leaving = True
            self._state.setText(_("Not saved yet. Esc again closes without saving."))
            return
        super().reject()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # QDialog would press its first button
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._is_filled:
            self._is_filled = True
            self.body.addStretch(1)  # what height is left over stays below the fields, not between them
        self._fit()
        if self._fields and self.focusWidget() in (None, self):
            self._fields[0].editor.setFocus()

    def is_touched(self) -> bool:
        """Whether something was typed that is not saved."""
        return self._touched

    def warn(self, sentence: str) -> None:
        """Say a sentence on top of the form."""
        self._say_trouble(sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._area.widget() and self.isVisible():
            self._grow()  # a sentence came under a field, or fields came: nothing of the form hides below its edge
        if event.type() == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            QTimer.singleShot(0, self, self._show_focused)  # after the layout of what came with it
        return super().eventFilter(watched, event)

    # ------------------------------------------------------------ inside

    def _show_focused(self) -> None:
        """The field that has the keys is in sight."""
        field = next((each for each in self._fields if each.editor.hasFocus()), None)
        if field is not None:
            self._area.ensureWidgetVisible(field)

    def _grow(self) -> None:
        """Higher, if the fields need it and there is room; never smaller under somebody's eyes."""
        height = self._wanted_height()
        if height > self.height():
            self.resize(self.width(), height)

    def _fit(self) -> None:
        """As high as the fields need and at least as wide, but never higher than the screen or the window behind."""
        held = self._area.widget()
        width = max(self._width, held.minimumSizeHint().width() if held is not None else 0)
        self._area.setMinimumHeight(0)
        self.resize(width, self._wanted_height())

    def _wanted_height(self) -> int:
        held = self._area.widget()
        wanted = held.sizeHint().height() if held is not None else 0
        layout = self.layout()
        # for the width: a note of several lines counts as one line otherwise
        least = layout.totalMinimumHeightForWidth(max(self.width(), self._width)) if layout is not None else 0
        rest = max(0, least - self._area.minimumSizeHint().height())
        parent = self.parentWidget()
        most = self.screen().availableGeometry().height() - 48
        if parent is not None:
            most = min(most, max(parent.window().height() - 24, 320))
        return min(wanted + rest + S8, most)

    def _know(self, field: Field[Any]) -> None:  # fields of any value
        self._fields.append(field)
        field.editor.installEventFilter(self)
        field.changed.connect(self._touch)
        field.entered.connect(lambda: self._go_on(field))

    def _touch(self) -> None:
        self._touched = self.isVisible() or self._touched
        if self._leaving:
            self._leaving = False
            self._state.setText("")

    def _go_on(self, field: Field[Any]) -> None:  # fields of any value
        place = self._fields.index(field)
        following = next((each for each in self._fields[place + 1 :] if each.isVisible()), None)
        if following is None:
            self.save()
        else:
            following.editor.setFocus()

    def _saved(self, result: T) -> None:
        self._result = result
        self._set_saving(False)
        self.accept()
        if self._on_saved is not None:
            self._on_saved(result)

    def _not_saved(self, error: CrmError) -> None:
        self._set_saving(False)
        self._say_trouble(str(error))

    def _say_trouble(self, sentence: str) -> None:
        self._trouble.set_text(sentence)
        self._trouble.setVisible(bool(sentence))
        if sentence:
            self._fit()

    def _set_saving(self, saving: bool) -> None:
        self._saving = saving
        self.save_button.setEnabled(not saving)
        self._state.setText(_("Saving…") if saving else "")


def leave_dialogs() -> bool:
    """Close what is open before the window, front one first; False where a form holds what was typed: it stays and says so."""
    while isinstance(dialog := QApplication.activeModalWidget(), QDialog):
        if isinstance(dialog, FormDialog) and dialog.is_touched():
            dialog.warn(_("This is not saved yet. Save or close it first."))
            return False
        dialog.done(QDialog.DialogCode.Rejected)
    return True
