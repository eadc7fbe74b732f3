"""How fast are pressed pages handed out, compared with nginx on the same files?

Both serve the same 500 story pages on this machine, one process each, with the same headers.
They are asked in turns by wrk (one thread, 32 connections), so that other load on the machine
meets both. Prints requests a second of every turn, the medians, and their ratio.

    .venv/bin/python bench/newsstand.py [--turns 7] [--seconds 4]

Needs wrk and nginx.
"""

from __future__ import annotations

import argparse
import getpass
import gzip
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STORIES = 500
WORDS = 1500

APPLICATION = """
from pathlib import Path
from broadsheet.newsstand.application import Newsstand
from broadsheet.newsstand.shelf import Shelf
from prometheus_client import Counter

async def absent(scope, receive, send):
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})

application = Newsstand(
    Shelf(Path(__file__).with_name("pressed")), absent, hits=Counter("hits", "Counted as in life.")
)
"""
# Every story in turn, as readers do and one hot page would not.
SCRIPT = f"""
local number = 0
request = function()
    number = number % {STORIES} + 1
    return wrk.format("GET", "/news/" .. number .. "/", {{["Accept-Encoding"] = "gzip"}})
end
"""


def press(folder: Path) -> None:
    """Write story pages of the usual size."""
    chance = random.Random(207166)  # noqa: S311 - the same pages every time
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(4000)]
    (folder / "news" / "0").mkdir(parents=True)
    for number in range(1, STORIES + 1):
        text = " ".join(chance.choices(words, k=WORDS))
        page = f"<!doctype html><html lang=en><title>{number}</title><p>{text}</p></html>"
        file = folder / "news" / "0" / f"{number}.html.gz"
        file.write_bytes(gzip.compress(page.encode(), 6, mtime=0))


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_nginx(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start nginx with the documented configuration."""
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};")
    site = site.replace("    listen [::]:80;\n", "")
    site = site.replace("/var/lib/broadsheet/pressed", str(folder / "pressed"))
    (folder / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if getpass.getuser() == "root" else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; open_file_cache max=1000;\n"
        f"{scratch} include {folder}/site.conf; }}\n"
    )
    return subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)


def start_newsstand(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the newsstand under Granian, as `broadsheet serve` does, without Django behind."""
    (folder / "stand.py").write_text(APPLICATION)
    granian = Path(sys.executable).with_name("granian")
    return subprocess.Popen(
        [granian, "--interface", "asginl", "--port", str(port), "--no-ws", "stand:application"],
        cwd=folder,
        env={
            "PYTHONPATH": str(folder),
            "PATH": "/usr/bin:/bin",
            "PROMETHEUS_MULTIPROC_DIR": str(folder),
        },
        stdout=subprocess.DEVNULL,
    )


def measure(port: int, script: Path, seconds: int) -> float:
    """Return the requests a second that wrk got answered."""
    done = subprocess.run(
        ["wrk", "-t1", "-c32", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}/"],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"answers were wrong:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    return float(found[1]) if found else 0.0


def wait_for(port: int) -> None:
    """Wait until somebody listens on ``port``."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    sys.exit(f"nobody listens on {port}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=4)
    options = parser.parse_args()
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        press(folder / "pressed")
        (folder / "wrk.lua").write_text(SCRIPT)
        ports = {"nginx": free_port(), "newsstand": free_port()}
        with (
            start_nginx(folder, ports["nginx"]) as nginx,
            start_newsstand(folder, ports["newsstand"]) as stand,
        ):
            try:
                rates = turns(ports, folder / "wrk.lua", options.turns, options.seconds)
            finally:
                stand.terminate()
                nginx.terminate()
    for side, measured in rates.items():
        figures = " ".join(f"{rate:8.0f}" for rate in measured)
        print(f"{side:<10}{figures}   median {statistics.median(measured):8.0f} /s")
    ratios = [ours / theirs for ours, theirs in zip(*reversed(rates.values()), strict=True)]
    print(f"ratio of each turn: {' '.join(f'{ratio:.2f}' for ratio in ratios)}")
    print(f"newsstand / nginx:  {statistics.median(ratios):.2f} (median)")


def turns(ports: dict[str, int], script: Path, number: int, seconds: int) -> dict[str, list[float]]:
    """Ask both sides ``number`` times in turns and return the rates of each."""
    rates: dict[str, list[float]] = {side: [] for side in ports}
    for port in ports.values():
        wait_for(port)
        measure(port, script, 1)
    for _ in range(number):
        for side, port in ports.items():
            rates[side].append(measure(port, script, seconds))
    return rates


if __name__ == "__main__":
    main()
