"""Which of the paper's fronts a story stands on, kept with the story."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from broadsheet.stories.languages import front_language_of


class FrontLanguageField(models.CharField):  # type: ignore[type-arg]
    """Holds ``languages.front_language_of`` the model's ``language``.

    Written with every row, so that stories stored in bulk, which are never saved one by one,
    have it as well.
    """

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return, and set, the value that is stored."""
        value = front_language_of(getattr(model_instance, "language"))  # noqa: B009
        setattr(model_instance, self.attname, value)
        return value


@transaction.atomic
def refile(stories: models.QuerySet[Any]) -> int:
    """Bring the front language of ``stories`` up to the languages the paper has now.

    Returns how many were changed. The pairs that occur are few and read from an index, so that
    asking costs little where nothing has changed.
    """
    pairs = stories.order_by().values_list("language", "front_language").distinct()
    changed = 0
    for language, kept in list(pairs):
        if kept != (wanted := front_language_of(language)):
            changed += stories.filter(language=language, front_language=kept).update(
                front_language=wanted
            )
    return changed
