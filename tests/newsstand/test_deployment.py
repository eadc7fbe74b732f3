"""What is handed out for two nodes: a profile of compose.yaml, settings, nginx before both."""

from __future__ import annotations

import getpass
import re
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import requests
from pytest_django import Settings

from broadsheet import caches, databases, object_stores, redis_links
from broadsheet.newsstand import home
from broadsheet.settings_table import TABLE

ROOT = Path(__file__).resolve().parents[2]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
yaml: Any = pytest.importorskip("yaml")

NODES = ("north", "south")
_DEFAULT = re.compile(r"\$\{([A-Z0-9_]+):-([^}]*)\}")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file, as it reads with its own defaults and a password for each that has none."""
    text = (ROOT / "compose.yaml").read_text("utf-8")
    read = yaml.safe_load(_DEFAULT.sub(lambda found: found[2] or "password", text))
    return dict(read)


def test_the_paper_alone_starts_without_a_profile(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, each in services.items() if "profiles" not in each] == ["paper"]
    assert all(each.get("profiles", ["scale"]) == ["scale"] for each in services.values())


def test_every_name_in_it_leads_somewhere(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, each in services.items():
        assert set(each.get("depends_on", ())) <= set(services), name
        for volume in each.get("volumes", ()):
            source = volume.partition(":")[0]
            found = (ROOT / source).is_file() if source[0] == "." else source in compose["volumes"]
            assert found, f"{name}: {volume}"
        for port in each.get("ports", ()):
            # Docker would open any other past the firewall.
            assert port.startswith("127.0.0.1:"), name
        image = each["image"]
        assert image == "broadsheet" or ":" in image, f"{name} takes whatever {image} is today"


def test_the_nodes_share_everything_but_their_name_and_home(compose: dict[str, Any]) -> None:
    north, south = (compose["services"][name] for name in NODES)
    names = [each["environment"].pop("BROADSHEET_NODE_NAME") for each in (north, south)]
    assert tuple(names) == NODES
    assert north["environment"] == south["environment"]
    assert north["volumes"] != south["volumes"]
    shared = north["environment"]
    assert set(shared) <= {row.name for row in TABLE}
    assert databases.described(shared["DATABASE_URL"], ROOT)["HOST"] in compose["services"]
    assert caches.described(shared["CACHE_URL"])
    assert redis_links.checked("TASKS_URL", shared["TASKS_URL"])
    assert shared["CACHE_URL"] != shared["TASKS_URL"]
    for name in ("PRESS_URL", "MEDIA_URL"):
        place = object_stores.described(name, shared[name])
        assert place is not None
        # One bucket, and no page among the uploads.
        assert (place.bucket, place.endpoint) == ("paper", "http://store:9000")
    assert shared["PRESS_URL"] != shared["MEDIA_URL"]


def test_the_front_finds_each_node_while_another_is_gone(compose: dict[str, Any]) -> None:
    services = compose["services"]
    known = services["front"]["extra_hosts"]
    text = (ROOT / "deploy" / "nginx-two-nodes.conf").read_text("utf-8")
    assert set(re.findall(r"^ +server ([a-z]+):8000 ", text, re.MULTILINE)) == set(known)
    assert known == {name: services[name]["networks"]["scale"]["ipv4_address"] for name in NODES}
    (pool,) = compose["networks"]["scale"]["ipam"]["config"]
    addresses = {ip_address(each) for each in known.values()}
    assert len(addresses) == len(NODES)
    # Docker gives the others none of these.
    assert all(each in ip_network(pool["subnet"]) for each in addresses)
    assert not any(each in ip_network(pool["ip_range"]) for each in addresses)


def test_no_guide_starts_a_second_container_with_the_address_of_a_node() -> None:
    files = [ROOT / "deploy" / "scale.env.example", *(ROOT / "docs").rglob("*.md")]
    told = "\n".join(file.read_text("utf-8") for file in files)
    assert re.search(rf"compose .*exec ({'|'.join(NODES)}) broadsheet createadmin", told)
    assert not re.search(rf"compose .*\brun\b.* ({'|'.join(NODES)}) ", told)


def test_the_paper_alone_needs_no_network_of_its_own(compose: dict[str, Any]) -> None:
    services = compose["services"]
    scaled = {name for name, each in services.items() if "scale" in each.get("networks", ())}
    assert scaled == set(services) - {"paper"}


def test_the_image_can_back_its_database_up(compose: dict[str, Any]) -> None:
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert " postgresql-client" in image
    # What this Debian has; pg_dump refuses a server that is newer than itself.
    assert image.rpartition("FROM ")[2].startswith("python:3.11-slim-bookworm\n")
    assert compose["services"]["database"]["image"].startswith("postgres:15-")


def test_no_password_is_handed_out() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    wanted = {name for name, default in _DEFAULT.findall(text) if not default}
    assert wanted == {
        "BROADSHEET_SECRET_KEY", "CACHE_PASSWORD", "DATABASE_PASSWORD", "STORE_SECRET_KEY"
    }  # fmt: skip
    example = (ROOT / "deploy" / "scale.env.example").read_text("utf-8")
    for name in wanted:
        assert f"\n{name}=\n" in example


def test_passwords_made_as_the_example_says_are_long_enough(settings: Settings) -> None:
    example = (ROOT / "deploy" / "scale.env.example").read_text("utf-8")
    found = re.search(r"`openssl rand\s+(?:# )?-hex (\d+)`", example)
    assert found
    settings.SECRET_KEY = token_hex(int(found[1]))
    assert not home.secret_is_weak()


def test_the_example_of_settings_names_settings() -> None:
    text = (ROOT / "deploy" / "broadsheet.env.example").read_text("utf-8")
    named = re.findall(r"^#?([A-Z][A-Z0-9_]+)=", text, re.MULTILINE)
    assert set(named) <= {row.name for row in TABLE}
    assert {"DATABASE_URL", "CACHE_URL", "TASKS_URL", "PRESS_URL", "MEDIA_URL"} <= set(named)


class _Node(BaseHTTPRequestHandler):
    """Stands for a node: says its name, and takes what is sent once."""

    taken: list[str]

    def do_GET(self) -> None:
        name = str(getattr(self.server, "server_port", ""))
        status = 503 if self.path == "/shared-outage" else 200
        self.send_response(status)
        self.send_header("X-Node", name)
        self.send_header("X-For", self.headers.get("X-Forwarded-For", ""))
        self.send_header("X-Host", self.headers.get("Host", ""))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.taken.append(self.path)
        # Dies before it has answered.
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def nginx_before(nodes: list[ThreadingHTTPServer], folder: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    site = (ROOT / "deploy" / "nginx-two-nodes.conf").read_text("utf-8")
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("    listen [::]:80;\n", ""),
        ("north:8000", f"127.0.0.1:{nodes[0].server_port}"),
        ("south:8000", f"127.0.0.1:{nodes[1].server_port}"),
    ):
        assert documented in site
        site = site.replace(documented, here)
    (folder / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if getpass.getuser() == "root" else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{ access_log off; {scratch} include {folder}/site.conf; }}\n"
    )
    with subprocess.Popen(
        [str(NGINX), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except OSError:
                    assert process.poll() is None, (folder / "error.log").read_text()
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.mark.flow
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_nginx_goes_on_with_the_node_that_lives(tmp_path: Path) -> None:
    taken: list[str] = []
    handler = type("Handler", (_Node,), {"taken": taken})
    nodes = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in NODES]
    for node in nodes:
        threading.Thread(target=node.serve_forever, args=(0.05,), daemon=True).start()
    with nginx_before(nodes, tmp_path) as url, requests.Session() as reader:
        seen = {reader.get(url).headers["X-Node"] for _ in range(6)}
        assert seen == {str(node.server_port) for node in nodes}
        forged = reader.get(url, headers={"X-Forwarded-For": "203.0.113.9"})
        assert forged.headers["X-For"] == "127.0.0.1"
        # Django takes forms only from the address, port included, that a browser names.
        assert forged.headers["X-Host"] == url.removeprefix("http://")
        assert reader.get(f"{url}/metrics").status_code == 404
        # A node that says it cannot is not taken for one that is gone.
        assert {reader.get(f"{url}/shared-outage").status_code for _ in range(6)} == {503}
        # What may have been done is not done a second time.
        assert reader.post(f"{url}/letters/1/", data="text=x").status_code == 502
        assert taken == ["/letters/1/"]
        nodes[0].shutdown()
        nodes[0].server_close()
        left = [reader.get(url) for _ in range(30)]
        assert {answer.status_code for answer in left} == {200}
        assert {answer.headers["X-Node"] for answer in left} == {str(nodes[1].server_port)}
    nodes[1].shutdown()
    nodes[1].server_close()
