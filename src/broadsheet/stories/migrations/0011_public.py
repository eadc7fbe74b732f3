from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stories", "0010_translations")]

    operations = [
        migrations.AddIndex(
            model_name="story",
            index=models.Index(
                fields=["news_id", "live", "first_published_at", "embargo_until", "expire_at"],
                name="story_public",
            ),
        ),
    ]
