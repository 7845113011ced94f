"""The warning that somebody is there already who looks like the person being typed: who, why, and three keys.

It takes no focus, so that typing goes on. Who is like whom is decided in duplicates.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop_crm.base.i18n import _, ngettext
from desktop_crm.base.values import show_phone
from desktop_crm.duplicates import Likeness
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.kit.theme import S4, S8, S16

DIALOG_KEYS = ("Alt+O", "Alt+A", "Alt+B")
"""Open, join, keep both, in a form."""

Act = Callable[[Likeness], object]


class LikenessBanner(Banner):
    """Who is there already. Hidden until there is somebody.

    Args:
        on_open: called with the first of them. on_join: the same; adds to that card, or makes one card.
        on_apart: they are other people.
        join_text: what joining does. keys: of the three buttons. join_bound: the second key is this banner's own and not
            one of the page that means the same. is_wide: the buttons stand behind the words, not below.
    """

    def __init__(
        self,
        on_open: Act,
        on_join: Act,
        on_apart: Callable[[], object],
        *,
        join_text: str,
        keys: Sequence[str] = DIALOG_KEYS,
        join_bound: bool = True,
        is_wide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        self.open_button = KeyButton(_("Open it"), keys[0], on_click=partial(self._act, on_open))
        self.join_button = KeyButton(
            join_text, keys[1], bind=join_bound, on_click=partial(self._act, on_join)
        )
        self.keep_button = KeyButton(_("Two people"), keys[2], on_click=on_apart)
        for button in (self.open_button, self.join_button, self.keep_button):
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # Tab leads on to the next field, not to these
        super().__init__("", "look", parent=parent)
        self.people: tuple[Likeness, ...] = ()
        self._why = Label("", "small", wrap=True)
        own = self.layout()
        assert own is not None
        held = QWidget()
        words = vbox(self._label, self._why, spacing=S4)
        buttons = hbox(STRETCH, self.open_button, self.join_button, self.keep_button, spacing=S8)
        if is_wide:
            hbox((words, 1), buttons, spacing=S16, on=held)
        else:
            vbox(words, buttons, spacing=S4, on=held)
        own.addWidget(held)
        self.hide()

    def show_people(self, people: Sequence[Likeness]) -> bool:
        """Show these, the likeliest first, or nothing where there is nobody; answers whether that changes anything."""
        if tuple(people) == self.people:
            return False
        self.people = tuple(people)
        if people:
            first = people[0]
            numbers = " / ".join(show_phone(number) for number in first.phones[:2])
            name = f"{first.name} {numbers}".strip()
            self.set_text(_("{name} is there already. The same person?").format(name=name))
            more = len(people) - 1
            words = first.words()
            if more:
                rest = ngettext("and {count} more card like that", "and {count} more cards like that", more)
                words = _("{reasons} ({rest})").format(reasons=words, rest=rest.format(count=more))
            self._why.setText(words)
        self.setVisible(bool(people))
        return True

    def _act(self, act: Act) -> None:
        if self.people:
            act(self.people[0])
