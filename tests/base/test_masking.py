"""Hidden numbers: what is hidden in a text, what is not, and how one comes back."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_crm.base import masking

MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
GAPS = st.sampled_from(
    ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "{0}.{1}.{2}", "+86 {0}{1}{2}", "0086{0}{1}{2}"]
)


@pytest.mark.parametrize(
    ("number", "mask"),
    [
        ("13805718866", "138****8866"),
        ("057187654321", "057*****4321"),
        ("4008123456", "400***3456"),
        ("+85291234567", "+85*****4567"),
        ("87654321", "******21"),
        ("12345", "***45"),
        ("", ""),
    ],
)
def test_a_number_keeps_its_beginning_and_its_end(number: str, mask: str) -> None:
    assert masking.mask_phone(number) == mask
    assert masking.hide_all(f"{number} 家") == f"{mask} 家"
    assert masking.is_masked(mask) is bool(mask)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("call 13805718866 at noon", "call 138****8866 at noon"),
        ("138 0571 8866、138-0571-8867", "138****8866、138****8867"),
        ("手机：+86 13805718866转2", "手机：138****8866转2"),
        ("座机 0571-87654321", "座机 057*****4321"),
        ("(021)58887777", "021****7777"),
        ("HK +852 9123 4567", "HK +85*****4567"),
        ("wxid_13805718866", "wxid_138****8866"),
        ("13805718866@qq.com", "138****8866@qq.com"),
        ("全角 １３８０５７１８８６６", "全角 138****8866"),
        ("(138) 0571 8866", "138****8866"),
        ("【138】0571－8866", "138****8866"),
        ("(13805718866)", "(138****8866)"),
        ("（+86）138 (0571) 8866", "138****8866"),
        ("８６１３８０５７１８８６６", "138****8866"),
        ("(0571-88665544)", "(057*****5544)"),
        ("138 0571 8866 / 139 0571 8867", "138****8866 / 139****8867"),
    ],
)
def test_numbers_are_hidden_wherever_they_stand(text: str, hidden: str) -> None:
    assert masking.hide(text) == hidden
    assert masking.hide(hidden) == hidden, "hiding twice is hiding once"


@pytest.mark.parametrize(
    "text",
    [
        "356938035643809",  # an IMEI
        "2026-11-22 13:45",
        "¥1,380,571.88",
        "No. 20261122-0001",
        "6901234567892",  # a barcode
        "99 of 13805",
        "call 400-666-8800",  # a service number in a text is nobody's own
        "199 2026-11-22",  # a price and a day
        "¥199 1599 1699",
        "iPhone 15 2026-11-22 9:30",
        "iPhone 13/14/15/16/17/8",
        "+100 2026/11/22",
        "SN 001 2026.11.22",
        "35-138005-718866-1",
        "13,805,718,866",
        "",
    ],
)
def test_what_is_no_phone_number_stays(text: str) -> None:
    assert masking.hide(text) == text


@given(
    MOBILES, GAPS, st.text(alphabet="abc 中,。\n", max_size=12), st.text(alphabet="abc 中,。\n", max_size=12)
)
def test_a_text_that_comes_back_hidden_is_whole_again(
    number: str, form: str, before: str, after: str
) -> None:
    written = form.format(number[:3], number[3:7], number[7:])
    whole = f"{before}{written}{after}"
    hidden = masking.hide(whole)
    assert number[3:7] not in hidden.replace(f"{number[:3]}****{number[7:]}", "")
    assert masking.restore(hidden, whole) == whole
    assert masking.restore(f"{hidden} and more", whole) == f"{whole} and more"


@given(
    MOBILES,
    st.sampled_from([(3, 7), (3, 6), (4, 7), (6, 9), (5, 8)]),
    st.lists(st.text(alphabet=" -－—‐.．·・/／\\\t_~～\u3000\u200b", max_size=3), min_size=2, max_size=2),
    st.sampled_from(["{}", "({})", "（{}）", "[{}]"]),
    st.sampled_from(["", "86 ", "+86-", "(+86)", "0086"]),
)
def test_a_number_is_hidden_whatever_parts_it(
    number: str, cuts: tuple[int, int], gaps: list[str], brackets: str, country: str
) -> None:
    parts = brackets.format(number[:3]), number[3 : cuts[0]], number[cuts[0] : cuts[1]], number[cuts[1] :]
    whole = f"手机 {country}{parts[0]}{parts[1]}{gaps[0]}{parts[2]}{gaps[1]}{parts[3]} 张"
    day = re.search(r"(19|20)\d\d[-./]\d{1,2}[-./]\d", whole)
    hidden = masking.hide(whole)
    assert day or hidden == f"手机 {number[:3]}****{number[7:]} 张"
    assert masking.restore(hidden, whole) == whole


def test_numbers_that_look_alike_come_back_in_their_order() -> None:
    whole = "13800008866, then 13811118866"
    assert masking.hide(whole) == "138****8866, then 138****8866"
    assert masking.restore(masking.hide(whole), whole) == whole


def test_which_of_two_that_look_alike_was_struck_out_is_not_guessed() -> None:
    whole = "son 13805718866, wife 13899998866"
    with pytest.raises(masking.PhoneHidden, match=r"which number 138\*\*\*\*8866 is\. Nothing was saved"):
        masking.restore("wife 138****8866", whole)
    with pytest.raises(masking.PhoneHidden):
        masking.restore(f"{masking.hide(whole)}, 138****8866", whole)
    assert masking.restore("no number", whole) == "no number"
    twice = "son 13805718866, at noon 138 0571 8866"
    assert (
        masking.restore("son 138****8866, at noon", "13805718866, 13805718866") == "son 13805718866, at noon"
    )
    assert masking.restore(masking.hide(twice), twice) == twice


def test_a_local_number_comes_back_too() -> None:
    assert masking.restore("******21 家", "87654321 家") == "87654321 家"


def test_a_hidden_number_that_is_not_known_stays_as_it_was_typed() -> None:
    assert masking.restore("138****8866", "13900001111") == "138****8866"
    assert masking.restore("nothing hidden", "13900001111") == "nothing hidden"
