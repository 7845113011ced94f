"""Who a row is about: names put together from their parts, words of tills that are nobody, and what is needed to know them."""

from __future__ import annotations

import re

from desktop_crm.base.i18n import _
from desktop_crm.importing.blocks import Block, Values


def names(block: Block) -> Values:
    """Names put together from their parts; Chinese ones family name first and without a space."""
    found = block.get("name")
    if "last_name" in block.columns or "first_name" in block.columns:
        found = list(found)
        parts = zip(block.get("last_name"), block.get("first_name"), block.get("middle_name"), strict=True)
        for place, (last, first, middle) in enumerate(parts):
            if not found[place] and (last or first):
                found[place] = full_name(last, first, middle)
    if "nickname" in block.columns:
        found = list(found)
        for place, nickname in enumerate(block.columns["nickname"]):
            if nickname and not found[place]:
                found[place] = nickname
            elif nickname and nickname != found[place]:
                block.line(place, _("Nickname"), nickname)
    return found


def full_name(last: str, first: str, middle: str = "") -> str:
    """One name from its parts: 张 + 三 is 张三, Smith + John is John Smith."""
    if re.search(r"[\u3400-\u9fff]", last + first):
        return last + middle + first
    return " ".join(part for part in (first, middle, last) if part)


_NOBODY = frozenset((
    "散客", "散户", "散客户", "零售", "零售客户", "零散客户", "路人", "路人甲", "过路客", "匿名", "匿名客户", "现金客户",
    "普通客户", "普通顾客", "默认客户", "默认散客", "门店散客", "门市散客", "无名氏", "无名", "未登记", "非会员",
    "先生", "女士", "小姐", "顾客", "客户", "客人", "walk-in", "walk in", "walkin", "walk-in customer", "walk in customer",
    "guest",
    "anonymous", "cash customer", "cash sale", "retail customer", "customer",
))  # fmt: skip
"""What tills write where nobody is known; alone it is nobody's name."""


def who(block: Block, *, needed: bool) -> list[Values]:
    """Name, telephone, card number and id of each row; `needed`: a row without any of them is bad."""
    written, phones = names(block), block.get("phone")
    cards, others = block.get("card_no"), block.get("external_id")
    known = written
    if not _NOBODY.isdisjoint(map(str.lower, written)):
        known = ["" if name.lower() in _NOBODY else name for name in written]
    if needed:
        for place, said in enumerate(zip(known, phones, cards, others, strict=True)):
            if any(said) or place in block.bad:
                continue
            if written[place]:
                told = _(
                    "“{name}” is nobody in particular, and there is neither a telephone number nor a card number."
                )
                block.fail(place, told.format(name=written[place]))
            else:
                block.fail(place, _("There is neither a name nor a telephone number nor a card number."))
    return [known, phones, cards, others]
