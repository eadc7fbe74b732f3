"""The wire, as journalists see it: the queue, each item as it came, channels and alerts.

In come people with permissions and what ``broadsheet.wire`` keeps; out go the verbs of
``actions.wire_queue``. Nothing here fetches: what an item names at another address is shown as
text, and no picture is drawn whose bytes are not stored.
"""
