"""The one box: everything a person may type, and who comes first."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_crm import custom_fields, customers, history, notes, search, staff
from desktop_crm.base import i18n
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
        shop.db.insert(Device(0, made["wang"], "iPhone 17", "", imei=IMEI, serial="C02F17XK3Q"))
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
        ("wjg", ["王建国"], "initials"),
        ("wang 138", ["王建国"], "pinyin · 138 in the phone number"),
        ("wang 13", ["王建国"], "pinyin · 13 in the phone number"),
        ("建国 lao_8866", ["王建国"], "name · WeChat Lao_8866"),
        ("xk3q", ["王建国"], "serial no. …XK3Q"),
        ("c02f17xk3q", ["王建国"], "serial no. …XK3Q"),
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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("13805718866", ["王建国"]),
        ("+86 138 0571 8866", ["王建国"]),
        ("8866", ["单雄信", "王建国"]),
        ("138", ["王建国"]),
        ("1380", []),
        ("1380571", []),
        ("18866", []),
        ("05718866", []),
        ("71", []),
    ],
)
def test_hidden_digits_are_not_told_by_guessing(
    shop: Shop, people: dict[str, int], text: str, names: list[str]
) -> None:
    clerk = shop.at_counter(staff.add(shop, "小雅"))
    assert sorted(found(clerk, text)) == sorted(names)


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


# ------------------------------------------------------------ digits that everybody has


@pytest.mark.parametrize(("text", "names"), [("5", 3), ("57", 2), ("0 9", 1), ("wang 4", 0), ("1 8866", 3)])
def test_one_or_two_digits_are_looked_for_in_the_numbers_themselves(
    shop: Shop, people: dict[str, int], text: str, names: int
) -> None:
    hits = search.find(shop, text).hits
    assert len(hits) == names
    for hit in hits:
        assert all(any(word in number for number in hit.phones) for word in text.split() if word != "wang")


def test_a_deleted_card_is_not_found_by_digits(shop: Shop, people: dict[str, int]) -> None:
    customers.delete(shop, [people["zeng"]])
    assert found(shop, "57") == ["王建国"]


def test_a_word_that_goes_beyond_the_name_is_found_elsewhere(shop: Shop) -> None:
    customers.add(shop, CustomerDraft("王建国", wechat="wangjgx"))
    (hit,) = search.find(shop, "wangjgx").hits
    assert hit.matched == "WeChat wangjgx"


def test_pieces_in_different_places_are_no_match(shop: Shop) -> None:
    customers.add(shop, CustomerDraft("甲", (PhoneDraft("13812345678"), PhoneDraft("13956781234"))))
    customers.add(shop, CustomerDraft("国建 建明"))
    assert found(shop, "12341234") == []
    assert found(shop, "国建明") == []
    assert found(shop, "123456") == ["甲"]


# ------------------------------------------------------------ behind a prefix


@pytest.fixture
def noted(shop: Shop, people: dict[str, int]) -> dict[str, int]:
    """The same people with notes, tags and own fields."""
    wang, zeng, eva = people["wang"], people["zeng"], people["eva"]
    customers.edit(shop, wang, note="喜欢先看样机，\n不要推销保险。", preferences="小屏 iPhone 17")
    notes.add(shop, zeng, "样机已看，等降价")
    for part in ("再看", "看样"):
        notes.add(shop, people["lv"], part)
    notes.add(shop, people["lv"], "样机")
    customers.set_tags(shop, wang, ["老客户", "拍照"])
    customers.set_tags(shop, zeng, ["拍照"])
    age = custom_fields.add(shop, "宝宝年龄", "number")
    plate = custom_fields.add(shop, "车牌", "text")
    vip = custom_fields.add(shop, "会员日", "yes_no")
    born = custom_fields.add(shop, "安装日", "date")
    for who, field, value in (
        (wang, age, "3"),
        (zeng, age, "13"),
        (people["lv"], age, "12.5"),
        (eva, plate, "浙A·88X66"),
        (wang, vip, "是"),
    ):
        custom_fields.put(shop, who, field, value)
    custom_fields.put(shop, zeng, vip, "否")
    custom_fields.put(shop, eva, born, "2026-11-21")
    return people


@pytest.mark.parametrize(
    ("text", "names", "matched"),
    [
        ("备注:样机", ["吕布", "曾敏", "王建国"], "样机"),
        ("备注：推销", ["王建国"], "…先看样机， 不要推销保险。"),
        ("note: 样机，不要", ["王建国"], "喜欢先看样机， 不要推销保险。"),
        ("NOTE:iphone", ["王建国"], "小屏 iPhone 17"),
        ("notes:17", ["王建国"], "… iPhone 17"),
        ("备注:屏iph", ["王建国"], "小屏 iPhone 17"),
        ("备注:样", ["吕布", "曾敏", "王建国"], "看样"),
        ("备注:样机 备注:降价", ["曾敏"], "样机已看，等降价"),
        ("标签:拍照", ["曾敏", "王建国"], "标签 拍照"),
        ("tag:老客", ["王建国"], "tag 老客户"),
        ("wang 标签:拍照", ["王建国"], "pinyin · 标签 拍照"),
        ("138 备注:样机", ["王建国"], "138 in the phone number · 喜欢先看样机， 不要推销保险…"),
        ("宝宝年龄:3", ["王建国"], "宝宝年龄 3"),
        ("宝宝年龄：13.0", ["曾敏"], "宝宝年龄 13"),
        ("车牌:a88", ["Eva Kim"], "车牌 浙A·88X66"),
        ("车牌:8x6", [], ""),
        ("宝宝年龄:125", [], ""),
        ("备注:再看样机", [], ""),
        ("会员日:是", ["王建国"], "会员日 Yes"),
        ("会员日:no", ["曾敏"], "会员日 No"),
        ("安装日:2026-11", ["Eva Kim"], "安装日 2026-11-21"),
        ("宝宝年龄:三", [], ""),
        ("备注:机样", [], ""),
        ("备注:不要看", [], ""),
        ("别的:样机", [], ""),
    ],
)
def test_notes_tags_and_own_fields_are_found_behind_their_names(
    shop: Shop, noted: dict[str, int], text: str, names: list[str], matched: str
) -> None:
    hits = search.find(shop, text).hits
    assert [hit.name for hit in hits] == names
    assert [hit.matched for hit in hits[:1]] == ([matched] if names else [])


def test_what_matched_is_told_with_its_place(shop: Shop, noted: dict[str, int]) -> None:
    (number,) = search.find(shop, "05718866").hits[0].reasons
    assert (number.place, number.number, number.start, number.size) == ("phone", 0, 3, 8)
    (name,) = search.find(shop, "neil").hits[0].reasons
    assert (name.place, name.start, name.size) == ("name", 8, 4), "counted in the name as it is written"
    (pinyin,) = search.find(shop, "jiangu").hits[0].reasons
    assert (pinyin.place, pinyin.start, pinyin.size) == ("name", 1, 2)
    (mixed,) = search.find(shop, "wjia").hits[0].reasons
    assert (mixed.place, mixed.start, mixed.size, mixed.words) == ("name", 0, 2, "initials")
    (text,) = search.find(shop, "车牌:88x").hits[0].reasons
    assert text.words[text.start : text.start + text.size] == "88X"


def test_a_prefix_alone_finds_nobody_and_says_that_it_waits(shop: Shop, noted: dict[str, int]) -> None:
    waiting = search.find(shop, "备注:")
    assert (waiting.hits, waiting.is_open) == ((), True)
    assert not search.find(shop, "zzz").is_open
    assert not search.find(shop, "").is_open
    assert search.prefixes(shop) == ["note", "tag", "宝宝年龄", "车牌", "会员日", "安装日"]
    with i18n.using("zh_CN"):
        assert search.prefixes(shop)[0] == "备注"


def test_texts_are_found_as_they_are_now(shop: Shop, noted: dict[str, int]) -> None:
    with shop.change("x", {"tags"}):
        shop.db.execute("UPDATE tags SET name = '摄影' WHERE name = '拍照'")
    assert (found(shop, "标签:拍照"), len(found(shop, "标签:摄影"))) == ([], 2)
    history.undo(shop)
    assert len(found(shop, "标签:拍照")) == 2
    history.redo(shop)
    assert found(shop, "标签:拍照") == []


# ------------------------------------------------------------ scanners, families, merged cards


def test_a_scan_is_of_who_has_the_device_now(shop: Shop, people: dict[str, int]) -> None:
    with shop.change("x", {"devices"}):
        shop.db.insert(Device(0, people["zeng"], "iPhone 17", "", imei=IMEI, status="traded_in"))
    assert search.scanned(shop, f" {IMEI}\r") == (people["wang"],)
    with shop.change("x", {"devices"}):
        shop.db.execute("UPDATE devices SET status = 'gone'")
    assert search.scanned(shop, "49-015420-323751-8") == (people["zeng"], people["wang"]), "all who had it"
    assert search.scanned(shop, "c02f17xk3q") == (people["wang"],)
    assert search.scanned(shop, "VIP-0012") == (people["wang"],)
    assert search.scanned(shop, "6901234567892") == ()
    customers.delete(shop, [people["wang"]])
    assert search.scanned(shop, "VIP-0012") == ()


def test_everybody_who_shares_a_number_is_shown(shop: Shop) -> None:
    for name in ("王建国", "李芳", "王小宝"):
        customers.add(shop, CustomerDraft(name, (PhoneDraft("13805718866"),)))
    assert sorted(found(shop, "13805718866")) == ["李芳", "王小宝", "王建国"]


def test_a_merged_card_is_found_by_the_codes_it_had(shop: Shop, people: dict[str, int]) -> None:
    with shop.change("x", {"customers"}):
        shop.db.execute("UPDATE customers SET merged_into = ? WHERE id = ?", (people["eva"], people["wang"]))
    (hit,) = search.find(shop, "vip0012").hits
    assert (hit.name, hit.matched) == ("Eva Kim", "formerly VIP-0012")
    assert found(shop, "vip0013") == []


# ------------------------------------------------------------ keeping the index


def test_many_small_changes_are_tidied_when_nothing_is_going_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(12):
        customers.add(shop, CustomerDraft(f"王{number}"))

    def pieces() -> int:
        return int(shop.db.value("SELECT count(DISTINCT segid) FROM search_index_idx"))

    monkeypatch.setattr("desktop_crm.store.search._PIECES", 1)
    before = pieces()
    shop.settle()
    assert pieces() == 1 < before
    assert len(found(shop, "王")) == 12


def test_a_bulk_leaves_the_index_in_one_piece(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_crm.store.search._BULK", 10)
    monkeypatch.setattr("desktop_crm.store.search._CHUNK", 4)
    customers.add(shop, CustomerDraft("赵一"))
    with shop.change("x", {"customers"}):
        for number in range(12):
            customers.add_within(shop, CustomerDraft(f"王{number}"))
    assert shop.db.value("SELECT count(DISTINCT segid) FROM search_index_idx") == 1
    assert len(found(shop, "王")) == 12
