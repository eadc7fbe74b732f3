"""Retrievers: where bytes come from. In goes a place, out come bytes with their origin.

A retriever knows nothing of formats. What it cannot get it hands on as ``Unreadable``, with
the reason, so that the rest of the batch goes on.
"""
