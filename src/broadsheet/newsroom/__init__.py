"""Newsroom: what only the desk sees and does.

In come journalists, and wire items that were decided; out go drafts, published stories and
curated fronts, each through one verb in ``actions`` that holds permission, log and signal.
It refuses what a role may not do, and publication before an embargo.
"""
