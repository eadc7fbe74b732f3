"""What is done to a story's attributions, one verb each: permission, change, history, signal.

``user`` is who acts; ``None`` is the paper itself (the worker, a command), which may do anything.
What readers see is ordered to be pressed again in the same transaction.
"""

from broadsheet.attribution.actions.deciding import (
    add,
    confirm,
    confirm_all_above,
    edit,
    mark_reviewed,
    reject,
    reopen,
)
from broadsheet.attribution.actions.history import may_decide, relations_changed
from broadsheet.attribution.actions.suggesting import fail, suggest
from broadsheet.attribution.actions.wording import (
    KEEP,
    Link,
    Marks,
    TimeValue,
    checked_edtf,
)

__all__ = [
    "KEEP",
    "Link",
    "Marks",
    "TimeValue",
    "add",
    "checked_edtf",
    "confirm",
    "confirm_all_above",
    "edit",
    "fail",
    "mark_reviewed",
    "may_decide",
    "reject",
    "relations_changed",
    "reopen",
    "suggest",
]
