"""What the shop sells: a list that learns models and prices from sales, and the model from an IMEI's first digits.

An IMEI's type allocation code (TAC, its first eight digits, 3GPP TS 23.003) names the model; each sale of a phone
teaches one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.pinyin import has_han, readings, squash
from desktop_crm.base.values import clean_text, half_width, valid_imei
from desktop_crm.records.products import Category, Product, Tac
from desktop_crm.shop import Shop
from desktop_crm.store import products as store_products

TAC_DIGITS = 8

CATEGORIES: Final[dict[Category, str]] = {
    "phone": N_("Phone"),
    "accessory": N_("Accessory"),
    "service": N_("Service"),
    "plan": N_("Carrier plan"),
    "other": N_("Other"),
}
"""The kinds of products, in words."""


class ProductWrong(CrmError):
    """A product's name is empty or taken, its barcode is another one's, or its price is below zero."""


class ProductUnknown(CrmError):
    """There is no such product."""


@dataclass(frozen=True)
class Catalogue:
    """What can be sold, as read once.

    Attributes:
        products: those offered, sold last first.
        tacs: the product by the first eight digits of an IMEI, offered or not.
    """

    products: tuple[Product, ...] = ()
    tacs: Mapping[str, Product] = field(default_factory=dict)

    def find(self, text: str, limit: int = 8) -> list[Product]:
        """Those whose name (also in pinyin or its initials), brand or barcode holds every word, whatever gaps and capitals."""
        words = clean_text(half_width(text)).casefold().split()
        found = (product for product in self.products if _holds(product, words))
        return list(islice(found, limit))

    def named(self, name: str) -> Product | None:
        """The one with exactly this name, however capitals and gaps are written."""
        plain = _plain(name)
        return next((product for product in self.products if _plain(product.name) == plain), None)

    def by_imei(self, imei: str) -> Product | None:
        """The one that an IMEI's first eight digits mean, if a sale has taught it."""
        return self.tacs.get(imei[:TAC_DIGITS])

    def by_barcode(self, barcode: str) -> Product | None:
        """The one with this barcode."""
        return next((product for product in self.products if barcode and product.barcode == barcode), None)


def _plain(text: str) -> str:
    return "".join(clean_text(half_width(text)).casefold().split())


def _holds(product: Product, words: list[str]) -> bool:
    text = f"{_plain(product.name)} {_plain(product.brand)} {product.barcode}"
    if all(word in text for word in words):
        return True
    spoken = _spoken(f"{product.name} {product.brand}")
    return all(word in text or word in spoken for word in words)


@lru_cache(maxsize=4096)
def _spoken(name: str) -> str:
    """A name in pinyin and by the initials of its characters: "钢化膜" is "ganghuamo ghm"."""
    if not has_han(name):
        return ""
    plain = squash(name)
    whole = ["".join(syllables) for syllables in readings(plain)]
    firsts = "".join(readings(each)[0][0][0] if has_han(each) else each for each in plain)
    return " ".join([*whole, firsts])


def add(shop: Shop, product: Product) -> int:
    """Add a product, whose key and day of making are given here, and return its id.

    Raises:
        ProductWrong: nothing was saved.
    """
    product = _checked(shop, replace(product, id=0, created_at=shop.stamp()))
    with shop.change(_("Add product {name}").format(name=product.name), {"products"}, action="products.add"):
        return shop.db.insert(product)


def edit(shop: Shop, product: Product) -> None:
    """Store a changed product (made with `dataclasses.replace`).

    Raises:
        ProductUnknown, ProductWrong: nothing was saved.
    """
    if shop.db.get(Product, product.id) is None:
        raise ProductUnknown(_("This product is not on the list any more; nothing was changed."))
    product = _checked(shop, product)
    with shop.change(
        _("Edit product {name}").format(name=product.name), {"products"}, action="products.edit"
    ):
        shop.db.update(product)


def get(shop: Shop, product_id: int) -> Product | None:
    """One product, or None."""
    return shop.db.get(Product, product_id)


def by_imei(shop: Shop, imei: str) -> Product | None:
    """The product that an IMEI's first eight digits mean, if a sale has taught it."""
    known = store_products.tac(shop.db, imei[:TAC_DIGITS])
    return None if known is None else shop.db.get(Product, known.product_id)


def listing(shop: Shop, active_only: bool = True) -> list[Product]:
    """All products by category and name."""
    return store_products.listing(shop.db, active_only)


def catalogue(shop: Shop) -> Catalogue:
    """All that is offered, those sold last first, and what IMEIs mean; for looking up without another read."""
    with shop.reading() as db:
        offered = tuple(store_products.by_last_sale(db))
        known = {product.id: product for product in store_products.listing(db, active_only=False)}
        tacs = {tac.tac: known[tac.product_id] for tac in store_products.tacs(db)}
    for product in offered:
        _spoken(f"{product.name} {product.brand}")  # here, where nobody waits for the pinyin library
    return Catalogue(offered, tacs)


def learn_within(
    shop: Shop,
    name: str,
    *,
    category: Category = "phone",
    price_fen: int | None = None,
    cost_fen: int | None = None,
    imei: str = "",
    barcode: str = "",
    keep_price: bool = False,
) -> int:
    """The product of that name, made if it is new, with the price it was now sold at; inside a change.

    Args:
        keep_price: a price that the list has stays: what one customer paid at the counter is not what it costs all.

    A valid IMEI also teaches what its TAC means: the latest sale is believed. A barcode is learnt where neither it is
    another product's nor the product has one.
    """
    known = store_products.by_name(shop.db, name)
    if store_products.by_barcode(shop.db, barcode) is not None:
        barcode = ""
    if known is None:
        product_id = shop.db.insert(
            Product(0, name, shop.stamp(), category, brand_of(name), price_fen, cost_fen, barcode)
        )
    else:
        product_id = known.id
        changed = replace(
            known,
            price_fen=known.price_fen if price_fen is None or (keep_price and known.price_fen) else price_fen,
            cost_fen=known.cost_fen if cost_fen is None else cost_fen,
            barcode=known.barcode or barcode,
        )
        if changed != known:
            shop.db.update(changed)
    if category == "phone" and valid_imei(imei):
        _learn_tac(shop, imei[:TAC_DIGITS], product_id)
    return product_id


def cost_within(shop: Shop, product_id: int, quantity: int) -> int | None:
    """What so many pieces of a product cost the shop as far as known, whoever sells them; inside a change."""
    product = shop.db.whole.get(Product, product_id)
    return None if product is None or product.cost_fen is None else product.cost_fen * quantity


def brand_of(name: str) -> str:
    """The maker of a model by its first word, as written; an iPhone or iPad is Apple's."""
    lowered = name.lower()
    if lowered.startswith(("iphone", "ipad", "airpods", "apple", "苹果")):
        return "Apple"
    for word, brand in _BRANDS.items():
        if lowered.startswith(word):
            return brand
    return ""


def category_of(name: str, imei: str = "") -> Category:
    """What something is, by its words, its maker or its IMEI: "iPhone 17" is a phone, "iPhone 17 手机壳" an accessory."""
    if imei:
        return "phone"
    for category, words in _CATEGORY_WORDS:
        if re.search(words, name, re.IGNORECASE):
            return category
    return "phone" if brand_of(name) or "手机" in name else "other"


def storage_of(name: str) -> str:
    """The storage in a model's words, as written: "iPhone 17 256G 黑" has "256G", "小米 17 12+512GB" has "12+512GB"."""
    found = _STORAGE.search(name)
    return "" if found is None else re.sub(r"\s", "", found[0]).upper()


def color_of(name: str) -> str:
    """The colour that a model's words end with: "iPhone 17 256G 深空黑" has "深空黑"; '' if none."""
    found = _COLOR.search(name)
    return "" if found is None else found[1]


_STORAGE = re.compile(
    r"(?<![\d.])(?:\d{1,2}\s*(?:GB?)?\s*\+\s*)?(?:(?:16|32|64|128|256|512)\s*GB?|[12]\s*TB?)(?![a-z])",
    re.IGNORECASE,
)
_COLOR = re.compile(
    r"(?:[\s·,，/(（]|(?<=\d[GT])|(?<=[GT]B))"
    r"([一-鿿]{0,4}[黑白蓝绿红紫粉金银灰橙黄青棕]色?|[一-鿿]{1,4}色(?:钛金属)?|[一-鿿]{0,3}钛(?:金属)?"
    r"|(?:(?:space|natural|desert|deep|sky|light|dark|jet|rose|cosmic|mist)\s)?"
    r"(?:black|white|blue|green|red|purple|pink|gold|silver|gr[ae]y|orange|yellow|titanium|midnight|starlight))"
    r"[)）]?\s*$",
    re.IGNORECASE,
)

_CATEGORY_WORDS: tuple[tuple[Category, str], ...] = (
    ("service", r"贴膜|维修|换屏|换电池|保养|清洁|repair|service|screen replacement"),
    ("plan", r"套餐|合约|宽带|号卡|流量|\bplan\b"),
    (
        "accessory",
        r"壳|膜|充电|耳机|数据线|支架|手环|手表|表带|移动电源|case\b|charger|cable|airpods|buds|watch|band|film",
    ),
)

_BRANDS = {
    "华为": "华为", "huawei": "华为", "小米": "小米", "xiaomi": "小米", "redmi": "小米", "红米": "小米", "荣耀": "荣耀",
    "honor": "荣耀", "oppo": "OPPO", "vivo": "vivo", "iqoo": "vivo", "一加": "一加", "oneplus": "一加",
    "三星": "三星", "samsung": "三星", "realme": "realme", "真我": "realme", "魅族": "魅族", "中兴": "中兴",
}  # fmt: skip


def _learn_tac(shop: Shop, tac: str, product_id: int) -> None:
    known = store_products.tac(shop.db, tac)
    if known is None:
        shop.db.insert(Tac(0, tac, product_id))
    elif known.product_id != product_id:
        shop.db.update(replace(known, product_id=product_id))


def _checked(shop: Shop, product: Product) -> Product:
    name = clean_text(product.name)
    if not name:
        raise ProductWrong(_("A product needs a name. Nothing was saved."))
    if any(money is not None and money < 0 for money in (product.price_fen, product.cost_fen)):
        raise ProductWrong(_("A price cannot be below zero. Nothing was saved."))
    other = store_products.by_name(shop.db, name)
    if product.active and other is not None and other.id != product.id:
        raise ProductWrong(_("There is already a product {name}. Nothing was saved.").format(name=name))
    barcode = clean_text(product.barcode)
    same = store_products.by_barcode(shop.db, barcode)
    if product.active and same is not None and same.id != product.id:
        raise ProductWrong(
            _("{name} has this barcode already. Nothing was saved; scan it again.").format(name=same.name)
        )
    return replace(product, name=name, brand=clean_text(product.brand), barcode=barcode)
