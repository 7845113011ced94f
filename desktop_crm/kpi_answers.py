"""The formulas of what customers answer: satisfaction, its index, the promoter score. Pure, as kpi_formulas.py.

One answer counts per customer and occasion, the last one given in the frame.
"""

from __future__ import annotations

from desktop_crm.base.i18n import _
from desktop_crm.kpi_measures import Figure, Measures, mean, rate, ratio
from desktop_crm.store.figure_rows import AnswerRow

ROUGH = 30
"""A net promoter score of fewer answers is rough."""


def csat(m: Measures) -> Figure:
    """Answers 4 and 5 ÷ all answers from 1 to 5; example: 46 ÷ 50 = 92.0 %."""
    scores = [score for _row, score in satisfied(m)]
    answered, occasions = m.answered
    parts = {"mean_answer": mean(scores), "answer_rate": ratio(answered, occasions)}
    return rate(sum(score >= 4 for score in scores), len(scores), parts)


def csat_index(m: Measures) -> Figure:
    """(Mean answer − 1) ÷ 4 × 100; example: mean 4.6 gives 3.6 ÷ 4 × 100 = 90.0."""
    scores = [score for _row, score in satisfied(m)]
    return rate(sum((score - 1) * 25 for score in scores), len(scores))


def nps(m: Measures) -> Figure:
    """Share of answers 9–10 − share of answers 0–6, in points; example: 60 % − 19 % = 41.0."""
    points = [promotion(score) for _row, score in recommending(m)]
    count = len(points)
    parts = {
        "promoters": ratio(points.count(100), count),
        "passives": ratio(points.count(0), count),
        "detractors": ratio(points.count(-100), count),
    }
    notes: tuple[str, ...] = ()
    if 0 < count < ROUGH:
        notes = (_("Rough: fewer than {count} answers.").format(count=ROUGH),)
    return rate(sum(points), count, parts, notes)


def satisfied(m: Measures) -> list[tuple[AnswerRow, int]]:
    """The answers on satisfaction with their score: the last one of each customer and occasion."""
    last = {
        (row.customer_id, row.occasion): (row, row.satisfaction)
        for row in m.answers
        if row.satisfaction is not None
    }
    return list(last.values())


def recommending(m: Measures) -> list[tuple[AnswerRow, int]]:
    """The answers on recommendation with their score, likewise."""
    last = {
        (row.customer_id, row.occasion): (row, row.recommendation)
        for row in m.answers
        if row.recommendation is not None
    }
    return list(last.values())


def promotion(score: int) -> int:
    """What an answer from 0 to 10 adds to the net promoter score, in points.

    >>> promotion(9), promotion(8), promotion(6)
    (100, 0, -100)
    """
    return 100 if score >= 9 else -100 if score <= 6 else 0
