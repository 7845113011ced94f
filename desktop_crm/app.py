"""Boot without Qt: log, language, which shop; then hand over to the window, or do without a screen.

Nothing slow is imported here: the window must be there at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from desktop_crm import shops
from desktop_crm.base import i18n, log, machine, paths
from desktop_crm.base.i18n import _


def main() -> int:
    """The windowed entry point, without arguments: opens the last shop, or the welcome."""
    boot()
    return start(None)


def boot(language: str | None = None) -> None:
    """Start the log and choose the language: the given one, the remembered one, else Chinese."""
    log.start(paths.log_dir())
    chosen = language or machine.read().get(machine.LANGUAGE)
    i18n.set_language(chosen if chosen in i18n.LANGUAGES else i18n.LANGUAGES[0])


def has_screen() -> bool:
    """Whether a window can be shown here."""
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def start(folder: Path | None) -> int:
    """Show the window of the shop in `folder`, of the last one, or the welcome; answer the exit status."""
    if not has_screen():
        return without_screen()
    from desktop_crm.ui import application  # Qt only where there is a screen

    return application.run(folder or shops.last_used())


def without_screen() -> int:
    """Say that there is no screen, make the demo shop if needed, and print last month's report of it as PDF."""
    from desktop_crm.base.dates import month_of  # the slow parts, and only here
    from desktop_crm.reports import monthly, output
    from desktop_crm.shop import Shop

    sys.stdout.write(_("There is no screen here, so no window can be shown.") + "\n")
    folder = shops.demo_folder()
    if not shops.is_shop(folder):
        sys.stdout.write(_("Making the demo shop in {folder} …").format(folder=folder) + "\n")
        sys.stdout.flush()
    shop = Shop.open(shops.ready_demo())
    try:
        period = month_of(shop.today()).previous()
        out = folder / f"{period.label()}.pdf"
        output.save(monthly.make(shop, period), out)
    finally:
        shop.close()
    sys.stdout.write(_("The report of {period} is in {file}.").format(period=period.label(), file=out) + "\n")
    return 0
