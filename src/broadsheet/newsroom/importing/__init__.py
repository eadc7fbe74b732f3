"""What ``broadsheet import`` needs beside the wire's own way: counts, a report, and a journal.

Outcomes of the pipeline enter, and what a person wants to know of a long import leaves: how
much of each kind was found and what became of it, everything that was not plain, and where an
import that was interrupted is to go on.
"""
