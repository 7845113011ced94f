"""Renders one set: `python -m tests.screens.render SHOP OUT LANGUAGE light|dark WIDTH HEIGHT [PAGE…]`."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop_crm.base import i18n
from desktop_crm.base.dates import month_of
from desktop_crm.base.i18n import _
from desktop_crm.exporting.orders import Order
from desktop_crm.reports import monthly, output
from desktop_crm.shop import Shop
from desktop_crm.ui import application
from desktop_crm.ui.kit.state import State
from desktop_crm.ui.main_window import MainWindow
from desktop_crm.ui.taking_out import LeavingDialog
from tests.imports_corpus import containers
from tests.imports_corpus.programs import PROGRAMS
from tests.screens import shops

PAGES = (
    "today",
    "customers",
    "card",
    "followups",
    "complaints",
    "performance",
    "reports",
    "clean",
    "clean-duplicates",
    "clean-families",
    "clean-bin",
    "history",
    "audit",
    "data",
    "settings",
    "settings-staff",
    "settings-safety",
    "settings-rights",
    "settings-backups",
    "settings-privacy",
)
"""Keys of pages; what follows a dash is the argument of `Desk.go_to`, as the section of a page."""
DIALOGS = ("customer", "sale", "followup", "complaint", "person")


def main(arguments: list[str]) -> int:
    """Render the asked pages, or all."""
    shop_folder, out, language, theme, width, height, *asked = arguments
    i18n.set_language(language)
    state = State()
    state.put("dark", theme == "dark")
    app = application.make_application(state)
    shop = Shop.open(Path(shop_folder), shops.clock())
    window = MainWindow(shop, state)
    window.resize(int(width), int(height))
    window.show()
    best = shop.db.value(
        "SELECT customer_id FROM purchases GROUP BY 1 HAVING customer_id ORDER BY count(*) DESC LIMIT 1"
    )
    best = best or shop.db.value("SELECT min(id) FROM customers")
    target = Path(out)
    for page in PAGES:
        if (not asked or page in asked) and not (page == "card" and best is None):
            key, _dash, section = page.partition("-")
            window.go_to(key, best if key == "card" else section or None)
            settle(app, window)
            window.grab().save(str(target / f"{page}.png"))
    if not asked or "import" in asked:
        importing(app, window, target)
    window.go_to("card", best) if best is not None else window.go_to("today")
    settle(app, window)
    for dialog in DIALOGS:
        if not asked or dialog in asked:
            picture(app, window, lambda key=dialog: window.run_action(key), target / f"dialog-{dialog}.png")  # type: ignore[misc]
    if not asked or "leaving" in asked:
        picture(app, window, lambda: leaving(window), target / "dialog-leaving.png")
    if not asked or "keys" in asked:
        picture(app, window, window.show_keys, target / "dialog-keys.png")
    if not asked or "welcome" in asked:
        welcome(app, int(width), int(height), target / "welcome.png")
    if not asked or "paper" in asked:
        paper(shop, target)
    window.close()
    shop.close()
    return 0


def importing(app: QApplication, window: MainWindow, target: Path) -> None:
    """Two files that came in: the queue, and the first of its sheets."""
    with TemporaryDirectory() as scratch:
        files = [
            containers.excel(Path(scratch) / f"{program.name}.xlsx", program.table())
            for program in PROGRAMS[-2:]
        ]
        window.go_to("data", tuple(files))
        settle(app, window)
        window.grab().save(str(target / "import.png"))
        QTest.keyClick(app.focusWidget() or window, Qt.Key.Key_Return)
        settle(app, window)
        window.grab().save(str(target / "import-sheet.png"))
        for _once in range(2):
            QTest.keyClick(app.focusWidget() or window, Qt.Key.Key_Escape)
            settle(app, window)


def leaving(window: MainWindow) -> None:
    """The question before everything leaves the shop."""
    order = Order("all", Path.home() / f"{_('Everything')} {window.desk.shop.today()}.db")
    LeavingDialog(window.desk, order, 12_345, lambda: None).open()


def settle(app: QApplication, window: MainWindow) -> None:
    """Wait until no job runs and everything is painted."""
    quiet_since = time.monotonic()
    begin = quiet_since
    while time.monotonic() - quiet_since < 0.25 and time.monotonic() - begin < 20:
        app.processEvents()
        if window.jobs.is_busy:
            quiet_since = time.monotonic()
        time.sleep(0.005)


def picture(app: QApplication, window: MainWindow, begin: Callable[[], object], path: Path) -> None:
    """Open a dialog, which may run a loop of its own, and take its picture over the window's."""

    def take() -> None:
        settle(app, window)
        dialogs = [w for w in app.topLevelWidgets() if w.isVisible() and w is not window and w.width() > 80]
        together(window, dialogs).save(str(path))
        for dialog in dialogs:
            dialog.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
            if hasattr(dialog, "done"):
                dialog.done(0)
            else:
                dialog.close()

    QTimer.singleShot(400, take)
    begin()
    settle(app, window)
    time.sleep(0.1)
    for _turn in range(100):
        app.processEvents()
        time.sleep(0.01)


def together(window: QWidget, dialogs: list[QWidget]) -> QPixmap:
    """The window with its dialogs in the middle, as a window manager would show them."""
    whole = window.grab()
    painter = QPainter(whole)
    for dialog in dialogs:
        painter.drawPixmap(
            QPoint((window.width() - dialog.width()) // 2, (window.height() - dialog.height()) // 2),
            dialog.grab(),
        )
    painter.end()
    return whole


def welcome(app: QApplication, width: int, height: int, path: Path) -> None:
    """The page that is there before any shop."""
    from desktop_crm.ui.welcome import WelcomePage

    page = WelcomePage(lambda *_arguments: None)
    page.resize(min(960, width), min(640, height))
    page.show()
    for _turn in range(20):
        app.processEvents()
        time.sleep(0.01)
    page.grab().save(str(path))
    page.close()


def paper(shop: Shop, target: Path) -> None:
    """Last month's report as PDF and each of its pages as picture."""
    from desktop_crm.files import pdf

    document = monthly.make(shop, month_of(shop.today()).previous())
    output.save(document, target / "report.pdf")
    for number, image in enumerate(pdf.page_images((target / "report.pdf").read_bytes(), 96), 1):
        name = "paper.png" if number == 1 else f"paper-{number}.png"
        (target / name).write_bytes(image)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
