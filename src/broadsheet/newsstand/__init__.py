"""Newsstand: hands out pressed files, and nothing else.

In comes a request; out goes the file that was pressed for its address, with the headers a
cache needs. What was not pressed falls through to Django. It refuses every path that leaves
the pressed folder, and it never asks the database.
"""
