"""The one box: everything a person may type, and who comes first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_crm import customers, history, search
from desktop_crm.customers import CustomerDraft, PhoneDraft
from desktop_crm.records.devices import Device
from desktop_crm.records.interactions import Interaction
from desktop_crm.shop import Shop

PEOPLE = {
    "wang": CustomerDraft("王建国", (PhoneDraft("13805718866"),), wechat="Lao_8866", card_no="VIP-0012"),
    "zeng": CustomerDraft("曾敏", (PhoneDraft("13900001234"), PhoneDraft("057187654321"))),
    "shan": CustomerDraft("单雄信", (PhoneDraft("13700008866"),)),
    "jie": CustomerDraft("解珍", (PhoneDraft("13688661111"),)),
    "lv": CustomerDraft("吕布"),
    "david": CustomerDraft("David O'Neill", (PhoneDraft("+4915112345678"),), wechat="dave"),
    "rare": CustomerDraft("王𠮷"),
    "eva": CustomerDraft("Eva Kim"),
    "ouyang": CustomerDraft("欧阳雪"),
}
IMEI = "490154203237518"


@pytest.fixture
def people(shop: Shop) -> dict[str, int]:
    """A few customers, the first one with a phone."""
    with shop.change("x", {"customers"}):
        made = {key: customers.add_within(shop, draft) for key, draft in PEOPLE.items()}
        shop.db.insert(Device(0, made["wang"], "iPhone 17", "", imei=IMEI))
        shop.db.insert(Device(0, made["zeng"], "Mate 70", "", imei=""))
    return made


def found(shop: Shop, text: str) -> list[str]:
    """Names that were found, best first."""
    return [hit.name for hit in search.find(shop, text).hits]


@pytest.mark.parametrize(
    ("text", "names", "matched"),
    [
        ("13805718866", ["王建国"], "phone …8866"),
        ("138 0571 8866", ["王建国"], "phone …8866"),
        ("+86 138-0571-8866", ["王建国"], "phone …8866"),
        ("05718866", ["王建国"], "phone …8866"),
        ("138057", ["王建国"], "138057 in the phone number"),
        ("80571", ["王建国"], "80571 in the phone number"),
        ("0571-8765", ["曾敏"], "05718765 in the phone number"),
        ("+4915112345678", ["David O'Neill"], "phone …5678"),
        (IMEI, ["王建国"], "IMEI …7518"),
        ("49-015420-323751-8", ["王建国"], "IMEI …7518"),
        ("4901542032375101", ["王建国"], "IMEI …7518"),
        ("7518", ["王建国"], "IMEI …7518"),
        ("49015420", ["王建国"], "IMEI …7518"),
        ("vip0012", ["王建国"], "card no. VIP-0012"),
        ("lao_88", ["王建国"], "WeChat Lao_8866"),
        ("王建国", ["王建国"], "name"),
        ("建", ["王建国"], "name"),
        ("建国", ["王建国"], "name"),
        ("wangjianguo", ["王建国"], "pinyin"),
        ("wangjian", ["王建国"], "pinyin"),
        ("ＪＩＡＮＧＵＯ", ["王建国"], "pinyin"),
        ("jg", ["王建国"], "initials"),
        ("wangjg", ["王建国"], "initials"),
        ("wjianguo", ["王建国"], "initials"),
        ("zengm", ["曾敏"], "pinyin"),
        ("cengmin", ["曾敏"], "pinyin"),
        ("shanxiong", ["单雄信"], "pinyin"),
        ("danxiong", ["单雄信"], "pinyin"),
        ("xiezhen", ["解珍"], "pinyin"),
        ("jiezhen", ["解珍"], "pinyin"),
        ("lvbu", ["吕布"], "pinyin"),
        ("lubu", ["吕布"], "pinyin"),
        ("oneill", ["David O'Neill"], "name"),
        ("david oneill", ["David O'Neill"], "name"),
        ("neil", ["David O'Neill"], "name"),
        ("dave", ["David O'Neill"], "WeChat dave"),
        ("ek", ["Eva Kim"], "initials"),
        ("𠮷", ["王𠮷"], "name"),
        ("ouyang", ["欧阳雪"], "pinyin"),
        ("wang 138", ["王建国"], "pinyin · 138 in the phone number"),
        ("王 8866", ["王建国"], "name · phone …8866"),
        ("解 1111", ["解珍"], "name · phone …1111"),
    ],
)
def test_everything_finds_its_card_and_says_why(
    shop: Shop, people: dict[str, int], text: str, names: list[str], matched: str
) -> None:
    result = search.find(shop, text)
    assert [hit.name for hit in result.hits] == names
    assert result.hits[0].matched == matched
    assert not result.more


@pytest.mark.parametrize(
    "text",
    ["", "  ", "·", '"', "*", "赵", "wangzz", "zzz", "99999", "AND", "NEAR(", "wangjianguog", "8866 zzz"],
)
def test_what_nobody_has_finds_nobody(shop: Shop, people: dict[str, int], text: str) -> None:
    assert found(shop, text) == []


def test_exact_phone_tails_come_before_other_places(shop: Shop, people: dict[str, int]) -> None:
    assert found(shop, "8866") == ["单雄信", "王建国", "解珍"]


def test_who_was_here_lately_comes_first_among_equals(shop: Shop, people: dict[str, int]) -> None:
    with shop.change("x", {"interactions"}):
        shop.db.insert(
            Interaction(0, people["wang"], "2026-11-20T02:00:00Z", "2026-11-20", "visit", "customer")
        )
        shop.db.insert(Interaction(0, people["shan"], "2026-11-21T02:00:00Z", "2026-11-21", "call", "shop"))
    hits = search.find(shop, "8866").hits
    assert [hit.name for hit in hits] == ["王建国", "单雄信", "解珍"]
    assert (hits[0].last_visit_day, hits[1].last_visit_day) == ("2026-11-20", None)


def test_whole_names_come_before_parts(shop: Shop) -> None:
    with shop.change("x", {"customers"}):
        for name in ("王伟", "李王", "王伟国", "汪洋"):
            customers.add_within(shop, CustomerDraft(name))
    assert found(shop, "王伟") == ["王伟", "王伟国"]
    assert found(shop, "wang") == ["汪洋", "王伟国", "王伟", "李王"]
    assert found(shop, "ww") == ["王伟", "王伟国"]


def test_no_more_than_asked_for_and_it_says_so(shop: Shop, people: dict[str, int]) -> None:
    result = search.find(shop, "8866", limit=2)
    assert [hit.name for hit in result.hits] == ["单雄信", "王建国"]
    assert result.more
    assert result.query == "8866"


def test_the_index_follows_every_change(shop: Shop, people: dict[str, int]) -> None:
    wang = people["wang"]
    customers.edit(shop, wang, name="汪洋")
    assert (found(shop, "建国"), found(shop, "汪洋")) == ([], ["汪洋"])
    customers.set_phones(shop, wang, [PhoneDraft("13012345678")])
    assert (found(shop, "05718866"), found(shop, "5678")) == ([], ["David O'Neill", "汪洋"])
    customers.delete(shop, [wang])
    assert found(shop, "汪洋") == []
    history.undo(shop)
    assert found(shop, "汪洋") == ["汪洋"]
    with shop.change("x", {"devices"}):
        shop.db.execute("UPDATE devices SET customer_id = ? WHERE imei = ?", (people["zeng"], IMEI))
    assert found(shop, IMEI) == ["曾敏"]


def test_a_very_long_name_is_found_by_its_beginning(shop: Shop) -> None:
    name = "杭州" + "星河通讯器材销售服务有限公司" * 8
    customers.add(shop, CustomerDraft(name))
    assert found(shop, name) == [name]
    assert found(shop, "hangzhouxinghe") == [name]


def test_names_without_chinese_do_not_import_pypinyin() -> None:
    code = (
        "import sys; from desktop_crm.store.search_tokens import document; "
        "document('David Wang', ('dave', 'A1'), ('13805718866',), ('490154203237518',), ()); "
        "sys.exit('pypinyin' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_an_index_that_lost_cards_is_made_anew(shop: Shop, people: dict[str, int]) -> None:
    with shop.upkeep():
        shop.db.execute("DELETE FROM search_index WHERE rowid = ?", (people["wang"],))
    assert found(shop, "王建国") == []
    search.rebuild(shop)
    assert found(shop, "王建国") == ["王建国"]
