from django.db import migrations, models

TABLES = ("search_public", "search_drafts")
COLUMNS = "headline, lead, body, captions, names, headline_other, other, marks"


def create_tables(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in TABLES:
        # The words are cut before they come here (search.words), so the plainest tokenizer
        # does: it splits at the spaces between them and leaves all beyond ASCII alone.
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {table} USING fts5({COLUMNS}, content='', tokenize='ascii')"
        )


def drop_tables(apps, schema_editor):
    if schema_editor.connection.vendor != "sqlite":
        return
    for table in TABLES:
        schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='IndexedStory',
            fields=[
                ('place', models.BigIntegerField(primary_key=True, serialize=False)),
                ('news_id', models.PositiveBigIntegerField(unique=True)),
                ('public', models.BooleanField()),
                ('until', models.DateTimeField(null=True)),
                ('tokens', models.BinaryField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('until__isnull', False)), fields=['until'], name='indexed_until')],
            },
        ),
        migrations.RunPython(create_tables, drop_tables, elidable=False),
    ]
