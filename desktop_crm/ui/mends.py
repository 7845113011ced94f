"""The next mends on the page Clean: how complete and valid the cards are, and the five that are worth mending next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop_crm import birthdays, customers, phones, quality, staff
from desktop_crm.base.document import Value
from desktop_crm.base.i18n import _
from desktop_crm.base.values import MISSING, show, show_phone
from desktop_crm.quality import Gap, Mend, Standing
from desktop_crm.records.customers import Consent
from desktop_crm.shop import Shop
from desktop_crm.ui.beside import Beside
from desktop_crm.ui.customer_form import born, consents, dialled
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.cells import Column, Mark
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.forms import CheckField, ChoiceField, FormDialog, TextField
from desktop_crm.ui.kit.labels import Label
from desktop_crm.ui.kit.layouts import hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, FigureTile, Panel
from desktop_crm.ui.kit.table import RecordTable
from desktop_crm.ui.kit.theme import S16
from desktop_crm.ui.marks import tier_mark
from desktop_crm.ui.page import Desk
from desktop_crm.ui.sections import Section
from desktop_crm.who import Condition, Filter


class MendsSection(Section):
    """Five cards at a time; Enter mends one, and the next comes."""

    fills = True

    def __init__(self, desk: Desk, page: QWidget) -> None:
        super().__init__(desk, page)
        self.mends: RecordTable[Mend] = RecordTable(
            [
                Column(
                    "name",
                    _("Customer"),
                    lambda mend: mend.name,
                    second=lambda mend: show_phone(mend.phone) or MISSING,
                    bold=True,
                    marks=_tier_marks,
                    width=230,
                    sortable=False,
                ),
                Column(
                    "what", _("What to mend"), _what, second=lambda mend: mend.why, stretch=1, sortable=False
                ),
            ],
            name="clean.mends",
            state=desk.state,
            identity=lambda mend: mend.customer_id,
        )
        self.mends.set_empty(
            EmptyState(
                _("Every card is in order"),
                _("Nothing is missing, wrong, or long unconfirmed."),
                icon="circle-check",
            )
        )
        self._put_off_button = KeyButton(_("Not now"), "Alt+N", on_click=self.put_off)
        self._open_button = KeyButton(_("Open the card"), "Alt+O", on_click=self._open)
        self._mend_button = KeyButton(_("Mend"), "Return", kind="primary", on_click=self._mend, bind=False)
        panel = Panel(
            _("The five next mends"), actions=[self._put_off_button, self._open_button, self._mend_button]
        )
        panel.add(self.mends, 1)
        hbox((Beside(panel, self._build_standing(), shares=(5, 3)), 1), on=self)
        self.mends.record_chosen.connect(self.mend)
        self.mends.record_selected.connect(self._selected)
        self._selected(None)
        self.setFocusProxy(self.mends)

    def _build_standing(self) -> QWidget:
        self._complete = FigureTile(_("Completeness of cards"))
        self._valid = FigureTile(_("Validity of cards"))
        self.gaps: RecordTable[Gap] = RecordTable(
            [
                Column("field", _("Field"), lambda gap: gap.label, stretch=1, sortable=False),
                Column(
                    "lacking",
                    _("Lacking"),
                    lambda gap: f"{gap.lacking:,}",
                    align="right",
                    tone=lambda gap: "look" if gap.lacking else "quiet",
                    width=90,
                    sortable=False,
                ),
                Column(
                    "asked",
                    _("of cards"),
                    lambda gap: f"{gap.asked:,}",
                    align="right",
                    width=90,
                    sortable=False,
                ),
            ],
            name="clean.gaps",
            state=self.desk.state,
            dense=True,
            identity=lambda gap: gap.key,
        )
        self.gaps.record_chosen.connect(self._list_gap)
        gaps = Panel(_("Where the gaps are"), note=_("Enter lists them"))
        gaps.add(self.gaps, 1)
        held = QWidget()
        vbox(hbox((self._complete, 1), (self._valid, 1), spacing=S16), (gaps, 1), spacing=S16, on=held)
        return held

    def load(self) -> None:
        self.desk.jobs.query(quality.next_mends, self._show_mends, key="clean.mends")
        self.desk.jobs.query(quality.standing, self._show_standing, key="clean.standing")

    def mend(self, mend: Mend) -> None:
        """Ask for what the card lacks; what a form cannot mend is mended on the card itself."""
        if not _fields(mend):
            self.desk.open_customer(mend.customer_id)
            return
        MendForm.begin(self.desk, mend, self.page, self._done)

    def put_off(self) -> None:
        """Not this card for a while."""
        mend = self.mends.selected()
        if mend is not None:
            words = _("{name} is not proposed for {days} days.").format(
                name=mend.name, days=quality.SKIP_DAYS
            )
            self.desk.jobs.change(
                lambda shop: quality.put_off(shop, mend.customer_id),
                lambda _none: self._done(words),
                initiator=self.page,
            )

    def _mend(self) -> None:
        mend = self.mends.selected()
        if mend is not None:
            self.mend(mend)

    def _open(self) -> None:
        mend = self.mends.selected()
        if mend is not None:
            self.desk.open_customer(mend.customer_id)

    def _selected(self, mend: Mend | None) -> None:
        for button in (self._put_off_button, self._open_button, self._mend_button):
            button.setEnabled(mend is not None)

    def _show_mends(self, mends: list[Mend]) -> None:
        self.mends.set_records(mends)
        if mends and self.mends.selected() is None:
            self.mends.select_first()

    def _show_standing(self, found: Standing) -> None:
        for tile, rate in ((self._complete, found.completeness), (self._valid, found.validity)):
            note = (
                _("{part} of {whole}").format(part=f"{rate.part:,}", whole=f"{rate.whole:,}")
                if rate.whole
                else ""
            )
            tile.set(show(Value(rate.value, "ratio")), note=note)
        self.gaps.set_records(found.gaps)

    def _list_gap(self, gap: Gap) -> None:
        """Everybody whose card lacks that field."""
        if (
            gap.key != "name"
        ):  # a card always carries a name; what looks like a number is found among the mends
            self.desk.go_to("customers", Filter((Condition("gap", "is", (gap.key,)),)))

    def _done(self, sentence: str) -> None:
        self.desk.done(sentence)
        self.load()


class MendForm(FormDialog[str]):
    """The fields one card lacks and no others; saving gives the sentence about it."""

    def __init__(
        self, desk: Desk, mend: Mend, people: list[tuple[int, str]], sources: list[str], page: QWidget
    ) -> None:
        super().__init__(desk.jobs, desk.window, title=mend.name, initiator=page)
        self._mend = mend
        self.setProperty("customer_id", mend.customer_id)  # for F9
        self.add_widget(Label(_("; ").join(problem.text for problem in mend.problems), "quiet", wrap=True))
        made: dict[str, Callable[[], Field[Any]]] = {
            "name": lambda: TextField(_("Name")),
            "phone": lambda: TextField(_("Phone"), check=dialled, placeholder=_("several with commas")),
            "birthday": lambda: TextField(
                _("Birthday"), check=born, placeholder=_("1985-11-21, 11-21 or lunar 10-15")
            ),
            "consent": lambda: ChoiceField[Consent](_("May we contact them?"), consents(), value=""),
            "owner": lambda: ChoiceField[int](_("Clerk"), [(0, _("Nobody")), *people], value=0),
            "source": lambda: ChoiceField[str](
                _("Came by"), [(word, word) for word in sources], value="", free=True
            ),
            "verified": lambda: CheckField(_("Everything else was read out and is right")),
        }
        self.fields = {key: self.add(made[key]()) for key in _fields(mend)}

    @classmethod
    def begin(cls, desk: Desk, mend: Mend, page: QWidget, on_saved: Callable[[str], object]) -> None:
        """Open the form for a card."""

        def gather(shop: Shop) -> tuple[list[tuple[int, str]], list[str]]:
            return [(each.id, each.name) for each in staff.listing(shop)], customers.sources(shop)

        def show_form(found: tuple[list[tuple[int, str]], list[str]]) -> None:
            people, sources = found
            cls(desk, mend, people, sources, page).open_with(on_saved)

        desk.jobs.query(gather, show_form, key="clean.form")

    def job(self) -> Callable[[Shop], str]:
        """Save what was filled in; what stayed empty stays as it is."""
        values = {key: field.value() for key, field in self.fields.items()}
        who, name = self._mend.customer_id, self._mend.name

        def run(shop: Shop) -> str:
            changes: dict[str, Any] = {
                key: values[key] for key in ("name", "consent", "source") if values.get(key)
            }
            if values.get("owner"):
                changes["owner_staff_id"] = values["owner"]
            if values.get("birthday"):
                changes["birthday"], changes["birthday_lunar"] = birthdays.parse(values["birthday"])
            if values.get("verified"):
                changes["verified_day"] = shop.today().isoformat()
            numbers = phones.parse(values["phone"]) if values.get("phone") else None
            quality.mend(shop, who, changes, numbers)
            return _("The card of {name} was mended.").format(name=name)

        return run


_FORM_FIELDS = ("phone", "name", "birthday", "consent", "owner", "source", "verified")


def _fields(mend: Mend) -> list[str]:
    """The fields of the form for a card, in their order; none where the card itself has to be opened."""
    wanted = {
        {"phone_wrong": "phone", "unverified": "verified"}.get(problem.key, problem.key)
        for problem in mend.problems
    }
    return [key for key in _FORM_FIELDS if key in wanted]


def _what(mend: Mend) -> str:
    return _("; ").join(problem.text for problem in mend.problems)


def _tier_marks(mend: Mend) -> list[Mark]:
    return [tier_mark(mend.tier)] if mend.tier else []
