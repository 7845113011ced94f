"""Products: the list, what sales teach, and looking up by words, barcode and IMEI."""

from __future__ import annotations

import pytest

from desktop_crm import history, products, purchases
from desktop_crm.products import ProductUnknown, ProductWrong, brand_of, category_of
from desktop_crm.purchase_drafts import LineDraft, SaleDraft
from desktop_crm.records.products import Category, Product
from desktop_crm.shop import Shop

IMEI = "352041000000008"
"""A valid one; its TAC is 35204100."""


def new(name: str, category: Category = "phone", **fields: object) -> Product:
    return Product(0, name, "", category, **fields)  # type: ignore[arg-type]


def sell(shop: Shop, name: str, yuan: int, *, imei: str = "", category: Category = "phone") -> None:
    purchases.record(shop, SaleDraft((LineDraft(name, yuan * 100, imei=imei, category=category),)))


def test_a_product_is_added_clean(shop: Shop) -> None:
    made = products.add(
        shop, new(" iPhone 17 256G ", brand=" Apple ", price_fen=579_900, barcode=" 6972100000000 ")
    )
    found = products.get(shop, made)
    assert found is not None
    assert (found.name, found.brand, found.barcode) == ("iPhone 17 256G", "Apple", "6972100000000")
    assert found.created_at == "2026-11-21T02:00:00Z"


@pytest.mark.parametrize(
    ("product", "words"),
    [
        (new("  "), "needs a name"),
        (new("iPhone 17", price_fen=-1), "below zero"),
        (new("iPhone 17", cost_fen=-1), "below zero"),
        (new("钢化膜"), "already a product 钢化膜"),
        (new("防窥膜", barcode=" 6972100000018"), "钢化膜 has this barcode"),
    ],
)
def test_a_wrong_product_is_refused(shop: Shop, product: Product, words: str) -> None:
    products.add(shop, new("钢化膜", "accessory", barcode="6972100000018"))
    with pytest.raises(ProductWrong, match=words):
        products.add(shop, product)
    assert len(products.listing(shop)) == 1


def test_what_is_no_longer_offered_makes_room_for_its_name(shop: Shop) -> None:
    first = products.add(shop, new("手机壳", "accessory"))
    before = products.get(shop, first)
    assert before is not None
    products.edit(shop, Product(**{**vars(before), "active": False}))
    second = products.add(shop, new("手机壳", "accessory"))
    assert [each.id for each in products.listing(shop)] == [second]
    assert {each.id for each in products.listing(shop, active_only=False)} == {first, second}


def test_editing_what_is_gone_is_refused(shop: Shop) -> None:
    with pytest.raises(ProductUnknown):
        products.edit(shop, Product(7, "iPhone 17", ""))


def test_editing_is_undone_and_redone(shop: Shop) -> None:
    made = products.add(shop, new("iPhone 17", price_fen=1))
    before = products.get(shop, made)
    assert before is not None
    products.edit(shop, Product(**{**vars(before), "price_fen": 2}))
    history.undo(shop)
    assert products.get(shop, made) == before
    history.redo(shop)
    assert products.listing(shop)[0].price_fen == 2


def test_a_sale_teaches_the_product_and_what_its_imei_means(shop: Shop) -> None:
    sell(shop, "iPhone 17 256G", 5799, imei=IMEI)
    sell(shop, "钢化膜", 39, category="accessory")
    known = products.catalogue(shop)
    phone = known.by_imei("352041009999999")
    assert phone is not None
    assert (phone.name, phone.brand, phone.price_fen) == ("iPhone 17 256G", "Apple", 579_900)
    assert [each.name for each in known.products] == ["钢化膜", "iPhone 17 256G"], "sold last first"
    history.undo(shop)
    history.undo(shop)
    assert products.catalogue(shop).by_imei(IMEI) is None


def test_a_sale_leaves_the_price_of_the_list_and_its_imei_is_believed(shop: Shop) -> None:
    sell(shop, "iPhone 17", 5999, imei=IMEI)
    sell(shop, "iPhone 17", 5799, imei=IMEI)
    assert products.listing(shop)[0].price_fen == 599_900, "who haggles changes no price list"
    sell(shop, "iPhone 17 256G", 5799, imei=IMEI)
    found = products.catalogue(shop).by_imei(IMEI)
    assert found is not None
    assert found.name == "iPhone 17 256G"


def test_a_gift_teaches_no_price(shop: Shop) -> None:
    sell(shop, "数据线", 0, category="accessory")
    assert products.listing(shop)[0].price_fen is None
    sell(shop, "数据线", 45, category="accessory")
    sell(shop, "数据线", 0, category="accessory")
    assert products.listing(shop)[0].price_fen == 4_500


@pytest.mark.parametrize("imei", ["352041000000001", "SERIAL1", ""])
def test_a_number_that_is_no_imei_teaches_nothing(shop: Shop, imei: str) -> None:
    sell(shop, "iPhone 17", 5999, imei=imei)
    assert products.catalogue(shop).tacs == {}


def test_a_later_sale_without_cost_keeps_the_known_cost(shop: Shop) -> None:
    line = LineDraft("钢化膜", 3900, 2, category="accessory", cost_fen=1600)
    purchases.record(shop, SaleDraft((line,)))
    sell(shop, "钢化膜", 39, category="accessory")
    assert products.listing(shop)[0].cost_fen == 800


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", ["iPhone 17 256G", "华为 Mate 80 512G", "钢化膜"]),
        ("iphone17", ["iPhone 17 256G"]),
        ("ＩＰＨＯＮＥ 256", ["iPhone 17 256G"]),
        ("80 华为", ["华为 Mate 80 512G"]),
        ("apple", ["iPhone 17 256G"]),
        ("0018", ["钢化膜"]),
        ("小米", []),
        ("100%", []),
    ],
)
def test_words_find_products(shop: Shop, text: str, names: list[str]) -> None:
    products.add(shop, new("iPhone 17 256G", brand="Apple"))
    products.add(shop, new("华为 Mate 80 512G", brand="华为"))
    products.add(shop, new("钢化膜", "accessory", barcode="6972100000018"))
    assert [each.name for each in products.catalogue(shop).find(text)] == names


def test_no_more_are_found_than_asked_for(shop: Shop) -> None:
    for number in range(5):
        products.add(shop, new(f"手机壳 {number}", "accessory"))
    assert len(products.catalogue(shop).find("壳", 3)) == 3


def test_names_and_barcodes_name_exactly_one(shop: Shop) -> None:
    made = products.add(shop, new("iPhone 17", barcode="6972100000001"))
    known = products.catalogue(shop)
    for found in (known.named("IPHONE17"), known.by_barcode("6972100000001")):
        assert found is not None
        assert found.id == made
    assert known.named("iPhone") is None
    assert known.by_barcode("") is None


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("iPhone 17", "Apple"),
        ("苹果 15", "Apple"),
        ("Redmi Note 14", "小米"),
        ("HUAWEI Mate 80", "华为"),
        ("iQOO 13", "vivo"),
        ("老人手机", ""),
    ],
)
def test_the_first_word_names_the_maker(name: str, brand: str) -> None:
    assert brand_of(name) == brand


@pytest.mark.parametrize(
    ("name", "imei", "category"),
    [
        ("iPhone 17", "", "phone"),
        ("iPhone 17 手机壳", "", "accessory"),
        ("换屏", "", "service"),
        ("移动 128 元套餐", "", "plan"),
        ("雨伞", "", "other"),
        ("雨伞", IMEI, "phone"),
    ],
)
def test_words_tell_the_kind(name: str, imei: str, category: str) -> None:
    assert category_of(name, imei) == category


@pytest.mark.parametrize(
    ("words", "storage", "color"),
    [
        ("iPhone 17 256G 深空黑", "256G", "深空黑"),
        ("iPhone 17 256G黑", "256G", "黑"),
        ("小米 17 12+512GB", "12+512GB", ""),
        ("OPPO Find X9 16 GB + 1TB 绒砂钛", "16GB+1TB", "绒砂钛"),
        ("iPhone 17 Pro 1TB 沙漠色钛金属", "1TB", "沙漠色钛金属"),
        ("vivo X300 (16GB+512GB 纯粹黑)", "16GB+512GB", "纯粹黑"),
        ("华为 Mate 80 5G 256GB雅川青", "256GB", "雅川青"),
        ("iPhone 16 128gb Space Black", "128GB", "Space Black"),
        ("小米 15 白色", "", "白色"),
        ("红米 Note 12 5G", "", ""),
    ],
)
def test_storage_and_colour_are_read_from_a_models_words(words: str, storage: str, color: str) -> None:
    assert (products.storage_of(words), products.color_of(words)) == (storage, color)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ghm", ["钢化膜"]),
        ("ganghua", ["钢化膜"]),
        ("huawei mate", ["华为 Mate 80"]),
        ("hw80", []),
        ("hwmate", ["华为 Mate 80"]),
        ("iphone", ["iPhone 17"]),
        ("mo", ["钢化膜"]),
        ("", ["iPhone 17", "华为 Mate 80", "钢化膜"]),
    ],
)
def test_products_are_found_by_pinyin_and_initials(shop: Shop, typed: str, found: list[str]) -> None:
    for name in ("钢化膜", "华为 Mate 80", "iPhone 17"):
        products.add(shop, new(name))
    assert [each.name for each in products.catalogue(shop).find(typed)] == found


def test_a_barcode_is_learnt_with_a_sale_undone_and_redone(shop: Shop) -> None:
    def sold(name: str, barcode: str) -> None:
        line = LineDraft(name, 3_900, category="accessory", barcode=barcode)
        purchases.record(shop, SaleDraft((line,)))

    def codes() -> dict[str, str]:
        return {each.name: each.barcode for each in products.listing(shop)}

    sold("手机壳", "6972100000025")
    assert codes() == {"手机壳": "6972100000025"}
    history.undo(shop)
    assert codes() == {}
    history.redo(shop)
    sold("手机壳", "6972100000032")
    assert codes() == {"手机壳": "6972100000025"}, "it has one"
    sold("支架", "6972100000025")
    assert codes()["支架"] == "", "it is another one's"
    sold("支架", " 6972100000049 ")
    assert codes()["支架"] == "6972100000049"


def test_the_model_of_an_imei_is_known_once_one_was_sold(shop: Shop) -> None:
    assert products.by_imei(shop, IMEI) is None
    sell(shop, "iPhone 17 256G", 5799, imei=IMEI)
    found = products.by_imei(shop, "352041009999999")
    assert found is not None
    assert found.name == "iPhone 17 256G"
