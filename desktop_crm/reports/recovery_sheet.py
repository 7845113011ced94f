"""The recovery sheet: the one paper that opens the shop when no password does. What the code is, passwords.py knows."""

from __future__ import annotations

from desktop_crm import passwords
from desktop_crm.base.document import Document, Heading, Paragraph, QrCode, Tile, Tiles, Value
from desktop_crm.base.i18n import _, current_language, using
from desktop_crm.shop import Shop

_IN_A_ROW = 3


def make(shop: Shop, language: str | None = None) -> Document:
    """The sheet with the code as it is now; the same until the locks are changed.

    Raises:
        NotAllowed: only an owner may print it.
    """
    with using(language or current_language()):
        sheet = passwords.sheet(shop)
        return Document(
            title=_("Recovery sheet"),
            subtitle=sheet.shop_name,
            blocks=(
                Paragraph(
                    _(
                        "This sheet opens the shop without any password. Keep it where you keep contracts and cash, "
                        "not beside the PC: whoever has it and the shop's file can read every customer."
                    )
                ),
                *(_row(sheet.groups, start) for start in range(0, len(sheet.groups), _IN_A_ROW)),
                QrCode(
                    sheet.code,
                    _("The same code for a camera"),
                    (
                        _("Any phone reads it and shows the six groups; then type them."),
                        _(
                            "Do not keep a photo of this sheet: photos are copied to other places by themselves."
                        ),
                    ),
                ),
                Heading(_("When nobody knows a password any more")),
                *_steps(),
                Heading(_("Good to know")),
                Paragraph(
                    _(
                        "The code has no letters I, L, O or U. Small letters, spaces and hyphens make no difference; "
                        "a wrong symbol is noticed."
                    )
                ),
                Paragraph(
                    _(
                        "Should the key file of the shop (shop.keys) be lost, the file shop.db and this sheet are enough."
                    )
                ),
                Paragraph(
                    _(
                        "Changing the locks makes this sheet invalid for what comes after. Print a new one then, and "
                        "keep this one as long as you keep backups from before."
                    )
                ),
            ),
            language=current_language(),
            day=shop.today(),
            stamp=(_("Printed on {day}").format(day=sheet.made_day.isoformat()),),
            footer=_("Kept at: ______________________________"),
            author=sheet.shop_name,
        )


def _row(groups: tuple[str, ...], start: int) -> Tiles:
    return Tiles(
        tuple(
            Tile(
                f"group{start + place + 1}",
                _("Group {number}").format(number=start + place + 1),
                Value(group, bold=True),
            )
            for place, group in enumerate(groups[start : start + _IN_A_ROW])
        )
    )


def _steps() -> tuple[Paragraph, ...]:
    return (
        Paragraph(
            _("Start Desktop CRM. Where it asks for a password, press Alt R."),
            "1.",
        ),
        Paragraph(_("Type the six groups."), "2."),
        Paragraph(_("Give yourself a new password in Settings, under Safety."), "3."),
    )
