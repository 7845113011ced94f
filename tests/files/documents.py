"""Documents for the tests of paper and workbooks: a month as the report builds it, and extreme ones."""

from __future__ import annotations

from datetime import date

from desktop_crm.base.document import (
    BarChart,
    Column,
    Document,
    Heading,
    LineChart,
    PageBreak,
    Paragraph,
    Series,
    Share,
    ShareBar,
    Table,
    Tile,
    Tiles,
    Unit,
    Value,
)

HOW = (
    "Customers with two occasions or more in the window of 24 months, divided by customers with at least one; "
    "walk-in sales are left out."
)
SALES = tuple((3 + (day * 7) % 11) * 310_000 for day in range(31))


def month_zh() -> Document:
    """October in Chinese, as on the mock-up."""
    return Document(
        title="2026 年 10 月经营报告",
        subtitle="星河手机店 · 文三路店",
        stamp=("截至 2026-10-31 所知", "2026-11-01 打印"),
        footer="每个数字都可以在程序里点开，看到它的每一行",
        language="zh_CN",
        day=date(2026, 11, 1),
        author="星河手机店",
        blocks=(
            Paragraph(
                "销售额 ¥412,380，比 9 月多 8.4%，比去年 10 月多 3.1%；新客户 43 位，其中 11 位是老客户介绍来的。",
                "这个月好在哪里：",
            ),
            Paragraph(
                "54 位客户超过 720 天没来，流失率升到 4.1%；“屏幕偏黄”投诉 5 起，都是同一批配件。",
                "要注意的：",
            ),
            Paragraph("回访 60 位 VIP，做了 52 位，其中 9 位买了东西。", "上月定的事："),
            Tiles(
                (
                    Tile(
                        "sales",
                        "销售额",
                        Value(41_238_000, "fen"),
                        Value(0.084, "ratio", tone="good", signed=True),
                        "比上月",
                    ),
                    Tile(
                        "new",
                        "新客户",
                        Value(43, "count"),
                        Value(12, "count", tone="good", signed=True),
                        "比上月",
                    ),
                    Tile(
                        "rep",
                        "复购率",
                        Value(0.316, "ratio"),
                        Value(0.012, "points", tone="good", signed=True),
                        "24 个月",
                    ),
                    Tile(
                        "churn",
                        "流失率",
                        Value(0.041, "ratio"),
                        Value(0.006, "points", tone="bad", signed=True),
                        "n=1,311",
                    ),
                    Tile("resp", "首次响应", Value(6, "minutes"), Value(-3, "minutes", tone="good"), "38 单"),
                    Tile(
                        "csat",
                        "满意度指数",
                        Value(93.5, "score"),
                        Value(1.1, "score", tone="good", signed=True),
                        "n=126",
                    ),
                )
            ),
            BarChart(
                "每天销售额",
                tuple(str(day) if day in (1, 7, 14, 21, 28) else "" for day in range(1, 32)),
                Series("2026 年 10 月", SALES, "fen"),
                Series(
                    "去年同日", tuple(value * (8 + day % 5) // 10 for day, value in enumerate(SALES)), "fen"
                ),
                quiet=frozenset({4, 5, 11, 12, 18, 19, 25, 26}),
            ),
            kpi_table_zh(),
            Heading("这个月请亲自打给这五位"),
            Paragraph(
                "1 王建国 138****8866 —— 换机期已到，介绍过 3 位客户 · 2 欧阳雪 —— 生日 12-04 · 3 何静 —— "
                "投诉过一次，之后没来 · 4 郑凯 —— 说隔壁便宜 · 5 林志 —— 三年老客户，23 个月未到店"
            ),
            PageBreak(),
            Heading("客户分级", 1, "1,498 位"),
            ShareBar(
                "客户分级",
                (
                    Share("高价值", 120, "gold"),
                    Share("潜力", 314, "accent"),
                    Share("普通", 690, "grey"),
                    Share("流失", 374, "red"),
                ),
                "本季 37 位上升、22 位下降",
            ),
            LineChart(
                "复购率与流失率",
                tuple(f"{month} 月" for month in range(1, 13)),
                (
                    Series("复购率", tuple(0.28 + month * 0.003 for month in range(12)), "ratio"),
                    Series(
                        "流失率",
                        (0.03, 0.031, None, 0.035, 0.036, 0.04, 0.041, None, 0.04, 0.039, 0.04, 0.041),
                        "ratio",
                    ),
                ),
                "近十二个月",
            ),
            Table(
                (
                    Column("客户", 2),
                    Column("机型", 2),
                    Column("上次", 1.2),
                    Column("消费", 1, "right", "fen"),
                    Column("为什么", 3),
                ),
                tuple(
                    (
                        f"{name}{number}",
                        "华为 Mate 80 Pro",
                        date(2024, 1 + number % 12, 1 + number % 28),
                        number * 123_400,
                        "换机期已到，介绍过三位客户，上次说等新款出来再看看，孩子今年上高中"
                        if number % 5 == 0
                        else "生日将近",
                    )
                    for number, name in enumerate(
                        ["𠮷野家㐂", "䶮", "欧阳雪", "Alexander von Humboldt-Müller"] * 16
                    )
                ),
                "该联系的客户",
                "按价值排序",
                total=("合计", None, None, 2_487_744_00, "64 位"),
            ),
            Heading("投诉", 1),
            Table(
                (Column("单号"), Column("问题", 3), Column("状态")),
                (),
                "这个月的投诉",
                empty="这个月没有投诉。",
            ),
        ),
    )


def kpi_table_zh() -> Table:
    """The table of figures, as on the mock-up."""

    def now(value: float, unit: Unit = "ratio", note: str = "") -> Value:
        return Value(value, unit, bold=True, note=note)

    def other(value: float, unit: Unit = "ratio") -> Value:
        return Value(value, unit)

    rows = (
        ("新客户增长率", now(0.387), other(-0.061), other(0.12), None, "(43−31)÷31"),
        ("客户复购率", now(0.316), other(0.304), other(0.288), other(0.32), "381÷1,204 · 24 个月"),
        ("客户流失率", now(0.041), other(0.035), other(0.039), "≤3.5%", "54÷1,311"),
        ("首次响应（中位）", now(6, "minutes"), other(9, "minutes"), other(14, "minutes"), other(10, "minutes"), "38 单"),
        ("投诉处理率", now(0.947), other(0.912), other(0.88), other(0.95), "36÷38"),
        ("净推荐值 NPS", now(41, "count"), other(38, "count"), None, other(40, "count"), "n=126"),
        ("客户推荐率", now(0.256, "ratio", "样本小"), other(0.194), other(0.171), other(0.2), "11÷43"),
        ("获客成本", now(6_100, "fen"), other(7_400, "fen"), None, other(7_000, "fen"), "¥2,623÷43"),
    )  # fmt: skip
    columns = (
        Column("指标", 2),
        Column("本月", 1, "right"),
        Column("上月", 1, "right"),
        Column("去年", 1, "right"),
        Column("目标", 1, "right"),
        Column("怎么算", 2.4),
    )
    return Table(columns, rows, "指标")


def month_en() -> Document:
    """A month in English with long names and long definitions."""
    figure = Value(0.316, "ratio", bold=True)
    return Document(
        title="October 2026: how the shop did",
        subtitle="Xinghe Phones · Wensan Road Branch, Hangzhou, next to the north exit of the metro",
        stamp=("As known on 2026-10-31", "Printed 2026-11-01"),
        footer="Every figure can be opened in the program, down to its rows",
        language="en",
        day=date(2026, 11, 1),
        keywords=("report", "2026-10"),
        blocks=(
            Paragraph(
                "Sales were ¥412,380, 8.4% more than in September and 3.1% more than last October; 43 customers were new, "
                "11 of them sent by regulars.",
                "What went well:",
            ),
            Paragraph("54 customers have not come for 720 days; churn rose to 4.1%.", "Look at:", "look"),
            Tiles(
                (
                    Tile("a", "Sales", Value(123_456_789_00, "fen"), Value(0.084, "ratio", tone="good"), "on September"),
                    Tile("b", "New customers", Value(43, "count", note="n=43"), Value(12, "count", tone="good", signed=True)),
                    Tile("c", "Repeat-purchase rate of all buyers", Value(None, "ratio"), None, "nobody bought twice yet"),
                    Tile("d", "First response", Value(None, "minutes")),
                )
            ),
            BarChart(
                "Profit by week",
                tuple(f"week {number}" for number in range(1, 53)),
                Series("this year", tuple(((n * 37) % 23 - 7) * 100_00 if n % 9 else None for n in range(52)), "fen"),
                note="negative weeks hang down",
            ),
            BarChart("Nothing yet", ("a", "b"), Series("none", (None, None), "count")),
            ShareBar("Nobody", (Share("high value", 0, "gold"), Share("regular", 0, "grey"))),
            Heading("Figures", 2, "how each is made"),
            Table(
                (Column("Figure", 2), Column("This month", 1, "right"), Column("How", 4)),
                tuple((f"Repeat-purchase rate {n}", figure, HOW) for n in range(12)),
                note="Rates with fewer than five cases are marked.",
            ),
            Table((Column("Id"), Column("Text", 2)), (), empty="No complaints this month."),
            Heading("An orphan if it stood alone", 3),
            Table(
                (Column("Name"), Column("Note", 3), Column("Phone", 1.2)),
                (
                    ("x" * 120, "very long " * 400, "138****8866"),
                    ("<img src='file:///etc/passwd'>", "<b>&amp;", "+1 418 656 9254"),
                ),
            ),
            Paragraph("First line.\nSecond line after a break.", tone="quiet"),
        ),
    )  # fmt: skip
