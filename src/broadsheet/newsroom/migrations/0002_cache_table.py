"""The table of Django's cache, in which logins that fail are counted for all processes."""

from __future__ import annotations

from django.core.management import call_command
from django.db import migrations


def create_table(apps, schema_editor):
    """Make the tables of all caches that the settings keep in the database."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_seeded_things")]

    operations = [migrations.RunPython(create_table, migrations.RunPython.noop)]
