"""Ask a customer (F7 on the card): how satisfied, would they recommend us; two digits and Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from desktop_crm import customers, interactions, surveys
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import half_width
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.shop import Shop
from desktop_crm.surveys import Occasion
from desktop_crm.ui.kit.buttons import KeyButton
from desktop_crm.ui.kit.fields import Field
from desktop_crm.ui.kit.forms import ChoiceField, FormDialog, NoteField, TextField
from desktop_crm.ui.page import Desk

_SCALE = N_("0 not at all · 10 certainly")


def new_answer(
    desk: Desk,
    customer_id: int,
    on_done: Callable[[], object] | None = None,
    *,
    initiator: object | None = None,
) -> None:
    """F7: note what a customer answers."""

    def done(sentence: str) -> None:
        desk.done(sentence)
        if on_done is not None:
            on_done()

    SurveyForm(desk, customer_id, initiator=initiator).open_with(done)


def open_answer(
    desk: Desk,
    answer_id: int,
    on_done: Callable[[], object] | None = None,
    *,
    initiator: object | None = None,
) -> None:
    """Put an answer right, or take it away."""

    def done(sentence: str) -> None:
        desk.done(sentence)
        if on_done is not None:
            on_done()

    def show(answer: SurveyAnswer) -> None:
        SurveyForm(desk, answer.customer_id, answer, initiator=initiator).open_with(done)

    desk.jobs.query(lambda shop: surveys.get(shop, answer_id), show, key="survey.open")


class SurveyForm(FormDialog[str]):
    """Both scores, what it is about, the customer's words; saving gives the sentence about it."""

    def __init__(
        self,
        desk: Desk,
        customer_id: int,
        answer: SurveyAnswer | None = None,
        *,
        initiator: object | None = None,
    ) -> None:
        super().__init__(
            desk.jobs,
            desk.window,
            title=_("Ask how it was"),
            note=_("Two digits and Enter. Leave empty what was not asked."),
            width=560,
            initiator=initiator,
        )
        self._customer_id, self._answer = customer_id, answer
        self._found: Sequence[Occasion] = ()
        self.satisfaction = TextField(
            _("How satisfied are you, from 1 to 5?"),
            _score(answer.satisfaction if answer else None),
            check=partial(_problem, 1, 5),
            hint=" · ".join(f"{score} {_(words)}" for score, words in surveys.SATISFACTION.items()),
        )
        self.recommendation = TextField(
            _("Would you recommend us to friends, from 0 to 10?"),
            _score(answer.recommendation if answer else None),
            check=partial(_problem, 0, 10),
            hint=_(_SCALE),
        )
        self.about = ChoiceField[int](
            _("About which purchase or case"), [], placeholder=_("Nothing in particular")
        )
        self.channel = ChoiceField[str](
            _("Asked by"),
            [(key, interactions.channel_label(key)) for key in interactions.CHANNELS],
            value=answer.channel if answer else "visit",
            required=True,
        )
        self.comment = NoteField(_("In their words"), answer.comment if answer else "", lines=2)
        self.add(self.satisfaction)
        self.add(self.recommendation)
        self.add_row(self.about, self.channel, stretches=(3, 1))
        self.add(self.comment)
        self._jumped = False  # the second score has the keys, but nobody moved there
        self.satisfaction.changed.connect(self._to_next)
        self.recommendation.changed.connect(self._stop_asking)
        self.about.setVisible(answer is None)
        self.removal = KeyButton(_("Remove"), "Alt+X", kind="danger", on_click=self._remove)
        self.foot.insertWidget(0, self.removal)
        self.removal.setVisible(answer is not None)
        if answer is None:
            desk.jobs.query(partial(_read, customer_id), partial(self.fill, self._show), key="survey")

    def job(self) -> Callable[[Shop], str]:
        """Keep the answer."""
        satisfaction, recommendation = _number(self.satisfaction), _number(self.recommendation)
        comment, channel, known, who = (
            self.comment.value(),
            self.channel.value(),
            self._answer,
            self._customer_id,
        )
        about = None if self.about.is_empty() else self._found[self.about.value()]

        def keep(shop: Shop) -> str:
            if known is not None:
                scores = {"satisfaction": satisfaction, "recommendation": recommendation}
                surveys.edit(shop, known.id, **scores, comment=comment, channel=channel)
                return _("The answer was saved.")
            surveys.record(
                shop,
                who,
                satisfaction,
                recommendation,
                comment,
                channel=channel,
                purchase_id=about.purchase_id if about is not None else None,
                complaint_id=about.complaint_id if about is not None else None,
            )
            return _("The answer was noted.")

        return keep

    def problem(self) -> str:
        """One of the two scores is there."""
        if self.satisfaction.is_empty() and self.recommendation.is_empty():
            self.satisfaction.editor.setFocus()
            return _("Write a digit from 1 to 5, or from 0 to 10.")
        return ""

    def _to_next(self) -> None:
        """The first digit is complete at once; the second may be a 10, so Enter ends it."""
        sentence = self.satisfaction.problem()
        self.satisfaction.fail(sentence)
        if not self.satisfaction.is_empty() and not sentence:
            self.recommendation.editor.setFocus()
            self.recommendation.line.selectAll()
            self._jumped = True

    def _go_on(self, field: Field[Any]) -> None:  # fields of any value
        """Enter saves; from the first score it goes to an empty second one, and stays where it was already there."""
        if field is self.satisfaction and self.recommendation.is_empty():
            self.recommendation.editor.setFocus()
        elif field is self.recommendation and self._jumped and self.recommendation.is_empty():
            self._jumped = False
            self.recommendation.set_hint(_("Nothing is written here. Enter once more saves without it."))
        else:
            self.save()

    def _stop_asking(self) -> None:
        self._jumped = False
        self.recommendation.set_hint(_(_SCALE))

    def _remove(self) -> None:
        answer = self._answer
        if answer is None:
            return

        def take_away(shop: Shop) -> str:
            surveys.remove(shop, answer.id)
            return _("The answer was removed.")

        self._set_saving(True)
        self._jobs.change(take_away, self._saved, on_error=self._not_saved, initiator=self._initiator)

    def _show(self, read: tuple[str, Sequence[Occasion]]) -> None:
        name, self._found = read
        self.setWindowTitle(_("Ask {name} how it was").format(name=name))
        items = [(place, _occasion_words(each)) for place, each in enumerate(self._found)]
        self.about.set_items(items)
        if items and self._found[0].answer is None:
            self.about.set_value(0)


def _read(customer_id: int, shop: Shop) -> tuple[str, Sequence[Occasion]]:
    with shop.reading():
        return customers.get(shop, customer_id).name, surveys.occasions(shop, customer_id)


def _occasion_words(occasion: Occasion) -> str:
    return (
        _("{what} (answered)").format(what=occasion.words) if occasion.answer is not None else occasion.words
    )


def _score(number: int | None) -> str:
    return "" if number is None else str(number)


def _number(field: TextField) -> int | None:
    return None if field.is_empty() else int(half_width(field.value()))


def _problem(least: int, most: int, text: str) -> str:
    plain = half_width(text)
    if plain.isascii() and plain.isdigit() and least <= int(plain) <= most:
        return ""
    return _("Write a whole number from {least} to {most}.").format(least=least, most=most)
