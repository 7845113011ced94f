"""What leaves as a list comes back as it was: nothing changes in the shop itself, and an empty shop knows the same."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_crm import consents, custom_fields, customers, devices, notes
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.values import clean_note, clean_text
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.exporting import orders
from desktop_crm.exporting.orders import Order
from desktop_crm.importing import plan
from desktop_crm.importing.plain import NOTHING
from desktop_crm.shop import Shop
from tests.importing.sheets import counts

FORMATS = (("list.xlsx", "utf-8-sig"), ("list.csv", "utf-8-sig"), ("list.csv", "gb18030"))

Drawn = dict[str, Any]  # what hypothesis made: texts, numbers, lists of them

AWKWARD = (
    "=1+1", "'=1+1", "''@x", "+86", "-5", "@SUM(A1)", "＝1", "\t=x", "_x0041_", "１２", "a\u200bb", "\ud800x", "\x00\x07y",
    " 空 格 ", "'quoted'", '"', "a,b;c|d", "😀\U00020bb7", "é", "null island", "1e5", "007", "[2026-01-01] x", "合计", "姓名",
)  # fmt: skip
PLAIN = st.text(st.characters(exclude_characters=[*map(chr, range(0x80, 0x100)), "\ufffd", "?"]), max_size=20)
"""Without the signs of texts in a wrong encoding: a name or a label that looks like one is refused on import."""
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=20))
LINES = st.lists(TEXTS, min_size=1, max_size=3).map("\n".join)
DAYS = st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 12, 28)).filter(lambda day: day.day <= 28)
NUMBERS = st.one_of(
    st.integers(13_000_000_001, 19_999_999_999).map(str).filter(lambda number: not number.endswith("00000")),
    st.integers(20_000_000, 89_999_999).map(lambda local: f"010{local}"),
    st.integers(1_000_000, 9_999_999_999).map(lambda far: f"+44{far}"),
)
LABELS = st.one_of(
    st.sampled_from(
        ("", "儿子", "转801", "转8 公司", "转8号", "2", "a/b, c；d", "晚上 8点后", "＃１", "№2", "№ 家")
    ),
    PLAIN.filter(lambda text: not {*text} & {*"()（）"}),
)
TAGS = ("VIP", "苹果", "=SUM", "A,B", "[x", "*y", 'say "hi"; so', "无", "a ::: b")
CARDS = st.fixed_dictionaries(
    {
        "name": st.one_of(st.sampled_from(AWKWARD), PLAIN),
        "address": TEXTS, "region": TEXTS, "occupation": TEXTS, "source": TEXTS, "note": LINES,
        "preferences": LINES, "gender": st.sampled_from(("", "female", "male")),
        "kind": st.sampled_from(("person", "company", "agent", "channel")),
        "consent": st.sampled_from(("", "granted", "refused")), "language": st.sampled_from(("", "zh_CN", "en")),
        "birthday": st.one_of(st.just(""), DAYS.map(str), DAYS.map(lambda day: f"--{day:%m-%d}")),
        "calendar": st.sampled_from(("solar", "lunar", "leap")), "since_day": st.one_of(st.none(), DAYS.map(str)),
        "phones": st.lists(st.tuples(NUMBERS, LABELS), max_size=3, unique_by=lambda pair: pair[0]),
        "tags": st.lists(st.sampled_from(TAGS), unique=True),
        "answers": st.dictionaries(st.sampled_from(("call", "sms", "wechat", "email")), st.sampled_from(("granted", "refused"))),
        "notes": st.lists(LINES, max_size=2), "serial": st.sampled_from(("", "F2LABC", "X-9 Y")),
        "own": TEXTS, "amount": st.integers(-10**9, 10**9), "pinned": st.booleans(),
    }
)  # fmt: skip


def _said(text: str) -> str:
    """Words for nothing say nothing; a card has something there or not."""
    return "" if clean_text(text).lower() in NOTHING else text


def enter(shop: Shop, drawn: Drawn, card_no: str, fields: tuple[int, int]) -> int:
    """A customer as somebody types them, so that all of it is cleaned on entry."""
    lunar = drawn["calendar"] != "solar" and drawn["birthday"] != ""
    person = customers.add(
        shop,
        CustomerDraft(
            name=f"{drawn['name']}客{card_no}", card_no=card_no, gender=drawn["gender"], kind=drawn["kind"],
            phones=tuple(PhoneDraft(number, label=label) for number, label in drawn["phones"]),
            address=_said(drawn["address"]), region=_said(drawn["region"]), occupation=_said(drawn["occupation"]),
            source=_said(drawn["source"]), note=drawn["note"], preferences=drawn["preferences"], consent=drawn["consent"],
            consent_day="2026-01-02" if drawn["consent"] else None, language=drawn["language"], birthday=drawn["birthday"],
            birthday_lunar=lunar, birthday_leap=lunar and drawn["calendar"] == "leap", tags=tuple(drawn["tags"]),
            since_day=drawn["since_day"] if drawn["since_day"] != drawn["birthday"] else None,
        ),
    )  # fmt: skip
    for channel, answer in drawn["answers"].items():
        consents.set(shop, person, channel, answer, day="2026-02-03")
    for text in drawn["notes"]:
        if clean_note(text) and "[2026" not in text:
            notes.add(shop, person, text, drawn["pinned"])
    if drawn["serial"]:
        devices.add(shop, person, "iPhone 17", serial=drawn["serial"])
    custom_fields.put(shop, person, fields[0], _said(drawn["own"]))
    custom_fields.put(shop, person, fields[1], str(drawn["amount"]))
    return person


_CARD = (
    "name, kind, gender, birthday, birthday_lunar, birthday_leap, region, address, occupation, source, consent, consent_day, "
    "do_not_contact, language, note, preferences, coalesce(since_day, '')"
)


def known(shop: Shop) -> dict[str, list[Any]]:
    """All that a list carries of each card, by its number."""
    found: dict[str, list[Any]] = {}
    for row in shop.db.rows(f"SELECT id, card_no, {_CARD} FROM customers ORDER BY card_no"):
        parts = [
            shop.db.rows(sql, (row[0],))
            for sql in (
                "SELECT number, label FROM phones WHERE customer_id = ? ORDER BY position",
                "SELECT t.name FROM customer_tags c JOIN tags t ON t.id = c.tag_id WHERE customer_id = ? ORDER BY 1",
                "SELECT channel, answer, day FROM consents WHERE customer_id = ? ORDER BY 1",
                "SELECT text, day, pinned FROM notes WHERE customer_id = ? ORDER BY text, pinned",
                "SELECT model, serial FROM devices WHERE customer_id = ?",
                "SELECT f.name, value FROM custom_values v JOIN custom_fields f ON f.id = field_id WHERE customer_id = ?",
            )
        ]
        found[row[1]] = [*row[2:], *parts]
    return found


@settings(
    max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(st.lists(CARDS, min_size=4, max_size=8))
def test_customers_come_back_as_they_were(
    shop: Shop, tmp_path: Path, template: Path, clock: FixedClock, drawn: list[Drawn]
) -> None:
    for folder in ("mine", "other"):
        shutil.rmtree(tmp_path / folder, ignore_errors=True)
        shutil.copytree(template, tmp_path / folder)
    mine, other = Shop.open(tmp_path / "mine", clock), Shop.open(tmp_path / "other", clock)
    try:
        fields = [
            (custom_fields.add(each, "备用"), custom_fields.add(each, "月租", "number"))
            for each in (mine, other)
        ]
        for number, one in enumerate(drawn):
            enter(mine, one, f"C{number}", fields[0])
        for name, encoding in FORMATS:
            out = tmp_path / name
            written = orders.export(mine, Order("customers", out, encoding=encoding))
            with plan.rehearse(mine, out) as found:
                assert counts(found) == {"same": written.rows}, [row.explanation for row in plan.rows(found)]
        with plan.rehearse(other, out) as found:
            assert counts(found) == {"new": len(drawn)}, [row.explanation for row in plan.rows(found)]
            plan.apply(other, found)
        assert known(other) == known(mine)
    finally:
        mine.close()
        other.close()
