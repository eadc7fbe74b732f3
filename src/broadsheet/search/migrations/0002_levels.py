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
        for table in TABLES:
            schema_editor.execute(
                f"CREATE TABLE {table} (place bigint PRIMARY KEY, tokens tsvector NOT NULL)"
            )
            schema_editor.execute(f"CREATE INDEX {table}_tokens ON {table} USING gin (tokens)")
            # The planner takes reading the whole table for cheap, since it does not reckon with
            # unpacking each row's tokens: a hundred times what the index costs.
            schema_editor.execute(
                f"CREATE FUNCTION {table}_places(asked tsquery, first bigint, until bigint) "
                "RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off "
                "SET enable_indexscan = off AS $$ "
                f"SELECT place FROM {table} "
                "WHERE tokens @@ asked AND place >= first AND place < until $$"
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
        for table in TABLES:
            schema_editor.execute(f"DROP FUNCTION {table}_places")
            schema_editor.execute(f"DROP TABLE {table}")


class Migration(migrations.Migration):

    dependencies = [("search", "0001_initial")]

    operations = [
        migrations.RunPython(clear, clear, elidable=False),
        migrations.RunPython(create_tables, drop_tables, elidable=False),
    ]
