"""What a page is to the window and what the window is to a page. The pages are in the files of their nouns."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop_crm.ui.kit.jobs import Jobs
from desktop_crm.ui.kit.messages import Messages
from desktop_crm.ui.kit.state import State

if TYPE_CHECKING:
    from desktop_crm.history import Undone
    from desktop_crm.rights import Right
    from desktop_crm.shop import Shop


@dataclass(frozen=True)
class PageSpec:
    """One line of `main_window.PAGES`.

    Attributes:
        key: how it is called in `Desk.go_to`.
        title: its entry in the rail, marked with N_; "" for a page that is not in the rail.
        place: "module:Class"; imported and built when it is first shown.
        badge: "module:function" giving a `Badge`, asked on a reader thread; "" for none.
        depends_on: the kinds of change after which the badge is asked again.
        within: the rail entry that is lit while it is shown; its own by default.
        called: what the sheet of keys calls a page that is not in the rail, marked with N_.
    """

    key: str
    title: str
    place: str
    badge: str = ""
    depends_on: frozenset[str] = frozenset()
    within: str = ""
    called: str = ""


@dataclass(frozen=True)
class ActionSpec:
    """One line of `main_window.ACTIONS`: something that can be begun from anywhere.

    Attributes:
        key: how it is called in `Desk.run_action`.
        title: marked with N_.
        shortcut: its key.
        place: "module:function", called with the desk and the open customer's id or None.
        in_bar: whether it has a button at the top.
        offered: "module:function" called instead where the customer is only selected on a page about many, not open;
            "" for the same one.
    """

    key: str
    title: str
    shortcut: str
    place: str
    in_bar: bool = True
    offered: str = ""


def resolve(place: str) -> Any:  # a class or function of whatever kind
    """What "module:name" names, importing the module."""
    module, name = place.split(":")
    return getattr(importlib.import_module(module), name)


def page_digit(place: int) -> str:
    """The digit that leads to the page at a place of the rail, 0-based; "" for the eleventh and later."""
    return str((place + 1) % 10) if place < 10 else ""


@dataclass(frozen=True)
class Badge:
    """The number behind a rail entry; 0 shows none."""

    count: int
    tone: str = "grey"


@dataclass(frozen=True)
class Desk:
    """What a page may use: the shop, the threads, words to the person, and ways to other places.

    The functions are the window's; a page never gets hold of the window's parts. `warn` keeps a sentence across the top
    until it is called with "". `whom` is the customer who is shown or marked, `lock` covers the screen.
    """

    jobs: Jobs
    messages: Messages
    state: State
    window: QWidget
    go_to: Callable[..., None]
    open_customer: Callable[[int], None]
    back: Callable[[], None]
    run_action: Callable[..., None]
    done: Callable[[str], None]
    undo: Callable[[], None]
    redo: Callable[[], None]
    tell_undone: Callable[[Undone], None]
    set_person: Callable[[int | None], None]
    set_language: Callable[[str], None]
    set_dark: Callable[[bool], None]
    open_shop: Callable[..., None]
    warn: Callable[[str], None]
    whom: Callable[[], int | None]
    lock: Callable[..., None]

    @property
    def shop(self) -> Shop:
        """The open shop, with who is at the counter now."""
        return self.jobs.shop

    def may(self, right: Right) -> bool:
        """Whether the person at the counter may begin something; where not, they are told who may."""
        if not self.shop.may(right):
            self.jobs.query(lambda shop: shop.require(right), lambda _may: None)
            return False
        return True


class Page(QWidget):
    """The base of all pages: builds its widgets, loads by `desk.jobs`, shows.

    Attributes:
        depends_on: the kinds of change that make it out of date.
        keys: (key, what it does, marked with N_) of everything on it, for the sheet of keys.
        is_of_one_customer: it shows one customer all round, and what is begun there is for nobody else.
    """

    depends_on: frozenset[str] = frozenset()
    keys: tuple[tuple[str, str], ...] = ()
    is_of_one_customer = False

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.is_stale = True

    def load(self) -> None:
        """Ask for what is shown; called when first shown, on F5 and when out of date."""

    def open(self, argument: object) -> None:
        """Show what `go_to(key, argument)` names, e.g. a customer's id; called before `load`."""

    def current_customer(self) -> int | None:
        """Whom a sale, follow-up or complaint begun now is for."""
        return None

    def looked_at(self) -> int | None:
        """Who is shown or marked, whose numbers F9 shows."""
        return self.current_customer()

    def go_back(self) -> bool:
        """Esc: close what is open inside the page; False where nothing is."""
        return False
