"""The page Performance: six figures, sales over time, the tiers, and every other figure by group; each can be opened."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QStackedWidget, QWidget

from desktop_crm import performance, staff_figures
from desktop_crm.base.dates import Period
from desktop_crm.base.document import BarChart, Series, ShareBar, Tile
from desktop_crm.base.i18n import N_, _
from desktop_crm.base.values import show
from desktop_crm.kpi_definitions import GROUPS
from desktop_crm.kpis import Kpi
from desktop_crm.performance import TILES, Overview
from desktop_crm.staff_figures import Work
from desktop_crm.ui.figure_panel import FigurePanel
from desktop_crm.ui.kit.buttons import KeyButton, Pills
from desktop_crm.ui.kit.charts import PlotChart, ShareChart
from desktop_crm.ui.kit.labels import Elided
from desktop_crm.ui.kit.layouts import STRETCH, hbox, vbox
from desktop_crm.ui.kit.panels import EmptyState, FigureTile, Panel
from desktop_crm.ui.kit.table import Column, RecordTable
from desktop_crm.ui.kit.theme import S12, S16
from desktop_crm.ui.page import Desk, Page
from desktop_crm.ui.period_stepper import PeriodStepper, first_look

FIRST_KEY: Final = "churn_rate"
"""The figure explained at first: the one that most needs it."""

NARROW: Final = 880
"""Below this width the page stacks its columns."""

LOW_PANEL: Final = 420
LOW_CHART: Final = 200
_EMPTY_CHART: Final = BarChart("", (), Series("", (), "fen"))


class PerformancePage(Page):
    """How the shop does."""

    depends_on = frozenset(
        {
            "purchases",
            "customers",
            "complaints",
            "followups",
            "interactions",
            "tiers",
            "devices",
            "settings",
            "staff",
        }
    )

    keys = (
        ("Alt+Left", N_("Period before")),
        ("Alt+Right", N_("Period after")),
        ("Alt+P", N_("Open the report")),
        ("Alt+I", N_("Import my Excel")),
    )

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._seen: Overview | None = None
        self._key = FIRST_KEY
        self._build()

    def load(self) -> None:
        period = self._stepper.period
        self.desk.jobs.query(
            lambda shop: performance.overview(shop, period), self._show, key="performance.load"
        )

    def open(self, argument: object) -> None:
        if isinstance(argument, Period):
            self._stepper.show_period(argument)

    # ---------------------------------------------------------------- building

    def _build(self) -> None:
        today = self.desk.shop.today()
        self._stepper = PeriodStepper(first_look(today), today)
        self._stepper.stepped.connect(lambda _period: self.load())
        self._compared = Elided("", "quiet")
        report = KeyButton(_("Open the report"), "Alt+P", on_click=self._open_report)
        head = hbox(self._stepper, (self._compared, 1000), STRETCH, report, spacing=S12)
        self.tiles = {
            key: FigureTile(performance.tile_label(key), on_click=partial(self.choose, _figure_of(key)))
            for key in TILES
        }
        self.figure = FigurePanel(self.desk)
        left = vbox((self._build_middle(), 1), self._build_tiers(), spacing=S16)
        body = QWidget()
        self._tile_grid = QGridLayout()
        self._tile_grid.setSpacing(S12)
        self._sides = hbox((left, 23), (self.figure, 10), spacing=S16)
        vbox(self._tile_grid, (self._sides, 1), spacing=S16, on=body)
        self._arrange(wide=True)
        self._stack = QStackedWidget()
        self._stack.addWidget(body)
        self._stack.addWidget(self._build_welcome())
        vbox(head, (self._stack, 1), spacing=S16, on=self)

    def _arrange(self, *, wide: bool) -> None:
        """Six tiles and two columns side by side, or three tiles and the columns below each other."""
        in_row = len(TILES) if wide else len(TILES) // 2
        for number, tile in enumerate(self.tiles.values()):
            self._tile_grid.addWidget(tile, number // in_row, number % in_row)
        for column in range(len(TILES)):
            self._tile_grid.setColumnStretch(column, 1 if column < in_row else 0)
        direction = QBoxLayout.Direction
        self._sides.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        self._compared.setVisible(wide)
        self.figure.setMinimumHeight(0 if wide else LOW_PANEL)
        self.chart.setMinimumHeight(120 if wide else LOW_CHART)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= NARROW
        if wide != (self._sides.direction() == QBoxLayout.Direction.LeftToRight):
            self._arrange(wide=wide)

    def _build_middle(self) -> Panel:
        """The chart, or the figures of one group in its place."""
        self.groups = Pills(
            [
                ("chart", _("Over time")),
                *((key, _(name)) for key, name in GROUPS.items()),
                ("staff", _("By person")),
            ],
            on_choose=self._show_group,
        )
        panel = Panel(padding=S16, spacing=S12)
        panel.add(hbox(self.groups, STRETCH))
        self._chart_name = Elided("", "quiet")
        self.chart = PlotChart(_EMPTY_CHART)
        chart = QWidget()
        vbox(self._chart_name, (self.chart, 1), spacing=S12, on=chart)
        self.table: RecordTable[Kpi] = RecordTable(
            [
                Column("label", _("Figure"), lambda kpi: kpi.label, bold=True, stretch=2, sortable=False),
                Column("value", _("Value"), _value, align="right", width=104, sortable=False),
                Column(
                    "change",
                    _("Change"),
                    lambda kpi: _change(kpi, kpi.previous),
                    tone=lambda kpi: _tone(kpi, kpi.previous),
                    align="right",
                    width=104,
                    sortable=False,
                ),
                Column(
                    "year",
                    _("On last year"),
                    lambda kpi: _change(kpi, kpi.last_year),
                    tone=lambda kpi: _tone(kpi, kpi.last_year),
                    align="right",
                    width=104,
                    sortable=False,
                ),
                Column(
                    "made", _("How it is made"), _made, stretch=2, tone=lambda _kpi: "quiet", sortable=False
                ),
            ],
            name="performance.figures",
            dense=True,
            state=self.desk.state,
            identity=lambda kpi: kpi.key,
        )
        self.table.record_selected.connect(self._select)
        self._middle = QStackedWidget()
        self._middle.addWidget(chart)
        self._middle.addWidget(self.table)
        self._middle.addWidget(self._build_staff())
        panel.add(self._middle, 1)
        return panel

    def _build_staff(self) -> RecordTable[Work]:
        """What each person did; who may not see the others' figures sees the own line."""
        numbers = (
            ("sales", _("Sales"), lambda work: f"{work.sales:,}"),
            ("net", _("Net sales"), lambda work: show(work.net_fen, "fen")),
            ("promised", _("Contacts"), lambda work: f"{work.promised:,}"),
            ("made", _("Made"), lambda work: f"{work.made:,}"),
            ("on_time", _("On time"), lambda work: show(staff_figures.on_time_rate(work), "ratio")),
        )
        self.staff: RecordTable[Work] = RecordTable(
            [
                Column("name", _("Clerk"), staff_figures.name, bold=True, stretch=1, sortable=False),
                *(
                    Column(key, label, getter, align="right", width=118, sortable=False)
                    for key, label, getter in numbers
                ),
            ],
            name="performance.staff",
            dense=True,
            state=self.desk.state,
            identity=lambda work: work.staff_id or 0,
        )
        self.staff.set_empty(
            EmptyState(
                _("Nothing by anybody"),
                _("Nobody whose figures you may see sold something or promised a contact in this period."),
                icon="users",
            )
        )
        return self.staff

    def _build_tiers(self) -> Panel:
        self._tiers = Panel(" ", note=" ", spacing=S12)
        self._shares = ShareChart(ShareBar("", ()))
        self._tiers.add(self._shares)
        return self._tiers

    def _build_welcome(self) -> Panel:
        panel = Panel()
        go = self.desk.go_to
        panel.add(
            EmptyState(
                _("Here you will see how the shop is doing"),
                _(
                    "Sales by day, new and returning customers, complaints and contacts in time: every figure with the "
                    "rows behind it. It begins with the first sale, or with your Excel list."
                ),
                buttons=[
                    KeyButton(_("Import my Excel"), "Alt+I", kind="primary", on_click=partial(go, "data")),
                    KeyButton(
                        _("First sale"), "F2", bind=False, on_click=partial(self.desk.run_action, "sale")
                    ),
                ],
                icon="chart-column",
            ),
            1,
        )
        return panel

    # ---------------------------------------------------------------- showing

    def _show(self, seen: Overview) -> None:
        self._seen = seen
        has_any = bool(seen.tiers.customers or seen.kpis["net_sales"].n)
        self._stack.setCurrentIndex(0 if has_any else 1)
        self._compared.setText(seen.compared())
        for tile in seen.tiles:
            self._show_tile(tile)
        self._chart_name.setText(" · ".join(part for part in (seen.chart.title, seen.chart.note) if part))
        self.chart.show_block(seen.chart)
        bar = seen.tiers.bar()
        self._tiers.section_label.setText(bar.title)
        self._tiers.note_label.setText(bar.note)
        self._shares.show_block(bar)
        self._show_group(self.groups.chosen)
        self._explain()

    def _show_tile(self, tile: Tile) -> None:
        change = tile.change
        self.tiles[tile.key].set(
            show(tile.value),
            change=show(change) if change is not None else "",
            change_tone=change.tone if change is not None else "plain",
            note=tile.change_note,
        )

    def _show_group(self, group: str) -> None:
        """The chart, or the figures of a group with the chosen one marked."""
        self._middle.setCurrentIndex({"chart": 0, "staff": 2}.get(group, 1))
        if self._seen is None or group == "chart":
            return
        if group == "staff":
            self.staff.set_records(self._seen.staff)
            return
        found = [kpi for kpi in self._seen.kpis.values() if kpi.meaning.group == group]
        self.table.set_records(found)
        if not self.table.select(self._key):
            self.table.select_first()

    # ---------------------------------------------------------------- choosing

    def choose(self, key: str) -> None:
        """Explain a figure at the right."""
        self._key = key
        self._explain()

    def _select(self, kpi: Kpi | None) -> None:
        if kpi is not None and self._middle.currentIndex() == 1:
            self.choose(kpi.key)

    def _explain(self) -> None:
        if self._seen is not None:
            self.figure.show_figure(self._seen.kpis[self._key], self._stepper.period)

    def _open_report(self) -> None:
        self.desk.go_to("reports", self._stepper.period)


def _figure_of(tile: str) -> str:
    """The figure that explains a tile."""
    return "new_customer_growth" if tile == "new_customers" else tile


def _value(kpi: Kpi) -> str:
    return show(kpi.value, kpi.unit)


def _change(kpi: Kpi, other: float | None) -> str:
    gap = performance.difference(kpi, other)
    return "" if gap is None else show(gap)


def _tone(kpi: Kpi, other: float | None) -> str:
    gap = performance.difference(kpi, other)
    return "quiet" if gap is None else gap.tone


def _made(kpi: Kpi) -> str:
    return kpi.note if kpi.value is None else performance.how(kpi)
