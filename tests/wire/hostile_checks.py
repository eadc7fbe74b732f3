"""What must hold of whatever the wire makes of anything."""

from __future__ import annotations

import json
import re
from datetime import UTC

from broadsheet.wire.decide import must_wait
from broadsheet.wire.fields import fingerprint, from_fields, plain_paragraphs, to_fields
from broadsheet.wire.intent import intent_of
from broadsheet.wire.items import WireItem
from broadsheet.wire.stream import stream_of

# PostgreSQL takes no zeros in texts, and nothing that UTF-8 has no bytes for.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_YEARS = range(1600, 2201)
_LARGEST_NUMBER = 2**53


def check_item(item: WireItem) -> None:
    """Fail where ``item`` could not be stored, compared or shown."""
    assert item.guid
    assert len(item.guid) <= 1000
    assert len(item.version) <= 100
    assert len(item.origin) <= 2000
    assert len(item.format) <= 40
    assert item.urgency is None or 0 <= item.urgency <= 9
    assert item.news_id is None or 0 < item.news_id < _LARGEST_NUMBER
    for at in (item.published, item.updated, item.embargoed, item.expires):
        assert at is None or (at.tzinfo is UTC and at.year in _YEARS), at
    for comment in item.comments:
        assert comment.written_at.year in _YEARS
    values = to_fields(item)
    stored = json.dumps(values, ensure_ascii=False)
    assert not _UNSTORABLE.search(stored), _UNSTORABLE.findall(stored)[:5]
    stored.encode()
    again = from_fields(json.loads(stored))
    assert fingerprint(again) == fingerprint(item)
    assert plain_paragraphs(again) == plain_paragraphs(item)
    stream_of(item.body)
    intent_of(item)
    must_wait(item)
    assert all(isinstance(said, str) and said for said in item.oddities)
