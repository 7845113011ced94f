"""What the demo shop sells: models with the day they came out, colours, prices and the first digits of their IMEIs.

Prices are list prices in yuan of their day, rounded; models after 2025 are made up in the style of their makers.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Final

from desktop_crm.records.products import Category


@dataclass(frozen=True)
class Model:
    """One phone model; `out` is the first day it is sold, `storages` (words, yuan) the cheapest first."""

    name: str
    brand: str
    out: date
    storages: tuple[tuple[str, int], ...]
    colours: tuple[str, ...]
    weight: int


_APPLE = ("黑色", "白色", "蓝色", "粉色", "绿色")
_PRO = ("原色钛", "黑色钛", "白色钛", "沙漠色")
_USUAL = ("曜金黑", "雪域白", "雅川青", "羽砂紫")

MODELS: Final = (
    Model("iPhone 14", "Apple", date(2022, 9, 16), (("128G", 4999), ("256G", 5699)), _APPLE, 5),
    Model("iPhone 15", "Apple", date(2023, 9, 22), (("128G", 5499), ("256G", 6299)), _APPLE, 10),
    Model("iPhone 15 Pro", "Apple", date(2023, 9, 22), (("256G", 8499), ("512G", 9999)), _PRO, 4),
    Model("iPhone 16", "Apple", date(2024, 9, 20), (("128G", 5499), ("256G", 6299)), _APPLE, 11),
    Model("iPhone 16 Pro", "Apple", date(2024, 9, 20), (("256G", 8499), ("512G", 9999)), _PRO, 5),
    Model("iPhone 17", "Apple", date(2025, 9, 19), (("256G", 5799), ("512G", 7499)), _APPLE, 13),
    Model("iPhone 17 Pro", "Apple", date(2025, 9, 19), (("256G", 8799), ("512G", 10499)), _PRO, 6),
    Model("iPhone 18", "Apple", date(2026, 9, 18), (("256G", 5999), ("512G", 7699)), _APPLE, 13),
    Model("华为 Mate 60", "华为", date(2023, 8, 29), (("256G", 4999), ("512G", 5499)), _USUAL, 10),
    Model("华为 Pura 70", "华为", date(2024, 4, 18), (("256G", 4999), ("512G", 5499)), _USUAL, 9),
    Model("华为 Mate 70", "华为", date(2024, 12, 4), (("256G", 5499), ("512G", 5999)), _USUAL, 11),
    Model("华为 Pura 80", "华为", date(2025, 6, 11), (("256G", 4699), ("512G", 5199)), _USUAL, 9),
    Model("华为 Mate 80", "华为", date(2025, 11, 25), (("256G", 4699), ("512G", 5199)), _USUAL, 12),
    Model("华为 nova 13", "华为", date(2024, 10, 25), (("256G", 2699), ("512G", 2999)), _USUAL, 7),
    Model(
        "小米 14", "小米", date(2023, 10, 31), (("256G", 3999), ("512G", 4299)), ("黑色", "白色", "岩石青"), 7
    ),
    Model(
        "小米 15", "小米", date(2024, 10, 31), (("256G", 4499), ("512G", 4799)), ("黑色", "白色", "丁香紫"), 7
    ),
    Model(
        "小米 17 Pro",
        "小米",
        date(2025, 9, 27),
        (("256G", 4999), ("512G", 5299)),
        ("黑色", "白色", "森林绿"),
        8,
    ),
    Model(
        "Redmi Note 14 Pro", "小米", date(2024, 9, 26), (("256G", 1599), ("512G", 1899)), ("黑色", "白色"), 8
    ),
    Model(
        "OPPO Find X7",
        "OPPO",
        date(2024, 1, 8),
        (("256G", 3999), ("512G", 4399)),
        ("海阔天空", "大漠银月"),
        5,
    ),
    Model(
        "OPPO Find X9", "OPPO", date(2025, 10, 16), (("256G", 4399), ("512G", 4999)), ("绒砂钛", "霜白"), 6
    ),
    Model("OPPO Reno 12", "OPPO", date(2024, 5, 23), (("256G", 2699), ("512G", 2999)), ("千禧银", "柔粉"), 6),
    Model("vivo X100", "vivo", date(2023, 11, 13), (("256G", 3999), ("512G", 4399)), ("星迹蓝", "白月光"), 6),
    Model("vivo X200", "vivo", date(2024, 10, 14), (("256G", 4299), ("512G", 4699)), ("宝石蓝", "白月光"), 6),
    Model("vivo S20", "vivo", date(2024, 11, 28), (("256G", 2299), ("512G", 2599)), ("凤羽金", "玉露白"), 5),
    Model("荣耀 100", "荣耀", date(2023, 11, 23), (("256G", 2499), ("512G", 2799)), ("亮黑色", "月影白"), 5),
    Model("荣耀 200", "荣耀", date(2024, 5, 27), (("256G", 2699), ("512G", 2999)), ("亮黑色", "月影白"), 5),
    Model("荣耀 400", "荣耀", date(2025, 5, 28), (("256G", 2499), ("512G", 2799)), ("亮黑色", "月影白"), 6),
)
"""Phones in the order of their makers."""


@dataclass(frozen=True)
class Good:
    """Anything else: its name, category, price in yuan and share of it that is profit."""

    name: str
    category: Category
    yuan: int
    margin: float
    weight: int


GOODS: Final = (
    Good("钢化膜", "accessory", 39, 0.80, 20),
    Good("防窥膜", "accessory", 69, 0.75, 10),
    Good("硅胶手机壳", "accessory", 49, 0.70, 18),
    Good("磁吸手机壳", "accessory", 129, 0.60, 8),
    Good("Anker 充电器", "accessory", 129, 0.40, 10),
    Good("快充数据线", "accessory", 45, 0.65, 12),
    Good("移动电源 10000mAh", "accessory", 139, 0.40, 6),
    Good("蓝牙耳机", "accessory", 299, 0.35, 7),
    Good("换电池", "service", 299, 0.50, 9),
    Good("换屏幕", "service", 799, 0.40, 5),
    Good("手机清灰检测", "service", 30, 1.00, 6),
    Good("资料转移", "service", 50, 1.00, 5),
    Good("移动 128 元套餐", "plan", 128, 0.30, 4),
    Good("电信 99 元套餐", "plan", 99, 0.30, 3),
)
"""Accessories, services and plans."""

PHONE_MARGIN = 0.09
OFFERED_DAYS = 540
DAYS_TO_CHEAPER = 240
"""After so many days a model is sold 8 % cheaper, after twice as many 16 %."""


def model_on(rng: random.Random, day: date, brand: str = "") -> Model:
    """A model as bought on a day: what is out and not much older than a year and a half, newer ones more often."""
    models, weights = _offered(day, brand if rng.random() < 0.7 else "")
    return rng.choices(models, cum_weights=weights)[0]


@lru_cache(maxsize=8192)
def _offered(day: date, brand: str) -> tuple[tuple[Model, ...], tuple[float, ...]]:
    """The models sold on a day, of one brand if it has any then, with their weights summed up."""
    offered = tuple(model for model in MODELS if 0 <= (day - model.out).days <= OFFERED_DAYS)
    offered = tuple(model for model in offered if model.brand == brand) or offered
    if not offered:  # before the first or long after the last model of the list
        offered = MODELS[:1] if day < MODELS[-1].out else MODELS
    newness = (2.5 if (day - model.out).days < 90 else 1.0 for model in offered)
    return offered, tuple(accumulate(model.weight * new for model, new in zip(offered, newness, strict=True)))


def price_fen(model: Model, yuan: int, day: date) -> int:
    """The price of a model on a day, in fen: cheaper with age, ending in 9 yuan."""
    steps = max(0, min(2, (day - model.out).days // DAYS_TO_CHEAPER))
    return (round(yuan * (1 - 0.08 * steps)) // 10 * 10 + 9) * 100


def cost_fen(price: int, margin: float) -> int:
    """What a thing of this price costs the shop, in whole yuan."""
    return round(price * (1 - margin) / 100) * 100


def old_phone_fen(list_fen: int, months: int) -> int:
    """What the shop gives for a phone after so many months: 45 % of its price at first, less with each month."""
    return max(20_000, round(list_fen * max(0.05, 0.45 - 0.011 * months) / 5000) * 5000)


def good(rng: random.Random, *categories: str) -> Good:
    """Something else of these categories, as often as it is asked for."""
    goods, weights = _goods_of(categories)
    return rng.choices(goods, cum_weights=weights)[0]


def film(rng: random.Random) -> Good:
    """A film for the screen."""
    return rng.choice([good for good in GOODS if good.name.endswith("膜")])


def case(rng: random.Random) -> Good:
    """A case."""
    return rng.choice([good for good in GOODS if good.name.endswith("壳")])


@lru_cache(maxsize=64)
def _goods_of(categories: tuple[str, ...]) -> tuple[tuple[Good, ...], tuple[int, ...]]:
    goods = tuple(good for good in GOODS if good.category in categories)
    return goods, tuple(accumulate(good.weight for good in goods))


def barcode(number: int) -> str:
    """A valid EAN-13 of a Chinese maker."""
    digits = f"6972100{number:05d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-total % 10)


def tac(model: Model, storage: str) -> str:
    """The first eight digits of the IMEIs of a model in one size."""
    place = MODELS.index(model) * 4 + [name for name, _yuan in model.storages].index(storage)
    return f"35{204_100 + place * 37:06d}"


def imei(rng: random.Random, model: Model, storage: str) -> str:
    """A valid IMEI of the model."""
    digits = tac(model, storage) + f"{rng.randrange(1_000_000):06d}"
    total = 0
    for place, digit in enumerate(digits):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return digits + str(-total % 10)
