"""Names as somebody types them: squashed to bare letters and digits, and Chinese ones read in pinyin.

pypinyin is imported only when a Han character without a known reading comes by.
"""

from __future__ import annotations

import os
import re
import unicodedata
from functools import lru_cache
from itertools import islice, product

_CHARACTER = "[\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAN = re.compile(_CHARACTER)
_PARTS = re.compile(f"{_CHARACTER}|.+?(?={_CHARACTER}|$)")
_MOST_READINGS = 8
"""Different readings of one whole name that are told apart; more would only swell the index."""

_SEVERAL = """
曾 zeng ceng, 单 shan dan chan, 解 xie jie, 仇 qiu chou, 朴 piao pu, 查 zha cha, 区 ou qu, 盖 ge gai,
尉 yu wei, 万 wan mo, 俟 qi si, 长 chang zhang, 翟 zhai di, 覃 qin tan, 乐 le yue, 盛 sheng cheng,
行 xing hang, 重 chong zhong, 朝 chao zhao, 卜 bu bo, 么 yao me, 召 shao zhao, 员 yun yuan, 黑 hei he,
费 fei bi, 缪 miao mou, 繁 fan po, 郇 xun huan, 折 she zhe, 种 chong zhong, 隗 wei kui, 祭 zhai ji,
秘 bi mi, 宓 mi fu, 谌 chen shen, 薄 bo bao, 难 nan ning, 车 che ju, 都 du dou, 郗 xi chi, 洗 xian xi,
贾 jia gu, 牟 mu mou, 那 na nuo, 褚 chu zhu, 藏 zang cang, 句 gou ju, 炅 jiong gui, 柏 bai bo, 伯 bo bai,
莘 xin shen, 谷 gu yu, 角 jue jiao, 强 qiang jiang, 俞 yu shu, 澹 tan dan, 便 bian pian, 沈 shen chen,
茜 qian xi, 晟 sheng cheng, 佛 fo fu, 靓 liang jing, 调 tiao diao,
传 chuan zhuan, 省 xing sheng, 会 hui gui, 六 liu lu, 降 jiang xiang, 弹 dan tan, 参 can shen, 颉 jie xie,
笮 ze zuo, 乜 nie mie, 率 lv shuai, 吕 lv lu, 女 nv nu, 绿 lv lu,
律 lv lu, 旅 lv lu
"""
"""Characters with more than one living reading in names, the surname's first. Dictionaries list far more
(王 yu, 家 gu) that no name has; every other character is read the commonest way only."""

_TABLE = {entry.split()[0]: tuple(entry.split()[1:]) for entry in _SEVERAL.replace("\n", " ").split(", ")}


def squash(text: str) -> str:
    """Only letters and digits, lower case, full-width forms and accents made plain: "Ｗjg_88 é" is "wjg88e"."""
    if text.isascii():
        if text.isalnum():
            return text.lower()
        return re.sub(r"[\W_]+", "", text).lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text).lower() if c.isalnum())


def has_han(text: str) -> bool:
    """Whether a Chinese character is in it."""
    return _HAN.search(text) is not None


def readings(name: str) -> list[tuple[str, ...]]:
    """The ways to read a squashed name with Chinese characters, one word per syllable, commonest first.

    Other letters between the characters are a syllable of their own.
    """
    choices = [_readings(part) for part in syllables(name)]
    return list(dict.fromkeys(islice(product(*choices), _MOST_READINGS)))


def sort_key(name: str, known: str | None = None) -> str:
    """What lists sort a name by: Chinese characters by their pinyin and among equals by themselves, one after the
    other, as in a phone book (all 张, then all 章), other letters by themselves without case and accents.

    Args:
        known: the key that this name may have had before; where it still fits, no pinyin need be looked up.
    """
    if name.isascii():
        return name.strip().lower()
    if known and known.split(" ")[1::2] == list(name):
        return known
    return _made_key(name)


@lru_cache(maxsize=20_000)
def _made_key(name: str) -> str:
    # The blank stands below every letter: zhan comes before zhang, whatever the characters are.
    return " ".join(
        f"{_readings(part)[0]} {part}" if _HAN.match(part) else _plain(part) for part in _PARTS.findall(name)
    )


def _plain(text: str) -> str:
    return "".join(
        c for c in unicodedata.normalize("NFKD", text).lower() if not unicodedata.combining(c)
    ).strip()


def syllables(name: str) -> list[str]:
    """A squashed name in the parts that `readings` reads: each Chinese character, and the letters between them."""
    parts: list[str] = _PARTS.findall(name)
    return parts


@lru_cache(maxsize=20_000)
def _readings(part: str) -> tuple[str, ...]:
    if part in _TABLE:
        return _TABLE[part]
    if not _HAN.match(part):
        return (part,)
    # The phrase dictionary costs 40 MB and 140 ms and knows no names.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "1")
    from pypinyin import Style, lazy_pinyin

    return tuple(lazy_pinyin(part, style=Style.NORMAL))
