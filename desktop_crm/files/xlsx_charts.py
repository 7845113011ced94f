"""Charts of the spreadsheet program over figures that already stand in a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SHARES = {
    "gold": "B58105",
    "accent": "2F6BFF",
    "grey": "98A2B3",
    "red": "E0603A",
    "green": "2FA37C",
    "pale": "D5DAE2",
}
_LINE_COLOURS = ("2F6BFF", "B58105", "98A2B3", "2FA37C", "E0603A")


def native_chart(sheet: Any, top: int, places: int, columns: tuple[range, range]) -> Any:
    """Bars and lines over the labels in column A as one chart of the spreadsheet program."""
    from openpyxl.chart import BarChart as Bars  # slow to import, and only writing needs it
    from openpyxl.chart import LineChart as Lines
    from openpyxl.chart import Reference

    charts = []
    for kind, numbers in ((Bars, columns[0]), (Lines, columns[1])):
        if not numbers:
            continue
        chart = kind()
        data = Reference(sheet, numbers[0], top, numbers[-1], top + places)
        chart.add_data(data, titles_from_data=True)
        chart.set_categories(Reference(sheet, 1, top + 1, 1, top + places))
        charts.append(chart)
    main = charts[0]
    if columns[0]:
        main.series[0].graphicalProperties.solidFill = "437AFF"
        main.gapWidth = 50
    mixed = bool(columns[0])
    for place, series in enumerate(charts[-1].series if columns[1] else ()):
        series.graphicalProperties.line.solidFill = "98A2B3" if mixed else _LINE_COLOURS[place % 5]
        series.graphicalProperties.line.width = 19_050
        series.smooth = False
    for extra in charts[1:]:
        main += extra
    main.x_axis.delete = main.y_axis.delete = False
    main.legend.position = "b"
    main.width, main.height = 20, 7.5
    return main


def share_chart(sheet: Any, top: int, colours: Sequence[str]) -> Any:
    """One horizontal bar of shares."""
    from openpyxl.chart import BarChart as Bars  # slow to import, and only writing needs it
    from openpyxl.chart import Reference, Series

    chart = Bars()
    chart.type, chart.grouping, chart.overlap = "bar", "percentStacked", 100
    for place, colour in enumerate(colours):
        series = Series(Reference(sheet, 2, top + place), title=str(sheet.cell(top + place, 1).value))
        series.graphicalProperties.solidFill = _SHARES[colour]
        chart.series.append(series)
    chart.x_axis.delete = True
    chart.y_axis.delete = True
    chart.y_axis.majorGridlines = None
    chart.legend.position = "b"
    chart.width, chart.height = 16, 4
    return chart
