"""Searching: `search.find` with its hits assembled, against an instr() scan of the same rows, and small against large.

The classes are what people type; each is measured alone, and named with its p95. The ratio is that of all queries,
each asked once before: what a page of an encrypted file costs when it is read for the first time is reported beside it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from desktop_crm import search as feature
from desktop_crm.shop import Shop
from desktop_crm.store.rows import Database
from tests.benchmarks.runner import Case, Measured, Shops, Side, percentile, timed

PER_CLASS = 60
SCANS_PER_CLASS = 2
AT_A_MILLION = 0.01
"""A search may take this share of a scan of a million customers; of a smaller shop the larger share: it is flat."""
FLAT = 3.0
SMALL = 10_000
_PINYIN = ("wang", "zhang", "li", "chen", "zhao", "huang", "zeng", "ceng", "shan", "jie", "ouyang")


def cases(shops: Shops, customers: int) -> list[Case]:
    """Search against scan, and a large shop against a small one."""
    large = str(shops.large(customers))
    found = Side("search.find", ("search.find", large))
    limit = AT_A_MILLION * max(1.0, 1_000_000 / customers)
    made = [
        Case(
            "search p95 against a scan", found, Side("instr() scan", ("search.scan", large)), limit, repeats=3
        )
    ]
    if customers > SMALL:
        small = Side(f"{SMALL:,} customers", ("search.find", str(shops.large(SMALL))))
        made.append(Case("search p95 stays flat", found, small, FLAT, repeats=3))
    return made


def find(folder: str) -> Measured:
    """p95 of `search.find` over queries of every class."""
    shop = Shop.open(Path(folder))
    mixed = [(name, text) for name, texts in queries(shop.db, PER_CLASS).items() for text in texts]
    random.Random(3).shuffle(mixed)
    first = [timed(feature.find, shop, text) for _name, text in mixed]
    times: dict[str, list[float]] = {}
    for name, text in mixed:
        times.setdefault(name, []).append(timed(feature.find, shop, text))
    shop.close()
    parts = {name: percentile(known, 0.95) for name, known in sorted(times.items())}
    whole = percentile([each for known in times.values() for each in known], 0.95)
    return Measured(whole, parts | {"asked for the first time": percentile(first, 0.95)})


def scan(folder: str) -> Measured:
    """p95 of an instr() scan over the same rows, with some queries of each class."""
    shop = Shop.open(Path(folder))
    times = {
        name: [timed(_scan, shop.db, text) for text in texts[:SCANS_PER_CLASS]]
        for name, texts in queries(shop.db, SCANS_PER_CLASS).items()
    }
    shop.close()
    return Measured(
        percentile([each for known in times.values() for each in known], 0.95),
        {name: max(known) for name, known in times.items()},
    )


def queries(db: Database, count: int) -> dict[str, list[str]]:
    """So many queries of each class, made of what the shop holds."""
    rng = random.Random(1)

    def some(sql: str) -> list[str]:
        last = db.value("SELECT max(id) FROM customers")
        ids = sorted(rng.randrange(1, last + 1) for _number in range(1500))
        marks = ", ".join("?" * len(ids))
        return [value for (value,) in db.rows(sql.format(ids=marks), ids) if value]

    names = [name for name in some("SELECT name FROM customers WHERE id IN ({ids})") if not name.isascii()]
    numbers = some("SELECT number FROM phones WHERE customer_id IN ({ids})")
    imeis = some("SELECT imei FROM devices WHERE customer_id IN ({ids})")
    wechats = some("SELECT wechat FROM customers WHERE id IN ({ids})")
    cards = some("SELECT card_no FROM customers WHERE id IN ({ids})")
    pick = rng.choice
    digits = "0123456789"
    classes: dict[str, Callable[[], str]] = {
        "phone tail, 4": lambda: pick(numbers)[-4:],
        "phone tail, 6": lambda: pick(numbers)[-6:],
        "phone, whole": lambda: pick(numbers),
        "phone, part of 3 to 7": lambda: _part(rng, pick(numbers), rng.randrange(3, 8)),
        "digit": lambda: pick(digits),
        "two digits": lambda: pick(digits) + pick(digits),
        "IMEI": lambda: pick(imeis),
        "IMEI tail": lambda: pick(imeis)[-rng.randrange(4, 9) :],
        "name": lambda: pick(names),
        "character": lambda: _part(rng, pick(names), 1),
        "surname": lambda: pick(names)[0],
        "two characters": lambda: _part(rng, pick(names), 2),
        "letter": lambda: pick("abcdefghjklmnpqrstwxyz"),
        "two letters": lambda: pick(("zj", "wj", "lx", "wx", "zh", "li", "ch", "xi", "ya", "gu")),
        "pinyin of a surname": lambda: pick(_PINYIN),
        "pinyin, longer": lambda: pick(("wangjianguo", "zhangw", "zhangwei", "lixiao", "wangx", "jianguo", "ceng")),
        "pinyin and initials": lambda: pick(("wangjg", "zhangzq", "lixm", "wjianguo", "zengm", "chenhr")),
        "WeChat": lambda: pick(wechats),
        "card no.": lambda: pick(cards),
        "two words": lambda: f"{pick(_PINYIN)} {pick(('138', '139', '186', '1', '13', '0571', '8'))}",
        "two words, rare": lambda: f"{pick(_PINYIN)} {pick(numbers)[-4:]}",
        "two common characters": lambda: f"{pick('王李张刘陈')} {pick('建国晓梅强芳')}",
        "miss": lambda: pick(("qqqq", "00000000000", "龘龘", "王龘", "xyzzy", "zhangqq", "wangzzz", "99999999")),
        "note": lambda: pick(("备注:样机", "备注:保险", "note:喜欢", "备注:修", "备注:划痕", "备注:开发票抬头")),
        "tag": lambda: pick(("标签:苹果用户", "标签:游戏", "tag:学", "标签:老人")),
        "own field": lambda: pick(("宝宝年龄:3", "宝宝年龄:11", "车牌:浙A", "车牌:A1")),
        "word and note": lambda: f"{pick(_PINYIN)} 备注:{pick(('样机', '发票', '修'))}",
    }  # fmt: skip
    return {name: [make() for _number in range(count)] for name, make in classes.items()}


def _part(rng: random.Random, text: str, size: int) -> str:
    start = rng.randrange(max(1, len(text) - size + 1))
    return text[start : start + size]


_PLAIN = (
    "SELECT id FROM customers WHERE instr(name, ?{n}) OR instr(wechat, ?{n}) OR instr(card_no, ?{n}) "
    "UNION SELECT customer_id FROM phones WHERE instr(number, ?{n}) "
    "UNION SELECT customer_id FROM devices WHERE instr(imei, ?{n}) OR instr(serial, ?{n})"
)
_BEHIND = {
    "备注": "SELECT id FROM customers WHERE instr(note, ?{n}) OR instr(preferences, ?{n}) "
    "UNION SELECT customer_id FROM notes WHERE instr(text, ?{n})",
    "标签": "SELECT customer_id FROM customer_tags g JOIN tags t ON t.id = g.tag_id WHERE instr(t.name, ?{n})",
    "": "SELECT customer_id FROM custom_values WHERE instr(value, ?{n})",
}
_BEHIND |= {"note": _BEHIND["备注"], "tag": _BEHIND["标签"]}


def _scan(db: Database, text: str) -> Sequence[object]:
    """The fastest way without an index of words: each table read once per word."""
    parts, values = [], []
    for number, word in enumerate(text.split(), 1):
        head, colon, rest = word.partition(":")
        sql = _BEHIND.get(head, _BEHIND[""]) if colon else _PLAIN
        parts.append(f"SELECT * FROM ({sql.format(n=number)})")
        values.append(rest if colon else word)
    return db.rows(
        f"SELECT id, name FROM customers WHERE id IN ({' INTERSECT '.join(parts)}) ORDER BY id DESC LIMIT 50",
        values,
    )


SIDES = {"find": find, "scan": scan}
