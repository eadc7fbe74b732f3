import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [('press', '0001_initial')]

    operations = [
        migrations.AddField(
            model_name='pressedfile',
            name='digest',
            field=models.CharField(
                editable=False,
                help_text='SHA-256 of the bytes as stored, where they lie in a store that nodes share.',
                max_length=64,
                null=True,
            ),
        ),
        migrations.CreateModel(
            name='PressedChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('address', models.CharField(max_length=300)),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name': 'change of a pressed file',
                'verbose_name_plural': 'changes of pressed files',
            },
        ),
    ]
