"""Whom the files of the corpus are about: made-up people who between them have every trait that programs write down."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Person:
    """What is true of somebody, in the shop's stored forms.

    Attributes:
        family / given: two parts of a name; a company has its name in `company` and neither of them.
        phones: the first is the primary number; an extension follows after "转".
        birthday: YYYY-MM-DD or --MM-DD; counted in the lunar calendar where `lunar`.
        note: may have several lines.
    """

    family: str = ""
    given: str = ""
    company: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    wechat: str = ""
    gender: str = ""
    birthday: str = ""
    lunar: bool = False
    province: str = ""
    city: str = ""
    region: str = ""
    street: str = ""
    occupation: str = ""
    source: str = ""
    owner: str = ""
    tags: tuple[str, ...] = ()
    note: str = ""
    card_no: str = ""
    external_id: str = ""
    since_day: str = ""

    @property
    def name(self) -> str:
        """The name as the shop writes it; a card known only by its number carries the number."""
        if not self.family and not self.given:
            return self.company or self.phones[0]
        if re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", self.family + self.given):
            return self.family + self.given
        return f"{self.given} {self.family}".strip()

    @property
    def address(self) -> str:
        """Province, city and street as the shop joins them."""
        return self.province + self.city + self.street if self.street else ""


PEOPLE = (
    Person(
        "赵", "敏", "", ("13844440001", "01088888888转801"), "zhaomin@example.com", "zm_2020", "female", "1990-05-01",
        False, "浙江省", "杭州市", "西湖区", "文三路1号", "教师", "抖音", "李娜", ("VIP", "苹果"), "喜欢大屏\n周末来",
        "V0001", "M1001", "2024-03-01",
    ),
    Person(
        "欧阳", "锋", "", ("13844440002",), "", "ouyang-feng", "male", "--12-03", False, "广东省", "深圳市", "南山区",
        "科苑路15号", "工程师", "转介绍", "王强", ("安卓",), "", "V0002", "M1002", "2023-11-30",
    ),
    Person("Smith", "John", "", ("+14186569254", "13844440003"), "john@example.com", note="speaks no Chinese",
           card_no="V0003", external_id="M1003", tags=("VIP",)),
    Person("", "", "星河通讯有限公司", ("02155556666",), "office@example.cn", street="大光路5号", card_no="V0004",
           external_id="M1004", since_day="2020-01-15"),
    Person("王", "小明", "", ("13844440005", "13944440005"), gender="male", birthday="1985-12-15", region="福田区",
           street="中山路1号，2单元", note="以旧换新：\"三星\" S21, 9成新; 备用|机", card_no="V0005", external_id="M1005"),
    Person(phones=("13844440006",), card_no="V0006", external_id="M1006"),
)  # fmt: skip
"""Six customers: everything known, no year of birth, a foreigner, a company, awkward signs in texts, a number only."""

LUNAR = Person("农", "历生", "", ("13844440007",), birthday="1983-01-01", lunar=True)
RARE = Person("\U00020bb7", "田", "", ("13844440008",), note="㐂😀")
"""Signs that only Unicode and GB18030 have."""

TRADITIONAL = tuple(
    replace(person, note="", street="中山路1號", source="", owner="", tags=(), gender="", occupation="", region="", city="",
            province="", birthday="")
    for person in (
        Person("陳", "美玲", "", ("13844440011",)), Person("張", "國榮", "", ("13844440012",)),
        Person("劉", "德華", "", ("13844440013",)), Person("黃", "蓉", "", ("13844440014",)),
    )
)  # fmt: skip
"""People that Big5 can write."""
