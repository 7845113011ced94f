"""The only folder with SQL: the open shop file, its tables, its journal, and one file per noun."""
