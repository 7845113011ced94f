"""Changing all marked customers at once: the bar below the list, asking what, and showing what it would do first.

Keys, while customers are marked: Alt+T tags, Alt+A assigns a clerk, Alt+P plans a contact, Ctrl+B all that can be done.
What a change means is bulk.py's business, who is marked that of ui/customers.py.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from desktop_crm import bulk, customer_list, staff, tags, who
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _, joined, ngettext
from desktop_crm.base.values import MISSING
from desktop_crm.bulk import Preview, Row, Step
from desktop_crm.consents import CHANNELS
from desktop_crm.customer_list import Clause, Selection
from desktop_crm.records.staff import StaffMember
from desktop_crm.shop import Shop
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column
from desktop_crm.ui.kit.forms import ChoiceField, DayField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import STRETCH, hbox
from desktop_crm.ui.kit.palette import Option, Palette, Question
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S8
from desktop_crm.ui.page import Desk
from desktop_crm.who import Field

KEYS = (
    ("Alt+T", N_("Tag those marked")),
    ("Alt+A", N_("Assign those marked to a clerk")),
    ("Alt+P", N_("Plan a contact with those marked")),
    ("Ctrl+B", N_("All that can be done with those marked")),
)
"""For the sheet of keys."""

Meant = Callable[[], tuple[Selection, Clause]]

_STEPS = {
    "tag": N_("Tag them"),
    "untag": N_("Take a tag off them"),
    "assign": N_("Assign them to a clerk"),
    "edit": N_("Set a field"),
    "plan": N_("Plan a contact with each"),
    "consent": N_("Note their consent"),
    "silence": N_("They do not want to be contacted"),
    "speak": N_("They may be contacted again"),
    "delete": N_("Delete them"),
}
_ALONE: dict[str, Step] = {
    "silence": bulk.Silence(True),
    "speak": bulk.Silence(False),
    "delete": bulk.Deleting(),
}
"""The steps that need no further question."""


class BulkBar(QWidget):
    """What can be done with those marked; hidden while nobody is.

    Args:
        meant: says who is marked, and in which list.
    """

    def __init__(self, desk: Desk, meant: Meant, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk, self._meant = desk, meant
        self.count = Label("", "strong")
        self.tag = KeyButton(_("Tag"), "Alt+T", icon="tag", on_click=partial(self.begin, "tag"))
        self.assign = KeyButton(_("Assign"), "Alt+A", on_click=partial(self.begin, "assign"))
        self.plan = KeyButton(_("Plan a contact"), "Alt+P", on_click=partial(self.begin, "plan"))
        self.more = KeyButton(_("More…"), "Ctrl+B", on_click=self.choose)
        self._hint = Label(_("Esc takes the marks away"), "small", tone="faint")
        self._buttons = (self.tag, self.assign, self.plan, self.more)
        hbox(self.count, S8, *self._buttons, STRETCH, self._hint, spacing=S8, margins=(0, S8, 0, 0), on=self)
        self.palette_list = Palette(self.more)
        self.hide()

    def show_count(self, marked: int) -> None:
        """Say how many are marked; 0 hides the bar."""
        words = ngettext("{count} customer marked", "{count} customers marked", marked)
        self.count.setText(words.format(count=f"{marked:,}"))
        self.setVisible(marked > 0)

    def set_narrow(self, narrow: bool) -> None:
        """Leave away what can be missed, where there is little room; the keys go on working."""
        self._hint.setVisible(not narrow)
        for button in self._buttons:
            button.set_compact(narrow)

    def choose(self) -> None:
        """Ask what is to be done."""
        options = [Option(key, _(label)) for key, label in _STEPS.items()]
        self.palette_list.hang_below(self.more)
        self.palette_list.ask(
            Question(
                _("With those marked"),
                options,
                lambda keys: self.begin(keys[0]),
                placeholder=_("Type to find"),
            )
        )

    def begin(self, key: str) -> None:
        """Ask for the rest of a step, then show what it would do."""
        if key == "delete" and not self.desk.may("delete"):
            return
        self.palette_list.hang_below(
            {"tag": self.tag, "assign": self.assign, "plan": self.plan}.get(key, self.more)
        )
        if key in ("tag", "untag"):
            self.desk.jobs.query(tags.listing, partial(self._ask_tags, key == "tag"), key="bulk.ask")
        elif key in ("assign", "edit"):
            self.desk.jobs.query(bulk.editable, partial(self._ask_field, key), key="bulk.ask")
        elif key == "plan":
            self.palette_list.close_it()
            self.desk.jobs.query(staff.listing, self._ask_plan, key="bulk.ask")
        elif key == "consent":
            self._ask_consent()
        else:
            self._preview(_ALONE[key])

    # ------------------------------------------------------------ asking

    def _ask_tags(self, on: bool, found: list[tags.TagLine]) -> None:
        options = [Option(line.name, line.name, line.group_name) for line in found]
        free = partial(self._typed, lambda text: bulk.Tagging((text,))) if on else None
        title = _("Tag them with") if on else _("Take off them")
        self.palette_list.ask(
            Question(
                title,
                options,
                lambda names: self._preview(bulk.Tagging(names, on)),
                on_text=free,
                many=True,
                placeholder=_("Type to find, or a new tag") if on else _("Type to find"),
            )
        )

    def _ask_field(self, key: str, found: list[Field]) -> None:
        if key == "assign":
            self._ask_value(next(field for field in found if field.key == "owner"))
            return
        options = [Option(field.key, field.label, _(who.GROUPS[field.group])) for field in found]

        def chosen(keys: tuple[str, ...]) -> None:
            self._ask_value(next(field for field in found if field.key == keys[0]))

        self.palette_list.ask(Question(_("Set the field"), options, chosen, placeholder=_("Type to find")))

    def _ask_value(self, asked: Field) -> None:
        free = None
        if asked.kind not in ("choice",):
            free = partial(self._typed, partial(bulk.Editing, asked.key))
        options = [Option(choice.value, choice.label) for choice in asked.choices]
        if asked.key not in ("owner", "kind", "gender", "language"):
            options.append(Option("", _("Empty it")))
        self.palette_list.ask(
            Question(
                asked.label,
                options,
                lambda keys: self._preview(bulk.Editing(asked.key, keys[0])),
                on_text=free,
                text_first=asked.kind not in ("choice", "word"),
                placeholder=_("Type to find, or another value") if free else _("Type to find"),
            )
        )

    def _ask_consent(self) -> None:
        answers = {"granted": _("granted"), "refused": _("refused"), "": _("not asked")}
        places = {"": _("in general")} | {channel: _(label) for channel, label in CHANNELS.items()}
        steps = [
            (bulk.Consenting(channel, answer), label, said)  # type: ignore[arg-type]  # keys of the two tables
            for channel, label in places.items()
            for answer, said in answers.items()
        ]
        options = [Option(str(place), f"{label}: {said}") for place, (_step, label, said) in enumerate(steps)]
        self.palette_list.ask(
            Question(
                _("Their consent"),
                options,
                lambda keys: self._preview(steps[int(keys[0])][0]),
                placeholder=_("Type to find"),
            )
        )

    def _ask_plan(self, members: list[StaffMember]) -> None:
        PlanForm(self.desk, members).open_with(self._preview)

    def _typed(self, make: Callable[[str], Step], text: str) -> str:
        self._preview(make(text))
        return ""

    # ------------------------------------------------------------ showing and doing

    def _preview(self, step: Step) -> None:
        selection, clause = self._meant()

        def look(shop: Shop) -> Preview:
            return bulk.preview(shop, customer_list.chosen(shop, selection, clause), step)

        self.desk.jobs.query(look, self._show, key="bulk.preview", on_error=self._fail)

    def _show(self, shown: Preview) -> None:
        self.palette_list.close_it()
        PreviewForm(self.desk, shown).open_with(self._done)

    def _fail(self, error: CrmError) -> None:
        if self.palette_list.isVisible():
            self.palette_list.fail(str(error))
        else:
            self.desk.messages.error(str(error))

    def _done(self, shown: Preview) -> None:
        self.desk.done(joined([_("Done: {step}.").format(step=shown.label), shown.rest()]).strip())


class PlanForm(FormDialog[Step]):
    """Day, reason and clerk of the contacts to be planned; saving only gives the step."""

    def __init__(self, desk: Desk, members: list[StaffMember]) -> None:
        super().__init__(
            desk.jobs, desk.window, title=_("Plan a contact with each"), save_text=_("Show what that means")
        )
        self.reason = self.add(TextField(_("Why"), required=True))
        self.day = DayField(_("Day"), today=desk.shop.today(), required=True)
        clerks: list[tuple[int | None, str]] = [(None, _("anybody"))]
        clerks += [(member.id, member.name) for member in members]
        self.clerk = ChoiceField[int | None](_("Clerk"), clerks, value=None)
        self.add_row(self.day, self.clerk)
        self.clerk.set_value(None)
        self.day.set_value(desk.shop.today())

    def job(self) -> Callable[[Shop], Step]:
        """The step, checked."""
        day = self.day.value()
        assert day is not None, "required"
        step = bulk.Planning(day, self.reason.value(), self.clerk.value())
        return lambda shop: bulk.checked(shop, step)


class PreviewForm(FormDialog[Preview]):
    """What a step would do: numbers, and rows old → new; Ctrl+Enter does it."""

    def __init__(self, desk: Desk, shown: Preview) -> None:
        deletes = isinstance(shown.step, bulk.Deleting)
        super().__init__(
            desk.jobs,
            desk.window,
            title=shown.label,
            save_text=_("Delete") if deletes else _("Do it"),
            note=shown.sentence(),
            width=640,
        )
        self._shown = shown
        if deletes:
            self.save_button.set_kind("danger")
            self.add_widget(
                Label(_("A backup is made first; the cards stay in the recycle bin."), "quiet", wrap=True)
            )
        self.table: RecordTable[Row] = RecordTable(
            [
                Column("name", _("Customer"), lambda row: row.name, bold=True, width=150, sortable=False),
                Column(
                    "old", _("Now"), lambda row: row.old or MISSING, tone="faint", stretch=1, sortable=False
                ),
                Column("new", _("Then"), lambda row: row.new or MISSING, stretch=1, sortable=False),
            ],
            dense=True,
        )
        self.table.set_records(shown.rows)
        self.table.row_limit(8)
        self.add_widget(self.table)
        rest = shown.changes - len(shown.rows)
        if rest > 0:
            words = ngettext("and {count} more card", "and {count} more cards", rest)
            self.add_widget(Label(words.format(count=f"{rest:,}"), "faint"))
        self.save_button.setEnabled(shown.changes > 0)
        self.table.setVisible(bool(shown.rows))
        self.save_button.setFocus()

    def problem(self) -> str:
        """Nothing would change."""
        return "" if self._shown.changes else _("Nothing would change.")

    def job(self) -> Callable[[Shop], Preview]:
        """Do it on exactly the cards that were shown."""
        ids, step = self._shown.ids, self._shown.step
        return lambda shop: bulk.apply(shop, ids, step)
