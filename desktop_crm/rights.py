"""Who may do what: the rights, what each role has of them by default, and which right each action needs.

Asked where a thing is done (`shop.change`, `shop.require`) and not in its buttons. The owner may do everything, for ever;
what managers and clerks may is a table in Settings. Nobody at the counter of a shop without passwords may do everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_
from desktop_crm.records.staff import Role

Right = Literal["phones", "export", "delete", "merge", "cost", "staff_figures", "settings", "backups"]
"""See full phone numbers; take lists out; delete cards for good; merge; see cost and margin; figures of each of the staff;
change settings, staff and rights; make, verify and restore backups.
"""

EVERY: Final[frozenset[Right]] = frozenset(get_args(Right))

DEFAULTS: Final[Mapping[Role, frozenset[Right]]] = {
    "owner": EVERY,
    "manager": EVERY - {"settings"},
    "clerk": frozenset(),
}

ACTIONS: Final[Mapping[str, Right | None]] = {
    "additions.add_to": None,
    "after_sales.add": "settings",
    "after_sales.edit": "settings",
    "after_sales.reset": "settings",
    "after_sales.retire": "settings",
    "balance.correct": None,
    "balance.pay": None,
    "balance.pay_out": None,
    "bulk.apply": None,
    "complaint_steps.step": None,
    "complaints.edit": None,
    "complaints.receive": None,
    "consents.set": None,
    "custom_fields.add": "settings",
    "custom_fields.bring_back": "settings",
    "custom_fields.edit": "settings",
    "custom_fields.move": "settings",
    "custom_fields.put": None,
    "custom_fields.retire": "settings",
    "customer_phones.edit": None,
    "customers.add": None,
    "customers.delete": "delete",
    "customers.edit": None,
    "customers.save": None,
    "customers.set_phones": None,
    "customers.set_tags": None,
    "demo.make": None,
    "devices.add": None,
    "devices.edit": None,
    "devices.remove": None,
    "duplicates.add_apart": None,
    "duplicates.keep_pairs_apart": None,
    "exporting.orders.release": "export",
    "followup_outcomes.finish": None,
    "followup_rules.run_rules": None,
    "followups.cancel": None,
    "followups.plan": None,
    "followups.snooze": None,
    "history.undo": None,
    "importing.applying.apply": None,
    "importing.memories.forget": None,
    "interactions.log": None,
    "merge.merge": "merge",
    "notes.add": None,
    "notes.edit": None,
    "notes.pin": None,
    "notes.remove": None,
    "openings.put": None,
    "openings.remove": None,
    "points.put": None,
    "products.add": None,
    "products.edit": None,
    "profile.save": "settings",
    "purchases.record": None,
    "purchases.refund": None,
    "purchases.void": None,
    "quality.mend": None,
    "quality.put_off": None,
    "recycle_bin.restore": None,
    "relations.add": None,
    "relations.remove": None,
    "reminders.mark": None,
    "staff.add": "settings",
    "staff.edit": "settings",
    "surveys.edit": None,
    "surveys.record": None,
    "surveys.remove": None,
    "tags.add": None,
    "tags.delete": None,
    "tags.edit": None,
    "tags.merge": None,
    "tags.rename_group": None,
    "tiers.apply": None,
    "tiers.override": None,
    "tiers.remove_override": None,
    "verification.confirm": None,
    "views.add": None,
    "views.change_filter": None,
    "views.decline": None,
    "views.delete": None,
    "views.move": None,
    "views.rename": None,
    "views.show_in_rail": None,
    "views.take": None,
}
"""Every action that changes the shop, and the right it needs; None: everybody at the counter may."""

REFUSALS: Final[Mapping[Right, str]] = {
    "phones": N_("{name} may not see full phone numbers. Ask the owner or a manager."),
    "export": N_(
        "{name} may not take lists out of the shop: only the owner and managers may. Nothing was written; "
        "ask one of them, or choose another person at the counter first."
    ),
    "delete": N_("{name} may not delete. Nothing was changed; ask the owner or a manager."),
    "merge": N_("{name} may not merge cards. Nothing was changed; ask the owner or a manager."),
    "cost": N_("{name} may not see costs and margins. Ask the owner or a manager."),
    "staff_figures": N_("{name} may not see the figures of others. Ask the owner or a manager."),
    "settings": N_("{name} may not change the settings. Nothing was changed; ask the owner."),
    "backups": N_("{name} may not work with backups. Nothing was changed; ask the owner or a manager."),
}


class NotAllowed(CrmError):
    """The person at the counter has not the right to do this."""
