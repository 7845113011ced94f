"""What customers answer when asked: how satisfied (1–5), whether they would recommend the shop (0–10), in their words.

One answer per occasion: whoever answers again about the same purchase day or complaint corrects the first answer. The
figures made of the answers are in kpi_formulas.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from desktop_crm import complaints, customers, purchases
from desktop_crm.base.errors import CrmError
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import clean_note
from desktop_crm.records.complaints import Complaint
from desktop_crm.records.purchases import Purchase
from desktop_crm.records.surveys import SurveyAnswer
from desktop_crm.shop import Shop
from desktop_crm.store import surveys as store_surveys

KINDS = frozenset({"surveys", "customers"})
RECENT_DAYS = 90
"""A sale or case of these days is what an answer is offered to be about."""

SATISFACTION: Final[dict[int, str]] = {
    1: N_("very unsatisfied"),
    2: N_("unsatisfied"),
    3: N_("neither"),
    4: N_("satisfied"),
    5: N_("very satisfied"),
}
"""The five answers, in words."""


class AnswerWrong(CrmError):
    """An answer without a score, with one off its scale, or about somebody else's purchase."""


class AnswerUnknown(CrmError):
    """There is no such answer."""


@dataclass(frozen=True)
class Occasion:
    """What an answer may be about: a sale or a complaint (one of the ids), in words; `answer`: what was said of it."""

    purchase_id: int | None
    complaint_id: int | None
    day: str
    words: str
    answer: SurveyAnswer | None


def record(
    shop: Shop,
    customer_id: int,
    satisfaction: int | None = None,
    recommendation: int | None = None,
    comment: str = "",
    *,
    channel: str = "visit",
    purchase_id: int | None = None,
    complaint_id: int | None = None,
) -> int:
    """Keep an answer and return its id; one of the same occasion is corrected by it (scores not asked now stay).

    Raises:
        AnswerWrong, CustomerMissing: nothing was saved.
    """
    day = shop.today().isoformat()
    made = SurveyAnswer(
        0,
        customer_id,
        shop.stamp(),
        day,
        satisfaction,
        recommendation,
        clean_note(comment),
        channel,
        purchase_id,
        complaint_id,
        shop.staff_id,
    )
    _check(shop, made)
    label = _("Answer: {answer}").format(answer=words(made))
    with shop.change(label, KINDS, action="surveys.record"):
        known = store_surveys.of_occasion(shop.db, customer_id, day, purchase_id, complaint_id)
        if known is None:
            return shop.db.insert(made)
        shop.db.update(
            replace(
                made,
                id=known.id,
                satisfaction=known.satisfaction if satisfaction is None else satisfaction,
                recommendation=known.recommendation if recommendation is None else recommendation,
                comment=made.comment or known.comment,
                purchase_id=purchase_id or known.purchase_id,
                import_id=known.import_id,
            )
        )
        return known.id


def edit(shop: Shop, answer_id: int, **fields: object) -> None:
    """Change fields of an answer.

    Raises:
        AnswerUnknown, AnswerWrong, CustomerMissing: nothing was changed.
    """
    answer = replace(get(shop, answer_id), **fields)  # type: ignore[arg-type]
    answer = replace(answer, comment=clean_note(answer.comment))
    _check(shop, answer)
    with shop.change(_("Edit answer: {answer}").format(answer=words(answer)), KINDS, action="surveys.edit"):
        shop.db.update(answer)


def remove(shop: Shop, answer_id: int) -> None:
    """Take an answer away.

    Raises:
        AnswerUnknown: nothing was changed.
    """
    answer = get(shop, answer_id)
    with shop.change(
        _("Remove answer: {answer}").format(answer=words(answer)), KINDS, action="surveys.remove"
    ):
        shop.db.delete(SurveyAnswer, answer_id)


def get(shop: Shop, answer_id: int) -> SurveyAnswer:
    """One answer.

    Raises:
        AnswerUnknown: there is none.
    """
    found = shop.db.get(SurveyAnswer, answer_id)
    if found is None:
        raise AnswerUnknown(_("This answer is not there any more; nothing was changed."))
    return found


def of_customer(shop: Shop, customer_id: int) -> list[SurveyAnswer]:
    """A customer's answers, the latest first."""
    return store_surveys.of_customer(shop.db, customer_id)


def occasions(shop: Shop, customer_id: int) -> list[Occasion]:
    """What a customer may be asked about: sales and cases of late, the latest first, those without an answer in front."""
    since = (shop.today() - timedelta(days=RECENT_DAYS)).isoformat()
    with shop.reading() as db:
        sales = [each for each in purchases.of_customer(shop, customer_id) if each.purchase.void_day is None]
        cases = complaints.of_customer(shop, customer_id)

        def about(day: str, text: str, purchase_id: int | None, complaint_id: int | None) -> Occasion:
            known = store_surveys.of_occasion(db, customer_id, day, purchase_id, complaint_id)
            return Occasion(purchase_id, complaint_id, day, f"{day} {text}", known)

        found = [
            about(sale.purchase.day, sale.lines[0].description if sale.lines else "", sale.purchase.id, None)
            for sale in sales
            if sale.purchase.day >= since
        ]
        found += [
            about(case.received_day, case.summary, None, case.id)
            for case in cases
            if case.received_day >= since
        ]
    found.sort(key=lambda each: (each.answer is None, each.day), reverse=True)
    return found


def words(answer: SurveyAnswer) -> str:
    """An answer in one line, e.g. "satisfied (4 of 5), recommends 9 of 10: quick and friendly"."""
    parts = []
    if answer.satisfaction is not None:
        said = _(SATISFACTION.get(answer.satisfaction, ""))
        parts.append(_("{words} ({score} of 5)").format(words=said, score=answer.satisfaction))
    if answer.recommendation is not None:
        parts.append(_("would recommend {score} of 10").format(score=answer.recommendation))
    text = _(", ").join(parts)
    comment = answer.comment.replace("\n", " ")
    return _("{scores}: {comment}").format(scores=text, comment=comment) if comment else text


def _check(shop: Shop, answer: SurveyAnswer) -> None:
    if answer.satisfaction is None and answer.recommendation is None:
        raise AnswerWrong(_("An answer needs a score: 1 to 5, or 0 to 10. Nothing was saved."))
    if answer.satisfaction is not None and not 1 <= answer.satisfaction <= 5:
        raise AnswerWrong(_("Satisfaction goes from 1 to 5. Nothing was saved."))
    if answer.recommendation is not None and not 0 <= answer.recommendation <= 10:
        raise AnswerWrong(_("Recommendation goes from 0 to 10. Nothing was saved."))
    customers.live(shop, answer.customer_id)
    sale = None if answer.purchase_id is None else shop.db.get(Purchase, answer.purchase_id)
    case = None if answer.complaint_id is None else shop.db.get(Complaint, answer.complaint_id)
    for number, about in ((answer.purchase_id, sale), (answer.complaint_id, case)):
        if number is not None and (about is None or about.customer_id != answer.customer_id):
            raise AnswerWrong(_("What the answer is about is not this customer's. Nothing was saved."))
