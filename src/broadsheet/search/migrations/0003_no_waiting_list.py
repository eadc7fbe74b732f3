from django.db import migrations

TABLES = ("search_public", "search_drafts")


def have_none(apps, schema_editor):
    # PostgreSQL lets what is new to a GIN index wait in a list of up to 4 MB, which each question
    # then reads whole, or reads all stories instead: a second where it is 10 ms without.
    # https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER INDEX {table}_tokens SET (fastupdate = off)")
            schema_editor.execute(f"SELECT gin_clean_pending_list('{table}_tokens')")


def have_one(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in TABLES:
            schema_editor.execute(f"ALTER INDEX {table}_tokens RESET (fastupdate)")


class Migration(migrations.Migration):

    dependencies = [("search", "0002_levels")]

    operations = [migrations.RunPython(have_none, have_one, elidable=False)]
