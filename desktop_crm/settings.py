"""Every setting once: key, type, default, whose it is, label and help. Reading and writing is `Shop.get` / `Shop.put`.

A new shop setting: declare it here, and it is stored, undone and listed in Settings by itself. Machine settings
(language, theme, last shop) live in the machine's own file, see ui/kit/state.py and app.py.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from desktop_crm.base.i18n import N_

T = TypeVar("T")
Group = Literal[
    "shop",
    "tiers",
    "followups",
    "complaints",
    "warranty",
    "backup",
    "kpis",
    "reminders",
    "rights",
    "staff",
    "internal",
]
"""Where Settings shows a setting; "internal" ones are the program's own memory and shown nowhere."""


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One setting of the shop.

    Attributes:
        key: name in the file. default: value until somebody sets another.
        group: where Settings shows it. label / help: texts marked with N_.
        unit: what a number counts ("days", "months", "fen", "minutes", "").
        least / most: inclusive bounds of a number, or None.
        off: the number that switches it off, or None where it cannot be.
        choices: (word, label) of what a tuple may hold, in the order shown; () where anything goes.
    """

    key: str
    default: T
    group: Group
    label: str
    help: str = ""
    unit: str = ""
    least: int | None = None
    most: int | None = None
    off: int | None = None
    choices: tuple[tuple[str, str], ...] = ()

    def encode(self, value: T) -> str:
        """The stored form (JSON)."""
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def decode(self, text: str) -> T:
        """The value of a stored form; lists come back as tuples."""
        value: Any = json.loads(text)  # JSON of the setting's own type
        if isinstance(value, list):
            value = tuple(value)
        decoded: T = value
        return decoded


SHOP_NAME = Setting("shop_name", "", "shop", N_("Name of the shop"))
SHOP_ADDRESS = Setting("shop_address", "", "shop", N_("Address"))
SHOP_PHONE = Setting("shop_phone", "", "shop", N_("Telephone"))
TIME_ZONE = Setting("time_zone", "Asia/Shanghai", "shop", N_("Time zone"))
OPENING_HOURS: Setting[tuple[str, ...]] = Setting(
    "opening_hours",
    ("09:00-21:00",) * 7,
    "shop",
    N_("Opening hours, Monday to Sunday"),
    N_(
        "Like 09:00-21:00 or 9:00-12:00, 14:00-18:30; empty when the shop is closed. Response times count these hours."
    ),
)
CLOSED_DAYS: Setting[tuple[str, ...]] = Setting(
    "closed_days",
    (),
    "shop",
    N_("Closed days"),
    N_("Days on which the shop stays closed, like 2026-02-17 or 2026-02-16..2026-02-22."),
)
VERIFY_MONTHS = Setting(
    "verify_months",
    12,
    "shop",
    N_("Ask whether a card is still right after"),
    N_("When a card is opened that nobody has confirmed for so long; once a day."),
    "months",
    0,
    120,
    off=0,
)
CONSENT_WORDING = Setting(
    "consent_wording",
    "",
    "shop",
    N_("What you ask when you ask for consent"),
    N_("These words are kept with each answer, with its day."),
)
IS_DEMO = Setting("is_demo", False, "internal", N_("This is the demo shop"))
VIEWS_OFFERED = Setting("views_offered", False, "internal", N_("A first set of views was offered"))

WINDOW_MONTHS = Setting(
    "window_months",
    24,
    "tiers",
    N_("Window for value"),
    N_("Purchases of this time count."),
    "months",
    1,
    120,
)
ACTIVE_DAYS = Setting(
    "active_days",
    180,
    "tiers",
    N_("Active up to"),
    N_("Days since the last purchase or contact."),
    "days",
    1,
    3650,
)
DORMANT_DAYS = Setting(
    "dormant_days", 720, "tiers", N_("Dormant up to"), N_("Longer ago means lost."), "days", 1, 3650
)
HIGH_OCCASIONS = Setting("high_occasions", 3, "tiers", N_("High value from purchases"), "", "", 1, 100)
HIGH_NET_FEN = Setting("high_net_fen", 800_000, "tiers", N_("High value from sales"), "", "fen", 0, None)
MID_OCCASIONS = Setting("mid_occasions", 2, "tiers", N_("Middle value from purchases"), "", "", 1, 100)
MID_NET_FEN = Setting("mid_net_fen", 300_000, "tiers", N_("Middle value from sales"), "", "fen", 0, None)

AFTER_SALE_CARE_DAYS = Setting(
    "after_sale_care_days",
    3,
    "followups",
    N_("Care call after the sale of a phone or service"),
    N_("Days after it."),
    "days",
    0,
    365,
    off=0,
)
AFTER_SALE_CHECK_DAYS = Setting(
    "after_sale_check_days",
    30,
    "followups",
    N_("Check after the sale of a phone or service"),
    N_("Days after it."),
    "days",
    0,
    365,
    off=0,
)
BIRTHDAY_LEAD_DAYS = Setting(
    "birthday_lead_days",
    3,
    "followups",
    N_("Birthday greeting, days before"),
    N_("0 is the day itself."),
    "days",
    -1,
    60,
    off=-1,
)
COMPLAINT_CLOSED_DAYS = Setting(
    "complaint_closed_days",
    7,
    "followups",
    N_("Call after a closed complaint"),
    N_("Days after it."),
    "days",
    0,
    365,
    off=0,
)
HIGH_VALUE_INTERVAL_DAYS = Setting(
    "high_value_interval_days",
    90,
    "followups",
    N_("Contact high-value customers every"),
    "",
    "days",
    0,
    3650,
    off=0,
)
POTENTIAL_INTERVAL_DAYS = Setting(
    "potential_interval_days",
    180,
    "followups",
    N_("Contact potential customers every"),
    "",
    "days",
    0,
    3650,
    off=0,
)
REGULAR_INTERVAL_DAYS = Setting(
    "regular_interval_days",
    365,
    "followups",
    N_("Contact regular customers every"),
    "",
    "days",
    0,
    3650,
    off=0,
)
LOST_INTERVAL_DAYS = Setting(
    "lost_interval_days",
    0,
    "followups",
    N_("Contact lost customers every"),
    "",
    "days",
    0,
    3650,
    off=0,
)
REPLACEMENT_MONTHS = Setting(
    "replacement_months",
    30,
    "followups",
    N_("A phone is old after"),
    N_("The card then suggests to talk about a new one; a customer with a habit has an own interval."),
    "months",
    6,
    120,
)
REVISIT_HOLD_DAYS = Setting(
    "revisit_hold_days", 30, "followups", N_("No revisit within days of another contact"), "", "days", 0, 365
)
REVISITS_PER_DAY = Setting(
    "revisits_per_day",
    5,
    "followups",
    N_("Revisits waiting at most"),
    N_("So that a quiet time or an import does not fill a whole day with calls."),
    "",
    0,
    1000,
)

DUE_HIGH_HOURS = Setting(
    "due_high_hours",
    4,
    "complaints",
    N_("Urgent complaints closed within"),
    N_("Business hours."),
    "hours",
    1,
    1000,
)
DUE_NORMAL_HOURS = Setting(
    "due_normal_hours",
    24,
    "complaints",
    N_("Ordinary complaints closed within"),
    N_("Business hours."),
    "hours",
    1,
    1000,
)
DUE_LOW_HOURS = Setting(
    "due_low_hours",
    72,
    "complaints",
    N_("Minor complaints closed within"),
    N_("Business hours."),
    "hours",
    1,
    1000,
)

PHONE_WARRANTY_MONTHS = Setting(
    "phone_warranty_months", 12, "warranty", N_("Warranty of phones"), "", "months", 0, 120
)

BACKUPS_KEPT = Setting("backups_kept", 12, "backup", N_("Newest backups kept"), "", "", 1, 1000)
BACKUP_DAYS = Setting(
    "backup_days",
    14,
    "backup",
    N_("Days of which one is kept"),
    N_("The last one of each day."),
    "days",
    0,
    1000,
)
BACKUP_WEEKS = Setting(
    "backup_weeks",
    8,
    "backup",
    N_("Weeks of which one is kept"),
    N_("The last one of each week."),
    "",
    0,
    1000,
)
BACKUP_MONTHS = Setting(
    "backup_months",
    12,
    "backup",
    N_("Months of which one is kept"),
    N_("The last one of each month."),
    "months",
    0,
    1000,
)
JOURNAL_DAYS = Setting(
    "journal_days",
    400,
    "backup",
    N_("Undo reaches back"),
    N_("Older steps stay in History but cannot be undone."),
    "days",
    1,
    3650,
)
JOURNAL_ROWS = Setting("journal_rows", 5_000_000, "backup", N_("Rows kept for undo"), "", "", 1000, None)

REMIND_AT_OPENING = Setting("remind_at_opening", True, "reminders", N_("Summary at opening time"))
LOCK_MINUTES = Setting(
    "lock_minutes",
    10,
    "staff",
    N_("The screen locks by itself after"),
    N_("Where somebody has a PIN or a password. Ctrl+L locks at once."),
    "minutes",
    0,
    600,
    off=0,
)

STAY_IN_TRAY = Setting(
    "stay_in_tray", False, "reminders", N_("Closing the window keeps the program in the tray")
)

LAST_RULES_DAY = Setting("last_rules_day", "", "internal", N_("Last day on which the rules made follow-ups"))
LAST_SUMMARY_DAY = Setting("last_summary_day", "", "internal", N_("Last day whose summary was announced"))

COMPLETENESS_FIELDS: Setting[tuple[str, ...]] = Setting(
    "completeness_fields",
    ("name", "phone", "source", "consent", "owner", "birthday", "device"),
    "kpis",
    N_("Fields a complete card has"),
    N_("The figure “completeness” counts these; a device counts for customers who bought."),
    choices=(
        ("name", N_("Name")),
        ("phone", N_("Phone")),
        ("source", N_("Source")),
        ("consent", N_("Consent")),
        ("owner", N_("Clerk in charge")),
        ("birthday", N_("Birthday")),
        ("device", N_("Device")),
    ),
)

RIGHTS: tuple[tuple[str, str], ...] = (
    ("phones", N_("See full phone numbers")),
    ("export", N_("Take lists out of the shop")),
    ("delete", N_("Delete cards")),
    ("merge", N_("Merge cards")),
    ("cost", N_("See costs and margins")),
    ("staff_figures", N_("See the figures of each person")),
    ("settings", N_("Change the settings")),
    ("backups", N_("Make and restore backups")),
)
"""What managers and clerks may be given, in words; what each right covers: rights.py."""

MANAGER_RIGHTS: Setting[tuple[str, ...]] = Setting(
    "manager_rights",
    ("phones", "export", "delete", "merge", "cost", "staff_figures", "backups"),
    "rights",
    N_("What managers may do"),
    choices=RIGHTS,
)
CLERK_RIGHTS: Setting[tuple[str, ...]] = Setting(
    "clerk_rights", (), "rights", N_("What clerks may do"), choices=RIGHTS
)

ALL: tuple[Setting[Any], ...] = tuple(value for value in globals().values() if isinstance(value, Setting))
"""Every setting, in the order declared."""
