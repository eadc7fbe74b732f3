"""What keeps the index in step with the stories: Wagtail's and Django's signals."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from broadsheet.search import index
from broadsheet.stories.models import Story


def publication_changed(instance: Story, **kwargs: Any) -> None:
    """Index a story that was published or unpublished, in the transaction that did it."""
    index.engine().put([instance.pk])
    connection = transaction.get_connection()
    within = set(connection.savepoint_ids)
    for sids, waiting, _ in connection.run_on_commit:
        # Where this is undone, a savepoint with it, what waits is dropped as well.
        if isinstance(waiting, _Put) and waiting.news_id == instance.pk and within <= sids:
            waiting.is_done = True


def story_saved(instance: Story, raw: bool = False, **kwargs: Any) -> None:
    """Index a saved story, once what belongs to it is saved as well.

    Only the newsroom's search depends on this: what readers find follows publication. So a
    failure is logged and does not stop the desk.
    """
    if not raw and not _is_waiting(instance.pk):
        transaction.on_commit(_Put(instance.pk), robust=True)


class _Put:
    """Indexes one story after the commit, unless that is done by then."""

    def __init__(self, news_id: int) -> None:
        self.news_id = news_id
        self.is_done = False
        # By this Django names what failed after a commit.
        self.__qualname__ = type(self).__qualname__

    def __call__(self) -> None:
        if not self.is_done:
            index.engine().put([self.news_id])


def _is_waiting(news_id: int) -> bool:
    """Tell whether the story will be indexed by this transaction anyway.

    A story that comes in is saved several times on the way. What was registered within a
    savepoint that may still be rolled back does not count.
    """
    connection = transaction.get_connection()
    within = set(connection.savepoint_ids)
    return any(
        isinstance(waiting, _Put)
        and waiting.news_id == news_id
        and not waiting.is_done
        and sids <= within
        for sids, waiting, _ in connection.run_on_commit
    )


def story_deleted(instance: Story, **kwargs: Any) -> None:
    """Take a deleted story out, in the transaction that deletes it."""
    index.engine().remove([instance.pk])


def refill(**kwargs: Any) -> None:
    """Fill an index that a migration has emptied, for who brings a paper up to date."""
    if Story._meta.db_table not in connection.introspection.table_names():
        return
    state = index.engine().state()
    if state.stories and not state.indexed:
        index.rebuild()
