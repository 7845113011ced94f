"""Who comes to the demo shop: names, numbers, addresses, birthdays, all invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
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
NOTES: Final = (
    "喜欢先看样机,不要推销保险。",
    "周末下午常来。",
    "只用微信联系,白天上班不接电话。",
    "给孩子买机,要家长控制。",
    "对价格敏感,会比网上价。",
    "帮父母设置大字体。",
    "喜欢拍照,关注新款相机。",
    "开发票抬头要公司名。",
    "手机常摔,推荐碎屏险。",
)
TAGS: Final = ("拍照", "游戏", "苹果用户", "华为用户", "学生", "老人机", "企业采购", "爱配件")
COMPANIES: Final = ("科技有限公司", "贸易有限公司", "物流有限公司", "餐饮有限公司", "装饰工程有限公司")


def name(rng: random.Random, gender: str) -> str:
    """A person's name."""
    surname = rng.choice(DOUBLE) if rng.random() < 0.006 else SURNAMES[_early(rng, len(SURNAMES))]
    given = rng.choice(GIVEN_MEN if gender == "male" else GIVEN_WOMEN)
    if rng.random() < 0.008:
        given = rng.choice(RARE)
    return surname + given


def company(rng: random.Random) -> str:
    """A company's name."""
    return f"杭州{rng.choice(GIVEN_MEN)}{rng.choice(COMPANIES)}"


def mobile(rng: random.Random) -> str:
    """A mobile number."""
    return rng.choice(PREFIXES) + f"{rng.randrange(100_000_000):08d}"


def source(rng: random.Random) -> str:
    """How somebody came."""
    return rng.choices([word for word, _weight in SOURCES], [weight for _word, weight in SOURCES])[0]


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
