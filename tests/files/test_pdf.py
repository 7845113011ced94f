"""Paper: what can be read from the printed pages, where they end, and that bytes repeat."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from PIL import Image

from desktop_crm.base.document import (
    BarChart,
    Block,
    Column,
    Document,
    Heading,
    LineChart,
    PageBreak,
    Paragraph,
    Series,
    Share,
    ShareBar,
    Table,
    Tile,
    Tiles,
    Value,
)
from desktop_crm.files.paper_blocks import column_widths
from desktop_crm.files.paper_charts import scale
from desktop_crm.files.pdf import document_to_pdf, page_images, pages
from desktop_crm.files.typeset import register_fonts
from tests.files.documents import month_en, month_zh


def page_texts(pdf: bytes) -> list[str]:
    """The text of each page as pdfium copies it out."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return [re.sub(r"[\r\n ]+", " ", text) for text in texts]


def printed(*blocks: Block, language: str = "en") -> list[str]:
    """The pages of a document of these blocks."""
    return page_texts(document_to_pdf(Document("Title", "Shop", blocks, language, date(2026, 11, 1))))


def test_a_month_reads_as_it_was_made() -> None:
    first, *_rest = page_texts(document_to_pdf(month_zh()))
    for text in (
        "2026 年 10 月经营报告",
        "截至 2026-10-31 所知",
        "这个月好在哪里：销售额 ¥412,380",
        "¥412,380",
        "31.6%",
    ):
        assert text in first
    assert "首次响应（中位）" in first
    assert "1 / 5" in first
    assert "每个数字都可以在程序里点开，看到它的每一行" in first


def test_the_first_page_holds_what_an_owner_wants() -> None:
    first, second, *_rest = page_texts(document_to_pdf(month_zh()))
    assert "林志 —— 三年老客户，23 个月未到店" in first
    assert second.startswith("客户分级")


def test_same_document_same_bytes_another_day_other_bytes() -> None:
    pdf = document_to_pdf(month_en())
    assert pdf == document_to_pdf(month_en())
    assert pdf != document_to_pdf(replace(month_en(), day=date(2026, 11, 2)))
    assert b"D:20261101000000" in pdf


def test_the_file_says_what_it_is() -> None:
    document = pypdfium2.PdfDocument(document_to_pdf(month_en()))
    facts = document.get_metadata_dict()
    assert facts["Title"] == "October 2026: how the shop did"
    assert facts["Author"].startswith("Xinghe Phones")
    assert facts["Keywords"] == "report, 2026-10"
    assert [item.get_title() for item in document.get_toc()] == []
    document.close()


def test_sections_are_bookmarks() -> None:
    document = pypdfium2.PdfDocument(document_to_pdf(month_zh()))
    assert [item.get_title() for item in document.get_toc()] == ["客户分级", "投诉"]
    document.close()


@pytest.mark.parametrize("name", ["㐂", "䶮", "𠮷", "𬱖", "喆堃", "O'Brien <b>&amp;</b>"])
def test_rare_names_print_and_copy_out(name: str) -> None:
    (page,) = printed(Paragraph(f"[{name}]", name))
    assert f"[{name}]" in page


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_poppler_copies_the_same_text() -> None:
    pdf = document_to_pdf(Document("㐂䶮𠮷", "", (Paragraph("王𬱖国"),), "zh_CN", date(2026, 11, 1)))
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, timeout=30, check=True
    )
    assert "㐂䶮𠮷" in done.stdout.decode()
    assert "王𬱖国" in done.stdout.decode()


def test_reportlab_still_needs_our_mend() -> None:
    """When this fails, reportlab writes UTF-16 by itself: take `_mend_to_unicode` away."""
    from reportlab.pdfbase import ttfonts

    register_fonts()
    mended = ttfonts.makeToUnicodeCMap
    assert "<00> <D842DFB7>" in mended("f", [0x20BB7])
    original = mended.__closure__[0].cell_contents
    assert "<00> <20BB7>" in original("f", [0x20BB7])


def test_fonts_are_embedded_and_only_ours() -> None:
    pdf = document_to_pdf(month_zh())
    used = set(re.findall(rb"/BaseFont /([^ \n/]+)", pdf))
    assert {name.split(b"+")[-1] for name in used} == {b"NotoSansSC-Regular", b"NotoSansSC-Bold"}
    assert len(pdf) < 200_000


def rows(count: int, text: str = "x") -> Table:
    """A table of so many rows."""
    return Table(
        (Column("Row"), Column("Text", 2)),
        tuple((f"row{number}.", text) for number in range(count)),
        "All rows",
    )


def test_tables_repeat_their_header_and_lose_no_row() -> None:
    found = printed(rows(90))
    assert len(found) > 1
    assert all("Row Text" in page for page in found)
    assert [text for page in found for text in re.findall(r"row\d+\.", page)] == [
        f"row{n}." for n in range(90)
    ]


@pytest.mark.parametrize("above", range(20, 40))
def test_no_heading_is_left_behind(above: int) -> None:
    found = printed(*[Paragraph(f"line {number}") for number in range(above)], Heading("Alone"), rows(4))
    (page,) = [page for page in found if "Alone" in page]
    assert "All rows" in page
    assert "row0." in page


def test_a_total_never_begins_a_page() -> None:
    for count in range(20, 40):
        table = replace(rows(count), total=("Sum", "of all"))
        (last,) = [page for page in printed(table) if "Sum" in page]
        assert f"row{count - 1}." in last


def test_a_row_is_never_cut_and_never_higher_than_a_page() -> None:
    (first, *others) = printed(rows(2), rows(1, "very long " * 2000))
    assert others
    assert not re.search(r"very long.*very long", first)
    assert "…" in others[0]


def test_empty_tables_say_so() -> None:
    (page,) = printed(
        Table((Column("Id"),), (), empty="No complaints."),
        Table((Column("Name"),), (), note="quiet"),
        Table((), ()),
    )
    assert "Id No complaints. quiet Name –" in page


def test_missing_values_are_dashes_and_notes_stand_behind() -> None:
    table = Table(
        (Column("a", 1, "right", "ratio"), Column("b")),
        ((None, Value(5, "count", note="n=5")), (0.5, Value(None)), (0.25, "text")),
        total=(Value(1, "ratio", tone="bad"), date(2026, 1, 2)),
    )
    assert "a b – 5 n=5 50.0% – 25.0% text 100.0% 2026-01-02" in printed(table)[0]


def test_widths_follow_the_shares_until_numbers_need_more() -> None:
    assert column_widths(Table((Column("a", 3), Column("b", 1)), (("x", "y"),)), 400) == [300, 100]
    narrow = Table((Column("text", 9), Column("n", 0.1, "right", "fen")), (("x " * 99, 123_456_789_00),))
    text, number = column_widths(narrow, 400)
    assert number > 60
    assert text + number == pytest.approx(400)
    crowded = Table(tuple(Column("n", 1, "right", "fen") for _ in range(20)), ((123_456_789_00,) * 20,))
    assert sum(column_widths(crowded, 400)) == pytest.approx(400)


def test_paragraphs_go_on_over_pages_without_lonely_lines() -> None:
    for above in range(28, 36):
        long = Paragraph(" ".join(f"word{number}" for number in range(60)), "Lead:", "look")
        found = printed(*[Paragraph("line")] * above, long, Paragraph("small print", tone="quiet"))
        assert " ".join(found).count("word") == 60
        for page in found:
            lines = len(re.findall(r"word", page))
            assert lines == 0 or lines > 6


def test_a_page_break_begins_a_page() -> None:
    assert (
        len(
            printed(
                PageBreak(), Paragraph("a"), PageBreak(), PageBreak(), Heading("b", 1), Heading("c", 3, "n")
            )
        )
        == 2
    )


@pytest.mark.parametrize(
    ("values", "unit", "expected"),
    [
        ((1, 2, 3), "count", (0, 3, 1)),
        ((0, 9), "count", (0, 10, 5)),
        ((41_238_000,), "fen", (0, 60_000_000, 20_000_000)),
        ((0.316, None), "ratio", (0, 0.4, 0.1)),
        ((-300, 700), "fen", (-500, 750, 250)),
        ((1,), "count", (0, 1, 1)),
        ((), "count", (0, 4, 1)),
        ((0,), "ratio", (0, 0.1, 0.025)),
        ((5,), "minutes", (0, 6, 2)),
    ],
)
def test_axes_are_round_and_hold_everything(
    values: tuple[float | None, ...], unit: str, expected: tuple[float, ...]
) -> None:
    assert scale(values, unit) == pytest.approx(expected)  # type: ignore[arg-type]  # a Unit


def test_charts_name_their_values() -> None:
    (page,) = printed(
        BarChart(
            "Sales",
            ("1", "", "a very long label", "b"),
            Series("this", (100_00, -50_00, None, 0), "fen"),
            note="yuan",
        ),
        LineChart(
            "Rates",
            ("Jan", "Feb"),
            (Series("repeat", (0.3, None), "ratio"), Series("churn", (None, 0.1), "ratio")),
        ),
        LineChart("Nothing", (), ()),
        ShareBar(
            "Tiers", (Share("high", 1, "gold"), Share("low", 3, "grey"), Share("x" * 200, 0, "red")), "note"
        ),
    )
    for text in (
        "Sales yuan",
        "this",
        "−¥50",
        "¥100",
        "Rates",
        "repeat",
        "30.0%",
        "Jan",
        "high 25.0%",
        "low 75.0%",
    ):
        assert text in page


def test_tiles_shrink_long_figures_and_wrap_labels() -> None:
    tiles = Tiles(
        (
            Tile(
                "a",
                "A label of more than one line in so small a tile",
                Value(123_456_789_012_345_00, "fen"),
                None,
                "why",
            ),
            Tile("b", "n", Value(5, "count", note="n=5"), Value(1, "count", signed=True)),
            *(Tile(str(n), "x", Value(None, "ratio")) for n in range(4)),
        )
    )
    (page,) = printed(tiles, Tiles(()))
    assert "¥123,456,789,012,345" in page
    assert "5 n=5 +1" in page


def test_pages_as_pictures() -> None:
    pdf = document_to_pdf(month_en())
    assert pages(pdf) == 3
    pictures = page_images(pdf, 36)
    assert len(pictures) == 3
    assert Image.open(io.BytesIO(pictures[0])).size == (298, 421)
    assert page_images(pdf, 36, first=2, count=5) == pictures[2:]


def test_nothing_is_printed_beyond_the_margins() -> None:
    for document in (month_zh(), month_en()):
        for picture in page_images(document_to_pdf(document), 36):
            grey = Image.open(io.BytesIO(picture)).convert("L")
            width, height = grey.size
            assert grey.crop((0, 0, 19, height)).getextrema() == (255, 255)
            assert grey.crop((width - 19, 0, width, height)).getextrema() == (255, 255)
