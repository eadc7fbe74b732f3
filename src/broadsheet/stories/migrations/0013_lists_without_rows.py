from django.db import migrations, models
from django.db.models import Q

from broadsheet import databases

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


# With fewer it makes no difference, and a new paper has none.
_MANY = 10_000


def _look_at_them(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    if apps.get_model("stories", "Story").objects.count() >= _MANY:
        databases.take_statistics()


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
    # An index that SQLite knows nothing of is passed over where it would be the better one.
    operations.append(migrations.RunPython(_look_at_them, migrations.RunPython.noop))
