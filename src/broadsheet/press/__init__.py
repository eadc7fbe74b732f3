"""Press: a published story in, the final bytes of every page that shows it out.

What is to be pressed is ordered in the same transaction that changes the story, so that no
crash can lose it (``orders``). A sheet, one address with its bytes, is always made from what
the database says now (``sheets``); a sheet with nothing to show is taken away. What was
written where stands in the ledger (``models.PressedFile``). It refuses to press what is not
public. Other rooms register what hangs on a story here; this room asks none of them.
"""
