"""Who may do what: the rights, what each role has of them by default, and which right each action needs.

Asked where a thing is done (`shop.change`, `shop.require`) and not in its buttons. Owners may do everything, for ever;
what managers and clerks may is a table in Settings (roles.py keeps it). Nobody at the counter of a shop without passwords
may do everything. Which columns a right hides is store/rows.py's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_
from desktop_crm.records.staff import Role
from desktop_crm.settings import CLERK_RIGHTS, MANAGER_RIGHTS, Setting

Right = Literal[
    "phones", "export", "delete", "merge", "cost", "staff_figures", "settings", "backups", "roles"
]
"""See full phone numbers; take lists out; delete cards; merge; see cost and margin; figures of each of the staff; change
settings and staff; make, verify and restore backups; say who may do what (roles, rights, passwords of others).
"""

EVERY: Final[frozenset[Right]] = frozenset(get_args(Right))

GIVABLE: Final[tuple[Right, ...]] = tuple(right for right in get_args(Right) if right != "roles")
"""What managers and clerks may be given; whoever could change roles could make themselves owner."""

OF_ROLES: Final[Mapping[Role, Setting[tuple[str, ...]]]] = {"manager": MANAGER_RIGHTS, "clerk": CLERK_RIGHTS}
"""Where it is kept what a role may; the owner's is nowhere, because it never changes."""

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
    "bulk.apply.delete": "delete",
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
    "exporting.audit.save": "export",
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
    "person.erase": "settings",
    "person.reapply": None,
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
    "restored_people.bring": None,
    "roles.save": "roles",
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

ASKING: Final[Mapping[str, Right | None]] = {
    "audit_list.count": "settings",
    "audit_list.lines": "settings",
    "backup.by_hand": "backups",
    "drill.run": "backups",
    "exporting.orders.people": "export",
    "exporting.orders.prepare": "export",
    "exporting.papers.prepare": "export",
    "integrity.mend": "settings",
    "masks.reveal": None,
    "passwords.add_user": "roles",
    "passwords.change_locks": "roles",
    "passwords.prove_sheet": "roles",
    "passwords.remove_user": "roles",
    "passwords.set_first": "roles",
    "passwords.sheet": "roles",
    "person.everything": "export",
    "pins.put": None,
    "pins.remove": None,
    "restore.into_folder": "backups",
    "restore.prepare": "backups",
    "restore.preview": "backups",
    "restore.verify": "backups",
    "second_place.choose": "backups",
    "second_place.give_up": "backups",
}
"""Every action that a person may be refused, or that is noted, without a change of the shop; asked inside the function."""

UNDOING: Final[Mapping[str, Right]] = {
    "restored_people.bring": "roles",
    "staff.add": "roles",
    "staff.edit": "roles",
}
"""What taking an action back needs where that is more than the action itself: it may give somebody a role again."""

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
    "roles": N_("{name} may not say who may do what. Nothing was changed; only the owner may."),
}


NOBODY_CHOSEN: Final = N_("Nobody is at the counter. Nothing was done; choose yourself first.")

GONE: Final = N_("{name} does not work here any more. Nothing was changed; choose who is at the counter.")


class NotAllowed(CrmError):
    """The person at the counter has not the right to do this."""
