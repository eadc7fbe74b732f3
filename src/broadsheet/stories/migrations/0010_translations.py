from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0009_desk_lists")]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                condition=models.Q(("translation_of__isnull", False)),
                fields=["translation_of"],
                name="story_translated",
            ),
        ),
    ]
