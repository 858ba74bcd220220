#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth log monitor` against logs made by nothing of ours, honest and not. TAP.

usage: monitor_test.py TROTH
"""
import functools
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli"), str(Path(__file__).resolve().parent)]
import notes
import schema
import tap
from tap import Skip, case, expect

ORIGIN = "example.com/log"
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/log-monitor.schema.json").read_text())


def entries_of(size, fork=None):
    return [f"entry {i}{' of a fork' if fork is not None and i >= fork else ''}".encode() for i in range(size)]


def record(number, kind="release", **fields):
    """As docs/log.md has it."""
    rest = "".join(f',"{name}":{json.dumps(value)}' for name, value in fields.items())
    return f'{{"record":"troth/v1","kind":"{kind}","id":"{number:032x}","time_ms":{1700000000000 + number}{rest}}}'.encode()


class Log:
    """A folder under `public`, which the monitor may read as it is or over HTTP."""

    def __init__(self, key=None):
        self.folder = Path(tempfile.mkdtemp(dir=FOLDER))
        self.public = self.folder / "public"
        self.key = key or notes.Key(FOLDER, ORIGIN)

    def show(self, entries, **more):
        return notes.write_log(self.public, entries, self.key, **more)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Served:
    """Any web server will do."""

    def __init__(self, folder, handler=Quiet):
        handler = functools.partial(handler, directory=str(folder))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


class Monitor:
    """Its state file, and each look at it."""

    def __init__(self, log, *words, trust=None):
        self.state = Path(tempfile.mkdtemp(dir=FOLDER)) / "state"
        self.words = [*(trust or ("--log", log.key.vkey())), "--state", str(self.state), *words]

    def line(self, where, *words):
        command = [w for w in words if w != "--every"]
        mode = [] if "--every" in words else ["--once"]
        split = command.index("--command") if "--command" in command else len(command)
        return [TROTH, "log", "monitor", "--json", *mode, *self.words, *command[:split], str(where), *command[split:]]

    def look(self, where, status, *words):
        done = subprocess.run(self.line(where, *words), capture_output=True, text=True, check=False, timeout=120)
        expect(done.returncode == status, status, done)
        said = [json.loads(line) for line in done.stdout.splitlines()]
        for row in said:
            wrong = [] if row["event"] == "error" else list(schema.check(row, SCHEMA))
            expect(not wrong, *wrong, row)
        return said, done.stderr

    def events(self, where, status, *words):
        return [row for row in self.look(where, status, *words)[0] if row["event"] != "checked"]

    def evidence(self):
        return sorted(path.name for path in self.state.parent.glob("state.evidence-*"))


def checked(said, size, entries):
    row = said[-1]
    root = notes.root([notes.leaf(entry) for entry in entries]).hex()
    expect(row["event"] == "checked" and row["size"] == size and row["root"] == root, row)
    return row


@case("a log that grows, in a folder and over HTTP")
def of_growth():
    log = Log()
    with Served(log.public) as served:
        for where in (log.folder, served.url):
            monitor, before = Monitor(log), 0
            for size in (0, 1, 5, 5, 255, 256, 257, 700):
                shutil.rmtree(log.public, ignore_errors=True)
                log.show(entries_of(size))
                row = checked(monitor.look(where, 0)[0], size, entries_of(size))
                expect(row["hashed"] == size - before and row["violations"] == 0, row)
                before = size
            expect(monitor.state.read_text().startswith(f"troth-log-monitor/1\n{ORIGIN}\n700\n"), "the state")
            expect(not monitor.evidence(), monitor.evidence())
    expect(monitor.look(served.url, 2)[1].startswith("troth: error: "), "nobody is there")


@case("who begins again reads what is new, and no entry before it")
def of_beginning_again():
    log = Log()
    monitor, asked = Monitor(log), []

    class Told(Quiet):
        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

    with Served(log.public, Told) as served:
        for size in (600, 700, 700, 1100):
            log.show(entries_of(size))
            asked.clear()
            checked(monitor.look(served.url, 0)[0], size, entries_of(size))
    bundles = sorted({path for path in asked if "/entries/" in path})
    expect(bundles == [f"/tile/entries/{name}" for name in ("002", "003", "004.p/76")], bundles)


@case("a tree of 70,000 entries, and from there on with tiles that became full")
def of_size():
    log, monitor = Log(), None
    monitor = Monitor(log)
    log.show(entries_of(70000))
    checked(monitor.look(log.folder, 0)[0], 70000, entries_of(70000))
    shutil.rmtree(log.public)  # the partial tiles of before are gone
    log.show(entries_of(70300))
    row = checked(monitor.look(log.folder, 0)[0], 70300, entries_of(70300))
    expect(row["hashed"] == 300, row)


@case("a split view that was planted: before, later, elsewhere")
def of_split_view():
    for first, second, fork in ((9, 9, 4), (9, 12, 4), (300, 700, 10), (300, 300, 299), (256, 512, 255)):
        log = Log()
        monitor = Monitor(log)
        log.show(entries_of(first))
        monitor.look(log.folder, 0)
        shutil.rmtree(log.public)
        log.show(entries_of(second, fork))
        state = monitor.state.read_bytes()
        events = monitor.events(log.folder, 1)
        expect([e["event"] for e in events] == ["split_view"], events)
        expect([t["size"] for t in events[0]["trees"]] == [first, second], events)
        notes_kept = [Path(tree["note"]).read_text() for tree in events[0]["trees"]]
        for size, text, f in ((first, notes_kept[0], None), (second, notes_kept[1], fork)):
            wanted = notes.text_of(ORIGIN, [notes.leaf(e) for e in entries_of(size, f)])
            expect(text == notes.signed(log.key, wanted), text)
        expect(len(monitor.evidence()) == 2 and monitor.state.read_bytes() == state, monitor.evidence())
        expect([e["event"] for e in monitor.events(log.folder, 1)] == ["split_view"], "and again")
        shutil.rmtree(log.public)
        log.show(entries_of(second))
        checked(monitor.look(log.folder, 0)[0], second, entries_of(second))


@case("another view: equal, behind, ahead, and of another tree")
def of_comparing():
    log = Log()
    main = entries_of(300)
    log.show(main)

    def note_of(size, fork=None):
        path = Path(tempfile.mkdtemp(dir=FOLDER)) / "checkpoint"
        path.write_text(notes.signed(log.key, notes.text_of(ORIGIN, [notes.leaf(e) for e in entries_of(size, fork)])))
        return path

    for size, fork, status, said in ((300, None, 0, []), (10, None, 0, []), (0, None, 0, []),
                                     (300, 5, 1, ["split_view"]), (10, 5, 1, ["split_view"]),
                                     (256, 255, 1, ["split_view"]), (301, None, 2, [])):
        monitor = Monitor(log, "--compare", str(note_of(size, fork)))
        rows, error = monitor.look(log.folder, status)
        found = [row["event"] for row in rows if row["event"] not in ("checked", "error")]
        expect(found == said, rows)
        expect(len(monitor.evidence()) == 2 * len(said), monitor.evidence())
        expect(status != 2 or "was shown a tree of 301 entries" in error, error)
        checked([row for row in rows if row["event"] == "checked"] or [{"event": "checked", "size": 300, "root":
                notes.root([notes.leaf(e) for e in main]).hex()}], 300, main)
        expect("\n300\n" in monitor.state.read_text(), "what the log shows was remembered")
    # A mirror that is ahead shows its own tiles.
    for fork, status in ((None, 0), (7, 1)):
        mirror = Log(log.key)
        mirror.show(entries_of(400, fork))
        with Served(mirror.public) as served:
            events = Monitor(log, "--compare", served.url).events(log.folder, status)
            expect([e["event"] for e in events] == (["split_view"] if fork else []), events)
    # A witness is asked at its own address.
    seen = Path(tempfile.mkdtemp(dir=FOLDER))
    at = seen / notes.sha256(ORIGIN.encode()).hex() / "checkpoint"
    at.parent.mkdir()
    for fork, status in ((None, 0), (7, 1)):
        at.write_text(note_of(200, fork).read_text())
        with Served(seen) as served:
            events = Monitor(log, "--compare", served.url).events(log.folder, status)
            expect([e["event"] for e in events] == (["split_view"] if fork else []), events)
    with Served(Path(tempfile.mkdtemp(dir=FOLDER))) as served:
        expect("shows no checkpoint" in Monitor(log, "--compare", served.url).look(log.folder, 2)[1], "nothing there")


@case("rollback: the same log, but less of it")
def of_rollback():
    log = Log()
    monitor = Monitor(log)
    log.show(entries_of(300))
    monitor.look(log.folder, 0)
    log.show(entries_of(9))
    events = monitor.events(log.folder, 1)
    expect([e["event"] for e in events] == ["rollback"], events)
    expect([t["size"] for t in events[0]["trees"]] == [300, 9] and len(monitor.evidence()) == 2, events)
    shutil.rmtree(log.public)
    log.show(entries_of(9, 3))
    expect(monitor.events(log.folder, 1)[0]["event"] in ("split_view", "rollback"), "a fork that is smaller")


@case("what is served does not make the tree that was signed")
def of_inconsistency():
    for name in ("tile/entries/000", "tile/entries/001.p/44", "tile/0/000", "tile/0/001.p/44"):
        log = Log()
        monitor = Monitor(log)
        log.show(entries_of(100))
        monitor.look(log.folder, 0)
        log.show(entries_of(300))
        path = log.public / name
        content = bytearray(path.read_bytes())
        content[-1] ^= 1
        path.write_bytes(content)
        rows, _ = monitor.look(log.folder, 1 if "entries" in name else 0)
        said = [row["event"] for row in rows if row["event"] != "checked"]
        # Entries are what counts; hashes of tiles are made anew from them.
        expect(said == (["inconsistent"] if "entries" in name else []), name, rows)
        path.unlink()
    log = Log()
    monitor = Monitor(log)
    log.show(entries_of(10))
    (log.public / "tile/entries/000.p/10").unlink()
    expect("troth: error" in monitor.look(log.folder, 2)[1] and not monitor.state.exists(), "a bundle is missing")


@case("checkpoints that are not signed as they have to be")
def of_signatures():
    log, stranger = Log(), notes.Key(FOLDER, ORIGIN)
    monitor = Monitor(log)
    leaves = [notes.leaf(e) for e in entries_of(5)]
    text = notes.text_of(ORIGIN, leaves)
    log.show(entries_of(5))
    for note in (notes.signed(stranger, text), f"{text}\n— {ORIGIN} {notes.b64(log.key.id + bytes(64))}\n",
                 notes.signed(log.key, text.replace(ORIGIN, "example.com/other")), "no note at all", ""):
        (log.public / "checkpoint").write_text(note)
        events = monitor.events(log.folder, 1)
        expect([e["event"] for e in events] == ["invalid"] and not monitor.state.exists(), events)
    log.show(entries_of(5))
    monitor.look(log.folder, 0)


@case("witnesses: so many have to have signed")
def of_witnesses():
    log = Log()
    keys = [notes.Key(FOLDER, f"witness.example/w{i}", 4) for i in range(3)]
    path = Path(tempfile.mkdtemp(dir=FOLDER)) / "witnesses.json"
    path.write_text(json.dumps({"log": log.key.vkey(), "witnesses": [k.vkey() for k in keys], "needed": 2}))
    now = int(time.time())
    for signers, status in ((3, 0), (2, 0), (1, 1), (0, 1)):
        monitor = Monitor(log, trust=("--witnesses", str(path)))
        log.show(entries_of(5), lines=lambda text, n=signers: "".join(k.cosign(text, now) for k in keys[:n]))
        said = [e["event"] for e in monitor.events(log.folder, status)]
        expect(said == (["invalid"] if status else []), said)


@case("a state that is damaged is an error and never a beginning")
def of_states():
    log = Log()
    log.show(entries_of(9))
    good = Monitor(log)
    good.look(log.folder, 0)
    whole = good.state.read_bytes()
    other = Log()
    other.show(entries_of(9))
    for content in (b"", whole[:-1], whole[:30], b"\n" + whole, whole.replace(b"\n9\n", b"\n8\n"), whole + b"x", b"\xff" * 9,
                    b"troth-log-monitor/2" + whole[19:], b"troth-log-monitor/1\n" + (other.public / "checkpoint").read_bytes(),
                    whole * 3, bytes(100000)):
        monitor = Monitor(log)
        monitor.state.write_bytes(content)
        _, error = monitor.look(log.folder, 2)
        expect("is no state of this log's monitor" in error and monitor.state.read_bytes() == content, error)
    good.look(log.folder, 0)


@case("a filter: matches are told once, and what it cannot judge too")
def of_filters():
    log = Log()
    entries = [b"no record", record(1, name="web", version="1.0", git="ab" * 20) if False else b'{"x":1}', b"three"]
    log.show(entries)
    monitor = Monitor(log, "--filter", "entry == b'three' || index == 0")
    events = monitor.events(log.folder, 1)
    expect([(e["event"], e["index"], e["entry"]) for e in events]
           == [("match", 0, notes.b64(entries[0])), ("match", 2, notes.b64(entries[2]))], events)
    expect(monitor.events(log.folder, 0) == [], "once")
    log.show([*entries, b"three"])
    expect([e["index"] for e in monitor.events(log.folder, 1)] == [3], "only what is new")
    expect(Monitor(log, "--filter", "kind == 'release' || size(record) > 0 || id != '' || time_ms != 0")
           .events(log.folder, 0) == [], "no records")
    events = Monitor(log, "--filter", "index == 1 ? record.nothing == 'x' : false").events(log.folder, 1)
    expect([(e["event"], e["index"], e["why"]) for e in events] == [("unjudged", 1, "no such key")], events)
    for wrong, place in (("index == ", "1:"), ("no_such", "1:1"), ("index", "1:"), ("kind == 1", "1:1")):
        expect(f"--filter: {place}" in Monitor(log, "--filter", wrong).look(log.folder, 2)[1], wrong)


@case("nothing is told of entries that nobody signed")
def of_untrue_entries():
    log = Log()
    log.show(entries_of(300))
    path = log.public / "tile/entries/001.p/44"
    path.write_bytes(path.read_bytes().replace(b"entry 270", b"ENTRY 270"))
    events = Monitor(log, "--filter", "entry.size() > 0").events(log.folder, 1)
    expect([e["event"] for e in events] == ["inconsistent"], events)


@case("a command for each event: JSON at its standard input, no shell, once more if it fails")
def of_commands():
    log = Log()
    log.show(entries_of(5))
    told = Path(tempfile.mkdtemp(dir=FOLDER)) / "told"
    script = told.with_name("script")
    script.write_text('#!/bin/sh\n[ "$1" = "a b;\\$x" ] || exit 3\ncat >> "$2"\necho noise\n')
    script.chmod(0o755)
    monitor = Monitor(log, "--filter", "index >= 3")
    command = ("--command", str(script), "a b;$x", str(told))
    _, error = monitor.look(log.folder, 2, "--command", str(script), "other", str(told))
    expect("ended with status 3" in error and not monitor.state.exists() and not told.exists(), error)
    _, error = monitor.look(log.folder, 2, "--command", f"{FOLDER}/none")
    expect("cannot be run" in error, error)
    rows, error = monitor.look(log.folder, 1, *command)
    said = [json.loads(line) for line in told.read_text().replace("}{", "}\n{").splitlines()]
    expect(said == [row for row in rows if row["event"] == "match"] and [s["index"] for s in said] == [3, 4], said, rows)
    expect("noise" in error and monitor.look(log.folder, 0, *command)[0][-1]["size"] == 5, "told once")


@case("it follows: what comes is told, and SIGTERM ends it")
def of_following():
    log = Log()
    log.show(entries_of(3))
    told = Path(tempfile.mkdtemp(dir=FOLDER)) / "told"
    monitor = Monitor(log, "--filter", "index >= 3")
    with Served(log.public) as served:
        line = monitor.line(served.url, "--every", "--every", "--command", "sh", "-c", f"cat >> {told}")
        line[line.index("--json"):line.index("--json")] = ["--every", "1"]
        process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        expect(json.loads(process.stdout.readline())["size"] == 3, "the first look")
        log.show(entries_of(6))
        rows = [json.loads(process.stdout.readline()) for _ in range(4)]
        expect([r["event"] for r in rows] == ["match"] * 3 + ["checked"] and rows[-1]["size"] == 6, rows)
        _, error = monitor.look(served.url, 2)
        expect("another monitor's that runs" in error, error)
        shutil.rmtree(log.public)
        log.show(entries_of(9, 2))
        expect(json.loads(process.stdout.readline())["event"] == "split_view", "and goes on")
        process.send_signal(signal.SIGTERM)
        expect(process.wait(timeout=20) == 0, "an orderly end")
        process.stdout.close()
        process.stderr.close()
        expect(told.read_text().count('"event":"split_view"') == 1, "told once, though it looked more often")
    # Without a command the first event ends it.
    monitor = Monitor(log, "--filter", "index == 1", "--every", "1")
    line = [word for word in monitor.line(log.folder, "--every")]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    expect(done.returncode == 1 and '"event":"match"' in done.stdout, done)


@case("a disk that takes no more: nothing is remembered that is not kept")
def of_full_disk():
    if os.geteuid() == 0 or not shutil.which("prlimit"):
        raise Skip("needs an ordinary user, and prlimit")
    log = Log()
    log.show(entries_of(5))
    monitor = Monitor(log)
    monitor.state.parent.chmod(0o500)
    try:
        expect("troth: error" in monitor.look(log.folder, 2)[1], "a folder that cannot be written")
    finally:
        monitor.state.parent.chmod(0o700)


@case("for people: hostile entries move no terminal")
def of_pages():
    log = Log()
    log.show([b"\x1b[2J\xe2\x80\xae", b"x"])
    words = Monitor(log, "--filter", "true").line(log.folder)
    words.remove("--json")
    done = subprocess.run(words, capture_output=True, check=False)
    expect(done.returncode == 1 and b"\x1b" not in done.stdout and b"\xe2\x80\xae" not in done.stdout, done)
    expect(done.stdout.count(b"match: entry") == 2 and b"consistent at size 2" in done.stdout, done)


@case("a command line that is none")
def of_orders():
    log = Log()
    log.show(entries_of(1))
    state = ["--state", f"{FOLDER}/s"]
    trust = ["--log", log.key.vkey()]
    for words, said in (([*trust, "x"], "--state FILE is missing"), ([*state, "x"], "--log"),
                        ([*trust, *state, "--once", "--every", "3", "x"], "exclude each other"),
                        ([*trust, *state, "--every", "0", "x"], "no number of seconds"),
                        ([*trust, *state], "FILE is missing"), ([*trust, *state, "x", "--command"], "--command"),
                        ([*trust, *state, "http://example.com/"], "plain http is for this machine's own addresses")):
        done = subprocess.run([TROTH, "log", "monitor", *words], capture_output=True, text=True, check=False, timeout=60)
        expect(done.returncode == 2 and said in done.stderr, words, done)


if __name__ == "__main__":
    TROTH = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = folder
        sys.exit(tap.run())
