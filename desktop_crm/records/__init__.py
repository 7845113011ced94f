"""The glossary: one frozen dataclass per stored thing, a file per noun; no behaviour beyond plain look-ups.

Field names are column names. Money is whole fen, days are `YYYY-MM-DD` in shop time, instants are UTC
`YYYY-MM-DDTHH:MM:SSZ`. `id` is the row's key, 0 until stored; `created_at` is the instant of recording, never of
the business; `import_id` is the import that made the row, or None. Text that is not known is '' (never None); None stands for
numbers, days and references that are not known.
"""
