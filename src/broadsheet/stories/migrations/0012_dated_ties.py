"""When a story was published stands with its bylines and topics too, so that lists are read."""

import django.db.models.deletion
import modelcluster.fields
from django.db import migrations, models


def date(apps, schema_editor):
    """Write into each tie when its story was first published."""
    story = apps.get_model("stories", "Story")
    published = story.objects.filter(pk=models.OuterRef("story_id")).order_by()
    for name in ("StoryByline", "StoryTopic"):
        apps.get_model("stories", name).objects.update(
            published_at=models.Subquery(published.values("first_published_at"))
        )


def dated(model_name):
    """Return the field of a tie that says when its story was first published."""
    return migrations.AddField(
        model_name,
        "published_at",
        models.DateTimeField(editable=False, null=True, serialize=False),
    )


def by_another_index(model_name, name, to, **options):
    """Have ``name`` be found by the index of lists, which begins with it."""
    field = models.ForeignKey(db_index=False, to=to, **options)
    return migrations.AlterField(model_name, name, field)


class Migration(migrations.Migration):
    dependencies = [("stories", "0011_public"), ("accounts", "__first__")]

    operations = [
        # The table is there: Django made it for the field.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="StoryTopic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "story",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stories.story",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="stories.topic",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "stories_story_topics",
                        "default_permissions": (),
                        "unique_together": {("story", "topic")},
                    },
                ),
                migrations.AlterField(
                    "story",
                    "topics",
                    modelcluster.fields.ParentalManyToManyField(
                        blank=True,
                        related_name="stories",
                        through="stories.StoryTopic",
                        to="stories.topic",
                        verbose_name="topics",
                    ),
                ),
            ]
        ),
        dated("storybyline"),
        dated("storytopic"),
        by_another_index(
            "storybyline",
            "byline",
            "accounts.byline",
            on_delete=django.db.models.deletion.PROTECT,
            related_name="stories",
            verbose_name="byline",
        ),
        by_another_index(
            "storytopic",
            "story",
            "stories.story",
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
        ),
        by_another_index(
            "storytopic",
            "topic",
            "stories.topic",
            on_delete=django.db.models.deletion.CASCADE,
            related_name="+",
        ),
        migrations.AddIndex(
            "storybyline",
            models.Index(fields=["byline", "-published_at", "-story"], name="storybyline_newest"),
        ),
        migrations.AddIndex(
            "storytopic",
            models.Index(fields=["topic", "-published_at", "-story"], name="storytopic_newest"),
        ),
        # At the end: PostgreSQL alters no table whose changed rows it still has to check.
        migrations.RunPython(date, migrations.RunPython.noop, elidable=True),
    ]
