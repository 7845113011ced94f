"""Neither the log nor a crash report tells of a customer: what the source logs, and what real failures leave behind."""

from __future__ import annotations

import ast
import io
import logging
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from desktop_crm import backup, cli, customers, notes, search
from desktop_crm.base import log, paths
from desktop_crm.base.errors import CrmError
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.files import reading
from desktop_crm.records.customers import Customer
from desktop_crm.shop import Shop
from desktop_crm.ui.kit import crash

ROOT = Path(__file__).resolve().parent.parent
NAME, NUMBER = "茨威格鸟", "13800997766"
_LOGGERS = ("log", "_LOG", "logger", "LOG")
_LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")


def _log_calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((ROOT / "desktop_crm").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in _LOGGERS
                and node.func.attr in _LEVELS
            ):
                yield f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node


def _is_discreet(argument: ast.expr) -> bool:
    """A kind of error, an id, a count, a word of the program, or a crash report."""
    words = ast.unparse(argument)
    if isinstance(argument, ast.Attribute):
        is_kind = argument.attr in ("__name__", "__qualname__") and words.startswith("type(")
        return is_kind or argument.attr in ("id", "shop_id", "change_id")
    if isinstance(argument, ast.Call):
        return words.startswith(("len(", "report("))
    return isinstance(argument, ast.Name) and argument.id in ("why", "count", "number", "change_id")


def test_what_the_program_logs_are_kinds_and_ids() -> None:
    calls = list(_log_calls())
    assert len(calls) > 10
    for place, call in calls:
        assert isinstance(call.args[0], ast.Constant), f"{place}: the message is a constant"
        assert all(map(_is_discreet, call.args[1:])), f"{place} may tell of somebody: {ast.unparse(call)}"


@pytest.fixture
def log_file() -> Iterator[Path]:
    """The log as the program writes it, where the program writes it."""
    yield log.start(paths.log_dir())
    root = logging.getLogger()
    for handler in [each for each in root.handlers if each.get_name() == "desktop_crm"]:
        root.removeHandler(handler)
        handler.close()


def _written(log_file: Path) -> str:
    return "".join(path.read_text("utf-8") for path in log_file.parent.iterdir())


def test_the_log_quotes_neither_libraries_nor_errors(log_file: Path) -> None:
    logging.getLogger("somelib.reader").warning("cannot read %s", NAME)
    try:
        raise ValueError(f"{NAME} {NUMBER}")
    except ValueError:
        logging.getLogger("desktop_crm.card").exception("it failed")
        logging.getLogger("somelib").exception("it failed for %s", NAME)
    logging.getLogger("desktop_crm").info("no error", exc_info=(None, None, None))
    written = _written(log_file)
    assert NAME not in written
    assert NUMBER not in written
    assert "somelib.reader (said something)" in written
    assert "desktop_crm.card it failed" in written
    assert "test_discreet.py" in written
    assert "ValueError" in written


def _wrong_sql(shop: Shop) -> None:
    with shop.change("wrong", {"customers"}):
        shop.db.execute("INSERT INTO customers (name, nothing) VALUES (?, ?)", (NAME, NUMBER))


def _twice(shop: Shop) -> None:
    with shop.change("twice", {"customers"}):
        for _each in range(2):
            shop.db.insert(Customer(0, NAME, shop.stamp(), card_no=NUMBER))


def _key_error(shop: Shop) -> None:
    found = {customers.get(shop, 1).name: 1}
    found[f"{NAME} {customers.phones(shop, 1)[0].number}"]


def _nested(shop: Shop) -> None:
    try:
        int(customers.get(shop, 1).name)
    except ValueError as error:
        raise RuntimeError(f"{NAME}: {error}") from error


def _broken_workbook(shop: Shop) -> None:
    path = shop.folder / f"{NAME}.xlsx"
    path.write_bytes(b"PK\x03\x04" + NAME.encode() * 50)
    with suppress(CrmError):
        reading.look(path)
    openpyxl.load_workbook(path)


@pytest.mark.parametrize("fail", [_wrong_sql, _twice, _key_error, _nested, _broken_workbook])
def test_a_crash_report_of_a_real_failure_tells_of_nobody(
    shop: Shop, log_file: Path, fail: Callable[[Shop], None]
) -> None:
    customers.add(shop, CustomerDraft(NAME, phones=(PhoneDraft(NUMBER),), note=f"{NAME} 138 0099 7766"))
    with pytest.raises(Exception) as caught:  # noqa: PT011  whatever the failure is
        fail(shop)
    report = crash.report(caught.value)
    logging.getLogger("desktop_crm.ui.kit.crash").error("a bug\n%s", report)
    for text in (report, _written(log_file)):
        for secret in (NAME, NUMBER, "0099 7766", str(shop.folder)):
            assert secret not in text
    assert "test_discreet.py" in report


def test_a_day_of_work_leaves_nobody_in_the_log(
    shop: Shop, log_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = customers.add(shop, CustomerDraft(NAME, phones=(PhoneDraft(NUMBER),)))
    notes.add(shop, one, f"{NAME} ruft zurück")
    search.find(shop, NAME)
    backup.make(shop, "manual")
    sheet = tmp_path / f"{NAME}.csv"
    sheet.write_text(f"姓名,电话\n{NAME},{NUMBER}\n{NAME},12\n", "gb18030")
    rejects = str(tmp_path / "bad.xlsx")
    for words in (
        ["import", str(sheet), "--rejects", rejects],
        ["show", "1"],
        ["show", "99"],
        ["search", NAME],
    ):
        cli.main(["--lang", "en", "--shop", str(shop.folder), *words])
    assert NAME in capsys.readouterr().out
    written = _written(log_file)
    assert "opened shop" in written
    assert NAME not in written
    assert NUMBER not in written


def test_an_error_nobody_caught_says_no_more_in_the_log(log_file: Path) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.Discreet(log.FORMAT))
    logger = logging.getLogger("desktop_crm.test")
    logger.addHandler(handler)
    try:
        raise sqlite3.IntegrityError(NAME)
    except sqlite3.IntegrityError:
        logger.error("caught", exc_info=sys.exc_info())
    finally:
        logger.removeHandler(handler)
    assert "IntegrityError" in stream.getvalue()
    assert NAME not in stream.getvalue() + _written(log_file)
