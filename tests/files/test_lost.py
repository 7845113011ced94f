"""Places of lost cells: packed small, found again by row."""

from __future__ import annotations

import pytest

from desktop_crm.files import lost
from desktop_crm.files.lost import Lost, TooMany


def test_cells_are_found_by_row_whatever_order_they_came_in() -> None:
    cells = Lost()
    assert not cells
    for row, column, code in ((9, 2, "#REF!"), (3, 16_383, "#N/A"), (9, 1, "=?"), (1_048_576, 0, "#N/A")):
        cells.add(row, column, code)
    again = Lost(cells.packed())
    assert bool(again)
    assert list(again.rows()) == [3, 9, 1_048_576]
    assert again.at(9) == [(1, "=?"), (2, "#REF!")]
    assert (again.at(3), again.at(4)) == ([(16_383, "#N/A")], [])


def test_strange_codes_and_places_cost_nothing() -> None:
    cells = Lost()
    cells.add(1, 0, "x" * 50)
    for number in range(300):
        cells.add(2, number, f"#E{number}")
    cells.add(1 << 24, 0, "#N/A")
    cells.add(1, 1 << 15, "#N/A")
    assert cells.at(1) == [(0, "#VALUE!")]
    assert [code for _column, code in cells.at(2)[-2:]] == ["#VALUE!", "#VALUE!"]
    assert list(cells.rows()) == [1, 2]


def test_more_than_anybody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lost, "_MOST", 2)
    cells = Lost()
    cells.add(1, 1, "=?")
    cells.add(1, 2, "=?")
    with pytest.raises(TooMany):
        cells.add(1, 3, "=?")
