"""Verifying the audit trail: with the anchor from a printed report, or without one; what was found, in sentences."""

from __future__ import annotations

from collections.abc import Callable

from desktop_crm import audit
from desktop_crm.audit import Verdict
from desktop_crm.base.i18n import _, ngettext
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.forms import FormDialog, TextField
from desktop_crm.ui.kit.panels import Banner
from desktop_crm.ui.page import Desk

_MOST_TOLD = 5
"""Flaws told of one by one."""


class VerifyForm(FormDialog[Verdict]):
    """Asks for an anchor, which may be left out, and looks through the trail."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Verify the audit trail"),
            save_text=_("Verify"),
            note=_(
                "Finds an entry that was edited, removed or swapped. If somebody wrote the whole trail anew, only the anchor "
                "at the foot of a printed report shows it."
            ),
        )
        self.anchor = self.add(
            TextField(
                _("Anchor from a printed report"),
                placeholder="1234-7K3F-9QXD-22MN-H4ZR",
                hint=_("may stay empty"),
            )
        )

    def job(self) -> Callable[[Shop], Verdict]:
        typed = self.anchor.value()
        return lambda shop: audit.verify(shop, typed)


def banner(verdict: Verdict) -> Banner:
    """What was found, to stand above the list."""
    lines = verdict.sentences()
    more = len(lines) - _MOST_TOLD
    told = lines[:_MOST_TOLD]
    if more > 0:
        told.append(ngettext("and {count} more.", "and {count} more.", more).format(count=f"{more:,}"))
    if not verdict.is_whole:
        told.append(
            _(
                "Do not go on working as before: keep the newest backups apart, and ask who had the password or this PC."
            )
        )
    return Banner("\n".join(told), "good" if verdict.is_whole else "bad", closable=True)
