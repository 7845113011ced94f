"""Everything held about a person stands on the paper: looked for with a word in every column of the schema."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from desktop_crm import audit, customers, notes, person
from desktop_crm.base import i18n
from desktop_crm.base.document import Document, Table, Value
from desktop_crm.customers import CustomerDraft
from desktop_crm.reports import output
from desktop_crm.reports import person as report
from desktop_crm.shop import Shop
from desktop_crm.store.person_columns import COLUMNS
from tests.zilpzalp import NAME, NUMBER, hatch


def _text(document: Document) -> str:
    cells = [
        cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row
    ]
    return "\n".join(str(cell.value if isinstance(cell, Value) else cell) for cell in cells)


def test_every_word_about_them_stands_on_it_also_earlier_ones(shop: Shop) -> None:
    bird = hatch(shop)
    said = _text(report.document(shop, bird.customer_id))
    missing = {place: word for place, words in bird.words.items() for word in words if word not in said}
    assert missing == {}, "what is held and not told"
    assert NAME in said
    assert "138 0099 7766" in said


def test_the_pages_hold_what_the_document_says(shop: Shop) -> None:
    bird = hatch(shop)
    document = report.document(shop, bird.customer_id)
    pages = pypdfium2.PdfDocument(output.sheet(document).pdf)
    text = "".join(page.get_textpage().get_text_range() for page in pages).replace("\r", "").replace("\n", "")
    now = [row for table, rows in person.everything(shop, bird.customer_id).rows for row in rows
           if table in ("customers", "notes", "devices")]  # fmt: skip
    assert now
    assert bird.words["notes", "text"] <= {word for word in bird.all_words() if word in text}
    pages.close()


def test_the_numbers_stand_under_headings_that_their_owner_understands(shop: Shop) -> None:
    document = report.document(shop, hatch(shop).customer_id, "en")
    numbers = next(
        block
        for block in document.blocks
        if isinstance(block, Table) and block.title.startswith("Telephone number")
    )
    assert [column.title for column in numbers.columns] == [
        "Telephone number", "Remark on the number", "Order on the card (1 is the main number)",
    ]  # fmt: skip


def test_cells_of_a_sheet_are_told_one_by_one(shop: Shop) -> None:
    bird = hatch(shop)
    with shop.change("cells", {"imports"}):
        cells = '{"备注": ["很好", 3], "价格": {"元": 12}}'
        shop.db.execute(
            "UPDATE import_originals SET cells = ? WHERE customer_id = ?", (cells, bird.customer_id)
        )
    assert "备注: 很好 · 3 · 价格: 元: 12" in _text(report.document(shop, bird.customer_id))


def test_what_goods_cost_the_shop_is_not_theirs_to_know(sample_shop: Shop) -> None:
    buyer = sample_shop.db.value(
        "SELECT p.customer_id FROM purchases p JOIN purchase_lines l ON l.purchase_id = p.id "
        "WHERE l.cost_fen > 0 AND p.customer_id IS NOT NULL"
    )
    document = report.document(sample_shop, buyer)
    titles = {
        column.title for block in document.blocks if isinstance(block, Table) for column in block.columns
    }
    assert "Item" in titles
    assert "Cost" not in titles


def test_others_who_name_them_are_counted_and_not_printed(shop: Shop) -> None:
    one = customers.add(shop, CustomerDraft("诸葛亮"))
    other = customers.add(shop, CustomerDraft("刘备", note="诸葛亮的朋友"))
    notes.add(shop, other, "诸葛亮来过")
    audit.note(shop, "reveal", customer_id=one, details={"label": "Looked at the number"})
    for language, words in (("en", "2 texts about somebody else name you"), ("zh_CN", "")):
        document = report.document(shop, one, language)
        assert words in str(document.blocks[0])
        assert "诸葛亮来过" not in _text(document)
    assert i18n.current_language() == "en"
    assert "Looked at the number" in _text(report.document(shop, one))


def test_an_erased_person_has_nothing_to_print(shop: Shop, tmp_path: Path) -> None:
    bird = hatch(shop)
    person.erase(shop, bird.customer_id)
    with pytest.raises(person.AlreadyErased):
        report.document(shop, bird.customer_id)
    assert NUMBER not in _text(report.document(shop, bird.other_id))
    assert {meaning for columns in COLUMNS.values() for meaning in columns.values()} == {
        "own", "words", "sold", "code", "shop", "made",
    }  # fmt: skip
