"""What may stand in a letter's form, and what is said of what may not."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from broadsheet.letters import wording

NAME = 60
EMAIL = 254
TEXT = 3000


class LetterForm(forms.Form):
    """The words of a letter. The key and the proof are judged apart: they need a visitor.

    ``subject`` is a trap: hidden from people, so only machines fill it in. The field must not
    be called what browsers fill in of themselves.
    """

    name = forms.CharField(
        strip=False,
        error_messages={"required": _("Give a name to sign the comment with.")},
    )
    email = forms.EmailField(
        required=False,
        max_length=EMAIL,
        error_messages={"invalid": _("This is no e-mail address. You may leave it out.")},
    )
    text = forms.CharField(
        strip=False, error_messages={"required": _("There is no text yet: write your comment.")}
    )
    answer = forms.CharField(
        strip=False, error_messages={"required": _("Type the six digits of the security key.")}
    )
    key = forms.CharField(required=False, max_length=64)
    work = forms.CharField(required=False)
    subject = forms.CharField(required=False)

    altered = False

    def clean_name(self) -> str:
        """Return the name on one line, without what acts unseen."""
        name, altered = wording.clean_line(self.cleaned_data["name"])
        self.altered = self.altered or altered
        if not wording.folded(name):
            raise ValidationError(self.fields["name"].error_messages["required"])
        if len(name) > NAME:
            message = _("The name is too long: %(length)d characters, at most %(most)d.")
            raise ValidationError(message % {"length": len(name), "most": NAME})
        return name

    def clean_text(self) -> str:
        """Return the text without what acts unseen."""
        text, altered = wording.clean(self.cleaned_data["text"])
        self.altered = self.altered or altered
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"])
        if len(text) > TEXT:
            message = _("The comment is too long: %(length)d characters, at most %(most)d.")
            raise ValidationError(message % {"length": len(text), "most": TEXT})
        return text
