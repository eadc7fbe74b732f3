"""The form of what the paper asks of its stories' sources, among the settings."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList

# In the order in which the checks are made, each with what it finds in a text.
_FINDS = (
    ("dangling", _("“The road was closed, reported.” Reported by whom?")),
    (
        "hedge_not_in_headline",
        _("“Army closes road” above “The army has reportedly closed the road”."),
    ),
    ("single_source", _("Chains count by their origin: two agencies that repeat one are one.")),
    ("only_unnamed", _("“A senior general”, “local residents”, and no name besides.")),
    ("long_chain", _("Local residents told an agency, and the agency told this paper.")),
    ("unresolved_date", _("“The other day”: readers cannot tell when that was.")),
    ("unattributed", _("Neither a source nor the paper’s own witness is named for it.")),
)


def policy_panels() -> ObjectList:
    """Return the panels of the form: one line a check, then what readers see."""
    checks = [
        FieldPanel(name, help_text=finds, widget=forms.RadioSelect, classname="policy-check")
        for name, finds in _FINDS
    ]
    return ObjectList(
        [
            MultiFieldPanel(
                checks,
                heading=_("Before publication"),
                help_text=_(
                    "A warning is shown on the form and when the story is published. A stop holds "
                    "back every version that people publish, approve or schedule, until it is put "
                    "right; also while a text is still being read. Archives that are imported "
                    "are never held back."
                ),
                classname="policy-checks",
            ),
            MultiFieldPanel(
                [FieldPanel("suggestions", widget=forms.RadioSelect)], heading=_("For readers")
            ),
        ]
    )
