#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth log witness`, asked by a log that shares no code with it. TAP.

usage: witness_test.py TROTH
"""
import concurrent.futures
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli"), str(Path(__file__).resolve().parent)]
import notes
import tap
from tap import Skip, case, expect

NAME = "witness.example/w1"
ORIGIN = "example.com/log"


class Witness:
    """The real program; `stop` ends it as an operator would, `kill` as nobody should."""

    def __init__(self, logs, folder=None, key=None):
        self.folder = folder or str(Path(tempfile.mkdtemp(dir=FOLDER)) / "seen")
        self.key = key or notes.Key(FOLDER, NAME, 4)
        words = [word for log in logs for word in ("--log", log.vkey())]
        with socket.create_server(("127.0.0.1", 0), backlog=128) as door:
            self.process = subprocess.Popen([TROTH, "log", "witness", "--json", "--listen", f"fd:{door.fileno()}",
                                             "--key", self.key.path, "--name", NAME, *words, self.folder],
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                            pass_fds=[door.fileno()])
        line = self.process.stdout.readline()
        expect(line, self.process.stderr.read() if not line else "")
        self.said = json.loads(line)
        self.url = f"http://{self.said['at']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=20)

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=20)
        self.process.stdout.close()
        self.process.stderr.close()

    def add(self, body):
        return notes.ask(self.url + "/add-checkpoint", "POST", body.encode() if isinstance(body, str) else body)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return f"127.0.0.1:{door.getsockname()[1]}"


class Log:
    """Leaves, and what is asked about them; the same leaves to the same size unless `fork` says otherwise."""

    def __init__(self, name=ORIGIN):
        self.key = notes.Key(FOLDER, name)

    def leaves(self, size, fork=None):
        return [notes.leaf(f"entry {i}{' of a fork' if fork is not None and i >= fork else ''}".encode())
                for i in range(size)]

    def body(self, old, size, proof=None, note=None, fork=None, key=None):
        leaves = self.leaves(size, fork)
        lines = notes.consistency(old, leaves) if proof is None else proof
        note = note or notes.signed(key or self.key, notes.text_of(self.key.name, leaves))
        return f"old {old}\n" + "".join(f"{notes.b64(line)}\n" for line in lines) + "\n" + note


def is_cosigned(witness, log, answer, size, fork=None):
    status, headers, body = answer
    text = notes.text_of(log.key.name, log.leaves(size, fork))
    expect(status == 200 and headers["content-type"] == "text/plain; charset=utf-8", answer)
    lines = body.decode().splitlines(keepends=True)
    expect(len(lines) == 1 and lines[0].endswith("\n"), answer)
    time_s = notes.cosignature_time(lines[0], NAME, witness.key.public, text)
    expect(time_s is not None and abs(time_s - time.time()) < 60, answer)
    return lines[0]


def is_conflict(answer, size):
    status, headers, body = answer
    expect(status == 409 and headers["content-type"] == "text/x.tlog.size" and body == f"{size}\n".encode(), answer)


def has_status(answer, wanted):
    status, headers, body = answer
    expect(status == wanted and headers["content-type"] == "text/plain; charset=utf-8", answer, wanted)
    expect(body.endswith(b"\n") and body.count(b"\n") == 1, answer)


@case("a clock that is set back takes no word of before back")
def of_clocks():
    log = Log()
    with Witness([log.key]) as witness:
        is_cosigned(witness, log, witness.add(log.body(0, 3)), 3)
        expect(witness.stop() == 0, "an orderly end")
    later, text = int(time.time()) + 7200, notes.text_of(ORIGIN, log.leaves(3))
    note = f"{text}\n{log.key.line(text)}{witness.key.cosign(text, later)}".encode()
    seen = sqlite3.connect(Path(witness.folder) / "witness.db")
    with seen:
        expect(seen.execute("UPDATE seen SET note = ?", (note,)).rowcount == 1, "one log")
    seen.close()
    with Witness([log.key], witness.folder, witness.key) as witness:
        for old, size in ((3, 3), (3, 5), (5, 9)):
            status, _, body = witness.add(log.body(old, size))
            expect(status == 200, body)
            text = notes.text_of(ORIGIN, log.leaves(size))
            expect(notes.cosignature_time(body.decode(), NAME, witness.key.public, text) == later, body)


@case("a log that grows is cosigned; what was cosigned is shown")
def of_growth():
    log = Log()
    with Witness([log.key]) as witness:
        expect(witness.said["key"] == witness.key.vkey() and witness.said["logs"] == [ORIGIN], witness.said)
        shown = f"{witness.url}/{notes.sha256(ORIGIN.encode()).hex()}/checkpoint"
        expect(notes.ask(shown)[0] == 404, "before anything was cosigned")
        old = 0
        for size in (1, 2, 3, 7, 8, 8, 255, 256, 257, 600):
            line = is_cosigned(witness, log, witness.add(log.body(old, size)), size)
            status, headers, body = notes.ask(shown)
            text = notes.text_of(ORIGIN, log.leaves(size))
            expect(status == 200 and headers["content-type"] == "text/plain; charset=utf-8", headers)
            expect(body.decode() == f"{text}\n{log.key.line(text)}{line}", body)
            status, headers, nothing = notes.ask(shown, "HEAD")
            expect(status == 200 and nothing == b"" and headers["content-length"] == str(len(body)), headers)
            old = size
        page = notes.ask(witness.url + "/")
        expect(page[0] == 200 and b"\n  size 600\n" in page[2] and witness.key.vkey().encode() in page[2], page)
        expect(witness.stop() == 0, "SIGTERM is an orderly end")


@case("an empty tree, and one of its size")
def of_empty():
    log = Log()
    with Witness([log.key]) as witness:
        wrong = notes.signed(log.key, notes.text_of(ORIGIN, [], 0, bytes(32)))
        has_status(witness.add(log.body(0, 0, note=wrong)), 422)
        is_cosigned(witness, log, witness.add(log.body(0, 0)), 0)
        is_cosigned(witness, log, witness.add(log.body(0, 0)), 0)
        is_cosigned(witness, log, witness.add(log.body(0, 5)), 5)


@case("rollback, fork, replay, another old size")
def of_contradictions():
    log = Log()
    with Witness([log.key]) as witness:
        first = log.body(0, 5)
        is_cosigned(witness, log, witness.add(first), 5)
        second = log.body(5, 9)
        is_cosigned(witness, log, witness.add(second), 9)
        for why, body in (("replay", second), ("replay of the first", first), ("rollback", log.body(3, 5)),
                          ("an old size that never was", log.body(6, 12)), ("as if new", log.body(0, 12))):
            is_conflict(witness.add(body), 9)
            expect(why, why)
        for why, body in (("another tree of this size", log.body(9, 9, fork=4)),
                          ("fork", log.body(9, 12, fork=4)),
                          ("fork with the true proof", log.body(9, 12, notes.consistency(9, log.leaves(12)), fork=4)),
                          ("no proof", log.body(9, 12, [])),
                          ("a proof where none may be", log.body(9, 9, [bytes(32)])),
                          ("a proof with one hash too many",
                           log.body(9, 12, [*notes.consistency(9, log.leaves(12)), bytes(32)]))):
            has_status(witness.add(body), 422)
            expect(why, why)
        # spec: [C2SP-WITNESS] "The old size MUST be equal to or lower than the checkpoint size."
        has_status(witness.add(log.body(9, 7, [])), 400)
        is_cosigned(witness, log, witness.add(log.body(9, 12)), 12)


@case("a proof from nothing must be empty")
def of_first_proof():
    log = Log()
    with Witness([log.key]) as witness:
        has_status(witness.add(log.body(0, 5, [bytes(32)])), 422)


@case("unknown logs, other signers, and what is signed badly")
def of_signatures():
    log, other = Log(), Log("example.com/other")
    stranger = notes.Key(FOLDER, ORIGIN)
    text = notes.text_of(ORIGIN, log.leaves(5))
    broken = log.key.line(text)[:-4] + ("AA==" if not log.key.line(text).endswith("AA==\n") else "BB==") + "\n"
    blob = log.key.id + log.key.sign_bytes(b"something else")
    wrong = f"— {ORIGIN} {notes.b64(blob)}\n"
    with Witness([log.key]) as witness:
        has_status(witness.add(other.body(0, 5)), 404)
        has_status(witness.add(log.body(0, 5, key=stranger)), 403)
        has_status(witness.add(log.body(0, 5, note=f"{text}\n{wrong}")), 403)
        has_status(witness.add(log.body(0, 5, note=f"{text}\n{log.key.line(text)}{wrong}")), 403)
        expect(witness.add(log.body(0, 5, note=f"{text}\n{broken}"))[0] in (400, 403), "cut short")
        # spec: [C2SP-WITNESS] "it MUST ignore signatures from unknown keys"
        note = f"{text}\n{stranger.line(text)}{log.key.line(text)}— x.example/mldsa {notes.b64(bytes(2424))}\n"
        is_cosigned(witness, log, witness.add(log.body(0, 5, note=note)), 5)
        shown = notes.ask(f"{witness.url}/{notes.sha256(ORIGIN.encode()).hex()}/checkpoint")[2].decode()
        expect(shown.startswith(f"{text}\n{log.key.line(text)}") and shown.count("—") == 2, shown)


@case("requests that are none")
def of_malformed():
    log = Log()
    good = log.body(5, 9)
    note = good.split("\n\n", 1)[1]
    bad = ["", "\n", "old\n\n" + note, "old 05\n\n" + note, "old -1\n\n" + note, "old 5 \n\n" + note,
           "old 18446744073709551616\n\n" + note, "new 5\n\n" + note, "old 0\n" + note, good.replace("\n", "\r\n"),
           good[:-1], "old 0\nAAAA\n\n" + note, "old 0\n" + (notes.b64(bytes(32)) + "\n") * 64 + "\n" + note,
           "old 0\n\n" + note.split("\n\n")[0] + "\n", good + "\n", "old 0\n\n" + note.replace("\n9\n", "\n09\n"),
           b"old 0\n\n\xff" + note.encode(), b"\x00" * 100]
    with Witness([log.key]) as witness:
        for body in bad:
            has_status(witness.add(body), 400)
        expect(witness.add("old 0\n\n" + note + "x" * 80000)[0] == 413, "too long")
        is_cosigned(witness, log, witness.add(log.body(0, 9)), 9)


@case("other places and methods")
def of_places():
    log = Log()
    with Witness([log.key]) as witness:
        hashed = notes.sha256(ORIGIN.encode()).hex()
        for method, path, wanted in (("GET", "/add-checkpoint", 405), ("PUT", "/add-checkpoint", 405),
                                     ("POST", f"/{hashed}/checkpoint", 405), ("POST", "/", 405),
                                     ("GET", "/add-checkpoint/", 404), ("GET", "/x", 404),
                                     ("GET", f"/{hashed.upper()}/checkpoint", 404), ("GET", f"/{hashed}", 404),
                                     ("GET", f"/{'0' * 64}/checkpoint", 404),
                                     ("GET", "/../witness.db", 404), ("POST", "/sign-subtree", 404)):
            answer = notes.ask(witness.url + path, method)
            expect(answer[0] == wanted, method, path, answer)
            expect(wanted != 405 or "allow" in answer[1], answer)


def requests_of(log, sizes, fork):
    """From every size to every other one, true and forked."""
    return [(old, new, f, log.body(old, new, fork=f)) for old in sizes for new in sizes if old <= new
            for f in (None, fork)]


@case("50 at once: whatever is cosigned is one tree that grows")
def of_concurrency():
    log = Log()
    chosen = random.Random(7)
    asked = requests_of(log, [0, 3, 5, 8, 13, 21, 34], 2)
    chosen.shuffle(asked)
    with Witness([log.key]) as witness:
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(lambda row: (row, witness.add(row[3])), asked + asked))
        given = [(old, new, f) for (old, new, f, _), answer in answers if answer[0] == 200]
        expect(given and {answer[0] for _, answer in answers} <= {200, 409, 422}, given)
        # Each size was left once at most: all steps from it lead to one place, and only one tree has a size.
        trees = {new: f if new > 2 else None for _, new, f in given}
        expect(all(trees[new] == (f if new > 2 else None) for _, new, f in given), given)
        steps = sorted({(old, new) for old, new, _ in given if old != new})
        expect([old for old, _ in steps] == [0, *(new for _, new in steps[:-1])], steps)


@case("killed at any point: what was answered is remembered")
def of_kills():
    log = Log()
    chosen = random.Random(8)
    folder, key, seen = None, None, 0
    for _ in range(12):
        with Witness([log.key], folder, key) as witness:
            folder, key = witness.folder, witness.key
            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                jobs, old = [], seen
                for step in range(1, 9):
                    jobs.append((old, old + 1, pool.submit(witness.add, log.body(old, old + 1))))
                    old += 1
                time.sleep(chosen.random() * 0.03)
                witness.kill()
            answered = []
            for _, new, job in jobs:
                try:
                    if job.result()[0] == 200:
                        answered.append(new)
                except OSError:
                    pass
        with Witness([log.key], folder, key) as witness:
            status, _, body = witness.add(log.body(0, 500, []))
            if status == 409:
                now = int(body)
                expect(now >= max([seen, *answered]), now, seen, answered)
                seen = now
            else:
                expect(seen == 0 and not answered and status == 200, status, seen, answered)
                seen = 500
    expect(seen > 0, "nothing was ever cosigned")


@case("one process is one witness; another file is none")
def of_folders():
    log = Log()

    def fails(folder, words):
        done = subprocess.run([TROTH, "log", "witness", "--listen", free_port(), "--key", log.key.path, "--name",
                               NAME, "--log", log.key.vkey(), folder], capture_output=True, text=True, check=False)
        expect(done.returncode == 2 and words in done.stderr, done)

    with Witness([log.key]) as witness:
        is_cosigned(witness, log, witness.add(log.body(0, 5)), 5)
        fails(witness.folder, "another process is this witness")
        expect(oct(os.stat(witness.folder).st_mode & 0o777) == "0o700", "the folder is its owner's alone")
        witness.kill()
        path = Path(witness.folder) / "witness.db"
        with sqlite3.connect(path) as database:
            expect(database.execute("SELECT size FROM seen").fetchall() == [(5,)], "one row")
            try:
                database.execute("UPDATE seen SET size = 4")
                expect(False, "a size became smaller")
            except sqlite3.DatabaseError:
                pass
        for end in ("-wal", "-shm"):
            Path(str(path) + end).unlink(missing_ok=True)
        path.write_bytes(b"no database at all" * 100)
        fails(witness.folder, "witness.db")
        path.unlink()
        with sqlite3.connect(path) as database:
            database.execute("CREATE TABLE other (x)")
        fails(witness.folder, "no witness's")


class Asking:
    """A log of ours, and the witnesses that it asks."""

    def __init__(self, needed, urls, keys):
        self.folder = Path(tempfile.mkdtemp(dir=FOLDER)) / "log"
        self.key = notes.Key(FOLDER, ORIGIN)
        self.needed, self.witnesses = needed, [f"{key.vkey()}={url}" for key, url in zip(keys, urls)]

    def init(self):
        words = [word for witness in self.witnesses for word in ("--witness", witness)]
        done = subprocess.run([TROTH, "log", "init", "--origin", ORIGIN, "--key", self.key.path, *words, "--needed",
                               str(self.needed), self.folder], capture_output=True, text=True, check=False)
        expect(done.returncode == 0, done)
        return self

    def append(self, text, folder=None, status=0):
        done = subprocess.run([TROTH, "log", "append", folder or self.folder, "-"], input=text, capture_output=True,
                              text=True, check=False, timeout=60)
        expect(done.returncode == status, done)
        return done.stderr

    def shown(self, folder=None):
        """Size, and the names of those who signed."""
        path = Path(folder or self.folder) / "public/checkpoint"
        if not path.exists():
            return 0, []
        text, _, lines = path.read_text().partition("\n\n")
        return int(text.splitlines()[1]), [line.split(" ")[1] for line in lines.splitlines()]


@case("a log of ours: all witnesses at once, from what each has seen")
def of_asking():
    log, key = Log(), notes.Key(FOLDER, NAME, 4)
    with Witness([log.key], key=key) as first, Witness([log.key], key=key) as second:
        keys = [first.key, notes.Key(FOLDER, "witness.example/w2", 4), notes.Key(FOLDER, "nobody.example", 4)]
        asking = Asking(1, [first.url, second.url, "http://127.0.0.1:1"], keys)
        asking.key = log.key
        asking.init()
        for size in range(1, 6):
            asking.append(f"entry {size}")
            # The second signs by another key than it is known by, the third is not there.
            expect(asking.shown() == (size, [ORIGIN, NAME]), size, asking.shown())
        status, _, body = notes.ask(f"{first.url}/{notes.sha256(ORIGIN.encode()).hex()}/checkpoint")
        expect(status == 200 and b"\n5\n" in body, body)
        # A witness that has lost what it saw is asked from the beginning, one that is back from where it was.
        folder = first.folder
        first.kill()
        expect("0 of the 1 witnesses" in asking.append("meanwhile") and asking.shown()[0] == 5, asking.shown())
        with Witness([log.key], folder, key) as again:
            config = asking.folder / "log.json"
            config.write_text(config.read_text().replace(first.url, again.url))
            asking.append("again")
            expect(asking.shown() == (7, [ORIGIN, NAME]), asking.shown())
            is_conflict(again.add(log.body(0, 9)), 7)


@case("a log of ours, restored from a copy: its witness has seen another")
def of_restored():
    log = Log()
    with Witness([log.key]) as witness:
        asking = Asking(1, [witness.url], [witness.key])
        asking.key = log.key
        asking.init().append("one")
        copies = [f"{asking.folder}.{i}" for i in range(2)]
        for copy in copies:
            shutil.copytree(asking.folder, copy, symlinks=True)
        asking.append("two")
        said = asking.append("another second", copies[0], 2)
        expect("does not begin with it" in said and asking.shown(copies[0])[0] == 1, said)
        asking.append("three")
        said = asking.append("another second", copies[1], 2)
        expect("of 3 entries, and this log has 2" in said and asking.shown(copies[1])[0] == 1, said)


@case("a witness that has the older specification's word for another tree of one size")
def of_older_witnesses():
    asked = []

    class Older(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.rfile.read(int(self.headers["content-length"])).split(b"\n")[0])
            self.send_response(409)
            self.send_header("content-type", "text/x.tlog.size")
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"1\n")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Older) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asking = Asking(1, [f"http://127.0.0.1:{server.server_address[1]}"], [notes.Key(FOLDER, NAME, 4)]).init()
        said = asking.append("one", status=2)
        expect("another tree of this size" in said and asked == [b"old 0", b"old 1"], said, asked)
        server.shutdown()


@case("a disk that takes no more: nothing is cosigned")
def of_full_disk():
    if not shutil.which("prlimit"):
        raise Skip("no prlimit")
    log = Log()
    with Witness([log.key]) as witness:
        is_cosigned(witness, log, witness.add(log.body(0, 5)), 5)
        subprocess.run(["prlimit", f"--pid={witness.process.pid}", "--fsize=100:"], check=True)
        has_status(witness.add(log.body(5, 9)), 500)
        subprocess.run(["prlimit", f"--pid={witness.process.pid}", "--fsize=unlimited:"], check=False)
        folder, key = witness.folder, witness.key
        witness.kill()
        with Witness([log.key], folder, key) as again:
            is_conflict(again.add(log.body(0, 9)), 5)


@case("a command line that is none")
def of_orders():
    log = Log()
    key = notes.Key(FOLDER, NAME, 4)
    usual = {"--listen": free_port(), "--key": str(key.path), "--name": NAME, "--log": log.key.vkey()}

    def fails(words, **changed):
        rows = {**usual, **{f"--{name}": value for name, value in changed.items()}}
        line = [word for name, value in rows.items() if value is not None for word in (name, value)]
        done = subprocess.run([TROTH, "log", "witness", *line, f"{FOLDER}/none"], capture_output=True, text=True,
                              check=False)
        expect(done.returncode == 2 and re.search(words, done.stderr), done)

    for name in ("listen", "key", "name", "log"):
        fails(f"--{name}.* is missing", **{name: None})
    fails("is no address", listen="nowhere")
    fails("--name", name="a b")
    fails("no log's key", log="example.com+00000000+AAAA")
    fails("it is a witness's", log=key.vkey())
    readable = Path(FOLDER) / "readable.pem"
    shutil.copy(key.path, readable)
    readable.chmod(0o644)
    fails("others may read", key=str(readable))


if __name__ == "__main__":
    TROTH = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = folder
        sys.exit(tap.run())
