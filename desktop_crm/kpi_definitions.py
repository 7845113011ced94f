"""What each figure means, in words: name, formula, what is above and below the line, an example, where it comes from.

The order is the order of the figures everywhere. The numbers themselves are made in kpi_formulas.py; the examples
here are the examples its tests compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop_crm.base.document import Unit
from desktop_crm.base.i18n import N_, _

Group = Literal["acquisition", "response", "retention", "relationship", "sales", "data"]
Better = Literal["up", "down", ""]

GROUPS: dict[Group, str] = {
    "acquisition": N_("New customers"),
    "response": N_("Service"),
    "retention": N_("Loyalty"),
    "relationship": N_("Relationship"),
    "sales": N_("Sales"),
    "data": N_("Use of data"),
}
"""Groups in their order, with their names."""


@dataclass(frozen=True)
class Definition:
    """One figure's meaning; texts are marked and translated when shown.

    Attributes:
        key / group / unit: as in the JSON of the command line.
        label: its name. formula: in words. over / under: what is counted above and below the line, '' for none.
        example: the formula with numbers, worked out by hand. source: where the formula stands.
        better: which way is good news, '' neither.
        missing: why there is no value yet, '' where the shop's tables give one.
    """

    key: str
    group: Group
    unit: Unit
    label: str
    formula: str
    example: str
    source: str
    better: Better = "up"
    over: str = ""
    under: str = ""
    missing: str = ""

    def name(self) -> str:
        """The figure's name in the present language."""
        return _(self.label)


_OURS = N_("ours")
_NO_EXPENSES = N_("Not recorded: expenses are not kept yet.")
_NO_TARGETS = N_("No target is set.")
_NO_PREDICTIONS = N_("Predictions are not made yet.")

ALL: tuple[Definition, ...] = (
    Definition(
        "new_customer_growth",
        "acquisition",
        "ratio",
        N_("New-customer growth"),
        N_("(new customers of the period − of the period before) ÷ new customers of the period before"),
        N_("43 after 31: (43 − 31) ÷ 31 = 38.7%"),
        N_("growth rate"),
        over=N_("new customers more than in the period before"),
        under=N_("new customers in the period before"),
    ),
    Definition(
        "acquisition_cost",
        "acquisition",
        "fen",
        N_("Customer acquisition cost"),
        N_("expenses for winning customers ÷ new customers"),
        N_("¥2,623 for 43 new customers: ¥61"),
        N_("customer acquisition cost (CAC)"),
        "down",
        missing=_NO_EXPENSES,
    ),
    Definition(
        "conversion_rate",
        "acquisition",
        "ratio",
        N_("Conversion rate"),
        N_("prospects whose card was made in the period and who have bought since ÷ all such prospects"),
        N_("9 of 40 prospects bought by the end: 9 ÷ 40 = 22.5%"),
        N_("cohort conversion"),
        over=N_("of them have bought by then"),
        under=N_("prospects whose card was made in the period, at least a day before any sale"),
    ),
    Definition(
        "first_response_time",
        "response",
        "minutes",
        N_("First response time"),
        N_("median time from receiving a complaint to the first answer of the staff, in opening hours"),
        N_("5, 8 and 40 minutes: the median is 8 min"),
        N_("help desk: first response time"),
        "down",
    ),
    Definition(
        "resolution_rate",
        "response",
        "ratio",
        N_("Resolution rate"),
        N_("complaints of the period that are resolved ÷ complaints of the period; reopened is not resolved"),
        N_("18 of 20 are resolved: 18 ÷ 20 = 90.0%"),
        N_("help desk"),
        over=N_("of them are resolved"),
        under=N_("complaints received in the period, without withdrawn ones and duplicates"),
    ),
    Definition(
        "resolution_time",
        "response",
        "minutes",
        N_("Resolution time"),
        N_("median time from receiving a complaint to its last resolution in the period, in opening hours"),
        N_("1, 3 and 8 hours: the median is 3.0 h"),
        N_("help desk"),
        "down",
    ),
    Definition(
        "first_contact_resolution",
        "response",
        "ratio",
        N_("First-contact resolution"),
        N_("resolved with one contact and not reopened within 7 days ÷ resolved in the period"),
        N_("12 of 20 needed one contact: 12 ÷ 20 = 60.0%"),
        N_("first-contact resolution (FCR)"),
        over=N_("needed one contact and were not reopened within 7 days"),
        under=N_("complaints whose last resolution falls in the period"),
    ),
    Definition(
        "csat",
        "response",
        "ratio",
        N_("Customer satisfaction (CSAT)"),
        N_("answers 4 and 5 ÷ all answers on a scale of 1 to 5"),
        N_("46 of 50 answers: 46 ÷ 50 = 92.0%"),
        N_("CSAT, top two boxes"),
        over=N_("of them are 4 or 5"),
        under=N_("answers on satisfaction in the period, one per customer and occasion"),
    ),
    Definition(
        "csat_index",
        "response",
        "score",
        N_("Satisfaction index"),
        N_("(mean answer − 1) ÷ 4 × 100"),
        N_("mean 4.6: 3.6 ÷ 4 × 100 = 90.0"),
        N_("rescaled to 0–100"),
        over=N_("their points from 0 to 100 together"),
        under=N_("answers on satisfaction in the period, one per customer and occasion"),
    ),
    Definition(
        "repurchase_rate",
        "retention",
        "ratio",
        N_("Repeat purchases"),
        N_("customers with two or more purchase days in the window ÷ customers with at least one"),
        N_("381 of 1,204 came twice: 381 ÷ 1,204 = 31.6%"),
        N_("repeat purchase rate"),
        over=N_("of them bought on two or more days"),
        under=N_("customers who bought in the window"),
    ),
    Definition(
        "returning_rate",
        "retention",
        "ratio",
        N_("Returning customers"),
        N_("earlier buyers who bought again in the period ÷ all who had bought before it"),
        N_("52 of 1,300 came back: 52 ÷ 1,300 = 4.0%"),
        _OURS,
        over=N_("of them bought again in the period"),
        under=N_("customers who had bought before the period"),
    ),
    Definition(
        "active_rate",
        "retention",
        "ratio",
        N_("Active customers"),
        N_("buyers who bought or got in touch recently ÷ all buyers, at the end of the period"),
        N_("640 of 1,600 were active: 640 ÷ 1,600 = 40.0%"),
        _OURS,
        over=N_("of them are active: they bought or got in touch recently"),
        under=N_("buyers by the end of the period"),
    ),
    Definition(
        "clv_historic",
        "retention",
        "fen",
        N_("Customer value to date"),
        N_("net sales to customers since the beginning ÷ buyers"),
        N_("¥4,800,000 from 1,600 buyers: ¥3,000"),
        N_("customer lifetime value, historic"),
        over=N_("net sales to customers to date"),
        under=N_("buyers by the end of the period"),
    ),
    Definition(
        "clv_predicted",
        "retention",
        "fen",
        N_("Customer value, next 12 months"),
        N_("mean expected value of a buyer over the next 12 months, discounted"),
        N_("three buyers expected to bring ¥300, ¥600 and ¥900: ¥600"),
        N_("Fader, Hardie & Lee 2005; Fader & Hardie 2013"),
        missing=_NO_PREDICTIONS,
    ),
    Definition(
        "retention_rate",
        "retention",
        "ratio",
        N_("Retention"),
        N_("buyers not lost at the start who are still not lost at the end ÷ buyers not lost at the start"),
        N_("1,257 of 1,311 stayed: 1,257 ÷ 1,311 = 95.9%"),
        N_("customer retention rate"),
        over=N_("of them are still not lost at its end"),
        under=N_("buyers who were not lost when the period began"),
    ),
    Definition(
        "churn_rate",
        "retention",
        "ratio",
        N_("Churn"),
        N_("1 − retention: buyers who became lost in the period ÷ buyers not lost at the start"),
        N_("54 of 1,311 became lost: 54 ÷ 1,311 = 4.1%"),
        N_("1 − retention"),
        "down",
        over=N_("of them became lost in the period"),
        under=N_("buyers who were not lost when the period began"),
    ),
    Definition(
        "relationship_length",
        "retention",
        "months",
        N_("Length of relationship"),
        N_("median time from the first to the last purchase day of customers with two or more"),
        N_("365 days are 365 ÷ 30.4375 = 12.0 months"),
        _OURS,
    ),
    Definition(
        "purchase_frequency",
        "retention",
        "count",
        N_("Purchase frequency"),
        N_("purchase days in the window ÷ customers who bought in it"),
        N_("1,686 purchase days of 1,204 customers: 1.40"),
        N_("purchase frequency"),
        over=N_("purchase days in the window"),
        under=N_("customers who bought in the window"),
    ),
    Definition(
        "average_order_value",
        "retention",
        "fen",
        N_("Average order value"),
        N_(
            "sales to known customers, less refunds of those same sales ÷ their purchase days not fully refunded"
        ),
        N_("¥380,000 on 152 purchase days: ¥2,500"),
        N_("average order value (AOV)"),
        over=N_("sales of the period to known customers, less refunds of those sales"),
        under=N_("purchase days of known customers that were not fully refunded"),
    ),
    Definition(
        "win_back_rate",
        "retention",
        "ratio",
        N_("Win-back rate"),
        N_(
            "lost customers who bought within 90 days of their first contact in the period ÷ all such customers"
        ),
        N_("6 of 48 bought again: 6 ÷ 48 = 12.5%"),
        _OURS,
        over=N_("of them bought within 90 days"),
        under=N_("customers who were lost just before their first contact in the period"),
    ),
    Definition(
        "nps",
        "relationship",
        "score",
        N_("Net promoter score (NPS)"),
        N_("share of answers 9–10 − share of answers 0–6, on a scale of 0 to 10"),
        N_("60% promoters and 19% detractors: 41.0"),
        N_("Reichheld 2003"),
        over=N_("100 points for each answer 9–10, −100 for each answer 0–6"),
        under=N_("answers on recommendation in the period, one per customer and occasion"),
    ),
    Definition(
        "referral_rate",
        "relationship",
        "ratio",
        N_("Referral rate"),
        N_("new customers whom another customer sent ÷ new customers"),
        N_("11 of 43 were sent: 11 ÷ 43 = 25.6%"),
        _OURS,
        over=N_("of them were sent by another customer"),
        under=N_("new customers of the period"),
    ),
    Definition(
        "complaint_rate",
        "relationship",
        "ratio",
        N_("Complaint rate"),
        N_("complaints received ÷ sales of the period"),
        N_("4 complaints on 160 sales: 4 ÷ 160 = 2.5%"),
        _OURS,
        "down",
        over=N_("complaints received in the period"),
        under=N_("sales of the period"),
    ),
    Definition(
        "complaint_handling_rate",
        "relationship",
        "ratio",
        N_("Complaint handling rate"),
        N_("complaints of the period that are closed or withdrawn ÷ complaints of the period, no duplicates"),
        N_("36 of 38 are closed: 36 ÷ 38 = 94.7%"),
        _OURS,
        over=N_("of them are closed or withdrawn"),
        under=N_("complaints received in the period, without duplicates"),
    ),
    Definition(
        "complaint_on_time_rate",
        "relationship",
        "ratio",
        N_("Complaints handled on time"),
        N_("closed by their due time ÷ complaints of the period that are due; today's are judged tomorrow"),
        N_("30 of 36 in time: 30 ÷ 36 = 83.3%"),
        N_("service level attainment"),
        over=N_("of them were closed by their due time"),
        under=N_("complaints of the period whose due time has passed"),
    ),
    Definition(
        "follow_up_on_time_rate",
        "relationship",
        "ratio",
        N_("Follow-ups on time"),
        N_("contacts made by the day first promised ÷ contacts promised for the period"),
        N_("52 of 60 in time: 52 ÷ 60 = 86.7%"),
        _OURS,
        over=N_("of them were made by that day"),
        under=N_("contacts first promised for a day of the period"),
    ),
    Definition(
        "net_sales",
        "sales",
        "fen",
        N_("Net sales"),
        N_("sales of the period after discount − refunds made in the period"),
        N_("¥420,000 sold and ¥7,620 refunded: ¥412,380"),
        N_("net sales"),
        over=N_("sales of the period, less refunds made in it"),
    ),
    Definition(
        "sales_growth",
        "sales",
        "ratio",
        N_("Sales growth"),
        N_("(net sales of the period − of the period before) ÷ net sales of the period before"),
        N_("¥412,380 after ¥380,424: 8.4%"),
        N_("growth rate"),
        over=N_("net sales more than in the period before"),
        under=N_("net sales of the period before"),
    ),
    Definition(
        "target_attainment",
        "sales",
        "ratio",
        N_("Target attainment"),
        N_("net sales ÷ target; pace = net sales ÷ (target × open days passed ÷ open days)"),
        N_("¥412,380 of ¥400,000: 103.1%"),
        N_("target attainment"),
        missing=_NO_TARGETS,
    ),
    Definition(
        "cost_benefit",
        "sales",
        "ratio",
        N_("Cost–benefit ratio"),
        N_("gross profit of the period ÷ what looking after customers cost in it"),
        N_("¥60,000 for ¥4,000: 1,500.0%"),
        _OURS,
        missing=_NO_EXPENSES,
    ),
    Definition(
        "completeness",
        "data",
        "ratio",
        N_("Completeness of cards"),
        N_("filled required fields ÷ (customers × required fields); a device is required of buyers only"),
        N_("9,500 of 14,000 fields: 9,500 ÷ 14,000 = 67.9%"),
        _OURS,
        over=N_("of them are filled"),
        under=N_("required fields of all cards"),
    ),
    Definition(
        "validity",
        "data",
        "ratio",
        N_("Validity of cards"),
        N_("valid phone numbers, IMEIs and dates ÷ all that are filled"),
        N_("3,960 of 4,000 entries: 3,960 ÷ 4,000 = 99.0%"),
        _OURS,
        over=N_("of them are valid"),
        under=N_("filled phone numbers, IMEIs and dates"),
    ),
    Definition(
        "behaviour_accuracy",
        "data",
        "ratio",
        N_("Accuracy of behaviour analysis"),
        N_("customers whose next purchase fell in the predicted product group ÷ customers judged"),
        N_("84 of 120 right: 84 ÷ 120 = 70.0%"),
        _OURS,
        missing=_NO_PREDICTIONS,
    ),
    Definition(
        "prediction_accuracy",
        "data",
        "ratio",
        N_("Accuracy of churn warnings"),
        N_("right warnings and right silences ÷ all judged"),
        N_("160 of 200 right: 160 ÷ 200 = 80.0%"),
        N_("accuracy of a classifier"),
        missing=_NO_PREDICTIONS,
    ),
    Definition(
        "decision_support_rate",
        "data",
        "ratio",
        N_("Suggestions acted on"),
        N_("suggestions done, or rejected with a reason, within 14 days ÷ suggestions shown"),
        N_("12 of 16 acted on: 12 ÷ 16 = 75.0%"),
        _OURS,
        missing=N_("No suggestions are made yet."),
    ),
    Definition(
        "incentive_effect",
        "data",
        "ratio",
        N_("Effect of incentives"),
        N_("redeemed ÷ issued, by the cohort they were issued in; spend per head against a control group"),
        N_("30 of 200 redeemed: 30 ÷ 200 = 15.0%"),
        N_("randomised hold-out"),
        missing=N_("No incentives are issued yet."),
    ),
)
"""Every figure, in order."""

BY_KEY: dict[str, Definition] = {definition.key: definition for definition in ALL}

PART_LABELS: dict[str, tuple[str, Unit]] = {
    "new_customers": (N_("New customers"), "count"),
    "new_customers_before": (N_("New customers before"), "count"),
    "cohort_age_days": (N_("Mean age of these cards"), "days"),
    "mean": (N_("Mean"), "minutes"),
    "calendar_median": (N_("Median, opening hours or not"), "minutes"),
    "calendar_mean": (N_("Mean, opening hours or not"), "minutes"),
    "unanswered": (N_("Not answered yet"), "count"),
    "oldest_unanswered_days": (N_("Oldest without an answer"), "days"),
    "data_errors": (N_("Answered before received: data errors"), "count"),
    "first_resolution": (N_("To the first resolution"), "minutes"),
    "gross_profit": (N_("Profit per buyer, known costs"), "fen"),
    "known_cost_share": (N_("Sales with a known cost"), "ratio"),
    "won_back": (N_("Won back in the period"), "count"),
    "one_time_share": (N_("Bought on one day only"), "ratio"),
    "against_last_year": (N_("Against last year"), "ratio"),
    "gross": (N_("Sales"), "fen"),
    "refunds": (N_("Refunds"), "fen"),
    "mean_answer": (N_("Mean answer, 1 to 5"), "score"),
    "answer_rate": (N_("Purchase days with an answer"), "ratio"),
    "promoters": (N_("Promoters (9–10)"), "ratio"),
    "passives": (N_("Passives (7–8)"), "ratio"),
    "detractors": (N_("Detractors (0–6)"), "ratio"),
}
"""Names and units of the figures beside a figure (`Kpi.parts`)."""
