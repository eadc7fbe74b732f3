"""How fast are pressed pages handed out, beside nginx with the same files?

    .venv/bin/python bench/newsstand.py [--stories 207166 | --pressed FOLDER] [--turns 5]

A paper is filled with so many stories and served by `broadsheet serve`, whole: newsstand, Django
behind it, worker beside it. It is asked in turns with two nginx, each of one worker process or of
--nginx-processes: a plain one, asked for the files by their names, and the documented one
(deploy/nginx.conf), which has Broadsheet behind it. wrk asks (one thread, 32 connections) for a
story out of all at random, one hot story, the front, a section, and a day ten years back; all
gzipped. Prints the requests a second, the milliseconds of half and of 99 in 100 of them, and their
ratios to the plain nginx's of the same turn, as medians; and the seconds to the first answer and
the megabytes of all processes of the paper, before and after.

With --pressed, pages of a paper that exists are handed out, and no worker runs. Needs wrk, nginx.
"""

from __future__ import annotations

import argparse
import getpass
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from served_paper import Served, free_port, served, wait_for

ROOT = Path(__file__).resolve().parents[1]
STORIES = 20_000

# The address of a story, and where its file lies for a server that knows no addresses.
ADDRESS = '"/news/" .. number .. "/"'
FILE = '"/news/" .. math.floor(number / 1000) .. "/" .. number .. ".html"'
SCRIPT = """
math.randomseed(os.time())
local asked = {{ ["Accept-Encoding"] = "gzip" }}
request = function()
    local number = {first} + math.random({number}) - 1
    return wrk.format("GET", {address}, asked)
end
"""
PLAIN = """
server {{
    listen 127.0.0.1:{port};
    root {root};
    types {{ text/html html; }}
    gzip_static always;
    location ~ /$ {{ rewrite ^(.*)/$ $1/index.html break; }}
}}
"""


@dataclass(frozen=True)
class Turn:
    """What wrk saw in one turn: requests a second, milliseconds of half and of 99 in 100."""

    rate: float
    half: float
    most: float


@dataclass(frozen=True)
class Question:
    """What wrk asks: a path, or a script of wrk that makes paths; another for the plain nginx."""

    name: str
    path: str = ""
    script: Path | None = None
    plain_script: Path | None = None
    plain_path: str = ""

    def ask(self, port: int, seconds: int, *, plain: bool) -> Turn:
        """Ask the server on ``port``. Ends the measurement where an answer is wrong."""
        script = (plain and self.plain_script) or self.script
        path = (plain and self.plain_path) or self.path
        how = ["-s", str(script)] if script else ["-H", "Accept-Encoding: gzip"]
        done = subprocess.run(
            ["wrk", "-t1", "-c32", f"-d{seconds}s", "--latency", *how,
             f"http://127.0.0.1:{port}{path}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
            sys.exit(f"{self.name}: answers were wrong:\n{done.stdout}")
        return Turn(
            float(_found(r"Requests/sec:\s+([\d.]+)", done.stdout)),
            _milliseconds(_found(r"50%\s+([\d.]+[mu]?s)", done.stdout)),
            _milliseconds(_found(r"99%\s+([\d.]+[mu]?s)", done.stdout)),
        )


def _found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    if match is None:
        sys.exit(f"wrk says something else:\n{text}")
    return match[1]


def _milliseconds(text: str) -> float:
    figure = float(text.rstrip("mus"))
    return figure / 1000 if text.endswith("us") else figure if text.endswith("ms") else figure * 1e3


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--stories", type=int, default=STORIES)
    what.add_argument("--pressed", type=Path, help="the pressed folder of a paper")
    parser.add_argument(
        "--home", type=Path, help="fill the paper here and keep it, or use it again"
    )
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--page-workers", type=int, default=2, help="processes that hand out pages")
    parser.add_argument("--nginx-processes", type=int, default=1)
    options = parser.parse_args()
    for program in ("wrk", "nginx"):
        if shutil.which(program) is None:
            sys.exit(f"{program} is not installed")
    with tempfile.TemporaryDirectory(prefix="broadsheet-bench-") as name, ExitStack() as running:
        folder = Path(name)
        paper = running.enter_context(
            served(
                options.home or folder / "home",
                stories=options.stories,
                pressed=options.pressed,
                page_workers=options.page_workers,
            )
        )
        questions = questions_of(paper.home / "pressed", folder)
        own = options.nginx_processes
        ports = {
            "nginx": running.enter_context(plain_nginx(paper, folder, own)),
            "newsstand": paper.port,
            "behind nginx": running.enter_context(documented_nginx(paper, folder, own)),
        }
        print(f"{paper.seconds:.2f} s from `broadsheet serve` to the first answer")
        print(paper.memory("when it opens"))
        print(f"{'':<24}{'/s':>9}{'half':>9}{'99 %':>9}   ratios to nginx: /s, 99 %")
        for question in questions:
            measure(question, ports, options.turns, options.seconds)
        print(paper.memory("after all that"))


def in_turns(
    question: Question, ports: dict[str, int], turns: int, seconds: int
) -> dict[str, list[Turn]]:
    """Ask all sides in turns and return what each did."""
    taken: dict[str, list[Turn]] = {side: [] for side in ports}
    for side, port in ports.items():
        question.ask(port, 1, plain=side == "nginx")
    for _ in range(turns):
        for side, port in ports.items():
            taken[side].append(question.ask(port, seconds, plain=side == "nginx"))
    return taken


def measure(question: Question, ports: dict[str, int], turns: int, seconds: int) -> None:
    """Ask all sides in turns, and print the medians."""
    taken = in_turns(question, ports, turns, seconds)
    median = statistics.median
    for side, measured in taken.items():
        pairs = list(zip(measured, taken["nginx"], strict=True))
        rate = median(ours.rate / theirs.rate for ours, theirs in pairs)
        most = median(ours.most / theirs.most for ours, theirs in pairs)
        print(
            f"{question.name:<10}{side:<14}{median(each.rate for each in measured):>9.0f}"
            f"{median(each.half for each in measured):>9.2f}"
            f"{median(each.most for each in measured):>9.2f}   {rate:.2f}  {most:.2f}",
            flush=True,
        )


def questions_of(pressed: Path, folder: Path) -> list[Question]:
    """Return what is asked of the paper in ``pressed``; scripts are written to ``folder``."""
    numbers = sorted(
        int(entry.name.partition(".")[0])
        for thousand in os.scandir(pressed / "news")
        for entry in os.scandir(thousand.path)
        if entry.name.endswith(".html.gz")
    )
    first, number = numbers[0], numbers[-1] - numbers[0] + 1
    if number > len(numbers):
        # Every tenth may be withdrawn; what wrk asks for must be there.
        first, number = _longest_run(numbers)
    scripts = {}
    for name, address in (("address", ADDRESS), ("file", FILE)):
        scripts[name] = folder / f"{name}.lua"
        scripts[name].write_text(SCRIPT.format(first=first, number=number, address=address))
    hot = numbers[len(numbers) // 2]
    sections = sorted((pressed / "section").glob("*/index.html.gz"))
    days = sorted(pressed.glob("archive/*/*/*/index.html.gz"))
    print(f"{len(numbers)} stories, asked for {number} of them; the hot one is {hot}")
    asked = [
        Question("random", script=scripts["address"], plain_script=scripts["file"]),
        Question("hot", f"/news/{hot}/", plain_path=f"/news/{hot // 1000}/{hot}.html"),
        Question("front", "/"),
    ]
    for name, found in (("section", sections), ("day", days)):
        if found:
            path = found[0].parent.relative_to(pressed)
            asked.append(Question(name, f"/{path}/"))
    return asked


def _longest_run(numbers: list[int]) -> tuple[int, int]:
    best, begun = (numbers[0], 1), numbers[0]
    for before, number in pairwise(numbers):
        if number != before + 1:
            begun = number
        best = max(best, (begun, number - begun + 1), key=lambda run: run[1])
    return best


@contextmanager
def plain_nginx(paper: Served, folder: Path, processes: int = 1) -> Generator[int]:
    """Run nginx with the least it needs to hand the files out; gives its port."""
    port = free_port()
    site = PLAIN.format(port=port, root=paper.home / "pressed")
    with nginx(folder / "plain", site, port, processes):
        yield port


@contextmanager
def documented_nginx(paper: Served, folder: Path, processes: int = 1) -> Generator[int]:
    """Run nginx with deploy/nginx.conf, Broadsheet behind it; gives its port."""
    port = free_port()
    site = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    for documented, here in (
        ("listen 80;", f"listen 127.0.0.1:{port};"),
        ("    listen [::]:80;\n", ""),
        ("/var/lib/broadsheet/pressed", str(paper.home / "pressed")),
        ("127.0.0.1:8000", f"127.0.0.1:{paper.port}"),
    ):
        site = site.replace(documented, here)
    with nginx(folder / "documented", site, port, processes):
        yield port


@contextmanager
def nginx(folder: Path, site: str, port: int, processes: int) -> Generator[None]:
    """Run nginx with ``site`` and so many worker processes for the block."""
    folder.mkdir()
    (folder / "site.conf").write_text(site)
    kinds = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    scratch = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if getpass.getuser() == "root" else ""
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; worker_processes {processes}; pid {folder}/pid;\n"
        f"error_log {folder}/log;\n"
        "events { worker_connections 1024; }\n"
        f"http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;\n"
        f"{scratch} include {folder}/site.conf; }}\n"
    )
    command = ["nginx", "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield
        finally:
            process.terminate()
            time.sleep(0.1)


if __name__ == "__main__":
    main()
