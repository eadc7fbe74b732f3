from django.db import migrations

TABLES = ("search_public", "search_drafts")
OLD_COLUMNS = "headline, lead, body, captions, names, headline_other, other, marks"


def clear(apps, schema_editor):
    # What is remembered was cut for the old tables: the index is filled anew from the stories.
    apps.get_model("search", "IndexedStory").objects.all().delete()


def create_tables(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(f"DROP TABLE {table}")
            # No positions and no lengths: what a word says is a token of its own
            # (search.impacts). Tokens have a space between and nothing else is cut.
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING fts5"
                "(tokens, content='', detail='none', columnsize=0, tokenize='ascii')"
            )
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE search_words (place bigint PRIMARY KEY, public boolean NOT NULL, "
            "tokens tsvector NOT NULL)"
        )
        for name, condition in (("public", "public"), ("drafts", "NOT public")):
            schema_editor.execute(
                f"CREATE INDEX search_words_{name} ON search_words "
                f"USING gin (tokens) WHERE {condition}"
            )


def drop_tables(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for table in TABLES:
            schema_editor.execute(f"DROP TABLE {table}")
            schema_editor.execute(
                f"CREATE VIRTUAL TABLE {table} USING "
                f"fts5({OLD_COLUMNS}, content='', tokenize='ascii')"
            )
    elif schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):

    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunPython(clear, clear, elidable=False),
        migrations.RunPython(create_tables, drop_tables, elidable=False),
    ]
