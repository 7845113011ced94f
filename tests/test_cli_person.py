"""The commands of a person's rights as scripts meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_crm import cli, customers, notes, person, purchases
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.shop import Shop


def test_what_is_held_is_saved_and_the_person_erased(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = customers.add(shop, CustomerDraft("诸葛亮", phones=(PhoneDraft("13800997766"),)))
    other = customers.add(shop, CustomerDraft("刘备"))
    notes.add(shop, other, "诸葛亮的朋友")
    purchases.record(shop, SaleDraft((LineDraft("手机壳", unit_price_fen=5_000),), customer_id=one))
    options = ["--lang", "en", "--shop", str(shop.folder)]

    def run(*arguments: str) -> str:
        assert cli.main([*options, *arguments]) == 0
        printed: str = capsys.readouterr().out
        return printed

    out = tmp_path / "held.pdf"
    assert json.loads(run("--json", "personal-data", str(one), "-o", str(out))) == {
        "file": str(out),
        "pages": 2,
    }
    assert out.read_bytes().startswith(b"%PDF")
    said = run("erase", str(one))
    assert "Goes: Telephone numbers: 1" in said
    assert "Sales of ¥50" in said
    assert "Named elsewhere: “诸葛亮的朋友”" in said
    assert "Nothing was changed" in said
    assert person.listing(shop) == []
    assert json.loads(run("--json", "erase", str(one)))["preview"]["name"] == "诸葛亮"
    done = json.loads(run("--json", "erase", str(one), "--yes"))["erased"]
    assert done["customer_id"] == one
    assert [line.customer_id for line in person.listing(shop)] == [one]
    assert cli.main([*options, "erase", str(one), "--yes"]) == 1
    assert "nothing is held" in capsys.readouterr().err
    assert run("erase", str(other), "--yes").strip() == f"Erased for good: card no. {other}."
