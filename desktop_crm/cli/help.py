"""The help of the command line in the reader's language.

click reads help texts when the commands are made, before any language is chosen; so they stand here once more,
marked for translation, and are put in their places while a help page is written. A test holds both to each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise

import click

from desktop_crm.base import i18n, machine
from desktop_crm.base.i18n import N_, _

TEXTS = (
    N_("The customer program of a phone shop; without a command it opens the window."),
    N_("Make a verified backup, in the shop's folder unless OUT is given."),
    N_("File with the password."),
    N_("Who does it, by name."),
    N_("Language."),
    N_("Print one JSON document."),
    N_("The shop's folder."),
    N_("List the backups of the shop, newest first."),
    N_("List who saw, changed and deleted what; or verify that nobody tampered with it."),
    N_("Only entries of this person."),
    N_("Only these actions."),
    N_("Only entries about this customer."),
    N_("Only entries of this day and later."),
    N_("Only entries of this day and earlier."),
    N_("Only entries with these words."),
    N_("Look through the whole trail."),
    N_("Verify, with the anchor from the foot of a printed report."),
    N_("Save the entries as .xlsx or .csv."),
    N_("Check the shop's file, indexes and totals."),
    N_("Look at everything in a large file, too; that takes minutes."),
    N_("Make a believable demo shop in DIR; the same arguments make the same content."),
    N_("The last day of its past; today if not given."),
    N_("List the follow-ups that are due or overdue."),
    N_("Find cards that are probably one person, and people who are probably one family."),
    N_("Make one card of KEEP_ID and the others; it can be undone."),
    N_("Take FIELD from card ID; 0 takes all texts of a note."),
    N_("Why they are the same, in words."),
    N_("The day; today if not given."),
    N_(
        "Write customers, purchases, follow-ups, complaints or all of them to OUT: .xlsx, .csv, .vcf, .ics, .db or .zip."
    ),
    N_("How a .csv is encoded."),
    N_("Only the customers of the view of this name, and what is theirs."),
    N_("List what was done by whom, newest first."),
    N_("Leave out what the program did by itself."),
    N_("Only steps with these words."),
    N_("Only steps of this day."),
    N_("Show what a change changed, from what to what."),
    N_("Read workbooks, CSV, text, phone books, or folders with them, into the shop."),
    N_("Only the sheet of this name."),
    N_("Of a text file; judged by its content if not given."),
    N_("File with the passwords of workbooks, one in a line."),
    N_("Say what would happen, and change nothing."),
    N_("Where the bad rows go, .xlsx."),
    N_("Make an empty shop in DIR."),
    N_("Name of the shop; that of the folder if not given."),
    N_("Print the figures of a period."),
    N_("2026-10, 2026-Q3, 2026 or 2026-10-01..2026-10-15"),
    N_("As known at the end of that day."),
    N_("Do again what was undone last."),
    N_("Save the printable report of a period as PDF or workbook."),
    N_("A .pdf or .xlsx file."),
    N_("Put BACKUP into the new folder DIR; one with a password takes that of its time."),
    N_("Find customers by number, IMEI, name, pinyin or card number."),
    N_("Show a customer's card."),
    N_("List who may open the shop; no password is asked for."),
    N_("Set the first password of the shop, for the owner named by --user, or change one's own."),
    N_("File with the new password."),
    N_("Show hidden phone numbers in full; each look is in the audit trail."),
    N_("Save everything that is held about a person as PDF or workbook."),
    N_("Do it for good, instead of only showing what would go."),
    N_("Show what erasing a person would do, or do it; it can never be undone."),
    N_("Show what a re-tier run would change, or do it."),
    N_("Do it, instead of only showing it."),
    N_("Take a change back: the given one, or your latest of today."),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
)
"""Every help text of the commands and their options."""


@contextmanager
def spoken(group: click.Group, arguments: Sequence[str]) -> Iterator[None]:
    """While a help page is asked for, the texts of the group, its commands and options are in the reader's language."""
    if "--help" not in arguments:
        yield
        return
    places = list(written(group))
    language = _language(arguments)
    english = [place.help for place in places]
    with i18n.using(language):
        for place in places:
            place.help = _(str(place.help))
        try:
            yield
        finally:
            for place, text in zip(places, english, strict=True):
                place.help = text


def written(group: click.Group) -> Iterator[click.Command | click.Option]:
    """The group, its commands, and their options that have a help text; one that several share comes once."""
    context = click.Context(group)
    names = group.list_commands(context)
    seen: set[int] = set()
    for command in (group, *(group.commands[name] for name in names)):
        for place in (command, *command.params, command.get_help_option(click.Context(command))):
            if isinstance(place, click.Command | click.Option) and place.help and id(place) not in seen:
                seen.add(id(place))
                yield place


def _language(arguments: Sequence[str]) -> str:
    """The language asked for, else the remembered one, else Chinese."""
    asked = [after for before, after in pairwise(arguments) if before == "--lang"]
    chosen = asked[-1] if asked else machine.read().get(machine.LANGUAGE)
    return chosen if isinstance(chosen, str) and chosen in i18n.LANGUAGES else i18n.LANGUAGES[0]
