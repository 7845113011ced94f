"""Phone books brought into a shop: what a clerk then finds on the cards, what is asked, what comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_crm import cli, customers, history
from desktop_crm.base import i18n
from desktop_crm.base.i18n import _
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.files.sniff import NeedsEncoding
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from tests.files.test_vcard import ANDROID, IPHONE
from tests.importing.sheets import counts

BOOK = (
    ANDROID
    + IPHONE
    + """BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:好运公司
ORG:好运公司;采购部
TEL;TYPE=WORK:057187654321,801
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD
 AAAA
X-QQ:10001
URL:http\\://haoyun.example
CATEGORIES:VIP,老客户
NOTE:月结\\n开票
END:VCARD
BEGIN:VCARD
VERSION:3.0
X-ADDRESSBOOKSERVER-KIND:group
FN:家人
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:李四
TEL:1380013
END:VCARD
""".encode()
)


def book(tmp_path: Path, content: bytes = BOOK) -> Path:
    """A phone book as a phone saves it."""
    path = tmp_path / "00001.vcf"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_phone_book_becomes_cards(shop: Shop, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    path = book(tmp_path)
    with plan.rehearse(shop, path) as found:
        assert (found.kind, counts(found)) == ("customers", {"new": 3, "bad": 2})
        assert found.layout.mapping[_("Pictures and sounds (left out)")] == ""
        plan.apply(shop, found)
    what = (
        "SELECT name, kind, wechat, email, birthday, birthday_lunar, region, address, "
        "(SELECT group_concat(number || label, ' ') FROM phones p WHERE p.customer_id = c.id) FROM customers c ORDER BY id"
    )
    home, work = _("home"), _("work")
    people = [
        ("张三", "person", "", "zhangsan@example.com", "", 0, "", "", f"15888888888 01088888888{home}"),
        (
            "丁小丽",
            "person",
            "wx_abc",
            "",
            "--04-14",
            0,
            "广州",
            "广东中山路1号",
            "15811111111 01088888888公司电话",
        ),
        ("好运公司", "company", "", "", "", 0, "", "", f"057187654321转801 {work}"),
    ]
    assert shop.db.rows(what) == people
    history.undo(shop)
    assert shop.db.rows(what) == []
    history.redo(shop)
    assert shop.db.rows(what) == people
    with plan.rehearse(shop, path) as found:
        assert counts(found) == {"same": 3, "bad": 2}


def test_what_has_no_field_is_in_the_note(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(shop, book(tmp_path)) as found:
        plan.apply(shop, found)
    notes = dict(shop.db.rows("SELECT name, note FROM customers WHERE note <> ''"))
    assert {name: set(note.split("\n")) for name, note in notes.items()} == {
        "丁小丽": {"Company: 某某公司", "Lunar birthday: 2014-03-18", "Postal code: 510000"},
        "好运公司": {"月结", "开票", "Department: 采购部", "QQ: 10001", "Website: http://haoyun.example"},
    }
    assert {name for (name,) in shop.db.rows("SELECT name FROM tags")} == {"VIP", "老客户"}


def test_who_cannot_be_a_customer_is_reported_and_comes_back(shop: Shop, tmp_path: Path) -> None:
    with plan.rehearse(shop, book(tmp_path)) as found:
        group, short = plan.rows(found, "bad")
        assert "neither a name nor a telephone number" in " ".join(group.reasons)
        assert "1380013" in " ".join(short.reasons)
        plan.write_rejects(found, tmp_path / "bad.xlsx")
    page = load_workbook(tmp_path / "bad.xlsx").active
    titles = [cell.value for cell in page[1]]
    column = titles.index("Phone") + 1
    assert [row[titles.index("Name")].value for row in page.iter_rows(min_row=2)] == [None, "李四"]
    page.cell(3, column).value = "13800138000"
    page.parent.save(tmp_path / "mended.xlsx")
    with plan.rehearse(shop, tmp_path / "mended.xlsx") as found:
        assert counts(found) == {"new": 1, "bad": 1}


def test_known_customers_are_found_and_only_filled(shop: Shop, tmp_path: Path) -> None:
    known = customers.add(
        shop, CustomerDraft(name="丁小丽", phones=(PhoneDraft("15811111111"),), birthday="1990-04-14")
    )
    with plan.rehearse(shop, book(tmp_path, IPHONE)) as found:
        assert counts(found) == {"update": 1}
        plan.apply(shop, found)
    card = customers.get(shop, known)
    assert (card.birthday, card.wechat, card.region) == ("1990-04-14", "wx_abc", "广州")
    assert [(phone.number, phone.label) for phone in customers.phones(shop, known)] == [
        ("15811111111", ""),
        ("01088888888", "公司电话"),
    ]
    with plan.rehearse(shop, book(tmp_path, IPHONE)) as found:
        assert set(counts(found)) <= {"same", "skip"}


def test_an_encoding_that_nobody_can_tell_is_answered(shop: Shop, tmp_path: Path) -> None:
    path = book(
        tmp_path, "BEGIN:VCARD\nFN:陳大文\nNOTE:電話號碼\nTEL:13800138000\nEND:VCARD\n".encode("big5")
    )
    with pytest.raises(NeedsEncoding):
        plan.rehearse(shop, path)
    with plan.rehearse(shop, path, encoding="big5hkscs") as found:
        assert [row.name for row in plan.rows(found)] == ["陳大文"]


def test_by_the_command_line(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(shop.folder)
    shop.close()
    assert (
        cli.main(["--lang", "en", "--json", "--shop", folder, "import", str(book(tmp_path)), "--dry-run"])
        == 0
    )
    (entry,) = json.loads(capsys.readouterr().out)["files"]
    assert (entry["kind"], entry["new"], entry["bad"]) == ("customers", 3, 2)
    assert entry["mapping"]["Pictures and sounds (left out)"] == ""


def test_thousands_of_cards(shop: Shop, tmp_path: Path) -> None:
    people = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:客户{n}\r\nTEL;TYPE=CELL:{13900000000 + n * 7}\r\nEND:VCARD\r\n"
        for n in range(3000)
    )
    with plan.rehearse(shop, book(tmp_path, people.encode())) as found:
        assert counts(found) == {"new": 3000}
        plan.apply(shop, found)
    assert shop.db.value("SELECT count(*) FROM phones") == 3000
