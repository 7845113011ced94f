"""The whole window, page by page and with a sheet of paper, holds no socket to the internet."""

from __future__ import annotations

import socket

from pytestqt.qtbot import QtBot

from desktop_crm.base.dates import parse_period
from desktop_crm.reports import monthly, output
from desktop_crm.ui.main_window import PAGES, MainWindow
from tests.flows.conftest import quiet
from tests.no_internet import open_sockets


def test_no_page_holds_a_socket_to_the_internet(window: MainWindow, qtbot: QtBot) -> None:
    here, there = socket.socketpair()
    for spec in PAGES:
        if spec.key != "card":
            window.go_to(spec.key)
            quiet(qtbot, window)
    window.open_customer(1)
    quiet(qtbot, window)
    output.sheet(monthly.make(window.desk.shop, parse_period("2026-10")))
    assert open_sockets() == []
    here.close()
    there.close()
