"""Which shops this PC knows."""

from __future__ import annotations

from pathlib import Path

from desktop_crm import shops
from desktop_crm.shop import Shop


def test_the_shop_used_last_is_known_while_it_is_there(shop: Shop) -> None:
    assert shops.last_used() is None
    shops.remember(shop.folder, is_demo=False)
    assert shops.last_used() == shop.folder
    shop.folder.rename(shop.folder.with_name("gone"))
    assert shops.last_used() is None


def test_the_demo_is_never_remembered(shop: Shop) -> None:
    shops.remember(shop.folder, is_demo=True)
    assert shops.last_used() is None


def test_a_new_shop_never_goes_where_one_is(tmp_path: Path) -> None:
    places = []
    for _time in range(3):
        places.append(shops.own_folder())
        Shop.create(places[-1], "店").close()
    assert [place.name for place in places] == ["shop", "shop-2", "shop-3"]
    assert all(shops.is_shop(place) for place in places)
    assert shops.demo_folder().parent == places[0].parent
    assert not shops.is_shop(tmp_path)
