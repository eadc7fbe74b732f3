"""The ASGI application: the newsstand in front, Django behind it, each request counted."""

from __future__ import annotations

import os
import warnings
from typing import cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "broadsheet.settings")
_django = get_asgi_application()

# The rest can be imported only now that Django is set up.
from django.conf import settings  # noqa: E402

from broadsheet import garbage  # noqa: E402
from broadsheet.newsstand import figures  # noqa: E402
from broadsheet.newsstand.application import Application, Elsewhere, Newsstand  # noqa: E402
from broadsheet.newsstand.intake import Intake  # noqa: E402
from broadsheet.newsstand.journal import Journal  # noqa: E402
from broadsheet.newsstand.lookup import StoreLookup  # noqa: E402
from broadsheet.newsstand.shelf import Shelf  # noqa: E402
from broadsheet.object_stores import store_at  # noqa: E402
from broadsheet.press import mirror_notes  # noqa: E402
from broadsheet.press.warm import warm_up  # noqa: E402

# The newsroom's own style sheets and uploads come as synchronous streams, which Django reads
# whole in a thread; they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")


# Bytes of pages, in all processes that hand out nothing else, and in each of them if they are many.
_HELD = 64 * 2**20
_HELD_BY_EACH = 8 * 2**20


def _uncounted(path: str, status: int, seconds: float) -> None:
    """Count nothing: the newsstand counts its own answers."""


def _elsewhere() -> Elsewhere | None:
    if settings.PRESS_STORE is None:
        return None
    note = settings.HOME / mirror_notes.FILE_NAME
    return StoreLookup(store_at(settings.PRESS_STORE), note)


def _assemble() -> Application:
    behind = Journal(
        # Typed for dictionaries, which is what uvicorn passes.
        Intake(cast(Application, _django)),
        count=figures.count,
        quiet=settings.REQUEST_LOG != "dynamic",
        trusting=settings.TRUSTED_PROXIES > 0,
    )
    newsstand = Newsstand(
        Shelf(
            settings.PRESSED_ROOT,
            https=settings.BASE_URL.startswith("https://"),
            capacity=max(_HELD // max(1, settings.PAGE_WORKERS), _HELD_BY_EACH),
        ),
        behind,
        hits=figures.HITS,
        unchanged=figures.UNCHANGED,
        misses=figures.MISSES,
        elsewhere=_elsewhere(),
    )
    if settings.REQUEST_LOG == "all":
        return Journal(newsstand, count=_uncounted, quiet=False)
    return newsstand


application = _assemble()

# Before the first request, which may be a publication.
warm_up()
garbage.freeze_what_stays()
