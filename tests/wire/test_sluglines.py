from __future__ import annotations

import pytest

from broadsheet.wire.sluglines import base


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BC-Harbor-Fire, 2nd Ld-Writethru", "BC-Harbor-Fire--KILL", True),
        ("BC-AS--Harbor Fire,3rd Ld", "BC-AS--Harbor Fire", True),
        ("BC-Harbor-Fire", "BC-Harbor-Strike", False),
        ("BC-Harbor-Fire", "BC-Harbor-Fire-Victims", False),
    ],
)
def test_sluglines_of_one_story(one: str, other: str, same: bool) -> None:
    assert (base(one) == base(other)) is same


@pytest.mark.parametrize("slugline", ["", "BC--KILL", "BC-US 1st Ld", "12 30"])
def test_what_names_no_story_has_no_base(slugline: str) -> None:
    assert base(slugline) == frozenset()
