"""What makes a checkout run: standard library only, and readable by Pythons too old for the program.

Here: .venv, its pinned packages, Qt's system libraries, and the two commands over them (run.py, test.py).
Not here: the program. Nothing in desktop_crm imports this package.
"""
