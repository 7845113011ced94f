"""No door of the program shows a full phone number to who may not see it; each is tried on a shop full of numbers."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from desktop_crm import card, cli, customer_list, customers, demo, duplicates, history, masks, search, staff
from desktop_crm.audit_list import AuditWanted
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import parse_period
from desktop_crm.base.document import Document
from desktop_crm.cli.shared import plain
from desktop_crm.exporting import audit as audit_file
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.exporting.seen import Seen
from desktop_crm.reports import card as card_paper
from desktop_crm.reports import lists, monthly, output
from desktop_crm.rights import NotAllowed
from desktop_crm.settings import CLERK_RIGHTS
from desktop_crm.shop import Shop
from tests import canaries
from tests.conftest import NOW


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop full of numbers, made once, only read."""
    i18n.set_language("en")
    folder = tmp_path_factory.mktemp("canaries") / "shop"
    demo.make(folder, customers=60, until=date(2026, 11, 21))
    with closing(Shop.open(folder, FixedClock(NOW))) as shop:
        canaries.plant(shop)
        canaries.clerk_of(shop)
        with shop.change("Clerks may take lists out", {"settings"}):
            shop.put(CLERK_RIGHTS, ("export", "settings"))
        yield shop


@pytest.fixture(scope="module")
def numbers(planted: Shop) -> frozenset[str]:
    """Every number of it."""
    found = canaries.secrets(planted)
    assert len(found) > 1_000, "it is full of them"
    return found


@pytest.fixture
def clerk(planted: Shop) -> Shop:
    """The shop, and somebody at the counter who may take lists out but not see numbers."""
    return canaries.clerk_of(planted)


def texts_of(file: Path) -> list[str]:
    """All texts in a file that somebody took out."""
    if file.suffix == ".xlsx":
        with zipfile.ZipFile(file) as parts:
            return [parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")]
    if file.suffix == ".pdf":
        return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(file)]
    return [file.read_text("utf-8-sig").replace("\r\n ", "")]


CANNOT_HOLD_ALL = ("db", "zip")


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        (ending, kind)
        for ending, kinds in orders.FORMATS.items()
        for kind in kinds
        if ending not in CANNOT_HOLD_ALL
    ],
)
def test_no_file_holds_a_number(
    clerk: Shop, planted: Shop, numbers: frozenset[str], tmp_path: Path, ending: str, kind: Any
) -> None:
    whole = orders.export(planted, Order(kind, tmp_path / f"whole.{ending}"))
    hidden = orders.export(clerk, Order(kind, tmp_path / f"hidden.{ending}"))
    assert hidden.rows == whole.rows > 0
    assert canaries.leaks(texts_of(whole.file), numbers), "the owner's file does"
    assert canaries.leaks(texts_of(hidden.file), numbers) == []


def test_a_list_as_it_is_seen_holds_no_number(clerk: Shop, numbers: frozenset[str], tmp_path: Path) -> None:
    shown = Seen(["name", "phone", "tags", "card_no", "source", "region", "device"])
    for ending in orders.OF_SEEN:
        made = orders.export(clerk, Order("customers", tmp_path / f"seen.{ending}", seen=shown))
        assert canaries.leaks(texts_of(made.file), numbers) == []


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_audit_trail_that_is_taken_out_holds_no_number(
    clerk: Shop, numbers: frozenset[str], tmp_path: Path, ending: str
) -> None:
    made = audit_file.save(clerk, AuditWanted(), tmp_path / f"trail.{ending}")
    assert made.rows > 10
    assert canaries.leaks(texts_of(made.file), numbers) == []


@pytest.mark.parametrize("ending", CANNOT_HOLD_ALL)
def test_a_copy_of_everything_is_only_for_who_may_see_numbers(
    clerk: Shop, tmp_path: Path, ending: str
) -> None:
    with pytest.raises(NotAllowed, match="may not see full phone numbers"):
        orders.export(clerk, Order("all", tmp_path / f"copy.{ending}"))
    assert list(tmp_path.iterdir()) == []


def papers(shop: Shop, ids: list[int]) -> Iterator[Document]:
    yield lists.due_list(shop)
    yield lists.customer_list(shop, ids)
    yield monthly.make(shop, parse_period("2026-10"))
    for customer_id in ids[:12]:
        yield card_paper.document(shop, masks.veil(shop, card.gather(shop, customer_id)))


def everybody(shop: Shop) -> list[int]:
    return [row[0] for row in shop.db.rows("SELECT id FROM customers ORDER BY id DESC")]


def test_no_paper_holds_a_number(clerk: Shop, planted: Shop, numbers: frozenset[str], tmp_path: Path) -> None:
    ids = everybody(planted)
    assert canaries.leaks([str(paper) for paper in papers(planted, ids)], numbers), "the owner's do"
    for place, paper in enumerate(papers(clerk, ids)):
        assert canaries.leaks([str(paper)], numbers) == []
        if place < 4:  # the same document becomes the file; setting each would take long
            output.save(paper, tmp_path / "paper.pdf")
            output.save(paper, tmp_path / "paper.xlsx")
            assert canaries.leaks(texts_of(tmp_path / "paper.pdf"), numbers) == []
            assert canaries.leaks(texts_of(tmp_path / "paper.xlsx"), numbers) == []
    sheet = card_paper.sheet(clerk, ids[0])
    (tmp_path / "sheet.pdf").write_bytes(sheet.pdf)
    assert canaries.leaks(texts_of(tmp_path / "sheet.pdf"), numbers) == []


def commands(shop: Shop) -> list[list[str]]:
    """Every command that answers about customers, and what it is asked."""
    ids = everybody(shop)
    tail = shop.db.value("SELECT substr(number, -4) FROM phones WHERE length(number) = 11 LIMIT 1")
    steps = [each.id for each in history.steps(shop, limit=40)]
    asked = [["show", str(each)] for each in ids[:25]]
    asked += [["changes", str(each), "--limit", "200"] for each in steps]
    asked += [
        ["search", tail],
        ["search", "87654321"],
        ["search", "一号"],
        ["search", "note:139"],
        ["search", "0571"],
    ]
    asked += [
        ["due"],
        ["due", "--on", "2027-12-31"],
        ["tiers"],
        ["duplicates"],
        ["history", "--limit", "500"],
    ]
    return [*asked, ["kpis", "--period", "2026-10"], ["audit", "--limit", "300"]]


def test_no_command_prints_a_number(
    planted: Shop, clerk: Shop, numbers: frozenset[str], capsys: pytest.CaptureFixture[str]
) -> None:
    named = ["--lang", "en", "--shop", str(planted.folder)]
    name = staff.name_of(clerk, clerk.staff_id)
    for command in commands(planted):
        for form in ([], ["--json"]):
            assert cli.main([*named, *form, "--user", name, *command]) == 0
            shown = capsys.readouterr()
            lines = [line for line in (shown.out + shown.err).splitlines() if '"query"' not in line]
            assert canaries.leaks(lines, numbers) == [], command
    assert cli.main([*named, "show", str(everybody(planted)[0])]) == 0
    assert canaries.leaks([capsys.readouterr().out], numbers), "without a clerk they do"


def test_a_card_is_revealed_on_the_command_line_and_that_is_noted(
    planted: Shop, clerk: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    known = planted.db.value("SELECT id FROM customers WHERE name LIKE '同号%'")
    named = ["--lang", "en", "--shop", str(planted.folder), "--user", staff.name_of(clerk, clerk.staff_id)]
    assert cli.main([*named, "show", str(known), "--reveal"]) == 0
    shown = capsys.readouterr().out
    assert "139 1234 5678" in shown
    assert "87654321" in shown
    newest = planted.db.row("SELECT action, customer_id, staff_id FROM audit ORDER BY id DESC LIMIT 1")
    assert newest == ("reveal", known, clerk.staff_id)
    assert cli.main([*named, "merge", "1", "1"]) == 1
    assert capsys.readouterr().err, "a refusal on the command line passes the veil too"


def test_no_refusal_names_a_number(clerk: Shop, planted: Shop, numbers: frozenset[str]) -> None:
    taken = next(
        each for each in everybody(planted) if customers.get(planted, each).card_no.startswith("1391111")
    )
    with pytest.raises(customers.CardNoTaken) as caught:
        customers.add(clerk, customers.CustomerDraft("二号", card_no=customers.get(planted, taken).card_no))
    assert canaries.leaks([str(caught.value)], numbers)
    assert canaries.leaks([str(masks.veil(clerk, caught.value))], numbers) == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda shop: search.find(shop, "139"),
        lambda shop: duplicates.find(shop),
        lambda shop: customer_list.lines(shop, everybody(shop)),
        lambda shop: [card.gather(shop, each) for each in everybody(shop)[:20]],
        lambda shop: [history.row_changes(shop, each.id, 100) for each in history.steps(shop, limit=80)],
    ],
)
def test_a_veiled_answer_is_otherwise_the_same(
    clerk: Shop, planted: Shop, numbers: frozenset[str], ask: Any
) -> None:
    whole = ask(planted)
    assert masks.veil(planted, whole) is whole
    hidden = masks.veil(clerk, ask(clerk))
    assert canaries.leaks([str(plain(whole))], numbers), "the question is one that shows numbers"
    assert canaries.leaks([str(plain(hidden))], numbers) == []
    assert type(hidden) is type(whole)
    assert len(str(plain(hidden))) <= len(str(plain(whole)))
