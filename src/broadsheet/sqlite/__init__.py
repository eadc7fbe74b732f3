"""SQLite as the paper uses it: Django's own, but that JSON is stored without escapes.

Named in the settings as a database's ``ENGINE`` (:mod:`broadsheet.databases`).
"""
