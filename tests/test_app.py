"""Starting: the language, which shop, the window where there is a screen, the report where there is none."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_crm import app, demo, shops
from desktop_crm.base import i18n, machine, paths
from desktop_crm.shop import Shop
from desktop_crm.ui import application

ROOT = Path(app.__file__).parents[1]


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """The log of the boot ends with the test."""
    before = list(logging.getLogger().handlers)
    yield
    for handler in logging.getLogger().handlers[:]:
        if handler not in before:
            logging.getLogger().removeHandler(handler)
            handler.close()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """The folders that windows were opened for."""
    opened: list[Path | None] = []

    def run(folder: Path | None) -> int:
        opened.append(folder)
        return 7

    monkeypatch.setattr(application, "run", run)
    return opened


def test_the_language_is_the_given_one_the_remembered_one_or_chinese() -> None:
    app.boot()
    assert i18n.current_language() == "zh_CN"
    machine.remember({machine.LANGUAGE: "en"})
    app.boot()
    assert i18n.current_language() == "en"
    app.boot("zh_CN")
    assert i18n.current_language() == "zh_CN"
    machine.remember({machine.LANGUAGE: "klingon"})
    app.boot()
    assert i18n.current_language() == "zh_CN"


def test_the_log_is_written_once_however_often_one_boots(own_places: Path) -> None:
    app.boot()
    app.boot()
    logging.getLogger("desktop_crm.test").info("once")
    text = (paths.log_dir() / "desktop-crm.log").read_text("utf-8")
    assert text.count("once") == 1
    assert own_places in paths.log_dir().parents


def test_the_window_opens_the_named_shop_the_last_one_or_the_welcome(
    shop: Shop, windows: list[Path | None], tmp_path: Path
) -> None:
    assert app.main() == 7
    shops.remember(shop.folder, is_demo=False)
    app.main()
    app.start(tmp_path)
    assert windows == [None, shop.folder, tmp_path]


@pytest.mark.parametrize(
    ("platform", "environment", "answer"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {"QT_QPA_PLATFORM": "offscreen"}, True),
        ("win32", {}, True),
    ],
)
def test_a_screen_is_known(
    monkeypatch: pytest.MonkeyPatch, platform: str, environment: dict[str, str], answer: bool
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert app.has_screen() is answer


def test_without_a_screen_last_months_report_of_the_demo_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], windows: list[Path | None]
) -> None:
    monkeypatch.setattr(app, "has_screen", lambda: False)
    real = demo.make
    monkeypatch.setattr(
        demo, "make", lambda folder, progress=None: real(folder, customers=60, progress=progress)
    )
    assert app.start(None) == 0
    first, making, last = capsys.readouterr().out.splitlines()
    assert first == "There is no screen here, so no window can be shown."
    assert str(shops.demo_folder()) in making
    (made,) = shops.demo_folder().glob("*.pdf")
    assert made.name in last
    assert made.read_bytes().startswith(b"%PDF-")
    assert windows == []
    assert app.start(None) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2, "the demo is there already"


def test_half_a_demo_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class StopError(Exception):
        pass

    def stop(folder: Path, progress: object = None) -> None:
        Shop.create(folder, "half").close()
        raise StopError

    with monkeypatch.context() as patched, pytest.raises(StopError):
        patched.setattr(demo, "make", stop)
        shops.ready_demo()
    assert list(shops.demo_folder().parent.iterdir()) == []


def test_it_starts_as_a_module_and_says_what_it_is(own_places: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "desktop_crm", "--help"],
        env=os.environ | {"XDG_STATE_HOME": str(own_places)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "不带命令时打开窗口" in done.stdout
