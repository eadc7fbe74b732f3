"""deploy/nginx.conf for real: nginx hands out what the newsstand does, and asks for the rest."""

from __future__ import annotations

import getpass
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

Ask = Callable[..., Any]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"

pytestmark = [
    pytest.mark.flow,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]


class _Broadsheet(BaseHTTPRequestHandler):
    """Stands for Broadsheet behind nginx, and tells what it was asked."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(404)
        self.send_header("X-From", "django")
        self.send_header("X-Path", self.path)
        self.send_header("X-For", self.headers.get("X-Forwarded-For", ""))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_POST = do_GET  # noqa: N815 - as the library calls them

    def log_message(self, *args: object) -> None:
        """Say nothing."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def nginx(pressed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of an nginx with our configuration, before a stand-in for Broadsheet."""
    behind = ThreadingHTTPServer(("127.0.0.1", 0), _Broadsheet)
    threading.Thread(target=behind.serve_forever, args=(0.02,), daemon=True).start()
    port = _free_port()
    site = SITE.read_text("utf-8")
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("    listen [::]:80;\n", ""),
        ("/var/lib/broadsheet/pressed", str(pressed)),
        ("127.0.0.1:8000", f"127.0.0.1:{behind.server_port}"),
    ):
        assert documented in site
        site = site.replace(documented, here)
    (tmp_path / "site.conf").write_text(site)
    scratch = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    # As root, nginx would take another user, who may not enter the folder of the tests.
    user = "user root;" if getpass.getuser() == "root" else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user} daemon off; pid {tmp_path}/pid; error_log {tmp_path}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {scratch} include {tmp_path}/site.conf; }}\n"
    )
    command = [str(NGINX), "-c", str(tmp_path / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
        process.terminate()
    behind.shutdown()
    behind.server_close()


SAME = (
    "content-type",
    "cache-control",
    "access-control-allow-origin",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "content-encoding",
)


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_nginx_answers_as_the_newsstand_does(
    nginx: str, ask: Ask, write_pressed: Callable[..., Path], accepted: str
) -> None:
    write_pressed("news/0/7.html", b"the seventh story")
    write_pressed("news/1000/1000000.json", b"{}")
    write_pressed("news/0/7.attributions.json", b"[]")
    for path in (
        "/",
        "/news/207166/",
        "/news/207166.json",
        "/news/7/",
        "/news/1000000.json",
        "/news/207166/attributions.json",
        "/news/7/attributions.json",
        "/section/world/",
        "/feeds/all.rss",
        "/feeds/all.atom",
        "/feeds/all.json",
        "/sitemap.xml",
        "/robots.txt",
        "/.well-known/security.txt",
        "/assets/paper.abc123.css",
        "/photos/12/wide.jpg",
    ):
        ours = ask(path, accept_encoding=accepted)
        theirs = requests.get(
            nginx + path, headers={"Accept-Encoding": accepted}, stream=True, timeout=9
        )
        assert (theirs.status_code, ours.status) == (200, 200), path
        assert theirs.raw.read(decode_content=False) == ours.body, path
        for name in SAME:
            assert theirs.headers.get(name) == ours.headers.get(name), (path, name)
        if "vary" in ours.headers:
            assert theirs.headers["vary"].lower() == ours.headers["vary"]
        again = requests.get(
            nginx + path,
            headers={"Accept-Encoding": "gzip", "If-None-Match": theirs.headers["etag"]},
            timeout=9,
        )
        assert again.status_code == 304, path


@pytest.mark.parametrize(
    "path",
    [
        "/news/9/",
        "/2009/old-page?id=7",
        "/search/?q=helicopter",
        "/newsroom/",
        "/letters/207166/",
        "/healthz",
        "/metrics",
        "/news/207/207166.html",
        "/news/207/207166.html.gz",
        "/news/207/207166.json",
        "/news/207/207166.attributions.json",
        "/news/9/attributions.json",
        "/news/207/",
        "/news/207166/207166.html",
        "/attributions/news/207166/attributions.json",
        "/section/world/index.html",
        "/section/.world/",
        "/feeds/.press-0123456789abcdef",
        "/.press-0123456789abcdef",
        "/index.html",
        "/.git/config",
        "/news/207166",
        "/a%20b/%D8%A7/",
    ],
)
def test_nginx_asks_broadsheet_for_the_rest(nginx: str, pressed: Path, path: str) -> None:
    for folder in (pressed, pressed / "feeds"):
        (folder / ".press-0123456789abcdef").write_bytes(b"half a page")
    answer = requests.get(
        nginx + path, headers={"X-Forwarded-For": "6.6.6.6"}, timeout=9, allow_redirects=False
    )
    assert answer.headers["X-From"] == "django"
    # As the client sent it, whatever was rewritten on the way.
    assert answer.headers["X-Path"] == path
    assert answer.headers["X-For"] == "127.0.0.1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" not in answer.headers


def test_nginx_follows_no_link_out_of_the_folder(nginx: str, pressed: Path) -> None:
    secret = pressed.parent / "secret.txt"
    secret.write_text("the secret of the house")
    (pressed / "linked.jpg").symlink_to(secret)
    answer = requests.get(f"{nginx}/linked.jpg", timeout=9)
    assert answer.headers["X-From"] == "django"
    assert "secret" not in answer.text


def test_nor_where_the_name_of_the_file_is_ours(nginx: str, pressed: Path) -> None:
    secret = pressed.parent / "secret.txt"
    secret.write_text("the secret of the house")
    name = "section/linked/index.html.gz"
    (pressed / name).parent.mkdir(exist_ok=True)
    (pressed / name).symlink_to(secret)
    gzipped = {"Accept-Encoding": "gzip"}
    answer = requests.get(f"{nginx}/section/linked/", headers=gzipped, timeout=9)
    assert answer.headers["X-From"] == "django"


def test_a_linked_folder_leads_to_no_file_that_is_not_named_as_ours(
    nginx: str, pressed: Path
) -> None:
    outside = pressed.parent / "outside"
    outside.mkdir()
    for name in ("secret.txt", "secret.txt.gz", "207200.jpg"):
        (outside / name).write_text("the secret of the house")
    for link in ("linked", "news/208", "feeds/linked", "photos/linked"):
        (pressed / link).parent.mkdir(exist_ok=True)
        (pressed / link).symlink_to(outside)
        for name in ("secret.txt", "207200.jpg", ""):
            answer = requests.get(f"{nginx}/{link}/{name}", timeout=9)
            assert answer.headers["X-From"] == "django", (link, name)


def test_what_is_taken_away_is_gone_at_once(nginx: str, pressed: Path) -> None:
    with requests.Session() as reader:
        assert reader.get(f"{nginx}/news/207166/").status_code == 200
        (pressed / "news/207/207166.html.gz").unlink()
        assert reader.get(f"{nginx}/news/207166/").headers["X-From"] == "django"


def test_a_letter_goes_through(nginx: str) -> None:
    assert requests.post(f"{nginx}/letters/7/", timeout=9).headers["X-From"] == "django"
    assert requests.post(f"{nginx}/news/207166/", timeout=9).headers["X-From"] == "django"
