"""Keeps with each story the front it stands on, and reads the fronts by it."""

import broadsheet.stories.languages
import broadsheet.stories.models.front_language
from django.conf import settings
from django.db import migrations, models

from broadsheet.stories.models.front_language import refile


def file_stories(apps, schema_editor):
    """Give the stories that are there their front."""
    refile(apps.get_model("stories", "Story")._base_manager.all())


class Migration(migrations.Migration):

    dependencies = [
        ('stories', '0003_indexes_of_what_is_live'),
        ('wagtailcore', '0098_apitoken'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='story',
            name='story_front',
        ),
        migrations.RemoveIndex(
            model_name='story',
            name='story_section_front',
        ),
        migrations.AddField(
            model_name='story',
            name='front_language',
            field=broadsheet.stories.models.front_language.FrontLanguageField(default='', editable=False, max_length=35, verbose_name='front'),
        ),
        migrations.RunPython(file_stories, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='story',
            name='language',
            field=models.CharField(default=broadsheet.stories.languages.own_language, max_length=35, validators=[broadsheet.stories.languages.validate_language], verbose_name='language'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(condition=models.Q(('live', True)), fields=['front_language', '-first_published_at', '-news_id'], name='story_front'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(condition=models.Q(('live', True)), fields=['section', 'front_language', '-first_published_at', '-news_id'], name='story_section_front'),
        ),
        migrations.AddIndex(
            model_name='story',
            index=models.Index(fields=['language', 'front_language'], name='story_languages'),
        ),
    ]
