"""Pages and actions made up for tests of the window."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop_crm.settings import SHOP_NAME
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import vbox
from desktop_crm.ui.page import ActionSpec, Badge, Desk, Page, PageSpec

HERE: Final = "tests.ui.pages"
begun: list[int | None] = []
"""Customers for whom the made-up action was begun; tests empty it first."""
offered: list[int | None] = []
"""Customers to whom it was only offered."""


class NamePage(Page):
    """Shows the shop's name and counts its loads."""

    depends_on = frozenset({"settings"})

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.loads = 0
        self.opened: list[object] = []
        self.backs = 0
        self.name = Label("")
        self.field = QLineEdit()
        vbox(self.name, self.field, on=self)

    def load(self) -> None:
        self.loads += 1
        self.desk.jobs.query(lambda shop: shop.get(SHOP_NAME), self.name.setText, key=f"name.{id(self)}")

    def open(self, argument: object) -> None:
        self.opened.append(argument)

    def current_customer(self) -> int | None:
        return self.opened[-1] if self.opened and isinstance(self.opened[-1], int) else None

    def go_back(self) -> bool:
        self.backs -= 1
        return self.backs >= 0

    def rename(self, name: str, *, own: bool = True) -> None:
        """Change the shop's name, as its own change or as somebody's."""

        def change(shop: Shop) -> None:
            with shop.change("Rename", {"settings"}):
                shop.put(SHOP_NAME, name)

        self.desk.jobs.change(change, initiator=self if own else None)


class PersonPage(NamePage):
    """All about one customer."""

    is_of_one_customer = True


class OtherPage(NamePage):
    """Another one, which nothing makes stale."""

    depends_on = frozenset({"complaints"})


def badge(shop: Shop) -> Badge:
    """As many as the shop's name has letters."""
    return Badge(len(shop.get(SHOP_NAME)), "bad")


def offer(_desk: Desk, customer_id: int | None) -> None:
    """Note to whom it was only offered."""
    offered.append(customer_id)


def begin(_desk: Desk, customer_id: int | None) -> None:
    """Note for whom it was begun."""
    begun.append(customer_id)


PAGES: Final = (
    PageSpec("today", "Today", f"{HERE}:NamePage", badge=f"{HERE}:badge", depends_on=frozenset({"settings"})),
    PageSpec("customers", "Customers", f"{HERE}:OtherPage"),
    PageSpec("card", "", f"{HERE}:PersonPage", within="customers"),
    PageSpec("settings", "Settings", f"{HERE}:OtherPage"),
)
ACTIONS: Final = (
    ActionSpec("sale", "Sale", "F2", f"{HERE}:begin", offered=f"{HERE}:offer"),
    ActionSpec("person", "Person", "F12", f"{HERE}:begin", in_bar=False),
)
