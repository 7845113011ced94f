"""What the computer remembers, its log, and where things lie."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_crm.base import log, machine, paths


def test_what_was_remembered_is_there_again(tmp_path: Path) -> None:
    machine.remember({machine.LANGUAGE: "en"}, tmp_path)
    machine.remember({machine.LAST_SHOP: "店"}, tmp_path)
    assert machine.read(tmp_path) == {"language": "en", "last_shop": "店"}


@pytest.mark.parametrize("text", ["", "[1]", "{"])
def test_a_damaged_memory_is_an_empty_one(tmp_path: Path, text: str) -> None:
    (tmp_path / machine.FILE).write_text(text)
    assert machine.read(tmp_path) == {}


def test_a_place_that_cannot_be_written_to_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    machine.remember({"a": 1}, tmp_path / "file")
    assert machine.read(tmp_path / "file") == {}


@pytest.fixture
def no_handlers() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield
    for handler in root.handlers[:]:
        if handler not in before[0]:
            root.removeHandler(handler)
            handler.close()
    root.setLevel(before[1])


@pytest.mark.usefixtures("no_handlers")
def test_the_log_is_a_file(tmp_path: Path) -> None:
    path = log.start(tmp_path / "logs")
    logging.getLogger("desktop_crm.test").info("hello %s", 7)
    assert "hello 7" in path.read_text("utf-8")


@pytest.mark.usefixtures("no_handlers")
def test_without_a_place_there_is_no_log_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert not log.start(tmp_path / "file" / "logs").exists()


def test_places_are_named_after_the_program() -> None:
    assert {paths.data_dir().name, paths.config_dir().name} == {"desktop-crm"}
    assert "desktop-crm" in str(paths.log_dir())
    assert paths.resource("fonts", "OFL.txt").is_file()
