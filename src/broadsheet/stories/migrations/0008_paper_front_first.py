from django.db import migrations
from django.db.models import F, OrderBy


class Migration(migrations.Migration):
    dependencies = [
        ("stories", "0007_moving_house"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="front",
            options={
                "ordering": [OrderBy(F("section__position"), nulls_first=True), "language"],
                "verbose_name": "front",
                "verbose_name_plural": "fronts",
            },
        ),
    ]
