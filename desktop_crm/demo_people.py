"""Who comes to the demo shop: names, numbers, addresses, birthdays, all invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import accumulate
from typing import Final

SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金"
    "贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤单解仇区查盖"
)
"""The most frequent first; the last ones are read otherwise as surnames."""
DOUBLE: Final = ("欧阳", "上官", "司马", "诸葛", "尉迟")
GIVEN_MEN: Final = (
    "建国", "志强", "浩然", "子轩", "俊杰", "伟", "磊", "洋", "强", "军", "勇", "杰", "涛", "明", "超", "鹏", "飞", "宇航",
    "文博", "家豪", "国庆", "志远", "天佑", "凯", "斌", "林", "晨", "嘉诚", "永康", "海涛",
)  # fmt: skip
GIVEN_WOMEN: Final = (
    "芳", "娜", "敏", "静", "丽", "艳", "雪", "芷若", "晓梅", "雨桐", "欣怡", "梓涵", "秀英", "桂兰", "婷婷", "慧", "玲", "燕",
    "梅", "佳怡", "思琪", "诗涵", "小丽", "美玲", "红霞", "玉兰", "晓燕", "雅婷", "春花", "明珠",
)  # fmt: skip
_FIRST_MEN: Final = "建志浩子俊文家国永海伟明天宇晓嘉泽一博思承景振少金立正启云"
_LAST_MEN: Final = "国强然轩杰博豪庆远航宇辉鹏飞涛明峰龙军平华林辰阳凯斌诚宁恒"
_FIRST_WOMEN: Final = "晓雨欣梓秀桂婷佳思诗小美红玉雅春明若语可心梦静丽慧亦书艺"
_LAST_WOMEN: Final = "芳梅桐怡涵英兰婷琪丽玲霞燕花珠萱彤妍娟洁颖琳瑶雪宁璐薇"
RARE: Final = ("喆", "堃", "䶮", "𠮷", "㐂", "翀", "犇", "淼")
"""Characters of real names that many programs cannot write."""
PREFIXES: Final = (
    "138",
    "139",
    "137",
    "136",
    "135",
    "150",
    "151",
    "158",
    "159",
    "186",
    "185",
    "188",
    "189",
    "177",
    "199",
)
DISTRICTS: Final = ("西湖区", "拱墅区", "上城区", "滨江区", "萧山区", "余杭区", "临平区", "钱塘区")
STREETS: Final = (
    "文三路",
    "文二路",
    "天目山路",
    "莫干山路",
    "体育场路",
    "解放路",
    "凤起路",
    "江南大道",
    "古墩路",
    "教工路",
)
OCCUPATIONS: Final = (
    "",
    "",
    "",
    "",
    "教师",
    "学生",
    "司机",
    "程序员",
    "护士",
    "个体户",
    "退休",
    "销售",
    "会计",
    "厨师",
    "快递员",
)
SOURCES: Final = (("到店", 50), ("老客户介绍", 20), ("抖音", 10), ("美团", 7), ("微信群", 7), ("传单", 6))
_SOURCE_WORDS: Final = tuple(word for word, _weight in SOURCES)
_SOURCE_WEIGHTS: Final = tuple(accumulate(weight for _word, weight in SOURCES))
_LETTERS: Final = "abcdefghjklmnqrstwxyz"
NOTES: Final = (
    "喜欢先看样机，不要推销保险。",
    "周末下午常来。",
    "只用微信联系，白天上班不接电话。",
    "给孩子买机，要家长控制。",
    "对价格敏感，会比网上价。",
    "帮父母设置大字体。",
    "喜欢拍照，关注新款相机。",
    "开发票抬头要公司名。",
    "手机常摔，推荐碎屏险。",
)
INTERESTS: Final = ("拍照", "游戏", "学生", "老人机", "爱配件", "以旧换新", "只用微信")
BRAND_TAGS: Final = {"Apple": "苹果用户", "华为": "华为用户", "小米": "米粉"}
COMPANY_TAG: Final = "企业采购"
TAG_GROUPS: Final = {"学生": "身份", COMPANY_TAG: "身份", "只用微信": "联系"} | dict.fromkeys(
    BRAND_TAGS.values(), "品牌"
)
"""The groups of tags that are no interest."""
TAGS: Final = (*INTERESTS, *BRAND_TAGS.values(), COMPANY_TAG)
"""Every tag; those of a brand stick to who has such a phone."""
COMPANIES: Final = ("科技有限公司", "贸易有限公司", "物流有限公司", "餐饮有限公司", "装饰工程有限公司")


def name(rng: random.Random, gender: str) -> str:
    """A person's name."""
    surname = rng.choice(DOUBLE) if rng.random() < 0.006 else SURNAMES[_early(rng, len(SURNAMES))]
    first, last = (_FIRST_MEN, _LAST_MEN) if gender == "male" else (_FIRST_WOMEN, _LAST_WOMEN)
    chance = rng.random()
    if chance < 0.014:
        given = rng.choice(RARE)
    elif chance < 0.45:
        given = rng.choice(GIVEN_MEN if gender == "male" else GIVEN_WOMEN)
    else:
        given = rng.choice(first) + rng.choice(last)
    return surname + given


def company(rng: random.Random) -> str:
    """A company's name."""
    return f"杭州{rng.choice(GIVEN_MEN)}{rng.choice(COMPANIES)}"


def mobile(rng: random.Random) -> str:
    """A mobile number."""
    return rng.choice(PREFIXES) + f"{rng.randrange(100_000_000):08d}"


def address(rng: random.Random) -> str:
    """A street and number, '' for half of the people."""
    if rng.random() < 0.5:
        return ""
    return f"{rng.choice(STREETS)} {rng.randrange(1, 800)} 号"


def source(rng: random.Random) -> str:
    """How somebody came."""
    return rng.choices(_SOURCE_WORDS, cum_weights=_SOURCE_WEIGHTS)[0]


def wechat(rng: random.Random, number: str) -> str:
    """A WeChat id, as people choose them; '' for those not known."""
    chance = rng.random()
    if chance < 0.35:
        return ""
    if chance < 0.55:
        return number
    if chance < 0.75:
        return f"wxid_{rng.randrange(36**8):x}"
    return f"{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}{number[-4:]}"


def birthday(rng: random.Random, today: date) -> tuple[str, bool]:
    """(stored birthday, lunar); '' for a quarter of the people."""
    chance = rng.random()
    if chance < 0.25:
        return "", False
    born = today - timedelta(days=rng.randrange(18 * 365, 72 * 365))
    lunar = born.year < 1985 and rng.random() < 0.3
    if lunar:
        return f"{born.year}-{born.month:02d}-{min(born.day, 29):02d}", True
    return (f"--{born:%m-%d}" if chance < 0.32 else born.isoformat()), False


def _early(rng: random.Random, count: int) -> int:
    """A place of a list, the first ones far more often."""
    return min(count - 1, int(count * rng.random() ** 2.2))
