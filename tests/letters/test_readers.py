from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from broadsheet.letters import readers
from broadsheet.reader_address import address_of


def address(remote: str, forwarded: str = "") -> str:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return address_of(RequestFactory(REMOTE_ADDR=remote).get("/", headers=headers))


def test_what_a_stranger_says_of_himself_is_not_believed(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address("192.0.2.1", "203.0.113.9") == "192.0.2.1"
    settings.TRUSTED_PROXIES = 1
    assert address("127.0.0.1", "1.1.1.1, 203.0.113.9") == "203.0.113.9"
    settings.TRUSTED_PROXIES = 2
    assert address("127.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.1") == "203.0.113.9"
    assert address("127.0.0.1", "203.0.113.9") == "203.0.113.9"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ("192.0.2.1:8080", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("' OR 1=1", "unknown"),
    ],
)
def test_an_address_is_read_as_one_household(remote: str, expected: str) -> None:
    assert address(remote) == expected


def test_marks_differ_by_kind_and_hide_the_value() -> None:
    mark = readers.mark("address", "192.0.2.1")
    assert mark != readers.mark("email", "192.0.2.1")
    assert len(mark) == 64
    assert readers.email_mark(" Ada@Example.org ") == readers.email_mark("ada@example.org")
    assert readers.email_mark(" ") == ""
