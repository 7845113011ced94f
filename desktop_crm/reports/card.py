"""The customer's card on one sheet of A4: all that the card on the screen shows, the latest things first.

What is known of somebody is gathered in card.py; lists of customers are in lists.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from desktop_crm import balance, card, complaints, consents, custom_fields, masks, openings, points
from desktop_crm.base.document import Block, Cell, Column, Document, Table, Tile, Tiles, Value
from desktop_crm.base.i18n import N_, _, current_language, ngettext, using
from desktop_crm.base.values import show_phone
from desktop_crm.card import Card
from desktop_crm.importing.words import LABELS
from desktop_crm.records.devices import Device
from desktop_crm.reports import output
from desktop_crm.reports.lists import paper
from desktop_crm.reports.output import Sheet
from desktop_crm.shop import Shop

_LIMITS = (
    (12, 12, 24, 12),
    (8, 8, 16, 8),
    (6, 6, 12, 6),
    (5, 5, 9, 5),
    (4, 4, 7, 4),
    (3, 4, 5, 3),
    (2, 3, 4, 2),
    (1, 2, 3, 1),
)
"""So many devices, open things, purchases and notes; the first line with which all is on one page is taken."""
_LONGEST = 240
"""A note is printed up to so many signs; a Chinese character counts as two."""
_LANGUAGES = {"zh_CN": N_("Chinese"), "en": N_("English")}
_LONG = 26
"""A text longer than so many signs goes over the whole width."""
Fact = tuple[str, str]


def sheet(shop: Shop, customer_id: int, language: str | None = None) -> Sheet:
    """One customer's card as it is printed, on one page; only what is longer than any card takes a second one.

    Raises:
        CustomerMissing: there was never such a card.
    """
    found = masks.veil(shop, card.gather(shop, customer_id))
    for limits in _LIMITS:
        made = output.sheet(document(shop, found, language, limits))
        if output.page_count(made.pdf) == 1:
            break
    return made


def document(
    shop: Shop, found: Card, language: str | None = None, limits: Sequence[int] = _LIMITS[0]
) -> Document:
    """A gathered card as a document, with at most so many lines of each list; shortened ones say so."""
    with using(language or current_language()):
        short, long = _facts(found)
        own_short, own_long = _own(found)
        blocks: list[Block] = [_figures(found), *_pairs(_("Details"), short), *_lines("", long)]
        blocks += [
            *_pairs(_("Own fields"), own_short),
            *_lines("" if own_short else _("Own fields"), own_long),
        ]
        lists = (_devices, _open_things, _purchases, _notes)
        tables = [make(found, limit) for make, limit in zip(lists, limits, strict=True)]
        blocks += [table for table in tables if table.rows]
        return paper(shop, found.customer.name, tuple(blocks))


def _figures(found: Card) -> Tiles:
    worth = found.worth
    tiles = [
        Tile("tier", _("Tier"), Value(found.tier_label or None), change_note=found.activity_label),
        Tile(
            "net",
            _("Net sales, {months} months").format(months=worth.window_months),
            Value(worth.net_fen, "fen"),
        ),
        Tile("lifetime", _("Net sales to date"), Value(worth.lifetime_fen, "fen")),
        Tile("purchases", _("Purchases"), Value(worth.purchases, "count")),
        Tile("last", _("Last here"), Value(worth.last_visit_day, "day")),
    ]
    if found.due_fen:
        tone = "bad" if found.due_fen > 0 else "plain"
        tiles.append(Tile("due", _("Balance due"), Value(found.due_fen, "fen", tone=tone)))  # type: ignore[arg-type]
    return Tiles(tuple(tiles))


def _facts(found: Card) -> tuple[list[Fact], list[Fact]]:
    """(short, long) facts of the person; unknown ones are left out."""
    who = found.customer
    facts = [
        (_("Phone"), " · ".join(_phone(phone.number, phone.label) for phone in found.phones)),
        (_("WeChat"), who.wechat),
        (_("E-mail"), who.email),
        (_("Card no."), who.card_no),
        (_("Id in the other program"), who.external_id),
        (_("Kind of customer"), _(LABELS["kind"][who.kind]) if who.kind != "person" else ""),
        (_("Gender"), _(LABELS["gender"][who.gender]).capitalize() if who.gender else ""),
        (_("Birthday"), found.birthday),
        (_("Address"), " ".join(part for part in (who.region, who.address) if part)),
        (_("Occupation"), who.occupation),
        (_("Source"), who.source),
        (_("Sent by"), found.referrer),
        (_("Language"), _(_LANGUAGES[who.language]) if who.language in _LANGUAGES else who.language),
        (_("Looked after by"), found.owner),
        (_("Customer since"), who.since_day or ""),
        (_("Last verified"), who.verified_day or ""),
        (_("Why this tier"), found.why if found.tier is not None else ""),
        (_("Consent"), _consent(found)),
        (_("Tags"), _tags(found)),
        (
            _("Belongs to"),
            " · ".join(
                f"{one.words} {one.other.name} {show_phone(one.phone)}".strip() for one in found.related
            ),
        ),
        (_("Same number"), " · ".join(one.customer.name for one in found.sharing)),
        (_("Likes"), who.preferences),
        (_("Account"), balance.words(found.due_fen) if found.due_fen else ""),
        (_("Points"), points.words(found.points)),
        (_("Brought along"), openings.words(found.brought)),
    ]
    return _sorted(facts)


def _phone(number: str, label: str) -> str:
    return f"{show_phone(number)} ({label})" if label else show_phone(number)


def _consent(found: Card) -> str:
    who = found.customer
    general = {"granted": _("May be contacted"), "refused": _("Does not want contact")}.get(who.consent, "")
    if general and who.consent_day:
        general = _("{answer} since {day}").format(answer=general, day=who.consent_day)
    parts = [_("Do not contact")] if who.do_not_contact else []
    parts += [general] if general else []
    parts += [f"{consents.words(each.channel, each.answer)} ({each.day})" for each in found.consents]
    return " · ".join(parts)


def _tags(found: Card) -> str:
    """Tags by their groups: "Interest: camera, games"."""
    parts = []
    for group, pairs in groupby(found.tag_groups, key=lambda pair: pair[0]):
        names = _(", ").join(name for _group, name in pairs)
        parts.append(_("{group}: {names}").format(group=group, names=names) if group else names)
    return " · ".join(parts)


def _own(found: Card) -> tuple[list[Fact], list[Fact]]:
    return _sorted([(field.name, custom_fields.show(field, stored)) for field, stored in found.own])


def _sorted(facts: Sequence[Fact]) -> tuple[list[Fact], list[Fact]]:
    known = [(name, text.replace("\n", " ")) for name, text in facts if text]
    return (
        [fact for fact in known if _width(fact[1]) <= _LONG],
        [fact for fact in known if _width(fact[1]) > _LONG],
    )


def _width(text: str) -> int:
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in text)


def _pairs(title: str, facts: Sequence[Fact]) -> list[Table]:
    """Short facts two and two beside each other."""
    if not facts:
        return []
    half = (len(facts) + 1) // 2
    rows: list[tuple[Cell, ...]] = []
    for place in range(half):
        right = facts[place + half] if place + half < len(facts) else ("", "")
        name, text = facts[place]
        rows.append((_name(name), text, _name(right[0]), right[1]))
    columns = (Column("", 1.1), Column("", 1.9), Column("", 1.1), Column("", 1.9))
    return [Table(columns, tuple(rows), title, dense=True)]


def _lines(title: str, facts: Sequence[Fact]) -> list[Table]:
    """Long facts below each other."""
    if not facts:
        return []
    rows: tuple[tuple[Cell, ...], ...] = tuple((_name(name), text) for name, text in facts)
    return [Table((Column("", 1.1), Column("", 4.9)), rows, title, dense=True)]


def _name(text: str) -> Value:
    return Value(text, tone="quiet")


def _more(rows: Sequence[object], limit: int) -> str:
    """What is said where not all lines are printed."""
    left = len(rows) - limit
    if left <= 0:
        return ""
    return ngettext(
        "{count} earlier one is not printed", "{count} earlier ones are not printed", left
    ).format(count=left)


def _devices(found: Card, limit: int) -> Table:
    columns = (
        Column(_("Device"), 2.4),
        Column(_("IMEI"), 1.8),
        Column(_("Since"), 1.2, unit="day"),
        Column(_("Warranty"), 2.2),
    )
    rows = tuple(
        (
            _device(one.device),
            one.device.imei or one.device.serial or None,
            one.device.acquired_day,
            one.warranty.text,
        )
        for one in found.devices[:limit]
    )
    return Table(columns, rows, _("Devices"), _more(found.devices, limit), dense=True)


def _device(device: Device) -> str:
    """Model with what its name does not say."""
    words = device.model
    for part in (device.color, device.storage):
        if part and part not in words:
            words = f"{words} {part}".strip()
    return words


def _open_things(found: Card, limit: int) -> Table:
    """Open follow-ups and complaints, the next first."""
    rows: list[tuple[Cell, ...]] = [
        (
            case.received_day,
            _("Complaint"),
            case.summary.replace("\n", " "),
            complaints.state_label(case.state),
        )
        for case in found.complaints
    ]
    rows += [(item.followup.due_day, _("Follow-up"), item.why, item.staff_name) for item in found.followups]
    columns = (
        Column("", 1, unit="day"),
        Column("", 0.9),
        Column("", 4),
        Column("", 1.2),
    )
    return Table(columns, tuple(rows[:limit]), _("Open"), _more(rows, limit), dense=True)


def _purchases(found: Card, limit: int) -> Table:
    columns = (
        Column("", 1, unit="day"),
        Column("", 4.9),
        Column("", 1.2, "right", "fen"),
    )
    rows = tuple(
        (
            sale.purchase.day,
            " · ".join(line.description for line in sale.lines)
            + (" " + _("(voided)") if sale.purchase.void_day else ""),
            Value(sale.net_fen, "fen"),
        )
        for sale in found.purchases[:limit]
    )
    return Table(columns, rows, _("Last purchases"), _more(found.purchases, limit), dense=True)


def _notes(found: Card, limit: int) -> Table:
    """The standing note, then dated ones, pinned ones first."""
    rows: list[tuple[Cell, ...]] = []
    if found.customer.note:
        rows.append(("", ("★ " if found.customer.note_pinned else "") + _cut(found.customer.note), ""))
    rows += [
        (note.day, ("★ " if note.pinned else "") + _cut(note.text), author) for note, author in found.notes
    ]
    columns = (Column("", 1, unit="day"), Column("", 5.2), Column("", 0.9))
    return Table(columns, tuple(rows[:limit]), _("Notes"), _more(rows, limit), dense=True)


def _cut(text: str) -> str:
    """A note on one line, shortened where it would fill the page."""
    plain, room = text.replace("\n", " "), _LONGEST
    for place, sign in enumerate(plain):
        room -= _width(sign)
        if room < 0:
            return plain[:place] + "…"
    return plain
