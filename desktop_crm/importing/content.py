"""What the cells of a column look like, for columns whose heading says too little.

Nothing is decided here: which field a column then is, columns.py says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from desktop_crm.base.values import normal_imei, normal_phone, valid_imei, valid_mobile
from desktop_crm.files.reading import Cell

SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
    "廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊葛邢安齐易乔"
)


def has_numbers(cells: Sequence[Cell], digits: int = 5) -> bool:
    """Whether most of these cells hold so many digits that they may be telephone numbers, be it damaged ones."""
    filled = [str(cell) for cell in cells if cell is not None]
    numbers = sum(len(re.findall(r"\d", text)) >= digits for text in filled)
    return numbers > 0 and 2 * numbers >= len(filled)


def are_salutations(cells: Sequence[Cell]) -> bool:
    """Whether these cells say Mr. or Ms., so that they tell the gender."""
    filled = [str(cell).strip().lower().rstrip(".") for cell in cells if cell is not None]
    return bool(filled) and all(
        text in ("mr", "ms", "mrs", "miss", "先生", "女士", "小姐") for text in filled
    )


def looks_like(cells: Sequence[Cell]) -> str:
    """The field that four of five values speak for: phone, imei, email, gender, name, day, money or ""."""
    filled = [cell for cell in cells if cell is not None]
    if not filled:
        return ""
    votes: dict[str, int] = {}
    for cell in filled:
        vote = _vote(cell)
        votes[vote] = votes.get(vote, 0) + 1
    winner = max(votes, key=lambda vote: votes[vote])
    if winner == "name" and 3 * len({*filled}) < 2 * len(filled):
        return ""  # 金卡会员, 白领: names hardly repeat
    return winner if votes[winner] >= 0.8 * len(filled) else ""


def _vote(cell: Cell) -> str:
    if isinstance(cell, date):
        return "day"
    text = str(cell).strip()
    if valid_mobile(normal_phone(text)) and re.fullmatch(r"[\s'+\d\-()０-９]+", text):
        return "phone"
    if valid_imei(normal_imei(text)) and len(normal_imei(text)) == 15:
        return "imei"
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.\w+", text):
        return "email"
    if text in ("男", "女"):
        return "gender"
    if re.fullmatch(r"[\u4e00-\u9fff]{2,4}", text) and text[0] in SURNAMES:
        return "name"
    if re.fullmatch(r"[¥￥]\s?[\d,]+(\.\d{1,2})?|[\d,]+\.\d{2}", text):
        return "money"
    if re.fullmatch(r"(19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}.*", text):
        return "day"
    return "other"
