"""The demo shop: the same arguments make the same content, and everything in it fits together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from desktop_crm import (
    balance,
    complaints,
    custom_fields,
    demo,
    duplicates,
    followups,
    history,
    integrity,
    kpis,
    tags,
    tiers,
)
from desktop_crm.base import i18n
from desktop_crm.base.clock import FixedClock
from desktop_crm.base.dates import from_instant, parse_period
from desktop_crm.base.errors import Cancelled
from desktop_crm.base.values import valid_imei, valid_mobile
from desktop_crm.complaint_rules import STATE_AFTER
from desktop_crm.records.complaints import ComplaintState, ComplaintStep
from desktop_crm.settings import IS_DEMO
from desktop_crm.shop import Shop
from desktop_crm.store import journal
from desktop_crm.store.errors import ShopExists

UNTIL = date(2026, 10, 1)
"""The first day of a quarter, on which all tiers are judged."""


def opened(folder: Path, until: date) -> Shop:
    return Shop.open(folder, FixedClock(from_instant(f"{until}T02:00:00Z")))


def content(folder: Path, until: date) -> str:
    """A digest of every row of every table that holds what people entered."""
    shop = opened(folder, until)
    digest = hashlib.sha256()
    for table in journal.TABLES:
        for row in shop.db.rows(f"SELECT * FROM {table} ORDER BY id"):
            digest.update(repr(row).encode())
    shop.close()
    return digest.hexdigest()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop of usual size."""
    folder = tmp_path_factory.mktemp("demo") / "shop"
    demo.make(folder, until=UNTIL)
    return folder


@pytest.fixture
def lively(made: Path) -> Iterator[Shop]:
    """It, opened on its last day; nobody changes it."""
    shop = opened(made, UNTIL)
    yield shop
    shop.close()


def nothing(shop: Shop, sql: str) -> None:
    """No row breaks a rule."""
    assert shop.db.rows(sql) == []


def test_the_same_arguments_make_the_same_content(tmp_path: Path) -> None:
    first = demo.make(tmp_path / "a", customers=40, seed=7, until=UNTIL)
    i18n.set_language("zh_CN")
    second = demo.make(tmp_path / "b", customers=40, seed=7, until=UNTIL)
    demo.make(tmp_path / "c", customers=40, seed=8, until=UNTIL)
    assert first.counts == second.counts
    assert first.counts["customers"] == 40
    assert content(tmp_path / "a", UNTIL) == content(tmp_path / "b", UNTIL)
    assert content(tmp_path / "a", UNTIL) != content(tmp_path / "c", UNTIL)


def test_it_ends_today_if_no_day_is_given(tmp_path: Path) -> None:
    demo.make(tmp_path / "a", customers=1)
    shop = Shop.open(tmp_path / "a")
    assert shop.db.value("SELECT max(day) FROM changes") == shop.today().isoformat()
    shop.close()


def test_a_folder_with_a_shop_is_left_alone(made: Path) -> None:
    before = content(made, UNTIL)
    with pytest.raises(ShopExists):
        demo.make(made, customers=1)
    assert content(made, UNTIL) == before


def test_batches_are_told_and_may_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "BATCH", 20)
    told: list[tuple[int, int]] = []
    demo.make(
        tmp_path / "a", customers=50, until=UNTIL, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(20, 50), (40, 50), (50, 50)]
    shop = opened(tmp_path / "a", UNTIL)
    assert integrity.check(shop) == []
    assert shop.db.value("SELECT count(*) FROM customers") == 50
    shop.close()

    def cancel(_done: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        demo.make(tmp_path / "b", customers=50, until=UNTIL, progress=cancel)
    part = opened(tmp_path / "b", UNTIL)
    assert integrity.check(part) == []
    assert part.db.value("SELECT count(*) FROM customers") == 20
    part.close()


def test_it_is_a_whole_shop_that_nobody_can_undo(lively: Shop) -> None:
    assert lively.get(IS_DEMO)
    assert integrity.check(lively) == []
    assert history.next_undo(lively) is None
    assert len(history.changes(lively)) < 5


def test_it_ends_at_ten_in_the_morning_and_lies_in_opening_hours(lively: Shop) -> None:
    columns = [
        ("purchases", "at"),
        ("refunds", "at"),
        ("interactions", "at"),
        ("complaint_steps", "at"),
        ("followups", "done_at"),
        ("customers", "created_at"),
        ("tier_history", "at"),
    ]
    for table, column in columns:
        nothing(lively, f"SELECT {column} FROM {table} WHERE {column} > '2026-10-01T02:00:00Z' LIMIT 3")
        outside = f"substr({column}, 12) NOT BETWEEN '01:00:00Z' AND '13:00:00Z'"
        nothing(lively, f"SELECT {column} FROM {table} WHERE {outside} LIMIT 3")
    for table in ("purchases", "refunds", "interactions", "complaint_steps"):
        nothing(lively, f"SELECT at, day FROM {table} WHERE day <> substr(at, 1, 10) LIMIT 3")
    nothing(lively, "SELECT day FROM purchases WHERE day IN ('2025-01-28', '2025-01-29', '2025-01-30')")


def test_sums_agree(lively: Shop) -> None:
    nothing(
        lively,
        "SELECT id FROM purchases p WHERE total_fen <> (SELECT sum(amount_fen) FROM purchase_lines WHERE purchase_id = p.id) "
        "OR total_fen <> (SELECT sum(amount_fen) FROM payments WHERE purchase_id = p.id) OR total_fen <= 0",
    )
    nothing(
        lively,
        "SELECT id FROM purchase_lines WHERE amount_fen <> quantity * unit_price_fen - discount_fen OR cost_fen > amount_fen",
    )
    nothing(
        lively,
        "SELECT p.id FROM purchases p JOIN refunds r ON r.purchase_id = p.id GROUP BY p.id "
        "HAVING sum(r.amount_fen) > p.total_fen OR max(p.void_day) IS NOT NULL OR min(r.day) < p.day",
    )
    nothing(lively, "SELECT id FROM payments WHERE amount_fen <= 0")


def test_receipt_numbers_follow_the_time_of_day(lively: Shop) -> None:
    found = lively.db.rows("SELECT number FROM purchases ORDER BY at, id")
    numbers = [number for (number,) in found]
    assert len(set(numbers)) == len(numbers)
    assert numbers == sorted(numbers)


def test_phones_have_valid_imeis_owners_and_known_models(lively: Shop) -> None:
    sold = lively.db.rows(
        "SELECT l.imei, l.description, p.customer_id, p.day, l.id FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id "
        "WHERE l.category = 'phone'"
    )
    assert len(sold) > 1000
    assert all(valid_imei(imei) for imei, *_rest in sold)
    models = dict(lively.db.rows("SELECT t.tac, p.name FROM tacs t JOIN products p ON p.id = t.product_id"))
    assert all(models[imei[:8]] == model for imei, model, *_rest in sold)
    owned = {
        line: (imei, who, day)
        for line, imei, who, day in lively.db.rows(
            "SELECT purchase_line_id, imei, customer_id, acquired_day FROM devices"
        )
    }
    assert all(owned[line] == (imei, who, day) for imei, _model, who, day, line in sold)
    nothing(
        lively,
        "SELECT d.id FROM devices d JOIN purchase_lines l ON l.id = d.purchase_line_id JOIN refunds r ON r.purchase_id = "
        "l.purchase_id JOIN purchases p ON p.id = l.purchase_id WHERE r.amount_fen = p.total_fen AND d.status = 'in_use'",
    )


def test_no_model_is_sold_before_it_is_out(lively: Shop) -> None:
    first = dict(
        lively.db.rows(
            "SELECT l.description, min(p.day) FROM purchase_lines l JOIN purchases p ON p.id = l.purchase_id GROUP BY 1"
        )
    )
    assert first["iPhone 18 256G"] >= "2026-09-18"
    assert first["华为 Mate 70 256G"] >= "2024-12-04"


def test_people_are_believable(lively: Shop) -> None:
    numbers = [number for (number,) in lively.db.rows("SELECT number FROM phones WHERE position = 0")]
    assert len(numbers) == 2000
    assert all(valid_mobile(number) for number in numbers)
    names = " ".join(name for (name,) in lively.db.rows("SELECT name FROM customers"))
    assert all(character in names for character in "喆堃䶮𠮷")
    assert lively.db.value("SELECT count(DISTINCT name) FROM customers") > 1500
    nothing(lively, "SELECT id FROM customers WHERE referred_by >= id")
    share = lively.db.value("SELECT avg(consent = 'granted') FROM customers")
    assert 0.6 < share < 0.85


def test_own_fields_have_values_that_their_kinds_read(lively: Shop) -> None:
    fields = custom_fields.listing(lively)
    assert [(field.name, field.kind) for field in fields] == [
        ("宽带到期", "date"),
        ("手机套餐", "choice"),
        ("会员日短信", "yes_no"),
    ]
    for field in fields:
        values = custom_fields.value_counts(lively, field.id, 2000)
        assert 300 < sum(count for _value, count in values) < 1100
        assert all(
            custom_fields.checked(field, custom_fields.show(field, value)) == value for value, _n in values
        )


def test_tags_stand_in_groups(lively: Shop) -> None:
    assert tags.groups(lively) == ["兴趣", "品牌", "联系", "身份"]
    assert all(tag.count for tag in tags.listing(lively))


def test_families_belong_together_and_share_numbers(lively: Shop) -> None:
    links = lively.db.value("SELECT count(*) FROM relations")
    assert 60 < links < 200
    kinds = {kind for (kind,) in lively.db.rows("SELECT DISTINCT kind FROM relations")}
    assert kinds == {"parent", "spouse", "sibling"}
    shared = lively.db.rows(
        "SELECT a.customer_id, b.customer_id FROM phones a JOIN phones b ON b.number = a.number "
        "AND b.customer_id < a.customer_id"
    )
    assert len(shared) > 30
    linked = {frozenset(pair) for pair in lively.db.rows("SELECT customer_id, other_id FROM relations")}
    alone = [pair for pair in shared if frozenset(pair) not in linked]
    assert 0 < len(alone) < len(shared) / 2, "some are for the person to find"
    nothing(
        lively,
        "SELECT r.id FROM relations r JOIN customers p ON p.id = r.customer_id JOIN customers c ON c.id = r.other_id "
        "WHERE r.kind = 'parent' AND substr(p.birthday, 1, 4) >= substr(c.birthday, 1, 4)",
    )


def test_there_are_duplicates_and_families_to_find(lively: Shop) -> None:
    found = duplicates.find(lively)
    assert 1 <= len(found.groups) <= 25
    assert "sure" in {group.confidence for group in found.groups}
    assert 1 <= len(found.families) <= 40


def test_notes_consents_and_preferences_are_known_of_some(lively: Shop) -> None:
    assert lively.db.value("SELECT count(*) FROM notes WHERE pinned") > 20
    assert lively.db.value("SELECT count(*) FROM notes WHERE NOT pinned") > 150
    nothing(lively, "SELECT id FROM notes WHERE day > '2026-10-01' OR day <> substr(at, 1, 10)")
    assert lively.db.value("SELECT count(*) FROM customers WHERE preferences <> ''") > 150
    answers = dict(lively.db.rows("SELECT answer, count(*) FROM consents GROUP BY 1"))
    assert min(answers["granted"], answers["refused"]) > 50
    nothing(
        lively,
        "SELECT k.id FROM consents k JOIN customers c ON c.id = k.customer_id "
        "WHERE k.answer = 'granted' AND c.consent <> 'granted'",
    )


def test_followups_are_done_late_cancelled_or_wait(lively: Shop) -> None:
    states = dict(lively.db.rows("SELECT state, count(*) FROM followups GROUP BY 1"))
    assert states["done"] > 10 * states["cancelled"] > 0
    nothing(lively, "SELECT id FROM followups WHERE state = 'open' AND due_day < '2026-09-28'")
    nothing(lively, "SELECT id FROM followups WHERE due_day < first_due_day")
    nothing(
        lively,
        "SELECT id FROM followups WHERE (state = 'done') <> (outcome <> '') OR (state = 'open') = (done_day IS NOT NULL)",
    )
    nothing(
        lively,
        "SELECT f.id FROM followups f JOIN customers c ON c.id = f.customer_id "
        "WHERE c.consent = 'refused' OR c.do_not_contact",
    )
    nothing(
        lively,
        "SELECT id FROM followups f WHERE state = 'done' AND NOT EXISTS (SELECT 1 FROM interactions i "
        "WHERE i.followup_id = f.id AND i.began_by = 'shop' AND i.day = f.done_day)",
    )


def test_the_day_has_something_to_do(lively: Shop) -> None:
    due = followups.due(lively)
    assert 5 <= len(due) <= 20
    assert len({line.followup.rule for line in due}) >= 3
    assert any(line.overdue_days > 0 for line in due)
    assert len(followups.upcoming(lively)) >= 10
    counts = complaints.counts(lively)
    assert counts.overdue == 2
    assert counts.open >= 4


def test_the_rules_find_the_day_as_they_would_have_left_it(lively: Shop) -> None:
    assert followups.run_rules(lively) == 0


def test_cases_follow_their_steps(lively: Shop) -> None:
    steps: dict[int, list[ComplaintStep]] = {}
    for step in lively.db.records(
        ComplaintStep, "SELECT * FROM complaint_steps ORDER BY complaint_id, at, id"
    ):
        steps.setdefault(step.complaint_id, []).append(step)
    states: dict[int, ComplaintState] = dict(lively.db.rows("SELECT id, state FROM complaints"))
    assert set(states) == set(steps)
    for case, taken in steps.items():
        state: ComplaintState = "received"
        for step in taken:
            state = STATE_AFTER.get(step.kind, state)
        assert taken[0].kind == "received"
        assert state == states[case]
    assert {"closed", "withdrawn", "duplicate"} < set(states.values())
    assert any(step.kind == "reopened" for taken in steps.values() for step in taken)


def test_tiers_are_as_a_run_of_that_day_leaves_them(lively: Shop) -> None:
    assert tiers.proposal(lively).changes == ()
    assert min(tiers.counts(lively).values()) > 50
    nothing(
        lively,
        "SELECT t.id FROM customer_tiers t WHERE tier <> (SELECT to_tier FROM tier_history h WHERE h.customer_id = t.id "
        "ORDER BY h.day DESC, h.id DESC LIMIT 1)",
    )
    nothing(
        lively,
        "SELECT id FROM tier_history h WHERE from_tier <> coalesce((SELECT to_tier FROM tier_history b "
        "WHERE b.customer_id = h.customer_id AND b.id < h.id ORDER BY b.id DESC LIMIT 1), '')",
    )


def test_every_month_sells_and_the_shop_grows(lively: Shop) -> None:
    months = dict(lively.db.rows("SELECT substr(day, 1, 7), sum(total_fen) FROM purchases GROUP BY 1"))
    assert len(months) == 37
    years = [sum(fen for month, fen in months.items() if month[:4] == year) for year in ("2024", "2025")]
    assert years[1] > years[0] * 1.2
    assert lively.db.value("SELECT count(*) FROM purchases WHERE day = '2026-10-01'") > 0


def test_every_figure_that_can_be_known_is_there(lively: Shop) -> None:
    missing = {
        "acquisition_cost", "clv_predicted", "target_attainment", "cost_benefit",
        "completeness", "validity", "behaviour_accuracy", "prediction_accuracy", "decision_support_rate",
        "incentive_effect",
    }  # fmt: skip
    found = kpis.all(lively, parse_period("2026-09"))
    assert {key for key, figure in found.items() if figure.value is None} <= missing
    for key in ("repurchase_rate", "active_rate", "churn_rate", "follow_up_on_time_rate", "referral_rate"):
        value = found[key].value
        assert value is not None
        assert 0 < value < 1, key


@pytest.mark.parametrize("until", ["2019-03-01", "2026-02-16", "2031-06-18"])
def test_any_last_day_will_do(tmp_path: Path, until: str) -> None:
    last = date.fromisoformat(until)
    demo.make(tmp_path / "a", customers=30, until=last)
    shop = opened(tmp_path / "a", last)
    assert integrity.check(shop) == []
    assert shop.db.value("SELECT count(*) FROM purchases WHERE day > ?", (until,)) == 0
    shop.close()


def test_some_answer_and_some_still_owe(lively: Shop) -> None:
    found = kpis.all(lively, parse_period("2026-09"))
    csat, rate = found["csat"].value, found["csat"].parts["answer_rate"]
    assert csat is not None
    assert rate is not None
    assert 0.6 < csat < 1
    assert 0 < rate < 0.5
    owing = balance.debtors(lively)
    assert 0 < len(owing) < 40
    assert all(each.due_fen <= 300_000 for each in owing)
