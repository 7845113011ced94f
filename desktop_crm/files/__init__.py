"""Reading and writing the files that people keep: workbooks, text tables, paper."""
