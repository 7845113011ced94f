"""The recovery sheet on paper: its six groups and its square open the shop; nobody but an owner prints it."""

from __future__ import annotations

import pypdfium2
import pytest

from desktop_crm import passwords, staff
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.document import QrCode, Tiles
from desktop_crm.files import pdf
from desktop_crm.reports import output, recovery_sheet
from desktop_crm.rights import NotAllowed
from desktop_crm.shop import Shop


@pytest.fixture
def owner(shop: Shop) -> Shop:
    """The locked shop with its owner at the counter."""
    return passwords.set_first(shop, staff.add(shop, "王芳", "owner"), "correct horse")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_what_is_printed_opens_the_shop(owner: Shop, clock: FixedClock, language: str) -> None:
    document = recovery_sheet.make(owner, language)
    paper = output.sheet(document).pdf
    assert pdf.pages(paper) == 1
    text = pypdfium2.PdfDocument(paper)[0].get_textpage().get_text_range()
    groups = [
        tile.value.value for block in document.blocks if isinstance(block, Tiles) for tile in block.tiles
    ]
    assert len(groups) == 6
    assert all(str(group) in text for group in groups)
    assert "星河手机店" in text
    assert "2026-11-21" in text
    (square,) = [block for block in document.blocks if isinstance(block, QrCode)]
    for code in (" ".join(str(group) for group in groups), square.text):
        opened = Shop.open(owner.folder, clock, code=code)
        opened.close()


def test_only_an_owner_prints_it(owner: Shop) -> None:
    clerk = owner.at_counter(staff.add(owner, "李娜", "clerk"))
    with pytest.raises(NotAllowed):
        recovery_sheet.make(clerk)
