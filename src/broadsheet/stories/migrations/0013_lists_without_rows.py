from django.db import migrations, models
from django.db.models import Q

_UNTIL = ["embargo_until", "expire_at"]
_ORDER = ["-first_published_at", "-news_id", "live", *_UNTIL]
_LISTS = {
    "story_newest": _ORDER,
    "story_front": ["front_language", *_ORDER],
    "story_section": ["section", *_ORDER],
    "story_section_front": ["section", "front_language", *_ORDER],
}
_PUBLIC = ["news_id", "live", "first_published_at", *_UNTIL, "last_published_at"]


def _replaced(index):
    return [
        migrations.RemoveIndex(model_name="story", name=index.name),
        migrations.AddIndex(model_name="story", index=index),
    ]


class Migration(migrations.Migration):
    dependencies = [("stories", "0012_dated_ties")]

    operations = [
        operation
        for index in (
            *(
                models.Index(fields=fields, condition=Q(live=True), name=name)
                for name, fields in _LISTS.items()
            ),
            models.Index(fields=_PUBLIC, name="story_public"),
        )
        for operation in _replaced(index)
    ]
