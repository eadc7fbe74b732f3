"""Whom the wire asks, by which name, and as whom."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from ipaddress import ip_address
from pathlib import Path

import pytest

from broadsheet.wire.retrievers.addresses import Found, Policy, is_public
from broadsheet.wire.retrievers.errors import RefusedAddressError, RetrieveError
from broadsheet.wire.retrievers.politeness import Politeness
from broadsheet.wire.retrievers.web import Client
from broadsheet.wire.retrievers.web_address import Credentials, WebAddress
from wire.loopback_web import FEED, Web, answer, certificate, client_of, fetched, redirect, serving


def test_redirects_are_followed_and_permanent_ones_told(
    web_server: Web, web_client: Client
) -> None:
    web_server.answers["/old"] = redirect("/newer", "301 Moved Permanently")
    web_server.answers["/newer"] = redirect(web_server.url("/new"), "308 Permanent Redirect")
    web_server.answers["/new"] = redirect("today", "302 Found")
    web_server.answers["/today"] = answer(FEED)
    found = fetched(web_client.fetch(web_server.url("/old")))
    assert (found.content, found.url) == (FEED, web_server.url("/today"))
    # What lies behind a redirect for today is nobody's address.
    assert found.moved_to == web_server.url("/new")
    assert fetched(web_client.fetch(web_server.url("/new"))).moved_to == ""


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://10.0.0.1/admin", "private network"),
        ("http://169.254.169.254/latest/meta-data/", "private network"),
        ("http://[::1]/", "private network"),
        ("http://[::ffff:10.0.0.1]/", "private network"),
        ("http://0x0a000001/", "private network"),
        ("http://167772161/", "private network"),
        ("http://8.8.8.8:22/", "port 22"),
        ("file:///etc/passwd", "http://"),
        ("gopher://8.8.8.8/", "http://"),
        ("http://a..b/", "no address"),
        ("http://[::1", "no address"),
        ("http://x:99999/", "no address"),
        ("http://good.example\\@10.0.0.1/", "no address|no machine|private"),
    ],
)
def test_redirects_to_what_is_not_public_are_refused(
    web_server: Web, location: str, reason: str
) -> None:
    web_server.answers["/"] = redirect(location)
    web_client = client_of(web_server, ports=(80, 443))
    with pytest.raises(RetrieveError, match=reason):
        web_client.fetch(web_server.url())
    assert len(web_server.requests) == 1


def test_circles_and_redirects_to_nowhere_end(web_server: Web, web_client: Client) -> None:
    web_server.answers["/round"] = redirect("/about")
    web_server.answers["/about"] = redirect("/round")
    with pytest.raises(RetrieveError, match="more than 5 times"):
        web_client.fetch(web_server.url("/round"))
    assert len(web_server.requests) == 6
    web_server.answers["/nowhere"] = answer(b"", "302 Found")
    with pytest.raises(RetrieveError, match="302"):
        web_client.fetch(web_server.url("/nowhere"))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "169.254.169.254",
        "172.31.0.1",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::10.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "100::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "5f00::1",
        "64:ff9b::a00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
    ],
)
def test_what_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(RefusedAddressError):
        Policy().check("news.example", address)


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "64:ff9b::808:808",
        "::ffff:8.8.8.8",
        "2002:808:808::1",
    ],
)
def test_what_is_public(address: str) -> None:
    assert is_public(ip_address(address))
    Policy().check("news.example", address)


def test_private_addresses_only_by_the_setting(web_server: Web) -> None:
    web_server.answers["/"] = answer(FEED)
    with pytest.raises(RefusedAddressError, match="BROADSHEET_FETCH_PRIVATE"):
        client_of(web_server, private=()).fetch(web_server.url())
    with pytest.raises(RefusedAddressError):
        client_of(web_server, private=("127.0.0.2", "other.example")).fetch(web_server.url())
    with pytest.raises(RefusedAddressError, match="BROADSHEET_FETCH_PORTS"):
        Client(Policy.of(["127.0.0.1"], [80]), Politeness(0), "").fetch(web_server.url())
    assert web_server.requests == []
    for allowed in ("127.0.0.0/8", "localhost"):
        host = "localhost" if allowed == "localhost" else "127.0.0.1"
        found = client_of(web_server, private=(allowed,)).fetch(web_server.url("/", host))
        assert fetched(found).content == FEED
    for wrong in ("10.0.0.0/99", "a/b", "::x"):
        with pytest.raises(RetrieveError, match="BROADSHEET_FETCH_PRIVATE"):
            Policy.of([wrong], [80])
    with pytest.raises(RetrieveError, match="BROADSHEET_FETCH_PORTS"):
        Policy.of([], ["http"])


def test_a_name_is_looked_up_once_and_every_address_of_it_counts(web_server: Web) -> None:
    """Else a name server that answers differently the second time would lead us home."""
    asked: list[str] = []

    def rebinding(host: str, port: int, seconds: float) -> list[Found]:
        asked.append(host)
        return [(socket.AF_INET, ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    web_server.answers["/"] = answer(FEED)
    web_client = client_of(web_server, look_up=rebinding)
    url = web_server.url("/", "news.example")
    assert fetched(web_client.fetch(url)).content == FEED
    assert asked == ["news.example"]
    assert f"Host: news.example:{web_server.port}\r\n" in web_server.requests[0]
    with pytest.raises(RefusedAddressError):
        web_client.fetch(url)

    def both(host: str, port: int, seconds: float) -> list[Found]:
        return [(socket.AF_INET, (name, port)) for name in ("127.0.0.1", "192.168.0.1")]

    with pytest.raises(RefusedAddressError):
        client_of(web_server, look_up=both).fetch(url)


def test_a_second_address_is_tried_where_the_first_is_dead(web_server: Web) -> None:
    def two(host: str, port: int, seconds: float) -> list[Found]:
        return [(socket.AF_INET, (name, port)) for name in ("127.0.0.2", "127.0.0.1")]

    web_server.answers["/"] = answer(FEED)
    web_client = client_of(web_server, private=("127.0.0.0/8",), look_up=two)
    assert fetched(web_client.fetch(web_server.url("/", "news.example"))).content == FEED


def test_names_that_are_none() -> None:
    web_client = Client(Policy(), Politeness(0), "")
    with pytest.raises(RetrieveError, match=r"no machine called “nobody\.invalid”|looked up"):
        web_client.fetch("http://nobody.invalid/")

    def never(host: str, port: int, seconds: float) -> list[Found]:
        raise TimeoutError

    with pytest.raises(RetrieveError, match="took longer"):
        Client(Policy(), Politeness(0), "", look_up=never).fetch("http://news.example/")


def test_credentials_go_to_their_own_host_alone_and_into_no_message(
    web_server: Web, web_client: Client
) -> None:
    with serving() as other:
        elsewhere = client_of(web_server, ports=(other.port,))
        web_server.answers["/"] = redirect("/same")
        web_server.answers["/same"] = redirect(other.url("/other").replace("//", "//x:y@"))
        other.answers["/other"] = answer(FEED)
        url = web_server.url().replace("//", "//desk:s%2Fcret%20@")
        found = fetched(elsewhere.fetch(url))
    expected = "Authorization: Basic " + base64.b64encode(b"desk:s/cret ").decode()
    assert [expected in head for head in web_server.requests] == [True, True]
    assert "Authorization" not in other.requests[0]
    assert found.url == other.url("/other")
    assert "cret" not in repr(WebAddress.of(url)) + str(WebAddress.of(url))
    web_server.answers["/"] = answer(b"", "401 Unauthorized")
    with pytest.raises(RetrieveError, match="401") as refused:
        web_client.fetch(web_server.url(), credentials=Credentials("desk", "sécret"))
    assert "cret" not in str(refused.value)
    assert base64.b64encode("desk:sécret".encode()).decode() in web_server.requests[-1]


def test_credentials_are_not_sent_after_a_host_that_moves(
    web_server: Web, web_client: Client
) -> None:
    with serving() as other:
        elsewhere = client_of(web_server, ports=(other.port,))
        web_server.answers["/"] = redirect("/here", "301 Moved Permanently")
        web_server.answers["/here"] = redirect(other.url("/there"), "301 Moved Permanently")
        other.answers["/there"] = answer(FEED)
        asking = Credentials("desk", "secret")
        assert fetched(elsewhere.fetch(web_server.url())).moved_to == other.url("/there")
        found = fetched(elsewhere.fetch(web_server.url(), credentials=asking))
        assert found.moved_to == web_server.url("/here")
    first = WebAddress.of("http://news.example/a")
    assert WebAddress.of("https://news.example/b").is_as_safe_as(first)
    assert not first.is_as_safe_as(WebAddress.of("https://news.example/a"))
    assert not WebAddress.of("https://news.example:8443/").is_as_safe_as(first)


def test_tls_is_asked_for_by_name_at_the_address_that_was_checked(
    web_server: Web, tmp_path: Path
) -> None:
    names: list[str | None] = []
    made, trusting = certificate(tmp_path, "news.example")
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    listening.load_cert_chain(made)
    listening.sni_callback = lambda _, name, __: names.append(name)

    def home(host: str, port: int, seconds: float) -> list[Found]:
        return [(socket.AF_INET, ("127.0.0.1", port))]

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

        def serve() -> None:
            for _ in range(3):
                connection, _ = listener.accept()
                try:
                    with listening.wrap_socket(connection, server_side=True) as secure:
                        secure.recv(65536)
                        secure.sendall(answer(FEED))
                except OSError:
                    connection.close()

        thread = threading.Thread(target=serve)
        thread.start()
        asking = client_of(web_server, look_up=home, context=trusting, ports=(port,))
        assert fetched(asking.fetch(f"https://news.example:{port}/")).content == FEED
        with pytest.raises(RetrieveError, match=r"certificate of “other\.example”"):
            asking.fetch(f"https://other.example:{port}/")
        wary = client_of(web_server, look_up=home, ports=(port,))
        with pytest.raises(RetrieveError, match="certificate"):
            wary.fetch(f"https://news.example:{port}/")
        thread.join(5)
    assert names == ["news.example", "other.example", "news.example"]
