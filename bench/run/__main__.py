#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A web server behind troth run and troth connect, beside the same one alone, behind stunnel and behind haproxy.

usage: python3 bench/run BUILD [ROUNDS [SECONDS]]     the folder of troth's programs; 5 rounds, 3 s for each run of wrk

All is on this machine. What is compared runs one after the other in each round, forwards and backwards in turn; a
figure is the median over the rounds, and what is said of two is the median of their ratio round by round.
"""
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True
import load
from processes import Lacks, find, stop, stop_all
from setups import Alone, Haproxy, Stunnel, certificate
from troth import Troth

CONNECTIONS = (1, 32, 256)
IDLE = 256
STARTS = 10
BULK = 512 << 20
KINDS = (Alone, Stunnel, Haproxy, Troth)
PAIRS = ("stunnel", "haproxy")

# Its key, what it is called, how it is written, and the goal: a share of the better pair's.
MORE, LESS = "more", "less"
ROWS = [
    *((f"rate {count}", f"requests/s, {count} connections", "{:,.0f}", (MORE, 1.0)) for count in CONNECTIONS),
    *((f"p50 {count}", f"p50, {count} connections, µs", "{:,.0f}", None) for count in CONNECTIONS),
    *((f"p99 {count}", f"p99, {count} connections, µs", "{:,.0f}", (LESS, 1.2)) for count in CONNECTIONS),
    ("down", "a file down, MB/s", "{:,.0f}", (MORE, 1.0)),
    ("up", "a file up, MB/s", "{:,.0f}", (MORE, 1.0)),
    ("down cpu", "processor time down, s/GB", "{:.2f}", None),
    ("up cpu", "processor time up, s/GB", "{:.2f}", None),
    ("requests cpu", "the same, s per 100,000 requests", "{:.2f}", None),
    ("memory", f"resident, {IDLE} idle connections, MB", "{:.1f}", None),
]
START_GOAL_MS = 300


def write_pages(folder):
    pages = folder / "pages"
    pages.mkdir()
    (pages / "page").write_bytes(b"x" * load.PAGE_LEN)
    with open(pages / "bulk", "wb") as bulk:
        bulk.truncate(BULK)
    with open(pages / "bulk", "rb") as bulk:
        while bulk.read(load.PIECE):
            pass  # from now on it is in memory


def measure(setup, seconds):
    """One round of one set-up."""
    cost, found = setup.cost(), {}
    for count in CONNECTIONS:
        before = cost.cpu_s()
        rate, found[f"p50 {count}"], found[f"p99 {count}"] = load.wrk(setup.port, count, seconds)
        found[f"rate {count}"] = rate
        if count == 32:
            found["requests cpu"] = (cost.cpu_s() - before) / (rate * seconds) * 1e5
    for way, job in (("down", lambda: load.download(setup.port, BULK)),
                     ("up", lambda: load.upload(setup.port, setup.folder / "pages" / "bulk"))):
        before = cost.cpu_s()
        found[way] = BULK / 1e6 / job()
        found[f"{way} cpu"] = (cost.cpu_s() - before) / (BULK / 1e9)
    return found


def run_rounds(setups, rounds, seconds):
    """What each set-up did in each round."""
    found = {setup.name: [] for setup in setups}
    for i in range(rounds):
        for setup in setups if i % 2 == 0 else setups[::-1]:
            found[setup.name].append(measure(setup, seconds))
    for setup in setups:
        with load.Idle(setup.port, IDLE):
            memory = setup.cost().memory_mb()
        for one in found[setup.name]:
            one["memory"] = memory
    return found


def ratio(found, key, peer):
    return median(ours[key] / theirs[key] for ours, theirs in zip(found["troth"], found[peer]))


def print_row(found, row):
    """Whether the goal was reached; None where there is none."""
    key, title, form, goal = row
    cells = [form.format(median(one[key] for one in found[kind.name])) if kind.name in found else "-" for kind in KINDS]
    line = f"{title:<36}" + "".join(f"{cell:>10}" for cell in cells)
    peers = [name for name in PAIRS if name in found]
    reached = None
    if "troth" in found and peers:
        ratios = {name: ratio(found, key, name) for name in peers}
        line += "".join(f"{ratios[name]:>9.2f}" if name in ratios else f"{'-':>9}" for name in PAIRS)
        if goal:
            way, share = goal
            reached = min(ratios.values()) >= share if way == MORE else max(ratios.values()) <= share
            sign = "at least" if way == MORE else "at most"
            line += f"  goal {sign} {share:.1f}  {'reached' if reached else 'MISSED'}"
    print(line, flush=True)
    return reached


def print_start(setup):
    """Whether the goal was reached."""
    whole, alone = (1000 * median(times) for times in zip(*setup.first_bytes(STARTS)))
    reached = whole < START_GOAL_MS
    print(f"start-up to the first verified byte: {whole:.0f} ms, of which troth-run and connect {alone:.0f} ms; "
          f"goal below {START_GOAL_MS} ms  {'reached' if reached else 'MISSED'}")
    return reached


def compare(folder, rounds, seconds):
    for needed in ("wrk", "nginx", "openssl"):
        find(needed)
    write_pages(folder)
    certificate(folder)
    setups = [kind(folder) for kind in KINDS]
    for setup in setups:
        if setup.lacks:
            print(f"skipped: {setup.name}, {setup.lacks}")
            for child in setup.children[::-1]:
                stop(child)
    setups = [setup for setup in setups if not setup.lacks]
    found = run_rounds(setups, rounds, seconds)
    print(f"{'':36}" + "".join(f"{kind.name:>10}" for kind in KINDS) + "   troth over each pair")
    reached = [one for row in ROWS if (one := print_row(found, row)) is not None]
    if setups[-1].name == "troth":
        reached.append(print_start(setups[-1]))
        print(f"goals: {sum(reached)} of {len(reached)} reached")


def leave(*_):
    sys.exit(130)


def main(build, rounds="5", seconds="3"):
    Troth.build = Path(build).resolve()
    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    # Other users read the pages; and the program inside has a /tmp of its own.
    folder = Path(tempfile.mkdtemp(prefix="troth-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        compare(folder, int(rounds), int(seconds))
    except Lacks as why:
        print(f"skipped: run, {why}")
    except RuntimeError as wrong:
        sys.exit(f"bench: {wrong}")
    finally:
        stop_all()
        shutil.rmtree(folder)


main(*sys.argv[1:])
