from django.db import migrations

TABLES = ("search_public", "search_drafts")

# Within a function PostgreSQL plans for any values. It takes a stretch of places for so narrow that
# in a table of some thousand stories it reads them all instead of asking the index of tokens.
BY_TOKENS = "tokens @@ asked AND place + 0 >= first AND place + 0 < until"
BY_WHAT_SEEMS_LESS = "tokens @@ asked AND place >= first AND place < until"


def _define(schema_editor, condition):
    if schema_editor.connection.vendor != "postgresql":
        return
    for table in TABLES:
        schema_editor.execute(
            f"CREATE OR REPLACE FUNCTION {table}_places(asked tsquery, first bigint, until bigint) "
            "RETURNS SETOF bigint LANGUAGE sql STABLE SET enable_seqscan = off "
            f"SET enable_indexscan = off AS $$ SELECT place FROM {table} WHERE {condition} $$"
        )


def always_by_tokens(apps, schema_editor):
    _define(schema_editor, BY_TOKENS)


def as_it_seems(apps, schema_editor):
    _define(schema_editor, BY_WHAT_SEEMS_LESS)


class Migration(migrations.Migration):

    dependencies = [("search", "0003_no_waiting_list")]

    operations = [migrations.RunPython(always_by_tokens, as_it_seems, elidable=False)]
