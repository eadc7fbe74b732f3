"""Where redirects that came from elsewhere may lead, and where not."""

from __future__ import annotations

import pytest
from wagtail.contrib.redirects.models import Redirect

from broadsheet.newsroom.moving.old_addresses import redirect_from, target_of
from broadsheet.newsroom.moving.records import Filing
from broadsheet.wire.items import WireRedirect
from wire.hostile_words import ADDRESSES


@pytest.mark.parametrize(
    "address",
    ["/news/5/", "/topic/فارسی/", "https://other.example/a?b=c#d", "http://a.example:81/"],
)
def test_the_paper_and_the_web_are_places(address: str) -> None:
    assert target_of(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
        "file:///etc/passwd", "//other.example/", "/\\other.example/", "https:other.example",
        "https://paper.example@other.example/", "http://[::1", "/a\r\nLocation: https://b.example",
        "/\u202egnp.exe", "", "news/5", "/" + "a" * 300, "//other.example/" + "%41" * 90,
    ],
)  # fmt: skip
def test_what_browsers_take_for_something_else_is_none(address: str) -> None:
    assert not target_of(address)


@pytest.mark.django_db
def test_hostile_lists_are_refused_line_by_line() -> None:
    filing = Filing()
    for number, address in enumerate(ADDRESSES):
        told = filing(WireRedirect("redirects.json", f"/old/{number}/", address))
        assert told.kind in {"imported", "refused"}
        assert told.kind == "imported" or told.error
    links = Redirect.objects.values_list("redirect_link", flat=True)
    assert 0 < len(links) < len(ADDRESSES) / 2
    assert all(target_of(link) == link for link in links)


@pytest.mark.django_db
def test_long_addresses_of_the_paper_itself_are_kept_by_their_letters() -> None:
    letters = "ف" * 80
    assert redirect_from(["/old/"], "/topic/" + "%D9%81" * 80 + "/") == (1, ())
    assert Redirect.objects.get().redirect_link == f"/topic/{letters}/"
