"""How other programs write people down: their heading rows, and the cells that they make of a person.

The headings are those of the programs' own exports; columns that a person says nothing for stay empty. Sheets of
sales, contacts and complaints are in ledgers.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tests.imports_corpus.people import PEOPLE, Person

Cells = Mapping[str, str]
Makes = Callable[[Person], Cells]

_KEYS = ("name", "phones")
_AS_WRITTEN = ("google", "google, numbers in one cell", "google, older", "cordys")
"""Programs whose columns do not say which number is a mobile one: the first is the primary one."""


@dataclass(frozen=True)
class Program:
    """One program's export of people.

    Attributes:
        name: of the program. headings: its heading row. row: a person → heading → cell.
        carries: what of a person can be read back from it, beside name and numbers.
        above: rows that stand above the headings. encoding: of its text files. people: whom it can write.
        adds: tags that it gives to everybody.
    """

    name: str
    headings: tuple[str, ...]
    row: Makes
    carries: tuple[str, ...]
    above: tuple[tuple[str, ...], ...] = ()
    encoding: str = "utf-8"
    people: tuple[Person, ...] = PEOPLE
    adds: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Everything of a person that the shop must know afterwards."""
        return _KEYS + self.carries

    @property
    def known(self) -> tuple[Person, ...]:
        """The people as the shop must know them afterwards: a mobile number is the primary one."""
        return tuple(
            replace(
                one,
                phones=tuple(sorted(one.phones, key=lambda number: number[0] != "1")),
                tags=one.tags + self.adds,
            )
            if self.name not in _AS_WRITTEN
            else one
            for one in self.people
        )

    def table(self, people: Sequence[Person] | None = None, filler: Cells | None = None) -> list[list[str]]:
        """The whole sheet; `filler` stands in every row of columns that the program leaves empty."""
        rows = [list(row) for row in self.above] + [list(self.headings)]
        for person in self.people if people is None else people:
            cells = {
                **(filler or {}),
                **{heading: cell for heading, cell in self.row(person).items() if cell},
            }
            unknown = cells.keys() - set(self.headings)
            assert not unknown, f"{self.name} has no column {unknown}"
            rows.append([cells.get(heading, "") for heading in self.headings])
        return rows


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _mobile(person: Person) -> str:
    return next((number for number in person.phones if number.startswith("1")), "")


def _others(person: Person) -> list[str]:
    return [number for number in person.phones if number != _mobile(person)]


_GOOGLE = _split(
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,"
    "Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,"
    "E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,"
    "Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,"
    "Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,"
    "Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value"
)


def _google(person: Person) -> Cells:
    first, second = (*person.phones, "", "")[:2]
    return {
        "First Name": person.given,
        "Last Name": person.family,
        "Organization Name": person.company,
        "Organization Title": person.occupation,
        "Birthday": person.birthday,
        "Notes": person.note,
        "Labels": " ::: ".join(["* myContacts", *person.tags]),
        "E-mail 1 - Label": "* Home" if person.email else "",
        "E-mail 1 - Value": person.email,
        "Phone 1 - Label": "Mobile",
        "Phone 1 - Value": f"+86 {first[:3]} {first[3:7]} {first[7:]}" if first.startswith("1") else first,
        "Phone 2 - Label": "* Work" if second else "",
        "Phone 2 - Value": second,
        "Address 1 - Formatted": person.street,
    }


def _google_joined(person: Person) -> Cells:
    """Several numbers under one label stand in one cell."""
    return {
        **_google(person),
        "Phone 1 - Value": " ::: ".join(person.phones),
        "Phone 2 - Label": "",
        "Phone 2 - Value": "",
    }


_GOOGLE_OLD = _split(
    "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,"
    "Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,"
    "Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,"
    "E-mail 1 - Value,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,Organization 1 - Type,"
    "Organization 1 - Name,Organization 1 - Yomi Name,Organization 1 - Title,Organization 1 - Department,"
    "Organization 1 - Symbol,Organization 1 - Location,Organization 1 - Job Description"
)


def _google_old(person: Person) -> Cells:
    first, second = (*person.phones, "", "")[:2]
    return {
        "Name": person.name if person.family or person.given else "",
        "Given Name": person.given,
        "Family Name": person.family,
        "Birthday": person.birthday,
        "Gender": person.gender.capitalize(),
        "Occupation": person.occupation,
        "Notes": person.note,
        "Group Membership": " ::: ".join(["* myContacts", *person.tags]),
        "E-mail 1 - Type": "* Home" if person.email else "",
        "E-mail 1 - Value": person.email,
        "Phone 1 - Type": "Mobile",
        "Phone 1 - Value": first,
        "Phone 2 - Type": "Home" if second else "",
        "Phone 2 - Value": second,
        "Organization 1 - Name": person.company,
    }


_OUTLOOK_COM = _split(
    "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,"
    "E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Business Phone 2,Mobile Phone,Car Phone,Other Phone,"
    "Primary Phone,Pager,Business Fax,Home Fax,Other Fax,Company Main Phone,Callback,Radio Phone,Telex,TTY/TDD Phone,"
    "IMAddress,Job Title,Department,Company,Office Location,Manager's Name,Assistant's Name,Assistant's Phone,"
    "Company Yomi,Business Street,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,"
    "Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other City,Other State,Other Postal Code,"
    "Other Country/Region,Personal Web Page,Spouse,Schools,Hobby,Location,Web Page,Birthday,Anniversary,Notes"
)


def _outlook_com(person: Person) -> Cells:
    others = _others(person)
    return {
        "First Name": person.given,
        "Last Name": person.family,
        "E-mail Address": person.email,
        "Mobile Phone": _mobile(person),
        "Other Phone": others[0] if others else "",
        "Job Title": person.occupation,
        "Company": person.company,
        "Home Street": person.street,
        "Home City": person.city,
        "Home State": person.province,
        "Birthday": person.birthday if person.birthday[:1].isdigit() else "",
        "Notes": person.note,
    }


_OUTLOOK = _split(
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,"
    "Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home Street 2,"
    "Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other Street 2,Other Street 3,"
    "Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,Business Fax,Business Phone,"
    "Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,"
    "Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,Assistant's Name,"
    "Billing Information,Birthday,Business Address PO Box,Categories,Children,Directory Server,E-mail Address,E-mail Type,"
    "E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,"
    "E-mail 3 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,Initials,Internet Free Busy,Keywords,"
    "Language,Location,Manager's Name,Mileage,Notes,Office Location,Organizational ID Number,Other Address PO Box,"
    "Priority,Private,Profession,Referred By,Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page"
)


def _outlook(person: Person) -> Cells:
    """What the wizard of the program on the desk writes: 0/0/00 for no day, the same address for work where none is at home."""
    year, month, day = person.birthday.split("-") if person.birthday[:1].isdigit() else ("", "", "")
    others = _others(person)
    return {
        "First Name": person.given,
        "Last Name": person.family,
        "Company": person.company,
        "Job Title": person.occupation,
        "Business Street": person.street,
        "Business City": person.city,
        "Business State": person.province,
        "Mobile Phone": _mobile(person),
        "Business Phone": others[0] if others else "",
        "Anniversary": "0/0/00",
        "Birthday": f"{year}/{int(month)}/{int(day)}" if year else "0/0/00",
        "Categories": ";".join(person.tags),
        "E-mail Address": person.email,
        "E-mail Type": "SMTP" if person.email else "",
        "Gender": {"female": "Female", "male": "Male", "": "Unspecified"}[person.gender],
        "Notes": person.note,
        "Priority": "Normal",
        "Private": "False",
        "Sensitivity": "Normal",
    }


_ZOHO = _split(
    "Record Id,Contact Owner.id,Contact Owner,Lead Source,First Name,Last Name,Account Name.id,Account Name,Vendor Name.id,"
    "Vendor Name,Email,Title,Department,Phone,Mobile,Created By.id,Created By,Modified By.id,Modified By,Created Time,"
    "Modified Time,Contact Name,Description,Email Opt Out,Salutation,Last Activity Time,Tag,Reporting To.id,Reporting To,"
    "Unsubscribed Mode,Unsubscribed Time,Change Log Time,Street,City,Zip Code,State,Country,Locked"
)


def _zoho(person: Person) -> Cells:
    others = _others(person)
    return {
        "Record Id": f"zcrm_{person.external_id}",
        "Contact Owner.id": "zcrm_5555",
        "Contact Owner": person.owner,
        "Lead Source": person.source,
        "First Name": person.given,
        "Last Name": person.family,
        "Account Name": person.company,
        "Email": person.email,
        "Title": person.occupation,
        "Phone": others[0] if others else "",
        "Mobile": _mobile(person),
        "Created Time": f"{person.since_day} 10:11:12" if person.since_day else "",
        "Contact Name": person.name if person.family or person.given else "",
        "Description": person.note,
        "Email Opt Out": "false",
        "Tag": ",".join(person.tags),
        "Street": person.street,
        "City": person.city,
        "State": person.province,
        "Locked": "false",
    }


def _wukong(person: Person) -> Cells:
    others = _others(person)
    return {
        "*客户名称": "" if person.name == person.phones[0] else person.name,
        "客户级别": "A（重点客户）" if "VIP" in person.tags else "",
        "客户行业": person.occupation,
        "客户来源": person.source,
        "*成交状态": "未成交",
        "电话": others[0] if others else "",
        "手机": _mobile(person),
        "备注": person.note,
        "省": person.province,
        "市": person.city,
        "区/县": person.region,
        "详细地址": person.street,
    }


def _wukong_contact(person: Person) -> Cells:
    return {
        "*姓名": person.name,
        "*客户名称": "星河通讯有限公司",
        "手机": person.phones[0],
        "电子邮箱": person.email,
        "性别": {"female": "女", "male": "男", "": ""}[person.gender],
        "是否关键决策人": "是",
        "职务": person.occupation,
        "地址": person.street,
        "备注": person.note,
    }


def _cordys(person: Person) -> Cells:
    return {
        "客户名称": "" if person.name == person.phones[0] else person.name,
        "客户来源": person.source,
        "客户标签": f"[{'，'.join(person.tags)}]" if person.tags else "",
        "地区": person.region,
        "负责人": person.owner,
        "电话": " / ".join(person.phones),
    }


def _cordys_contact(person: Person) -> Cells:
    return {
        "客户名称": "星河通讯有限公司",
        "姓名": person.name,
        "邮箱": person.email,
        "手机号": person.phones[0],
        "负责人": person.owner,
    }


def _members(person: Person) -> Cells:
    return {
        "会员ID": person.external_id,
        "会员卡号": person.card_no,
        "会员姓名": "" if person.name == person.phones[0] else person.name,
        "拼音简写": "zm" if person.given else "",
        "联系电话": "\t" + person.phones[0],
        "联系地址": person.street,
        "Email": person.email,
        "会员类型": "金卡",
        "会员状态": "正常",
        "备注": person.note.replace("\n", " "),
        "门店": "总店",
        "创建日期": person.since_day.replace("-", "/"),
        "操作日期": "2026-01-05 09:00:00",
    }


def _aliases(person: Person) -> Cells:
    return {
        "昵称": person.name,
        "移动电话": person.phones[0],
        "微信号": person.wechat,
        "会员生日": person.birthday.removeprefix("--"),
        "性别": {"female": "女", "male": "男", "": "保密"}[person.gender],
        "会员等级": "金卡会员",
        "客户标签": "、".join(person.tags),
        "附注": person.note.replace("\n", " "),
        "所属店员": person.owner,
    }


_NAMED = tuple(person for person in PEOPLE if person.family)
_FIRST_NUMBER = tuple(replace(one, phones=one.phones[:1]) for one in _NAMED)
_ONE_NUMBER = tuple(person for person in PEOPLE if len(person.phones) == 1)

PROGRAMS = (
    Program(
        "google", _GOOGLE, _google, ("email", "birthday", "occupation", "tags", "note"), encoding="utf-8-sig"
    ),
    Program("google, numbers in one cell", _GOOGLE, _google_joined, ("email", "birthday", "tags", "note")),
    Program(
        "google, older", _GOOGLE_OLD, _google_old, ("email", "birthday", "gender", "occupation", "tags", "note")
    ),
    Program("outlook.com", _OUTLOOK_COM, _outlook_com, ("email", "occupation", "note")),
    Program("outlook", _OUTLOOK, _outlook, ("email", "gender", "occupation", "tags", "note"), encoding="gb18030"),
    Program("zoho", _ZOHO, _zoho, ("email", "source", "owner", "occupation", "tags", "note", "since_day")),
    Program(
        "wukong", _split("*客户名称,客户级别,客户行业,客户来源,*成交状态,电话,网址,下次联系时间,备注,手机,省,市,区/县,详细地址"),
        _wukong, ("source", "occupation", "region", "address", "note"),
        above=(("客户信息（*代表必填项；时间格式：2001-01-01 19:01:01）",),),
    ),
    Program(
        "wukong, contacts", _split("*姓名,*客户名称,手机,电话,电子邮箱,是否关键决策人,职务,性别,地址,下次联系时间,备注"),
        _wukong_contact, ("email", "gender", "occupation", "note"),
        above=(("联系人信息（*代表必填项）",),), people=_FIRST_NUMBER,
    ),
    Program(
        "cordys", _split("客户名称,客户行业,客户等级,客户类型,客户来源,线上来源详情,客户标签,地区,负责人,电话"), _cordys,
        ("source", "tags", "region", "owner"),
    ),
    Program(
        "cordys, contacts", _split("客户名称,姓名,邮箱,手机号,负责人"), _cordys_contact, ("email", "owner"),
        people=_FIRST_NUMBER,
    ),
    Program(
        "members",
        _split("会员ID,会员卡号,会员姓名,拼音简写,身份证号,联系电话,联系地址,Email,会员类型,会员状态,当前余额,当前积分,备注,门店,"
               "创建日期,操作日期"),
        _members, ("external_id", "card_no", "email", "since_day"), encoding="gb18030", people=_ONE_NUMBER,
    ),
    Program(
        "any shop's sheet", _split("昵称,移动电话,微信号,会员生日,性别,会员等级,客户标签,附注,所属店员,推荐人"), _aliases,
        ("wechat", "birthday", "gender", "tags", "owner"), people=_ONE_NUMBER,
        adds=("金卡会员",),
    ),
)  # fmt: skip
