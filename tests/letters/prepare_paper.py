"""Run in a home of its own: two stories that take letters, and a chief who may do everything."""

from __future__ import annotations

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.settings"
django.setup()

from broadsheet.accounts.models import User  # noqa: E402
from broadsheet.press.actions import press_orders  # noqa: E402
from broadsheet.stories.models import Section, Story  # noqa: E402

section = Section.objects.create(slug="world", name="World")
for headline, language in (("A bridge opens", "en"), ("پل تازه گشوده شد", "fa")):
    story = Story.objects.create(headline=headline, section=section, language=language, live=False)
    story.save_revision().publish()
User.objects.create_superuser("chief", password="chief-of-the-paper")
press_orders()
