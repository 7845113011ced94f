"""The figures once more, slowly and in plain Python over whole tables, written from the definitions alone.

Shares no code with the product but the reading of rows and days; it knows the default settings only (window of 24
months, 180 and 720 days, open 09:00-21:00 every day in Shanghai).
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desktop_crm.base.dates import Period
from desktop_crm.store.rows import Database

ZONE = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)
Answer = dict[str, Any]  # value, numerator, denominator, n, and parts by name
TABLES = (
    "customers", "phones", "devices", "purchases", "purchase_lines", "refunds", "interactions", "followups",
    "complaints", "complaint_steps", "survey_answers",
)  # fmt: skip


def read(db: Database) -> dict[str, list[dict[str, Any]]]:
    """Every table as a list of dicts."""
    found = {}
    for table in TABLES:
        cursor = db.execute(f"SELECT * FROM {table} ORDER BY id")
        names = [column[0] for column in cursor.description]
        found[table] = [dict(zip(names, row, strict=True)) for row in cursor]
    return found


def moment(text: str) -> datetime:
    """A stored instant in shop time."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(ZONE)


def open_minutes(start: datetime, end: datetime) -> float:
    """Minutes of 09:00-21:00 between two instants."""
    total, day = 0.0, start.date()
    while day <= end.date():
        opening = datetime(day.year, day.month, day.day, 9, tzinfo=ZONE)
        first, last = max(opening, start), min(opening + timedelta(hours=12), end)
        total += max((last - first).total_seconds(), 0) / 60
        day += DAY
    return total


def months_back(day: date, months: int) -> date:
    """The same day of an earlier month, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise AssertionError


@dataclass
class Seen:
    """A shop as known when `known` (exclusive) began, and the days [start, end) that are looked at."""

    tables: dict[str, list[dict[str, Any]]]
    start: date
    end: date
    known: date
    today_runs: bool

    def __post_init__(self) -> None:
        """Work out who counts, and their sales."""
        self.people = {
            row["id"]: row
            for row in self.tables["customers"]
            if row["deleted_at"] is None and row["merged_into"] is None
        }
        self.sales = [
            {**row, "date": date.fromisoformat(row["day"])}
            for row in self.tables["purchases"]
            if row["void_day"] is None or date.fromisoformat(row["void_day"]) >= self.known
        ]
        standing = {row["id"] for row in self.sales}
        self.refunds = [
            {**row, "date": date.fromisoformat(row["day"])}
            for row in self.tables["refunds"]
            if row["purchase_id"] in standing
        ]
        self.occasions: dict[int, list[date]] = defaultdict(list)
        for row in self.sales:
            who = row["customer_id"]
            if who in self.people and row["date"] < self.end and row["date"] not in self.occasions[who]:
                self.occasions[who].append(row["date"])
        self.occasions = {who: sorted(days) for who, days in self.occasions.items() if days}

    def inside(self, day: date) -> bool:
        """Whether a day is looked at."""
        return self.start <= day < self.end

    def contacts(self, who: int) -> list[dict[str, Any]]:
        """A customer's contacts."""
        return [row for row in self.tables["interactions"] if row["customer_id"] == who]

    def last_active(self, who: int, before: date) -> date | None:
        """The last purchase or contact that the customer began, before a day."""
        days = [day for day in self.occasions.get(who, []) if day < before]
        if not days:
            return None
        days += [
            date.fromisoformat(row["day"])
            for row in self.contacts(who)
            if row["began_by"] == "customer" and date.fromisoformat(row["day"]) < before
        ]
        return max(days)

    def new(self) -> list[int]:
        """Customers whose first purchase is looked at."""
        return [who for who, days in self.occasions.items() if self.inside(days[0])]

    def net(self) -> int:
        """Net sales in fen."""
        sold: int = sum(row["total_fen"] for row in self.sales if self.inside(row["date"]))
        back: int = sum(row["amount_fen"] for row in self.refunds if self.inside(row["date"]))
        return sold - back

    def cases(self) -> list[dict[str, Any]]:
        """All complaints with their known steps and what follows from these."""
        found = []
        for row in self.tables["complaints"]:
            steps = sorted(
                (
                    step
                    for step in self.tables["complaint_steps"]
                    if step["complaint_id"] == row["id"] and date.fromisoformat(step["day"]) < self.known
                ),
                key=lambda step: (step["at"], step["id"]),
            )
            states = [step["kind"] for step in steps if step["kind"] not in ("note", "responded")]
            answers = [moment(step["at"]) for step in steps if step["kind"] in ("responded", "answered")]
            closings = [moment(step["at"]) for step in steps if step["kind"] == "closed"]
            found.append(
                {
                    **row,
                    "date": date.fromisoformat(row["received_day"]),
                    "came": moment(row["received_at"]),
                    "due": moment(row["due_at"]),
                    "state": {"reopened": "investigating"}.get(states[-1], states[-1])
                    if states
                    else "received",
                    "answer": answers[0] if answers else None,
                    "closed": closings[-1] if states and states[-1] == "closed" else None,
                    "steps": steps,
                    "resolved": [step for step in steps if step["kind"] == "resolved"],
                    "reopened": [step for step in steps if step["kind"] == "reopened"],
                }
            )
        return found

    def answers(self, base: Seen, year: Seen | None) -> dict[str, Answer]:
        """Every figure that has tables."""
        return {
            **self._sales_answers(base, year),
            **self._buyer_answers(),
            **self._case_answers(),
            **self._contact_answers(),
            **self._survey_answers(),
        }

    def _sales_answers(self, base: Seen, year: Seen | None) -> dict[str, Answer]:
        now, before, new, new_before = self.net(), base.net(), len(self.new()), len(base.new())
        inside = [row for row in self.sales if self.inside(row["date"])]
        back = {
            row["id"]: sum(
                refund["amount_fen"]
                for refund in self.refunds
                if refund["purchase_id"] == row["id"] and refund["date"] < self.known
            )
            for row in inside
        }
        mine = [row for row in inside if row["customer_id"] in self.people]
        kept = {
            (row["customer_id"], row["date"])
            for row in mine
            if not (back[row["id"]] and back[row["id"]] >= row["total_fen"])
        }
        growth_year = None
        if year is not None and year.net() > 0:
            growth_year = (now - year.net()) / year.net()
        return {
            "net_sales": {"value": now, "numerator": now, "denominator": None, "n": len(inside)},
            "sales_growth": {
                "value": (now - before) / before if before > 0 else None,
                "numerator": now - before,
                "denominator": before,
                "against_last_year": growth_year,
            },
            "new_customer_growth": {
                "value": (new - new_before) / new_before if new_before else None,
                "numerator": new - new_before,
                "denominator": new_before,
                "new_customers": new,
            },
            "referral_rate": share(
                sum(self.people[who]["referred_by"] is not None for who in self.new()), new
            ),
            "average_order_value": share(sum(row["total_fen"] - back[row["id"]] for row in mine), len(kept)),
            "complaint_rate": share(sum(self.inside(case["date"]) for case in self.cases()), len(inside)),
        }

    def _buyer_answers(self) -> dict[str, Answer]:
        window = months_back(self.end, 24)
        in_window = {
            who: sum(day >= window for day in days)
            for who, days in self.occasions.items()
            if days[-1] >= window
        }
        before = [who for who, days in self.occasions.items() if days[0] < self.start]

        def lost(who: int, edge: date) -> bool:
            last = self.last_active(who, edge)
            assert last is not None
            return (edge - DAY - last).days > 720

        stayed_before = [who for who in before if not lost(who, self.start)]
        stayed = [who for who in stayed_before if not lost(who, self.end)]
        active = 0
        for who in self.occasions:
            last = self.last_active(who, self.end)
            assert last is not None
            active += (self.end - DAY - last).days <= 180
        value = sum(
            row["total_fen"]
            for row in self.sales
            if row["customer_id"] in self.people and row["date"] < self.end
        )
        owner = {row["id"]: row["customer_id"] for row in self.sales}
        value -= sum(
            row["amount_fen"]
            for row in self.refunds
            if owner[row["purchase_id"]] in self.people and row["date"] < self.end
        )
        spans = [(days[-1] - days[0]).days / 30.4375 for days in self.occasions.values() if len(days) > 1]
        retention = share(len(stayed), len(stayed_before))
        churn = None if retention["value"] is None else 1 - retention["value"]
        return {
            "repurchase_rate": share(sum(n >= 2 for n in in_window.values()), len(in_window)),
            "purchase_frequency": share(sum(in_window.values()), len(in_window)),
            "returning_rate": share(
                sum(any(self.inside(day) for day in self.occasions[who]) for who in before), len(before)
            ),
            "active_rate": share(active, len(self.occasions)),
            "clv_historic": share(value, len(self.occasions)),
            "retention_rate": {
                **retention,
                "won_back": sum(lost(who, self.start) and not lost(who, self.end) for who in before),
            },
            "churn_rate": {**retention, "value": churn, "numerator": len(stayed_before) - len(stayed)},
            "relationship_length": {
                "value": statistics.median(spans) if spans else None,
                "n": len(spans),
                "one_time_share": share(
                    sum(len(days) == 1 for days in self.occasions.values()), len(self.occasions)
                )["value"],
            },
        }

    def _case_answers(self) -> dict[str, Answer]:
        cases = self.cases()
        mine = [case for case in cases if self.inside(case["date"])]
        good = [case for case in mine if case["answer"] and case["answer"] >= case["came"]]
        waits = [open_minutes(case["came"], case["answer"]) for case in good]
        walls = [(case["answer"] - case["came"]).total_seconds() / 60 for case in good]
        resolved = [
            case
            for case in cases
            if case["resolved"] and self.inside(date.fromisoformat(case["resolved"][-1]["day"]))
        ]
        valid = [case for case in mine if case["state"] not in ("withdrawn", "duplicate")]
        real = [case for case in mine if case["state"] != "duplicate"]
        judged = datetime(self.known.year, self.known.month, self.known.day, tzinfo=ZONE)
        judged -= DAY if self.today_runs else timedelta()
        due = [case for case in mine if case["due"] <= judged]
        last = [open_minutes(case["came"], moment(case["resolved"][-1]["at"])) for case in resolved]
        first = [open_minutes(case["came"], moment(case["resolved"][0]["at"])) for case in resolved]
        return {
            "first_response_time": {
                "value": middle(waits),
                "n": len(waits),
                "mean": statistics.fmean(waits) if waits else None,
                "calendar_median": middle(walls),
                "calendar_mean": statistics.fmean(walls) if walls else None,
                "unanswered": sum(case["answer"] is None for case in mine),
                "data_errors": sum(
                    case["answer"] is not None and case["answer"] < case["came"] for case in mine
                ),
            },
            "resolution_rate": share(
                sum(case["state"] in ("resolved", "answered", "closed") for case in valid), len(valid)
            ),
            "resolution_time": {"value": middle(last), "n": len(last), "first_resolution": middle(first)},
            "first_contact_resolution": share(sum(map(first_contact, resolved)), len(resolved)),
            "complaint_handling_rate": share(
                sum(case["state"] in ("closed", "withdrawn") for case in real), len(real)
            ),
            "complaint_on_time_rate": share(
                sum(case["closed"] is not None and case["closed"] <= case["due"] for case in due), len(due)
            ),
        }

    def _contact_answers(self) -> dict[str, Answer]:
        cohort = bought = 0
        for who, row in self.people.items():
            day = row["since_day"] and date.fromisoformat(row["since_day"])
            if day is None and row["import_id"] is None:
                day = moment(row["created_at"]).date()
            if day is None or not self.inside(day):
                continue
            first = min(
                (s["date"] for s in self.sales if s["customer_id"] == who and s["date"] < self.known),
                default=None,
            )
            if first is None or first >= day + DAY:
                cohort += 1
                bought += first is not None
        promised = [
            row
            for row in self.tables["followups"]
            if row["customer_id"] in self.people
            and self.inside(date.fromisoformat(row["first_due_day"]))
            and not (
                row["state"] == "cancelled"
                and row["cancel_reason"]
                and date.fromisoformat(row["done_day"]) < self.known
            )
        ]
        lost = won = 0
        for who in self.people:
            days = [
                date.fromisoformat(row["day"])
                for row in self.contacts(who)
                if row["reached"] and self.inside(date.fromisoformat(row["day"]))
            ]
            if not days:
                continue
            last = self.last_active(who, min(days))
            if last is None or (min(days) - last).days <= 720:
                continue
            lost += 1
            won += any(
                s["customer_id"] == who
                and min(days) <= s["date"] <= min(days) + 90 * DAY
                and s["date"] < self.known
                for s in self.sales
            )
        on_time = sum(row["state"] == "done" and row["done_day"] <= row["first_due_day"] for row in promised)
        return {
            "conversion_rate": share(bought, cohort),
            "follow_up_on_time_rate": share(on_time, len(promised)),
            "win_back_rate": share(won, lost),
        }

    def _survey_answers(self) -> dict[str, Answer]:
        day_of = {row["id"]: row["day"] for row in self.tables["purchases"]}
        satisfied: dict[tuple[Any, ...], int] = {}
        recommending: dict[tuple[Any, ...], int] = {}
        for row in sorted(self.tables["survey_answers"], key=lambda row: (row["at"], row["id"])):
            if row["customer_id"] not in self.people or not self.inside(date.fromisoformat(row["day"])):
                continue
            about = (row["customer_id"], row["complaint_id"] or day_of.get(row["purchase_id"], row["day"]))
            if row["satisfaction"] is not None:
                satisfied[about] = row["satisfaction"]
            if row["recommendation"] is not None:
                recommending[about] = row["recommendation"]
        scores, likely = list(satisfied.values()), list(recommending.values())
        promoters, detractors = sum(n >= 9 for n in likely), sum(n <= 6 for n in likely)
        mean = statistics.fmean(scores) if scores else None
        return {
            "csat": {**share(sum(n >= 4 for n in scores), len(scores)), "mean_answer": mean},
            "csat_index": {
                "value": None if mean is None else (mean - 1) / 4 * 100,
                "n": len(scores),
            },
            "nps": {
                "value": 100 * (promoters - detractors) / len(likely) if likely else None,
                "n": len(likely),
                "promoters": promoters / len(likely) if likely else None,
                "detractors": detractors / len(likely) if likely else None,
            },
        }


def share(numerator: int, denominator: int) -> Answer:
    """A rate."""
    return {
        "value": numerator / denominator if denominator else None,
        "numerator": numerator,
        "denominator": denominator,
        "n": denominator,
    }


def middle(values: list[float]) -> float | None:
    """The median, None of nothing."""
    return statistics.median(values) if values else None


def first_contact(case: dict[str, Any]) -> bool:
    """Resolved with one interaction and never reopened within seven days of a resolution."""
    last = case["resolved"][-1]
    steps = case["steps"]
    talks = {step["at"] for step in steps[: steps.index(last) + 1] if step["interaction"]}
    for step in case["reopened"]:
        done = [r for r in case["resolved"] if (r["at"], r["id"]) < (step["at"], step["id"])]
        if done and (date.fromisoformat(step["day"]) - date.fromisoformat(done[-1]["day"])).days <= 7:
            return False
    return len(talks) <= 1


def ask(db: Database, period: Period, as_of: date, today: date) -> dict[str, dict[str, Any]]:
    """Every figure with its comparisons: `value` …, `previous`, `last_year`."""
    tables = read(db)
    known = as_of + DAY
    runs = known < period.end
    elapsed = max(min(known, period.end) - period.start, timedelta())
    today_runs = as_of == today

    def seen(other: Period) -> Seen:
        end = min(other.start + elapsed, other.end) if runs else other.end
        later = timedelta() if runs else known - period.end
        return Seen(tables, other.start, end, end + later, today_runs)

    main = Seen(tables, period.start, min(period.end, known), known, today_runs)
    before, year = seen(period.previous()), seen(period.last_year())
    now = main.answers(before, year)
    then = before.answers(seen(period.previous().previous()), None)
    ago = year.answers(seen(period.last_year().previous()), None)
    return {
        key: {**answer, "previous": then[key]["value"], "last_year": ago[key]["value"]}
        for key, answer in now.items()
    }
