"""An IMAP mailbox: each message once, only what fits, nothing deleted, no password shown."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from broadsheet.wire.incoming import Incoming, Unreadable
from broadsheet.wire.retrievers import mailbox
from broadsheet.wire.retrievers.addresses import Found, Policy
from broadsheet.wire.retrievers.errors import RefusedAddressError, RetrieveError
from broadsheet.wire.retrievers.imap import folder_name
from broadsheet.wire.retrievers.mailbox import Mailbox
from broadsheet.wire.retrievers.retrieved import Retrieval
from wire.loopback_mail import Mail, delivering
from wire.loopback_web import certificate

FLASH = b"Subject: Ferry leaves\r\n\r\nThe ferry left the harbour at noon.\r\n"


@pytest.fixture
def mail() -> Iterator[Mail]:
    with delivering() as running:
        yield running


def _box(mail: Mail, **fields: Any) -> Mailbox:
    box = Mailbox.of(f"imap://desk%40paper.example@127.0.0.1:{mail.port}", "sécret")
    return replace(box, **fields)


def _retrieve(
    mail: Mail, state: dict[str, Any] | None = None, box: Mailbox | None = None, **options: Any
) -> Retrieval:
    policy = Policy.of(["127.0.0.1"], [mail.port])
    options = {"policy": policy, "seconds": 5.0, **options}
    return mailbox.retrieve(box or _box(mail), state or {}, **options)


def _take(mail: Mail, state: dict[str, Any] | None = None, **options: Any) -> list[bytes]:
    """Take everything and call it done; what is learnt is left in ``state``."""
    state = {} if state is None else state
    contents = []
    retrieval = _retrieve(mail, state, **options)
    for one in retrieval:
        assert isinstance(one.incoming, Incoming)
        contents.append(one.incoming.content)
        one.done()
    state.update(json.loads(json.dumps(retrieval.state)))
    return contents


def test_messages_come_once_and_are_marked_when_they_are_stored(mail: Mail) -> None:
    first = mail.put(FLASH)
    read = mail.put(b"read by somebody before", "\\Seen")
    mail.put(b"thrown away", "\\Deleted")
    state: dict[str, Any] = {}
    retrieval = _retrieve(mail)
    for one in retrieval:
        assert one.incoming == Incoming(FLASH, "imap://127.0.0.1/INBOX;UID=1", "message/rfc822")
        assert first.flags == set()
        one.done()
        one.done()
        assert first.flags == {"\\Seen"}
    state = retrieval.state
    assert _take(mail, state) == []
    # Who reads along takes nothing away from the wire.
    mail.put(b"new, and looked at already", "\\Seen")
    assert _take(mail, state) == [b"new, and looked at already"]
    assert _take(mail, state) == []
    assert read.flags == {"\\Seen"}
    said = " ".join(mail.said)
    assert "BODY.PEEK[]" in said
    assert "EXPUNGE" not in said
    assert "Deleted" not in said
    assert said.count("STORE") == 2
    assert said.count("LOGOUT") == 4


def test_what_was_not_stored_comes_again_and_what_was_does_not(mail: Mail) -> None:
    for text in (b"one", b"two", b"three"):
        mail.put(text)
    retrieval = _retrieve(mail)
    for one in retrieval:
        assert isinstance(one.incoming, Incoming)
        if one.incoming.content != b"two":
            one.done()
    known = {"mailbox": "imap://127.0.0.1/INBOX", "uidvalidity": 7, "first": 3}
    assert retrieval.state == {**known, "last": 1, "settled": [3]}
    state = json.loads(json.dumps(retrieval.state))
    assert _take(mail, state) == [b"two"]
    assert state == {**known, "last": 3, "settled": []}


def test_a_turn_is_bounded_and_so_is_a_message(mail: Mail) -> None:
    for number in range(4):
        mail.put(b"%d" % number)
    mail.folders["INBOX"][1].content = bytes(3000)
    state: dict[str, Any] = {}
    seen = []
    for _ in range(2):
        retrieval = _retrieve(mail, state, limit=2, size=2000)
        for one in retrieval:
            if isinstance(one.incoming, Unreadable):
                seen.append(one.incoming.origin)
                one.failed(one.incoming.reason)
            else:
                one.done()
        state = retrieval.state
    assert seen == ["imap://127.0.0.1/INBOX;UID=2"]
    assert [each.flags for each in mail.folders["INBOX"]] == [
        {"\\Seen"}, {"\\Flagged"}, {"\\Seen"}, {"\\Seen"},
    ]  # fmt: skip
    assert not any("FETCH 2 (UID BODY" in said for said in mail.said)


def test_messages_are_moved_where_that_is_wished_and_can_be(mail: Mail) -> None:
    mail.put(b"good")
    mail.put(b"bad")
    box = _box(mail, done_folder="Erledigt & weg", failed_folder="Überprüfen")
    for one in _retrieve(mail, box=box):
        assert isinstance(one.incoming, Incoming)
        if one.incoming.content == b"good":
            one.done()
        else:
            one.failed("It has no story.")
    assert {name: [each.content for each in box] for name, box in mail.folders.items()} == {
        "INBOX": [], "Erledigt &- weg": [b"good"], "&ANw-berpr&APw-fen": [b"bad"],
    }  # fmt: skip
    # Without the extension (RFC 6851) it could only be copied and deleted.
    mail.abilities = "IMAP4rev1 AUTH=PLAIN"
    last = mail.put(b"third")
    assert _take(mail, box=box) == [b"third"]
    assert mail.folders["INBOX"] == [last]
    assert last.flags == {"\\Seen"}


def test_a_mailbox_that_was_made_anew_is_looked_at_anew(mail: Mail) -> None:
    mail.put(b"one")
    state: dict[str, Any] = {}
    assert _take(mail, state) == [b"one"]
    mail.uidvalidity = 8
    mail.put(b"two")
    assert _take(mail, state) == [b"two"]
    assert (state["uidvalidity"], state["last"]) == (8, 2)
    # So is another folder, whatever its numbers.
    mail.folders["Wire"] = [replace(mail.folders["INBOX"][0], flags=set())]
    assert _take(mail, state, box=_box(mail, folder="Wire")) == [b"one"]


def test_a_mailbox_that_may_only_be_read_is_read(mail: Mail) -> None:
    mail.is_writable = False
    message = mail.put(b"one")
    state: dict[str, Any] = {}
    assert _take(mail, state) == [b"one"]
    assert _take(mail, state) == []
    assert message.flags == set()


def test_a_message_that_goes_meanwhile_is_no_failure(mail: Mail) -> None:
    for text in (b"one", b"two"):
        mail.put(text)
    mail.answers["UID SEARCH"] = b"* SEARCH 1 2 9\r\nTAG OK done\r\n"
    retrieval = _retrieve(mail)
    iterated = iter(retrieval)
    next(iterated).done()
    mail.folders["INBOX"].clear()
    one = next(iterated)
    assert isinstance(one.incoming, Unreadable)
    one.failed(one.incoming.reason)
    assert list(iterated) == []
    assert retrieval.state["last"] == 9


def test_an_end_in_between_says_good_bye(mail: Mail) -> None:
    mail.put(b"one")
    mail.put(b"two")
    iterated = iter(_retrieve(mail))
    next(iterated)
    iterated.close()  # type: ignore[attr-defined]
    assert mail.said[-1] == "LOGOUT"


# --- Who may enter -----------------------------------------------------------------------------


def test_letters_of_any_kind_may_be_in_a_password(mail: Mail) -> None:
    mail.put(b"one")
    assert _take(mail) == [b"one"]
    mail.abilities = "IMAP4rev1"
    mail.password = 'pass"word'
    assert _take(mail, box=_box(mail, password='pass"word', user='the "desk"')) == [b"one"] * 0
    assert 'LOGIN "the \\"desk\\"" "pass\\"word"' in mail.said


@pytest.mark.parametrize("abilities", ["IMAP4rev1 AUTH=PLAIN", "IMAP4rev1"])
def test_a_wrong_password_is_told_without_being_shown(mail: Mail, abilities: str) -> None:
    mail.abilities = abilities
    for password in ("wrong-one", "wrong-öne", "wrong\r\nA1 DELETE INBOX"):
        box = _box(mail, password=password)
        assert "wrong" not in repr(box) + str(box)
        with pytest.raises(RetrieveError) as refused:
            list(_retrieve(mail, box=box))
        assert "wrong" not in str(refused.value)
        assert "desk" not in str(refused.value)
    assert not any("DELETE" in said for said in mail.said)
    mail.password = "secret"
    with pytest.raises(RetrieveError, match="no folder “Wire”"):
        list(_retrieve(mail, box=_box(mail, folder="Wire", password="secret")))


def test_private_machines_and_open_passwords_are_refused(mail: Mail) -> None:
    with pytest.raises(RefusedAddressError, match="BROADSHEET_FETCH_PRIVATE"):
        list(_retrieve(mail, policy=Policy.of([], [mail.port])))
    with pytest.raises(RefusedAddressError, match="BROADSHEET_FETCH_PORTS"):
        list(_retrieve(mail, policy=Policy.of(["127.0.0.1"], [993])))
    assert mail.said == []


def test_the_password_goes_by_tls_to_whom_it_is_meant_for(tmp_path: Path) -> None:
    file, trusting = certificate(tmp_path, "mail.example")
    listening = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    listening.load_cert_chain(file)

    def home(host: str, port: int, seconds: float) -> list[Found]:
        return [(socket.AF_INET, ("127.0.0.1", port))]

    with delivering(listening) as mail:
        mail.put(FLASH)
        box = Mailbox.of(f"imaps://desk@mail.example:{mail.port}/INBOX", "sécret")
        assert _take(mail, box=box, look_up=home, context=trusting) == [FLASH]
        other = replace(box, host="other.example")
        said = len(mail.said)
        with pytest.raises(RetrieveError, match="certificate"):
            list(_retrieve(mail, box=other, look_up=home, context=trusting))
        assert len(mail.said) == said


def test_addresses_of_mailboxes() -> None:
    box = Mailbox.of("imaps://a%40b.example@mail.example/Wire/AFP%20in", "x", done_folder="Done")
    assert (box.host, box.user, box.port) == ("mail.example", "a@b.example", 993)
    assert (box.folder, box.is_secure, box.done_folder) == ("Wire/AFP in", True, "Done")
    assert str(box) == "imaps://mail.example/Wire/AFP%20in"
    for wrong in ("", "https://a@b/", "imaps://mail.example/", "imaps://a:b@c/", "imaps://a@b:x/"):
        with pytest.raises(RefusedAddressError):
            Mailbox.of(wrong, "x")
    assert folder_name("Tom & Jerry, 台北") == '"Tom &- Jerry, &U,BTFw-"'
    with pytest.raises(RetrieveError):
        folder_name("INBOX\r\nA1 DELETE INBOX")


# --- Servers that misbehave --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n"),
        ("UID FETCH", b"* 1 FETCH (UID 1 BODY[] {-5}\r\nx)\r\nTAG OK\r\n"),
        ("UID FETCH", b"x" * 2_000_000 + b"\r\n"),
        ("UID FETCH", b"* 1 FETCH (FLAGS ())\r\n" * 300_000),
        ("UID SEARCH", b"TAG BAD no\r\n"),
        ("UID SEARCH", b"\xff\xfe\x00\r\n"),
        ("SELECT", b"* OK [UIDVALIDITY\r\nTAG"),
        ("CAPABILITY", b"* BYE go away\r\n"),
        ("AUTHENTICATE", b"TAG NO [ALERT] s\xc3\xa9cret is wrong\r\n"),
    ],
)
def test_answers_without_sense_or_end_are_refused(mail: Mail, command: str, answer: bytes) -> None:
    mail.put(FLASH)
    mail.answers[command] = answer
    began = time.monotonic()
    with pytest.raises(RetrieveError) as refused:
        list(_retrieve(mail, seconds=0.5))
    assert "cret" not in str(refused.value)
    assert time.monotonic() - began < 5


def test_a_server_that_is_silent_or_no_mail_server_is_left(mail: Mail) -> None:
    for greeting in (b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"* BYE full\r\n", b"x"):
        mail.greeting = greeting
        with pytest.raises(RetrieveError) as refused:
            list(_retrieve(mail, seconds=0.3))
        assert refused.value.is_temporary


def test_what_cannot_be_marked_was_stored_all_the_same(mail: Mail) -> None:
    mail.put(b"one")
    mail.answers["UID STORE"] = b"TAG NO full\r\n"
    state: dict[str, Any] = {}
    assert _take(mail, state) == [b"one"]
    assert _take(mail, state) == []
