"""Restoring: an export of this paper's kind becomes the same paper in another home.

What enters are records of the wire that ``wire.parsers.exported`` read, with the part of them
that only such an export has as JSON; what leaves are rows of the paper. The folder may come from
anybody: every value is checked, markup is cleaned, and what the paper has already is never
overwritten by what came.
"""
