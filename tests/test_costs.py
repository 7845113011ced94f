"""Costs: who may not see them finds none anywhere and never overwrites one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from desktop_crm import (
    card,
    customers,
    history,
    kpis,
    merge,
    performance,
    products,
    purchases,
    roles,
    search,
    staff,
    store,
    timeline,
)
from desktop_crm.base.dates import month_of
from desktop_crm.cli import main
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.importing import applying, memories, originals, plan
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.products import Product
from desktop_crm.records.purchases import PurchaseLine
from desktop_crm.reports import monthly
from desktop_crm.rights import GIVABLE
from desktop_crm.shop import Shop

COST = 51234567
CANARIES = ("51234567", "512345", "512,345", "51234", "8765432")
"""The cost as it is stored and as people write it, and the margin that it would give away."""

PHONE = LineDraft("iPhone 17", COST + 8765432, imei="490154203237518", cost_fen=COST)


@pytest.fixture
def wang(shop: Shop) -> int:
    """Somebody who bought a phone whose cost is known."""
    found = customers.add(shop, CustomerDraft(name="王芳", phones=(PhoneDraft("13800138000"),)))
    purchases.record(shop, SaleDraft((PHONE,), customer_id=found))
    return found


@pytest.fixture
def clerk(shop: Shop, wang: int) -> Shop:
    """Somebody at the counter who may do everything but see costs."""
    roles.save(shop, "clerk", set(GIVABLE) - {"cost"})
    return shop.at_counter(staff.add(shop, "小王"))


def costs(shop: Shop) -> list[int | None]:
    """Of all lines and then of all products, as stored."""
    found = shop.db.rows("SELECT cost_fen FROM purchase_lines ORDER BY id") + shop.db.rows(
        "SELECT cost_fen FROM products ORDER BY id"
    )
    return [cost for (cost,) in found]


def product(shop: Shop) -> Product:
    return products.listing(shop)[0]


# ---------------------------------------------------------------- seeing


def answers(shop: Shop, customer_id: int) -> Iterator[object]:
    """What the features answer about the sale, its product and the month."""
    month = month_of(shop.today())
    yield products.listing(shop)
    yield products.catalogue(shop)
    yield products.by_imei(shop, PHONE.imei)
    yield purchases.latest(shop)
    yield purchases.of_customer(shop, customer_id)
    yield purchases.find(shop, PHONE.imei)
    yield card.gather(shop, customer_id)
    yield timeline.page(shop, customer_id)
    yield search.find(shop, "518")
    yield kpis.all(shop, month)["clv_historic"].parts
    yield performance.overview(shop, month).kpis["clv_historic"].parts
    yield monthly.make(shop, month)
    for step in history.changes(shop):
        yield history.row_changes(shop, step.id)
    yield history.of_card(shop, customer_id)


def leaks(found: object) -> list[str]:
    text = repr(found)
    return [canary for canary in CANARIES if canary in text]


def test_the_owner_finds_the_cost_in_what_is_looked_at_here(shop: Shop, wang: int) -> None:
    assert sum(bool(leaks(answer)) for answer in answers(shop, wang)) >= 8


def test_no_answer_tells_who_may_not_see_it_what_something_cost(clerk: Shop, wang: int) -> None:
    assert [answer for answer in answers(clerk, wang) if leaks(answer)] == []


@pytest.mark.parametrize("name", ["sales.csv", "sales.xlsx", "all.db", "all.zip"])
def test_no_file_tells_it(shop: Shop, clerk: Shop, tmp_path: Path, name: str) -> None:
    kind = "purchases" if name.startswith("sales") else "all"
    for who, tells in ((shop, True), (clerk, False)):
        out = tmp_path / str(tells) / name
        out.parent.mkdir()
        orders.export(who, Order(kind, out))  # type: ignore[arg-type]
        assert bool(leaks(text_of(out, tmp_path))) is tells


def text_of(out: Path, scratch: Path) -> str:
    """All that stands in an exported file."""
    if out.suffix == ".csv":
        return out.read_text("utf-8-sig")
    if out.suffix == ".xlsx":
        book = load_workbook(out)
        return repr([[cell.value for cell in row] for sheet in book.worksheets for row in sheet.iter_rows()])
    if out.suffix == ".db":
        with sqlite3.connect(out) as plain:
            found = repr(plain.execute("SELECT * FROM purchase_lines").fetchall())
            return found + repr(plain.execute("SELECT * FROM products").fetchall())
    with ZipFile(out) as archive:
        folder = scratch / f"unpacked-{out.parent.name}"
        archive.extractall(folder)
    return "".join(
        text_of(path, scratch) for path in folder.iterdir() if path.suffix in (".csv", ".xlsx", ".db")
    )


@pytest.mark.parametrize(
    "command", [["show", "1"], ["kpis", "--period", "2026-11"], ["history"], ["search", "518"]]
)
def test_no_command_tells_it(clerk: Shop, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--shop", str(clerk.folder), "--user", "小王", "--json", *command]) == 0
    assert leaks(json.dumps(json.loads(capsys.readouterr().out))) == []


def test_what_stood_in_an_imported_cost_column_is_not_shown(shop: Shop, clerk: Shop, tmp_path: Path) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "姓名,电话,日期,商品,金额,进价\n王芳,13800138000,2026-03-01,手机壳,79元,约512345.67元\n",
        encoding="utf-8",
    )
    with plan.rehearse(shop, file) as found:
        plan.apply(shop, found)
    (import_id,) = (batch.id for batch in applying.latest(shop))
    assert leaks(originals.of_import(shop, import_id))
    assert not leaks(originals.of_import(clerk, import_id))
    assert "79元" in repr(originals.of_import(clerk, import_id))
    assert leaks(originals.of_customer(shop, 1))
    assert not leaks(originals.of_customer(clerk, 1))


def test_a_cost_column_stays_hidden_when_what_it_means_is_forgotten(
    shop: Shop, clerk: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "姓名,电话,日期,商品,金额,暗号\n王芳,13800138000,2026-03-01,手机壳,79元,约512345.67元\n",
        encoding="utf-8",
    )
    with plan.rehearse(shop, file, kind="purchases", mapping={"暗号": "cost"}) as found:
        plan.apply(shop, found)
    (import_id,) = (batch.id for batch in applying.latest(shop))
    memories.forget(clerk, memories.listing(clerk)[0].id)
    (batch,) = applying.latest(shop)
    assert batch.cost_titles == '["暗号"]'
    for noted in (batch.cost_titles, None):  # None: it came in before headings were noted
        with shop.change("An import of then", {"imports"}):
            shop.db.update(replace(batch, cost_titles=noted))
        assert leaks(originals.of_import(shop, import_id))
        assert not leaks(originals.of_import(clerk, import_id))
        assert not leaks(originals.of_customer(clerk, 1))
        assert "79元" in repr(originals.of_import(clerk, import_id))


ASKING_SQL = {"exports.py", "figures.py", "rows.py"}
"""Files of store/ whose SQL reads costs, and which ask `Database.hidden` first."""

WRITING_SQL = {"import_sales.py", "schema.py"}
"""Files that only write or declare them."""


def test_no_other_sql_names_the_cost() -> None:
    """A new query that does belongs into one of the two lists; records are looked after in rows.py."""
    found = {path for path in Path(store.__path__[0]).glob("*.py") if "cost_fen" in path.read_text("utf-8")}
    assert {path.name for path in found} == ASKING_SQL | WRITING_SQL
    assert all("hidden" in path.read_text("utf-8") for path in found if path.name in ASKING_SQL)


# ---------------------------------------------------------------- writing


def test_a_sale_by_somebody_who_sees_no_cost_books_it(shop: Shop, clerk: Shop) -> None:
    assert product(clerk).cost_fen is None
    purchases.record(clerk, SaleDraft((LineDraft("iPhone 17", 60_000_000, quantity=2),)))
    assert costs(shop) == [COST, 2 * COST, COST]
    history.undo(clerk)
    assert costs(shop) == [COST, COST]
    history.redo(clerk)
    assert costs(shop) == [COST, 2 * COST, COST]


def test_editing_a_product_leaves_its_cost(shop: Shop, clerk: Shop) -> None:
    products.edit(clerk, replace(product(clerk), price_fen=100))
    assert (product(shop).price_fen, product(shop).cost_fen) == (100, COST)
    products.edit(clerk, replace(product(clerk), cost_fen=1))  # whatever a program puts there
    assert product(shop).cost_fen == COST
    history.undo(clerk)
    history.redo(clerk)
    assert (product(shop).price_fen, product(shop).cost_fen) == (100, COST)


def test_taking_back_what_somebody_else_changed_leaves_the_cost_and_says_so(shop: Shop, clerk: Shop) -> None:
    products.edit(shop, replace(product(shop), price_fen=100, cost_fen=77))
    step = history.changes(shop, 1)[0].id
    done = history.undo(clerk, step)
    assert (product(shop).price_fen, product(shop).cost_fen) == (PHONE.unit_price_fen, 77)
    assert done.sentence().endswith("Cost stays as it is, because only who may see it may change it.")
    history.redo(clerk)
    assert (product(shop).price_fen, product(shop).cost_fen) == (100, 77)


def test_a_step_that_changed_nothing_else_is_not_taken_back(shop: Shop, clerk: Shop) -> None:
    products.edit(shop, replace(product(shop), cost_fen=77))
    with pytest.raises(history.CannotUndo, match="only who may see it"):
        history.undo(clerk, history.changes(shop, 1)[0].id)
    assert product(shop).cost_fen == 77
    history.undo(shop)
    assert product(shop).cost_fen == COST


def test_what_was_removed_returns_whole(shop: Shop, clerk: Shop) -> None:
    sold = purchases.record(shop, SaleDraft((replace(PHONE, imei="", cost_fen=4711),)))
    step = history.changes(shop, 1)[0].id
    history.undo(clerk, step)
    history.redo(clerk)
    assert [line.cost_fen for line in purchases.get(shop, sold).lines] == [4711]
    assert [line.cost_fen for line in purchases.get(clerk, sold).lines] == [None]


def test_merging_and_voiding_leave_costs(shop: Shop, clerk: Shop, wang: int) -> None:
    other = customers.add(shop, CustomerDraft(name="王芳"))
    merge.merge(clerk, other, [wang])
    assert costs(shop) == [COST, COST]
    purchases.void(clerk, 1, "打错了")
    assert costs(shop) == [COST, COST]


def test_an_import_teaches_products_no_cost_but_keeps_what_the_list_says_of_its_sales(
    shop: Shop, clerk: Shop, tmp_path: Path
) -> None:
    file = tmp_path / "sales.csv"
    file.write_text(
        "姓名,电话,日期,商品,金额,成本\n王芳,13800138000,2026-03-01,iPhone 17,7000,4000\n"
        "王芳,13800138000,2026-03-02,手机壳,79,20\n",
        encoding="utf-8",
    )
    with plan.rehearse(clerk, file) as found:
        plan.apply(clerk, found)
    stored = {each.name: each.cost_fen for each in products.listing(shop)}
    assert stored == {"iPhone 17": COST, "手机壳": 2000}
    lines = shop.db.records(PurchaseLine, "SELECT * FROM purchase_lines ORDER BY id")
    assert [line.cost_fen for line in lines] == [COST, 400000, 2000]


def test_rights_given_show_it_at_once(shop: Shop, clerk: Shop) -> None:
    roles.save(shop, "clerk", GIVABLE)
    assert product(shop.at_counter(clerk.staff_id)).cost_fen == COST
    assert product(clerk).cost_fen is None  # who came before sees it when they come again
    assert clerk.db.whole.get(Product, 1) == product(shop)
