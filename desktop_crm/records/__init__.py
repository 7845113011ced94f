"""The glossary: one frozen dataclass per stored thing, a file per noun; no behaviour beyond plain look-ups.

Field names are column names. Money is whole fen, days are `YYYY-MM-DD` in shop time, instants are UTC
`YYYY-MM-DDTHH:MM:SSZ`. `id` is 0 until stored. Text that is not known is '' (never None); None stands for
numbers, days and references that are not known.
"""
