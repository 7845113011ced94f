"""Saving a document by the ending of its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_crm.base.dates import parse_period
from desktop_crm.files.atomic import FolderMissing
from desktop_crm.reports import monthly, output
from desktop_crm.shop import Shop

OCTOBER = parse_period("2026-10")


@pytest.mark.parametrize(("name", "magic"), [("a.pdf", b"%PDF"), ("a.XLSX", b"PK")])
def test_the_ending_chooses_the_format(shop: Shop, tmp_path: Path, name: str, magic: bytes) -> None:
    made = monthly.make(shop, OCTOBER)
    pages = output.save(made, tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(magic)
    assert pages == len(output.page_images(output.content(made, ".pdf"), 10))
    assert pages > 3


def test_another_ending_is_refused_and_nothing_written(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(output.EndingUnknown, match=r"not as “\.txt”"):
        output.save(monthly.make(shop, OCTOBER), tmp_path / "a.txt")
    assert not (tmp_path / "a.txt").exists()


def test_a_missing_folder_is_said(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(FolderMissing):
        output.save(monthly.make(shop, OCTOBER), tmp_path / "no" / "a.pdf")
