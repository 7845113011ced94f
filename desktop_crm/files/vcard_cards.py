"""What the properties of a vCard mean: one card → the cells of one row, by the headings that the import knows.

Nothing of a card is dropped unseen: what has no column of its own gets one named after it, and the import makes a line
of the note of it. Left out are pictures and sounds (the column PICTURES says what there was) and what programs write
about themselves (_MACHINE). How properties stand in a file is vcard.py's business.

Sources: RFC 2426, RFC 6350; what Apple, Google, Android, Outlook and Chinese phones add is known from their files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from desktop_crm.base.i18n import N_, _
from desktop_crm.files.vcard import Property
from desktop_crm.files.vcard_card import (
    ADDRESS,
    BIRTHDAY,
    CARD_NO,
    CITY,
    COMPANY,
    EMAIL,
    EXTERNAL_ID,
    FAMILY,
    GENDER,
    GIVEN,
    KIND,
    LUNAR,
    MIDDLE,
    NAME,
    NICKNAME,
    NOTE,
    OCCUPATION,
    PHONE,
    PICTURES,
    PROVINCE,
    TAGS,
    WECHAT,
    Card,
    settle_name,
)
from desktop_crm.files.vcard_text import Texts

_MACHINE = {
    "VERSION", "PRODID", "REV", "UID", "PROFILE", "CLASS", "MAILER", "CLIENTPIDMAP", "KIND", "X-ADDRESSBOOKSERVER-KIND",
    "X-ABUID", "X-ABADR", "X-ABLABEL", "X-ABSHOWAS", "X-IMAGEHASH", "X-IMAGETYPE", "X-SHARED-PHOTO-DISPLAY-PREF",
    "X-ADDRESSING-GRAMMAR", "X-MS-OL-DESIGN", "X-MS-OL-DEFAULT-POSTAL-ADDRESS", "X-SHOP-LABELS",
}  # fmt: skip
"""What programs note for themselves, and what another property's handler reads."""
_WECHAT = {"微信", "微信号", "wechat", "weixin", "wx"}
_HOME_COUNTRY = {"中国", "中國", "中华人民共和国", "china", "cn", "prc", "people's republic of china"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_SCHEME = re.compile(r"^(?:x-apple|weixin|wechat|qq|mqq|skype|xmpp|aim|msnim|ymsgr|im|sip):(?://)?", re.I)
_NO_LABELS = {"pref", "internet", "voice", "text", "msg"}
_USUAL_TYPES = _NO_LABELS | {"home", "work", "cell", "iphone", "mobile", "main", "other"}


def cells(properties: Sequence[Property], texts: Texts) -> dict[str, str]:
    """The cells of a card: heading → text, in no order."""
    card = Card(properties, texts)
    for found in sorted(properties, key=_rank):
        if found.binary:
            card.add(PICTURES, found.name.lower())
        elif found.name not in _MACHINE:
            _HANDLERS.get(found.name, _unknown)(card, found)
    if "group" in card.kinds:
        card.add(NOTE, _("A group, not a person: {name}").format(name=" ".join(card.cells.pop(NAME, ()))))
    else:
        settle_name(card)
    return card.joined()


def _rank(found: Property) -> int:
    """Preferred values come first, others in the card's order."""
    if found.name not in ("TEL", "EMAIL", "ADR", "IMPP"):
        return 0
    said = found.params.get("PREF", "")
    if said.isascii() and said.isdigit():
        return int(said[:4])
    return 1 if "pref" in found.types else 101


def _name(card: Card, found: Property) -> None:
    family, given, middle, prefix, suffix, *_rest = [*card.texts.parts(found), *[""] * 5]
    for heading, text in ((FAMILY, family), (GIVEN, given), (MIDDLE, middle)):
        card.add(heading, text)
    shown = next((card.texts.text(one) for one in card.properties if one.name == "FN"), "")
    for heading, text in ((N_("Name prefix"), prefix), (N_("Name suffix"), suffix)):
        if text not in shown:
            card.spare(heading, text)


def _organisation(card: Card, found: Property) -> None:
    company, *units = card.texts.parts(found)
    if COMPANY in card.cells:
        card.single(COMPANY, company)
    else:
        card.add(COMPANY, company)
    card.spare(N_("Department"), " ".join(filter(None, units)))


def _phone(card: Card, found: Property) -> None:
    text = card.texts.text(found)
    if text.lower().startswith("tel:"):
        number, *more = unquote(text[4:]).split(";")
        extension = next((part[4:] for part in more if part.lower().startswith("ext=")), "")
        text = f"{number}转{extension}" if extension else number
    # 801 after a pause, as phones dial an extension
    text = re.sub(r"^([+\d\s()\-.]{5,}?)\s*[,;pPwW]+\s*(\d{1,6})#?$", r"\1转\2", text)
    label = card.label(found)
    if found.types & {"fax", "pager"} or re.search(
        r"fax$|^pager$|传真", label, re.I
    ):  # nobody is called there
        card.spare(N_("Fax"), text)
        return
    card.add(PHONE, _labelled_number(text, _phone_words(found, label)))


def _phone_words(found: Property, label: str) -> str:
    """What stands in brackets behind a number: the person's own label, or that it is at home or at work."""
    types = found.types | {label.lower()}
    if label and label.lower() not in _USUAL_TYPES:
        return label
    if "work" in types or "home" in types:
        return _("work") if "work" in types else _("home")
    return ", ".join(sorted(each[2:] for each in found.types if each.startswith("x-") and each != "x-mobile"))


def _labelled_number(number: str, words: str) -> str:
    """A number with its label, as importing/phone_labels.py reads it: a label of digits alone is marked as none of them."""
    plain = re.sub(r"\s+", " ", words).translate(str.maketrans("()（）", "〔〕〔〕")).strip()
    mark = "" if re.search(r"[^\d\s.+x转#-]", plain) else "№"
    return f"{number}({mark}{plain})" if plain and number else number


def _email(card: Card, found: Property) -> None:
    card.single(EMAIL, card.texts.text(found).removeprefix("mailto:"))


def _address(card: Card, found: Property) -> None:
    box, extended, street, city, region, code, country, *_rest = [*card.texts.parts(found), *[""] * 7]
    if country.lower() in _HOME_COUNTRY:
        country = ""
    between = "" if _HAN.search(street + extended) else " "
    place = between.join(filter(None, (street, extended)))
    if ADDRESS in card.cells or PROVINCE in card.cells or CITY in card.cells:
        whole = ("" if between == "" else ", ").join(filter(None, (region, city, place)))
        card.single(ADDRESS, " ".join(filter(None, (whole, code, country, box))))
        return
    card.add(PROVINCE, region)
    card.add(CITY, city)
    card.add(ADDRESS, place)
    card.spare(N_("Postal code"), code)
    card.spare(N_("Country"), country)
    card.spare(N_("Post box"), box)


def _address_label(card: Card, found: Property) -> None:
    """The address as it is printed on an envelope: worth keeping where it says more than its parts."""
    text = rest = card.texts.text(found)
    for other in card.properties:
        if other.name == "ADR":
            for part in sorted(card.texts.parts(other), key=len, reverse=True):
                rest = rest.replace(part, "") if part else rest
    if not any(other.name == "ADR" for other in card.properties):
        card.add(ADDRESS, text)
    elif re.sub(r"[\W_]", "", rest):
        card.spare(N_("Address on the envelope"), text)


def _birthday(card: Card, found: Property) -> None:
    text = card.texts.text(found)
    full = re.fullmatch(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]([\d:.]+)\s*(?:Z|[+-]\d\d:?\d\d)?)?", text)
    short = re.fullmatch(r"--(\d{2})-?(\d{2})", text)
    lunar = "chinese" in found.params.get("CALSCALE", "").lower()
    if full and re.sub(r"[0:.]", "", full[4] or ""):
        _unknown(card, found)  # midnight somewhere else: which day it is here cannot be told
    elif full and full[1] == found.params.get("X-APPLE-OMIT-YEAR"):
        card.add(LUNAR if lunar else BIRTHDAY, ("农历" if lunar else "--") + f"{full[2]}-{full[3]}")
    elif full or short:
        day = f"{full[1]}-{full[2]}-{full[3]}" if full else f"{short[1]}-{short[2]}" if short else ""
        card.add(LUNAR if lunar else BIRTHDAY, ("农历" if lunar else "" if full else "--") + day)
    elif re.fullmatch(r"[\d-]+", text) and len(re.sub(r"\D", "", text)) < 6:
        _unknown(card, found)  # a year, or a month, alone
    else:
        card.add(BIRTHDAY, text)


def _lunar_birthday(card: Card, found: Property) -> None:
    """Apple counts cycles of sixty years: 0078 0031 03 18 is the 31st year of the cycle that began in 1984."""
    text = card.texts.text(found)
    parts = re.fullmatch(r"(\d{4})(\d{4})(\d{2})(\d{2})", text)
    if parts is None or not 1 <= int(parts[2]) <= 60:
        card.spare("X-ALTBDAY", text)
        return
    year = 1984 + (int(parts[1]) - 78) * 60 + int(parts[2]) - 1
    card.add(LUNAR, f"农历{year:04d}-{parts[3]}-{parts[4]}")


def _our_lunar_birthday(card: Card, found: Property) -> None:
    card.add(LUNAR, card.texts.text(found))


def _gender(card: Card, found: Property) -> None:
    text = card.texts.parts(found)[0]
    if found.name == "X-WAB-GENDER":
        text = {"1": "女", "2": "男"}.get(text, text)
    if text.upper() not in ("O", "N", "U"):
        card.add(GENDER, text)


def _categories(card: Card, found: Property) -> None:
    """Tags, without the words that our own export adds for the phone: the tier is worked out, not worn."""
    ours = [
        word for other in card.properties if other.name == "X-SHOP-LABELS" for word in card.texts.words(other)
    ]
    for word in card.texts.words(found):
        if word in ours:
            ours.remove(word)
        else:  # a separator inside is none, as importing/tag_words.py reads it
            card.add(
                TAGS, '"' + word.replace('"', '""') + '"' if re.search(r"[,，、;；|\n\"]|:::", word) else word
            )


def _nickname(card: Card, found: Property) -> None:
    card.add(NICKNAME, ", ".join(card.texts.words(found)))


def _messenger(card: Card, found: Property) -> None:
    """IMPP and its many predecessors: a service and an account."""
    text = card.texts.text(found)
    scheme = _SCHEME.match(text)
    service = card.texts.parameter(found.params.get("X-SERVICE-TYPE", "")) or card.label(found)
    service = service or ", ".join(sorted(found.types - _USUAL_TYPES))
    if not service and found.name.startswith("X-"):
        service = found.name[2:]
    if not service and scheme and not scheme[0].lower().startswith("x-apple"):
        service = scheme[0].rstrip(":/")
    account = unquote(text[scheme.end() :]) if scheme else text
    if service.lower() in _WECHAT:
        card.single(WECHAT, account)
    elif service.lower() in ("qq", "mqq"):
        card.spare("QQ", account)
    else:
        card.spare(N_("Messenger"), account, service)


def _occupation(card: Card, found: Property) -> None:
    if found.name == "ROLE" and any(other.name == "TITLE" for other in card.properties):
        card.spare(N_("Role"), card.texts.text(found))
    else:
        card.single(OCCUPATION, card.texts.text(found))


def _plain(heading: str) -> Callable[[Card, Property], None]:
    def handle(card: Card, found: Property) -> None:
        card.add(heading, card.texts.text(found))

    return handle


def _labelled(heading: str) -> Callable[[Card, Property], None]:
    def handle(card: Card, found: Property) -> None:
        card.spare(heading, _readable(card.texts.text(found)), _called(card, found))

    return handle


def _called(card: Card, found: Property) -> str:
    """What a property is called by the person or by its types."""
    return card.label(found) or ", ".join(sorted(found.types - _NO_LABELS))


def _readable(text: str) -> str:
    """A day of digits as people write it."""
    return re.sub(r"^(\d{4})(\d{2})(\d{2})(?:T.*)?$", r"\1-\2-\3", text)


def _android(card: Card, found: Property) -> None:
    """X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;小丁;1;;;… the kind, the value, its type, its label."""
    kind, value, number, label, *_rest = [*card.texts.parts(found), *[""] * 4]
    kind = kind.rpartition("/")[2]
    if kind == "nickname":
        card.add(NICKNAME, value)
    elif kind == "contact_event" and number == "3":
        card.add(BIRTHDAY, value)
    elif kind == "contact_event":
        card.spare(N_("Important day"), value, label or {"1": _("Anniversary")}.get(number, ""))
    elif kind == "relation":
        card.spare(N_("Related person"), value, label)
    else:
        _unknown(card, found)


def _unknown(card: Card, found: Property) -> None:
    text = " ".join(filter(None, card.texts.parts(found)))
    if not found.name:
        card.add(NOTE, text)
    else:
        title = (
            found.name if found.name.startswith("X-") else f"vCard {found.name}"
        )  # NAME is no heading of ours
        card.spare(title, text, card.label(found))


_HANDLERS: dict[str, Callable[[Card, Property], None]] = {
    "N": _name,
    "FN": _plain(NAME),
    "NICKNAME": _nickname,
    "X-NICKNAME": _nickname,
    "ORG": _organisation,
    "TITLE": _occupation,
    "ROLE": _occupation,
    "TEL": _phone,
    "EMAIL": _email,
    "ADR": _address,
    "LABEL": _address_label,
    "BDAY": _birthday,
    "X-ALTBDAY": _lunar_birthday,
    "X-LUNAR-BIRTHDAY": _our_lunar_birthday,
    "GENDER": _gender,
    "X-GENDER": _gender,
    "X-WAB-GENDER": _gender,
    "CATEGORIES": _categories,
    "NOTE": _plain(NOTE),
    "IMPP": _messenger,
    "URL": _labelled(N_("Website")),
    "ANNIVERSARY": _labelled(N_("Anniversary")),
    "X-ANNIVERSARY": _labelled(N_("Anniversary")),
    "X-MS-ANNIVERSARY": _labelled(N_("Anniversary")),
    "X-EVOLUTION-ANNIVERSARY": _labelled(N_("Anniversary")),
    "X-ABDATE": _labelled(N_("Important day")),
    "RELATED": _labelled(N_("Related person")),
    "X-ABRELATEDNAMES": _labelled(N_("Related person")),
    "X-SOCIALPROFILE": _labelled(N_("Profile")),
    "X-PHONETIC-FIRST-NAME": _plain(N_("Reading of the name")),
    "X-PHONETIC-MIDDLE-NAME": _plain(N_("Reading of the name")),
    "X-PHONETIC-LAST-NAME": _plain(N_("Reading of the name")),
    "SORT-STRING": _plain(N_("Reading of the name")),
    "SOUND": _plain(N_("Reading of the name")),
    "X-ANDROID-CUSTOM": _android,
    "X-SHOP-CARD-NO": _plain(CARD_NO),
    "X-SHOP-EXTERNAL-ID": _plain(EXTERNAL_ID),
    "X-SHOP-KIND": _plain(KIND),
} | dict.fromkeys(
    (
        "X-QQ", "X-WECHAT", "X-WEIXIN", "X-AIM", "X-ICQ", "X-JABBER", "X-MSN", "X-YAHOO", "X-SKYPE", "X-SKYPE-USERNAME",
        "X-GOOGLE-TALK", "X-GTALK", "X-GADUGADU", "X-GROUPWISE", "X-DINGTALK", "X-MS-IMADDRESS",
    ),
    _messenger,
)  # fmt: skip
"""What each property means; all others are kept as they are."""
