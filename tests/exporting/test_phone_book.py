"""The phone book: what the shop's phone gets to see, and that it comes back unchanged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_crm import cli, customers, history
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders, phone_book
from desktop_crm.exporting.orders import Order
from desktop_crm.importing import plan
from desktop_crm.shop import Shop
from desktop_crm.store.who import Clause
from desktop_crm.who import Condition, Filter
from tests.importing.sheets import counts

PHONES = (
    PhoneDraft("13800000001"),
    PhoneDraft("010-88888888", label="转801"),
    PhoneDraft("057152345678", label="单位"),
    PhoneDraft("0571-87654321", label="家"),
    PhoneDraft("+14186569254", label="儿子"),
    PhoneDraft("4008123456", label="转9 客服"),
    PhoneDraft("4008123457", label="801"),
)
FULL = CustomerDraft(
    name="赵敏", phones=PHONES, card_no="V,1", external_id="X;1", kind="agent", wechat="zm 微信%", email="a@b.cn",
    gender="female", birthday="1990-05-01", region="西湖区", address="文三路1号, 后门; \\", occupation="教师",
    note="两\n行，" + "很长的" * 40, tags=("VIP", "苹果", "A,B", '"/; x'),
)  # fmt: skip


def written(shop: Shop) -> list[str]:
    """The lines of everybody's card."""
    file = io.BytesIO()
    phone_book.fill(shop, file, Clause())
    raw = file.getvalue()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    return raw.decode().split("\r\n")


@contextmanager
def other_shop(tmp_path: Path, clock: FixedClock) -> Iterator[Shop]:
    """A shop with nobody in it."""
    made = Shop.create(tmp_path / "other", "别的店", clock)
    yield made
    made.close()


def test_a_card_for_the_phone(shop: Shop) -> None:
    person = customers.add(shop, FULL)
    customers.edit(shop, person, do_not_contact=True)
    assert written(shop) == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:{shop.keys.shop_id}-{person}",
        "FN:赵敏",
        "N:赵;敏;;;",
        "TEL;TYPE=CELL;TYPE=PREF:13800000001",
        "TEL;TYPE=VOICE:01088888888,801",
        "item3.TEL;TYPE=WORK:057152345678",
        "item3.X-ABLabel:单位",
        "item4.TEL;TYPE=HOME:057187654321",
        "item4.X-ABLabel:家",
        "item5.TEL;TYPE=VOICE:+14186569254",
        "item5.X-ABLabel:儿子",
        "item6.TEL;TYPE=VOICE:4008123456,9",
        "item6.X-ABLabel:客服",
        "item7.TEL;TYPE=VOICE:4008123457",
        "item7.X-ABLabel:801",
        "EMAIL;TYPE=INTERNET:a@b.cn",
        "IMPP;X-SERVICE-TYPE=WeChat:x-apple:zm%20%E5%BE%AE%E4%BF%A1%25",
        "ADR;TYPE=HOME:;;文三路1号\\, 后门\\; \\\\;西湖区;;;",
        "BDAY:1990-05-01",
        "TITLE:教师",
        "X-GENDER:Female",
        "CATEGORIES:Prospect,Do not contact,\"/\\; x,A\\,B,VIP,苹果",
        "X-SHOP-LABELS:Prospect,Do not contact",
        "X-SHOP-CARD-NO:V\\,1",
        "X-SHOP-EXTERNAL-ID:X\\;1",
        "X-SHOP-KIND:agent",
        "NOTE:两\\n行，很长的很长的很长的很长的很长的很长的很",
        *[" 长的很长的很长的很长的很长的很长的很长的很长的很"] * 4,
        " 长的很长的",
        "END:VCARD",
        "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("draft", "lines"),
    [
        (CustomerDraft(name="欧阳娜娜"), ["N:欧阳;娜娜;;;"]),
        (CustomerDraft(name="欧阳"), ["N:欧;阳;;;"]),
        (CustomerDraft(name="John Smith"), ["N:Smith;John;;;"]),
        (CustomerDraft(name="阿迪力·买买提"), ["N:阿迪力·买买提;;;;"]),
        (
            CustomerDraft(name="好运公司", kind="company"),
            ["FN:好运公司", "N:;;;;", "ORG:好运公司", "X-ABShowAs:COMPANY"],
        ),
        (CustomerDraft(name="a", birthday="--05-01"), ["BDAY:--05-01"]),
        (
            CustomerDraft(name="a", birthday="2014-03-18", birthday_lunar=True),
            ["X-ALTBDAY;CALSCALE=chinese:007800310318"],
        ),
        (
            CustomerDraft(name="a", birthday="1983-01-01", birthday_lunar=True),
            ["X-ALTBDAY;CALSCALE=chinese:007700600101"],
        ),
        (
            CustomerDraft(name="a", birthday="--08-15", birthday_lunar=True),
            ["X-LUNAR-BIRTHDAY:农历08-15"],
        ),
        (
            CustomerDraft(name="a", birthday="1985-04-08", birthday_lunar=True, birthday_leap=True),
            ["X-LUNAR-BIRTHDAY:农历1985-闰04-08"],
        ),
        (CustomerDraft(name="a", gender="male"), ["X-GENDER:Male"]),
    ],
)
def test_names_and_birthdays_for_the_phone(shop: Shop, draft: CustomerDraft, lines: list[str]) -> None:
    customers.add(shop, draft)
    assert set(lines) <= set(written(shop))


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_phone_book_comes_back_unchanged(lively: Shop, tmp_path: Path, language: str) -> None:
    i18n.set_language(language)
    customers.add(lively, FULL)
    customers.add(lively, CustomerDraft(name="好运公司", kind="company", phones=(PhoneDraft("13800000009"),)))
    customers.add(lively, CustomerDraft(phones=(PhoneDraft("13800000008"),)))
    customers.add(lively, CustomerDraft(name="'+86", address="'=1+1", note="'=2", wechat="'@x"))
    out = tmp_path / "book.vcf"
    done = orders.export(lively, Order("customers", out))
    assert (done.rows, done.people) == (7, 7)
    with plan.rehearse(lively, out) as found:
        assert counts(found) == {"same": 7}, [(row.changes, row.reasons) for row in plan.rows(found)]
        assert "extra" not in found.layout.mapping.values()


def test_a_phone_book_fills_an_empty_shop(lively: Shop, tmp_path: Path, clock: FixedClock) -> None:
    customers.add(lively, FULL)
    leap = CustomerDraft(name="闰", birthday="1985-04-08", birthday_lunar=True, birthday_leap=True)
    customers.add(lively, leap)
    out = tmp_path / "book.vcf"
    orders.export(lively, Order("customers", out))
    what = (
        "SELECT name, kind, wechat, email, gender, birthday, birthday_lunar, birthday_leap, region, address, occupation, "
        "card_no, external_id, note, (SELECT group_concat(number || ' ' || label) FROM phones p WHERE p.customer_id = c.id), "
        "(SELECT group_concat(name) FROM (SELECT name FROM customer_tags k JOIN tags t ON t.id = k.tag_id "
        "WHERE k.customer_id = c.id ORDER BY name)) FROM customers c WHERE deleted_at IS NULL ORDER BY name"
    )
    with other_shop(tmp_path, clock) as other:
        with plan.rehearse(other, out) as found:
            plan.apply(other, found)
        assert other.db.rows(what) == lively.db.rows(what)
        history.undo(other)
        assert other.db.rows(what) == []
        history.redo(other)
        assert other.db.rows(what) == lively.db.rows(what)


def test_only_those_who_are_meant_in_their_order(lively: Shop, tmp_path: Path) -> None:
    first, second, third = (
        id for (id,) in lively.db.rows("SELECT id FROM customers WHERE deleted_at IS NULL")
    )
    file = io.BytesIO()
    told: list[tuple[int, int]] = []
    assert phone_book.fill(lively, file, Clause(), [third, first], lambda *far: told.append(far)) == 2
    names = [line for line in file.getvalue().decode().splitlines() if line.startswith("FN")]
    assert (names, told) == (["FN:农", "FN:=赵敏"], [(0, 2)])
    out = tmp_path / "some.vcf"
    vip = lively.db.value("SELECT id FROM tags WHERE name = 'VIP'")
    meant = Filter((Condition("tag", "any", (str(vip),)),))
    assert orders.export(lively, Order("customers", out, meant=meant)).rows == 1
    assert "FN:=赵敏" in out.read_text("utf-8")
    customers.delete(lively, [first])
    assert phone_book.fill(lively, io.BytesIO(), Clause(), [first, second]) == 1


def test_by_the_command_line(shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    customers.add(shop, FULL)
    folder, out = str(shop.folder), str(tmp_path / "book.vcf")
    shop.close()
    assert cli.main(["--lang", "en", "--shop", folder, "export", "customers", out]) == 0
    assert cli.main(["--lang", "zh_CN", "--shop", folder, "import", out]) == 0
    assert "1" in capsys.readouterr().out


SIGNS = st.characters(codec="utf-8", exclude_characters="".join(map(chr, range(0x80, 0x100))))
"""All but those of Latin-1, by which text that was read in a wrong encoding is known: the import asks about that."""
TEXTS = st.text(alphabet=SIGNS, max_size=40)
NUMBERS = st.from_regex(r"1[3-9][0-9]{9}|0571[2-9][0-9]{7}|400[0-9]{7}|\+1[0-9]{9}", fullmatch=True)
LABELS = st.sampled_from(["", "家", "单位", "儿子", "转801", "转801 前台"])
BIRTHDAYS = st.one_of(
    st.just({}),
    st.dates(date(1920, 1, 1), date(2026, 1, 1)).map(lambda day: {"birthday": str(day)}),
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: {"birthday": f"--{day:%m-%d}"}),
    st.builds(
        lambda year, month, day, leap: {
            "birthday": f"{year}-{month:02d}-{day:02d}", "birthday_lunar": True, "birthday_leap": leap,
        },
        st.one_of(st.just("-"), st.integers(1920, 2024)), st.integers(1, 12), st.integers(1, 30), st.booleans(),
    ),
)  # fmt: skip
PEOPLE = st.fixed_dictionaries(
    {
        "name": TEXTS, "wechat": TEXTS, "email": st.sampled_from(["", "a@b.cn"]), "region": TEXTS, "address": TEXTS,
        "occupation": TEXTS, "note": TEXTS, "external_id": TEXTS, "gender": st.sampled_from(["", "female", "male"]),
        "kind": st.sampled_from(["person", "company", "agent", "channel"]),
        "phones": st.lists(st.builds(PhoneDraft, NUMBERS, label=LABELS), max_size=3).map(tuple),
        "birthday": BIRTHDAYS,
    }
)  # fmt: skip


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PEOPLE, min_size=1, max_size=4))
def test_any_card_comes_back_unchanged(shop: Shop, tmp_path: Path, people: list[dict[str, Any]]) -> None:
    stamp = shop.db.value("SELECT count(*) FROM customers")
    for number, person in enumerate(people):
        fields = {**person, **person["birthday"]} if person["birthday"] else {**person, "birthday": ""}
        fields["name"] += "客"
        customers.add(shop, CustomerDraft(**fields, card_no=f"C{stamp}-{number}"))
    out = tmp_path / "book.vcf"
    done = orders.export(shop, Order("customers", out))
    with plan.rehearse(shop, out) as found:
        assert counts(found) == {"same": done.rows}, [
            (row.changes, row.reasons) for row in plan.rows(found) if row.verdict != "same"
        ]
