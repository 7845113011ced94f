"""Phone books of every age: what phones write, what they should have written, and what nobody should."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from desktop_crm.base import i18n
from desktop_crm.base.i18n import _
from desktop_crm.files import engines, vcard_book
from desktop_crm.files.reading import flow, read
from desktop_crm.files.sniff import NeedsEncoding, sniff
from desktop_crm.files.wire import Refused

ANDROID = b"""BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=E5=BC=A0=E4=B8=89;;;
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0=E4=B8=89
TEL;CELL;PREF:15888888888
TEL;HOME:01088888888
EMAIL;HOME:zhangsan@example.com
END:VCARD
"""
IPHONE = """BEGIN:VCARD
VERSION:3.0
PRODID:-//Apple Inc.//iOS 10.1.1//EN
N:丁;小丽;;;
FN:丁小丽
ORG:某某公司;
TEL;type=CELL;type=VOICE;type=pref:15811111111
item1.TEL;type=pref:01088888888
item1.X-ABLabel:公司电话
item2.ADR;type=HOME;type=pref:;;中山路1号;广州;广东;510000;中国
item2.X-ABADR:cn
item3.IMPP;X-SERVICE-TYPE=微信号;type=pref:x-apple:wx_abc
BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-14
X-ALTBDAY;CALSCALE=chinese:007800310318
REV:2018-02-21T05:34:09Z
END:VCARD
""".encode()


def saved(tmp_path: Path, content: bytes | str) -> Path:
    """A file under a name that says nothing."""
    path = tmp_path / "contacts.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cards(tmp_path: Path, content: bytes | str, encoding: str | None = None) -> list[dict[str, object]]:
    """The rows of a phone book, each as {heading: cell} of what it fills."""
    (sheet,) = read(saved(tmp_path, content), encoding=encoding)
    heading, *rows = sheet.rows
    return [
        {str(title): cell for title, cell in zip(heading.cells, row.cells, strict=False) if cell is not None}
        for row in rows
    ]


def card(tmp_path: Path, lines: bytes | str, version: str = "3.0") -> dict[str, object]:
    """The row of one card of which the lines are given, read without a child process: there are many."""
    raw = lines.encode() if isinstance(lines, str) else lines
    body = b"BEGIN:VCARD\r\nVERSION:%s\r\n%s\r\nEND:VCARD\r\n" % (version.encode(), raw)
    source = sniff(saved(tmp_path, body))
    job = {"path": str(source.path), "encoding": source.encoding, "language": i18n.current_language()}
    heading, found = list(engines.engine("vcard")(job).rows(0))
    return {title: cell for title, cell in zip(heading[1], found[1], strict=True) if cell is not None}


def test_a_card_of_an_android_phone(tmp_path: Path) -> None:
    assert cards(tmp_path, ANDROID) == [
        {"Name": "张三", "Phone": "15888888888 / 01088888888(home)", "E-mail": "zhangsan@example.com"}
    ]


def test_a_card_of_an_iphone(tmp_path: Path) -> None:
    assert cards(tmp_path, IPHONE) == [
        {
            "Name": "丁小丽", "Company": "某某公司", "Phone": "15811111111 / 01088888888(公司电话)", "WeChat": "wx_abc",
            "Birthday": "--04-14", "Lunar birthday": "农历2014-03-18", "Province": "广东", "City": "广州",
            "Address": "中山路1号", "Postal code": "510000",
        }
    ]  # fmt: skip


def test_a_card_of_outlook(tmp_path: Path) -> None:
    lines = (
        "N;LANGUAGE=zh-cn;CHARSET=gb2312:张;三\nFN;CHARSET=gb2312:张三\n".encode("gbk")
        + b"TEL;HOME;VOICE:010-88888888\nADR;WORK;PREF;ENCODING=QUOTED-PRINTABLE:;;=CE=C4=C8=FD=C2=B7;;;;\n"
        b"LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:=CE=C4=C8=FD=C2=B7\nX-MS-OL-DEFAULT-POSTAL-ADDRESS:2\nBDAY:19800321\n"
        b"X-MS-IMADDRESS:joe\nX-MS-ANNIVERSARY:20100506\nNOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0A=\nb=0D=0A\n"
        b"X-MS-CARDPICTURE;TYPE=JPEG;ENCODING=BASE64:\n QUJD\n QUJD\n\nREV:20190101T000000Z"
    )
    raw = b"BEGIN:VCARD\nVERSION:2.1\n" + lines + b"\nEND:VCARD\n"
    assert cards(tmp_path, raw) == [
        {
            "Name": "张三", "Phone": "010-88888888(home)", "Address": "文三路", "Birthday": "1980-03-21",
            "Messenger (MS-IMADDRESS)": "joe", "Anniversary": "2010-05-06", "Note": "a\r\nb",
            "Pictures and sounds (left out)": "x-ms-cardpicture",
        }
    ]  # fmt: skip


def test_the_headings_are_in_the_language_of_the_person(tmp_path: Path) -> None:
    i18n.set_language("zh_CN")
    assert cards(tmp_path, ANDROID) == [
        {
            "姓名": "张三",
            "手机": f"15888888888 / 01088888888({_('home')})",
            "电子邮箱": "zhangsan@example.com",
        }
    ]


QP = "CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE"


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("FN;CHARSET=UTF-8:张三", "张三"),
        ("FN:  张三  ", "张三"),
        ("fn:张三", "张三"),
        ("home.FN:张三", "张三"),
        ("FN ;CHARSET=UTF-8 :张三", "张三"),
        (f"FN;{QP}:=E7=88=B6=E4=BA=B2", "父亲"),
        (f"N;{QP}:=E7=88=B6;=E4=BA=B2;;;\nFN;{QP}:=E7=88=B6=E4=BA=B2", "父亲"),
        (f"N;{QP}:=E5=BC=A0=E4=B8=89;;;;\nFN;{QP}:=E5=BC=A0=E4=B8=89=20", "张三"),
        ("FN;QUOTED-PRINTABLE;CHARSET=UTF-8:=32=30=30=39", "2009"),
        ("FN;CHARSET=UTF-8:=E5=BC=A0=E4=B8=89", "张三"),  # forgot to say that it is quoted-printable
        ("FN:a=b", "a=b"),
        (f"FN;{QP}:=C3=96=C3=A4=C3=\n=BC", "Öäü"),
        (f"FN;{QP}:=E7=88=B8=\n=20=20=E5=A6=88", "爸  妈"),
        (f"FN;{QP}:=E5=BC=A0=\n =E4=B8=89", "张三"),
        (f"FN;{QP}:Li=\n Na", "Li Na"),
        (f"FN;{QP}:=E7=88=B8=\n20=20=E5=A6=88", "爸  妈"),  # the break took the sign of an escape
        (f"FN;{QP}:Caf=C3=\nA9 bar", "Café bar"),
        (f"FN;{QP}:=E5=BC=A0=", "张"),
        (f"FN;{QP}:=E5=BC=A0=GG", "张=GG"),
        ("FN;ENCODING=QUOTED-PRINTABLE:=D5=C5=C8=FD", "张三"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=GBK:=D5=C5=C8=FD", "张三"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=KLINGON:=D5=C5=C8=FD", "张三"),
        ("FN;ENCODING=QUOTED-PRINTABLE;CHARSET=UNICODE_ESCAPE:=D5=C5=C8=FD", "张三"),
        ("FN;ENCODING=B;CHARSET=UTF-8:5byg5LiJ", "张三"),
        ("FN;ENCODING=B:no base64 at all", "no base64 at all"),
        ("FN:ACME\\, Inc\\; \\\\ and\\: so\\x", "ACME, Inc; \\ and: so\\x"),
        ("FN:Very lo\n ng name", "Very long name"),
        ("FN:Very lo\n\tng name", "Very long name"),
        ("FN\n ;CHARSET=UTF-8\n :张三", "张三"),
        ('FN;X-A="a:b;c":张三', "张三"),
        ('FN;X-A="never closed:张三', "张三"),
        ("FN:张\ufffd", "张\ufffd"),
    ],
)
def test_how_names_are_written(tmp_path: Path, lines: str, name: str) -> None:
    assert card(tmp_path, lines) == {"Name": name}


def test_a_fold_of_version_2_keeps_its_space_and_one_of_version_3_does_not(tmp_path: Path) -> None:
    assert card(tmp_path, "FN:Anna\r\n Maria", "2.1") == {"Name": "Anna Maria"}
    long = "x" * 72
    assert card(tmp_path, f"FN:{long}\r\n yy") == {"Name": long + "yy"}


def test_a_fold_inside_a_character(tmp_path: Path) -> None:
    raw = b"FN:" + "张三丰".encode()
    assert card(tmp_path, raw[:7] + b"\r\n " + raw[7:]) == {"Name": "张三丰"}


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ("N:张;三;;;", {"Family name": "张", "Given name": "三"}),
        ("N:Smith;John;Q.;;", {"Family name": "Smith", "Given name": "John", "Middle name": "Q."}),
        ("N:张;三;;;\nFN:三 张", {"Family name": "张", "Given name": "三"}),
        ("N:Smith;John;;;\nFN:John Smith", {"Name": "John Smith"}),
        ("N:王;建国;;先生;\nFN:先生王建国", {"Name": "先生王建国"}),
        ("N:王;建国;;先生;Jr.\nFN:王建国", {"Name": "王建国", "Name prefix": "先生", "Name suffix": "Jr."}),
        ("N:王;建国;;;\nFN:王总", {"Name": "王总", "vCard N": "王 建国"}),
        ("FN:张三\nFN:Zhang San", {"Name": "张三", "vCard FN": "Zhang San"}),
        ("N:;;;;\nFN:好运公司\nORG:好运公司;", {"Company": "好运公司"}),
        ("N:好运公司\nFN:好运公司\nORG:好运公司;", {"Company": "好运公司"}),
        ("ORG:好运公司;销售部;一组", {"Company": "好运公司", "Department": "销售部 一组"}),
        ("N:王;五\nFN:好运\nORG:好运", {"Company": "好运", "Family name": "王", "Given name": "五"}),
        ("FN:好运\nORG:好运集团\nX-ABShowAs:COMPANY", {"Company": "好运\n好运集团"}),
        ("FN:好运\nKIND:org", {"Company": "好运"}),
        ("FN:张三\nKIND:individual", {"Name": "张三"}),
        ("FN:张三\nORG:一\nORG:二", {"Name": "张三", "Company": "一", "Company 2": "二"}),
        ("FN:13800138000\nTEL:138 0013 8000", {"Phone": "138 0013 8000"}),
        ("FN:13800138001\nTEL:138 0013 8000", {"Name": "13800138001", "Phone": "138 0013 8000"}),
        ("EMAIL:a@b.cn", {"Name": "a@b.cn", "E-mail": "a@b.cn"}),
        ("NICKNAME:小张,阿三\nEMAIL:a@b.cn", {"Nickname": "小张, 阿三", "E-mail": "a@b.cn"}),
        ("FN:邻居\nX-ADDRESSBOOKSERVER-KIND:group", {"Note": "A group, not a person: 邻居"}),
    ],
)
def test_who_the_card_is_about(tmp_path: Path, lines: str, cells: dict[str, str]) -> None:
    assert card(tmp_path, lines) == cells


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ("TEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+1-418-656-9254;ext=102", {"Phone": "+1-418-656-9254转102(work)"}),
        ("TEL;VALUE=uri:tel:+86-10-8888%208888", {"Phone": "+86-10-8888 8888"}),
        ("TEL:1\nTEL;PREF=2:2\nTEL;PREF=1:3\nTEL;TYPE=PREF:4", {"Phone": "3 / 4 / 2 / 1"}),
        ("TEL;TYPE=CELL:138\nTEL;TYPE=CELL:138", {"Phone": "138"}),
        ("TEL:01088888888,801#", {"Phone": "01088888888转801"}),
        ("TEL:010-88888888\\;801", {"Phone": "010-88888888转801"}),
        ("TEL;HOME;FAX:01088888888", {"Fax": "01088888888"}),
        ("TEL;TYPE=x-shop:123456", {"Phone": "123456(shop)"}),
        ("item1.TEL:123456\nitem1.X-ABLabel:_$!<Mobile>!$_", {"Phone": "123456"}),
        ("item1.TEL:123456\nitem1.X-ABLabel:_$!<WorkFAX>!$_", {"Fax": "123456"}),
        ("item1.TEL:123456\nitem1.X-ABLabel:儿子（小明）", {"Phone": "123456(儿子〔小明〕)"}),
        ("item1.TEL:123456\nitem1.X-ABLabel:801", {"Phone": "123456(№801)"}),
        ("EMAIL;TYPE=INTERNET:a@b\nEMAIL;PREF=1:c@d", {"E-mail": "c@d", "E-mail 2": "a@b"}),
        ("EMAIL:mailto:a@b", {"E-mail": "a@b"}),
        ("ADR:;;;;;;中国", {}),
        ("ADR:信箱9;3楼;文三路1号;杭州;浙江;310000;法国",
         {"Province": "浙江", "City": "杭州", "Address": "文三路1号3楼", "Postal code": "310000", "Country": "法国",
          "Post box": "信箱9"}),
        ("ADR:;Apt 3;1 Main St;Springfield;IL;;\nADR;TYPE=WORK:;;2 High St;Ames;IA;50010;USA",
         {"Province": "IL", "City": "Springfield", "Address": "1 Main St Apt 3", "Address 2": "IA, Ames, 2 High St 50010 USA"}),
        ("ADR:;;文三路1号;杭州;;;\nADR:;;二路;北京;;;", {"City": "杭州", "Address": "文三路1号", "Address 2": "北京二路"}),
        ("LABEL:文三路1号", {"Address": "文三路1号"}),
        ("ADR:;;文三路1号;杭州;;;\nLABEL:杭州\\n文三路1号", {"City": "杭州", "Address": "文三路1号"}),
        ("ADR:;;文三路1号;杭州;;;\nLABEL:文三路1号 后门",
         {"City": "杭州", "Address": "文三路1号", "Address on the envelope": "文三路1号 后门"}),
    ],
)  # fmt: skip
def test_numbers_and_addresses(tmp_path: Path, lines: str, cells: dict[str, str]) -> None:
    assert card(tmp_path, "FN:a\n" + lines) == {"Name": "a", **cells}


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("BDAY:1980-03-22", {"Birthday": "1980-03-22"}),
        ("BDAY;value=date:1980-03-22", {"Birthday": "1980-03-22"}),
        ("BDAY:19800321", {"Birthday": "1980-03-21"}),
        ("BDAY:1980-03-22T00:00:00Z", {"Birthday": "1980-03-22"}),
        ("BDAY:19800322T000000", {"Birthday": "1980-03-22"}),
        ("BDAY:1980-03-21T16:00:00Z", {"vCard BDAY": "1980-03-21T16:00:00Z"}),
        ("BDAY:--0203", {"Birthday": "--02-03"}),
        ("BDAY:--02-03", {"Birthday": "--02-03"}),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-03", {"Birthday": "--02-03"}),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1985-02-03", {"Birthday": "1985-02-03"}),
        ("BDAY:1980", {"vCard BDAY": "1980"}),
        ("BDAY:---03", {"vCard BDAY": "---03"}),
        ("BDAY:1985/5/15", {"Birthday": "1985/5/15"}),
        ("BDAY;CALSCALE=chinese:1985-05-15", {"Lunar birthday": "农历1985-05-15"}),
        ("BDAY;CALSCALE=chinese;X-APPLE-OMIT-YEAR=1604:1604-05-15", {"Lunar birthday": "农历05-15"}),
        ("BDAY;CALSCALE=chinese:--0515", {"Lunar birthday": "农历05-15"}),
        ("X-LUNAR-BIRTHDAY:农历1985-闰04-08", {"Lunar birthday": "农历1985-闰04-08"}),
        ("X-ALTBDAY;CALSCALE=chinese:007700600101", {"Lunar birthday": "农历1983-01-01"}),
        ("X-ALTBDAY;CALSCALE=chinese:0078003103L18", {"X-ALTBDAY": "0078003103L18"}),
        ("X-ALTBDAY;CALSCALE=chinese:007800610318", {"X-ALTBDAY": "007800610318"}),
        ("X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1985-05-15;3;;", {"Birthday": "1985-05-15"}),
    ],
)
def test_birthdays(tmp_path: Path, line: str, cells: dict[str, str]) -> None:
    assert card(tmp_path, "FN:a\n" + line) == {"Name": "a", **cells}


@pytest.mark.parametrize(
    ("lines", "cells"),
    [
        ("X-QQ:10001", {"QQ": "10001"}),
        ("IMPP:qq:10001", {"QQ": "10001"}),
        ("IMPP;X-SERVICE-TYPE=QQ:x-apple:10001", {"QQ": "10001"}),
        ("X-WECHAT:wx1\nIMPP:weixin:wx2", {"WeChat": "wx1", "WeChat 2": "wx2"}),
        ("IMPP;TYPE=WeChat:wx1", {"WeChat": "wx1"}),
        ("item1.IMPP:x-apple:wx1\nitem1.X-ABLabel:微信", {"WeChat": "wx1"}),
        ("X-SKYPE:joe", {"Messenger (SKYPE)": "joe"}),
        ("IMPP:joe", {"Messenger": "joe"}),
        ("IMPP;X-SERVICE-TYPE=^'A^n:joe", {'Messenger ("A)': "joe"}),
        ("TITLE:店长\nROLE:管理", {"Occupation": "店长", "Role": "管理"}),
        ("ROLE:管理", {"Occupation": "管理"}),
        ("GENDER:F", {"Gender": "F"}),
        ("GENDER:O;secret", {}),
        ("X-WAB-GENDER:2", {"Gender": "男"}),
        ("CATEGORIES:VIP,苹果\\,华为,VIP", {"Tags": 'VIP\n"苹果,华为"'}),
        ("NOTE:一\\n二\nNOTE:三", {"Note": "一\n二\n三"}),
        ("NOTE:一\n二: 2\nhttp://x.cn\nX-QQ:1", {"Note": "一\n二: 2\nhttp://x.cn", "QQ": "1"}),
        ("URL;TYPE=work:http\\://a.cn", {"Website (work)": "http://a.cn"}),
        ("item1.URL:a.cn\nitem1.X-ABLabel:_$!<HomePage>!$_", {"Website (HomePage)": "a.cn"}),
        (
            "item1.X-ABDATE:20100506\nitem1.X-ABLabel:_$!<Anniversary>!$_",
            {"Important day (Anniversary)": "2010-05-06"},
        ),
        ("X-MS-ANNIVERSARY:20100506", {"Anniversary": "2010-05-06"}),
        ("item1.X-ABRELATEDNAMES:丁妈\nitem1.X-ABLabel:母亲", {"Related person (母亲)": "丁妈"}),
        ("X-SOCIALPROFILE;type=weibo:http://w.cn", {"Profile (weibo)": "http://w.cn"}),
        ("X-PHONETIC-LAST-NAME:ding\nSORT-STRING:ding", {"Reading of the name": "ding"}),
        ("SOUND;X-IRMC-N:ding;;", {"Reading of the name": "ding;;"}),
        ("X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;小丁;1;;;", {"Nickname": "小丁"}),
        (
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-05-06;1;;",
            {"Important day (Anniversary)": "2010-05-06"},
        ),
        ("X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;丁妈;0;母亲;", {"Related person (母亲)": "丁妈"}),
        (
            "X-ANDROID-CUSTOM:vnd.android.cursor.item/else;x",
            {"X-ANDROID-CUSTOM": "vnd.android.cursor.item/else x"},
        ),
        ("GEO:geo:37.38\\,-122", {"vCard GEO": "geo:37.38,-122"}),
        ("NAME:the book", {"vCard NAME": "the book"}),
        ("X-FOO;TYPE=a:b;c", {"X-FOO": "b c"}),
        ("X-FOO;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0", {"X-FOO": "张"}),
        ("item9.X-FOO:b\nitem9.X-ABLabel:鞋码", {"X-FOO (鞋码)": "b"}),
        ("X-LONG" + "G" * 100 + ":b", {"X-LONG" + "G" * 54: "b"}),
        ("REV:2018\nVERSION:3.0\nUID:1\nPRODID:x\nCLASS:PUBLIC", {}),
        ("NOTE:'=1+1", {"Note": "''=1+1"}),  # the import takes one away
        ("NOTE:'平常", {"Note": "'平常"}),
    ],
)
def test_everything_else_is_kept(tmp_path: Path, lines: str, cells: dict[str, str]) -> None:
    assert card(tmp_path, "FN:a\n" + lines) == {"Name": "a", **cells}


@pytest.mark.parametrize(
    "picture",
    [
        "PHOTO;ENCODING=BASE64;TYPE=JPEG:/9j/4AAQSkZJRgABAQ\r\n AAAQABAAD\r\n AAA=\r\n\r\n",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQ\r\nAAAQABAADAAA\r\nAAA=\r\n\r\n",
        "PHOTO;ENCODING=b:" + "QUJD" * 20 + "\r\n\r\n" + "QUJD" * 20 + "\r\n",
        "PHOTO;VALUE=uri:http://a.cn/1.jpg",
        "PHOTO:data:image/jpeg;base64,QUJD",
    ],
)
def test_a_picture_is_left_out_and_said(tmp_path: Path, picture: str) -> None:
    found = card(tmp_path, picture + "\r\nFN:张三\r\nTEL:138")
    assert found == {"Name": "张三", "Phone": "138", "Pictures and sounds (left out)": "photo"}


def test_other_binary_values_are_left_out_and_said(tmp_path: Path) -> None:
    lines = "FN:张三\nSOUND;TYPE=WAVE;BASE64:QUJD\nX-CERT:data:x;base64,QUJD"
    assert card(tmp_path, lines)["Pictures and sounds (left out)"] == "sound\nx-cert"


def test_cards_without_beginning_or_end(tmp_path: Path) -> None:
    content = (
        "# sent by somebody\nBEGIN:VCARD\nFN:甲\nBEGIN:vCard\nFN:乙\nEND:VCARD \n----\nTEL:5\nEND:VCARD\n"
        "begin:vcard\nEND:VCARD\nBEGIN:VCARD\nFN:丙\nAGENT:\nBEGIN:VCARD\nFN:丁\nEND:VCARD\nTEL:6\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:3.0\nand then\nFN:戊"
    )
    (sheet,) = read(saved(tmp_path, content))
    assert [row.cells for row in sheet.rows] == [
        ["Name", "Phone", "Note"],
        [None, None, "# sent by somebody"],
        ["甲"],
        ["乙"],
        [None, "5", "----"],
        ["丁"],
        ["丙", "6"],
        ["戊", None, "and then"],
    ]
    assert [row.number for row in sheet.rows] == [1, 2, 3, 4, 5, 7, 8, 9]  # row 6 says nothing


def test_old_macs_and_marks_at_the_beginning_of_lines(tmp_path: Path) -> None:
    assert cards(tmp_path, b"\xef\xbb\xbf" + ANDROID.replace(b"\n", b"\r")) == cards(tmp_path, ANDROID)
    assert len(cards(tmp_path, (b"\xef\xbb\xbf" + ANDROID) * 2)) == 2


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "gb18030"])
def test_whole_files_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    assert cards(tmp_path, IPHONE.decode().encode(encoding)) == cards(tmp_path, IPHONE)


def test_an_encoding_that_nobody_can_tell_is_asked_for(tmp_path: Path) -> None:
    big5 = "BEGIN:VCARD\nFN:陳大文\nNOTE:電話號碼\nEND:VCARD\n".encode("big5")
    with pytest.raises(NeedsEncoding, match="contacts") as raised:
        cards(tmp_path, big5)
    assert raised.value.candidates[:2] == ("big5hkscs", "gb18030")
    assert cards(tmp_path, big5, "big5") == [{"Name": "陳大文", "Note": "電話號碼"}]
    latin = "BEGIN:VCARD\nFN:Jürgen Größe\nEND:VCARD\n".encode("latin-1")
    with pytest.raises(NeedsEncoding) as raised:
        cards(tmp_path, latin, "utf-8")
    assert cards(tmp_path, latin, "cp1252") == [{"Name": "Jürgen Größe"}]


def test_a_broken_character_in_a_whole_book_stays_visible(tmp_path: Path) -> None:
    fine = "".join(f"BEGIN:VCARD\nFN:张三{n}\nNOTE:好\nEND:VCARD\n" for n in range(100)).encode()
    broken = b"BEGIN:VCARD\nFN:\xe5\xbc\xa0\xe4\xb8\nEND:VCARD\n"
    assert cards(tmp_path, fine + broken)[-1] == {"Name": "张\ufffd"}
    with pytest.raises(NeedsEncoding):
        cards(tmp_path, b"BEGIN:VCARD\nFN:\xe5\xbc\xa0\xe4\xb8\nEND:VCARD\n")


def test_bytes_that_fit_no_encoding_stay_visible(tmp_path: Path) -> None:
    assert cards(tmp_path, b"BEGIN:VCARD\nFN:a\xff\x81\xff\x00b\nEND:VCARD\n") == [
        {"Name": "a\ufffd\ufffd\ufffdb"}
    ]


def in_process(path: Path) -> list[tuple[int, list[object]]]:
    """The numbered rows of a phone book, read without a child process."""
    source = sniff(path)
    job = {"path": str(path), "encoding": source.encoding, "language": i18n.current_language()}
    return list(engines.engine("vcard")(job).rows(0))


def test_a_long_book_comes_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vcard_book, "_LOOKED_AT", 3)
    late = b"BEGIN:VCARD\nFN:\xd5\xc5\xc8\xfd\nX-QQ:1\nPHOTO;ENCODING=b:QUJD\nORG:A\nEND:VCARD\n"
    heading, *rows = in_process(saved(tmp_path, ANDROID * 5 + late))
    assert len(rows) == 6
    assert dict(zip(heading[1], rows[5][1], strict=True)) == dict.fromkeys(heading[1]) | {
        "Name": "张三", "Company": "A", "Note": "QQ: 1", "Pictures and sounds (left out)": "photo",
    }  # fmt: skip


def test_columns_without_end_become_lines_of_the_note(tmp_path: Path) -> None:
    cards_of = "".join(f"BEGIN:VCARD\nFN:a\nX-{n}:v{n}\nEND:VCARD\n" for n in range(130))
    heading, *rows = in_process(saved(tmp_path, cards_of))
    assert len(heading[1]) == 142
    assert rows[0][1][heading[1].index("X-0")] == "v0"
    assert rows[129][1][heading[1].index("Note")] == "X-129: v129"


def test_a_value_and_a_card_have_an_end(tmp_path: Path) -> None:
    found = card(tmp_path, "FN:a\nNOTE:" + "x" * 40_000)
    assert len(str(found["Note"])) == 32_767
    assert str(found["Note"]).endswith("x […]")
    found = card(tmp_path, "FN:a\n" + "".join(f"NOTE:{n}{'x' * 20_000}\n" for n in range(20)))
    assert 120_000 < len(str(found["Note"])) < 170_000
    assert str(found["Note"]).endswith("x […]")
    assert card(tmp_path, "FN;X-A=" + "b" * 300_000 + ":c\nTEL:1") == {"Name": "c", "Phone": "1"}


def test_a_card_with_properties_without_end_says_that_there_was_more(tmp_path: Path) -> None:
    found = card(tmp_path, "FN:a\n" + "TEL:123456\n" * 50_010 + "TEL:7")
    assert found == {"Name": "a", "Phone": "123456", "Note": "[...]"}


def test_cards_inside_cards_have_an_end(tmp_path: Path) -> None:
    raw = b"BEGIN:VCARD\nFN:a\nAGENT:\n" * 50 + b"END:VCARD\n" * 50
    assert len(in_process(saved(tmp_path, raw))) == 51


HOSTILE = {
    "a line of 20 MB": [b"BEGIN:VCARD\nFN:a\nNOTE:", b"x" * (20 << 20), b"\nEND:VCARD\n"],
    "a line of 20 MB without a name": [b"BEGIN:VCARD\nFN:a\n", b"x" * (20 << 20), b"\nEND:VCARD\n"],
    "a picture of 20 MB": [b"BEGIN:VCARD\nFN:a\nPHOTO;ENCODING=b:", (b" " + b"A" * 75 + b"\n") * 270_000, b"END:VCARD\n"],
    "folds without end": [b"BEGIN:VCARD\nFN:a\nNOTE:", b"x\n " * 500_000, b"\nEND:VCARD\n"],
    "soft breaks without end": [b"BEGIN:VCARD\nFN;QUOTED-PRINTABLE:", b"=41=\n" * 200_000, b"\nEND:VCARD\n"],
    "cards that say nothing": [b"BEGIN:VCARD\nEND:VCARD\n" * 100_000],
    "cards that only begin": [b"BEGIN:VCARD\nAGENT:\n" * 100_000],
    "nothing between": [b"BEGIN:VCARD\nFN:a\nN:", b";" * 2_000_000, b"\nEND:VCARD\n"],
    "backslashes": [b"BEGIN:VCARD\nFN:a\nN:", b"\\;" * 1_000_000, b"\nEND:VCARD\n"],
    "quotation marks": [b"BEGIN:VCARD\nFN:a\n", b'TEL;X="a;"' * 10_000, b':1\nEND:VCARD\n'],
    "parameters without end": [b"BEGIN:VCARD\nFN:a\nTEL", b';X="a"' * 500_000, b":1\nEND:VCARD\n"],
    "a card with 50,000 numbers": [b"BEGIN:VCARD\nFN:a\n", b"".join(b"TEL:%011d\n" % n for n in range(50_000)), b"END:VCARD\n"],
    "zeros": [b"BEGIN:VCARD\n", b"\0" * 1_000_000],
}  # fmt: skip


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_books_are_read_or_refused_in_time(tmp_path: Path, which: str) -> None:
    path = saved(tmp_path, b"".join(HOSTILE[which]))
    began = time.monotonic()
    sizes = [sum(len(str(cell)) for cell in row.cells) for _book, _place, rows in flow(path) for row in rows]
    assert time.monotonic() - began < 60
    assert max(sizes, default=0) < 200_000


def test_mutated_books_are_read_or_refused(tmp_path: Path) -> None:
    dice = random.Random(7)
    signs = [
        b"=",
        b";",
        b":",
        b"\n",
        b"\r",
        b" ",
        b"\\",
        b'"',
        b"\xff",
        b"\0",
        b"BEGIN:VCARD\n",
        b"END:VCARD\n",
        b"\n ",
        b"=\n",
    ]
    outcomes = []
    for _round in range(300):
        raw = bytearray((ANDROID + IPHONE) * 2)
        for _change in range(dice.randint(1, 30)):
            at = dice.randrange(len(raw))
            raw[at : at + dice.choice((0, 1, 1, 20))] = dice.choice(signs)
        path = saved(tmp_path, bytes(raw))
        try:
            job = {"path": str(path), "encoding": "", "language": "en"}
            outcomes.append(f"{len(list(engines.engine('vcard')(job).rows(0)))} rows")
        except Refused as refusal:
            outcomes.append(refusal.kind)
    assert outcomes.count("5 rows") > 30  # many still have their four cards
    assert {outcome for outcome in outcomes if not outcome.endswith("rows")} <= {"encoding"}
