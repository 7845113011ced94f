"""Phone numbers as people write them."""

from __future__ import annotations

import pytest

from desktop_crm.phones import PhoneDraft, PhoneNotUnderstood, checked_phones, parse, phone_kind, said_phone
from desktop_crm.records.customers import Phone


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("13805718866", "mobile"),
        ("057187654321", "landline"),
        ("87654321", "landline"),
        ("4008123123", "service"),
        ("+4915112345678", "foreign"),
        ("95588", "other"),
    ],
)
def test_the_kind_follows_from_the_number(number: str, kind: str) -> None:
    assert phone_kind(number) == kind


def test_numbers_are_stored_once_each_in_one_form() -> None:
    found = checked_phones(
        [
            PhoneDraft("138 0571-8866"),
            PhoneDraft(" "),
            PhoneDraft("+86 13805718866"),
            PhoneDraft("95588", "other", " x "),
        ]
    )
    assert found == (PhoneDraft("13805718866", "mobile", ""), PhoneDraft("95588", "other", "x"))


@pytest.mark.parametrize("text", ["1.38E+10", "12", "unknown", "1" * 21])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(PhoneNotUnderstood, match="not a phone number"):
        checked_phones([PhoneDraft(text)])


def test_a_number_is_shown_with_its_label() -> None:
    assert said_phone(Phone(1, 1, "13805718866", label="home")) == "138 0571 8866 home"


@pytest.mark.parametrize(
    ("text", "drafts"),
    [
        ("138 0571 8866", [PhoneDraft("138 0571 8866")]),
        (
            "13805718866，0571-87654321 家",
            [PhoneDraft("13805718866"), PhoneDraft("0571-87654321", label="家")],
        ),
        ("+49 151 12345678 work, ", [PhoneDraft("+49 151 12345678", label="work")]),
        ("none", [PhoneDraft("none")]),
        ("", []),
    ],
)
def test_several_numbers_are_read_from_one_line(text: str, drafts: list[PhoneDraft]) -> None:
    assert list(parse(text)) == drafts
