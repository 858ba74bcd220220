#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A log of 100,000 entries that `troth log` made, read by nothing of ours (tlog_reader.py), from `troth log serve` and
from plain web servers. TAP.

usage: interop_test.py TROTH [WORDS]     those cases whose name has these words
"""
import concurrent.futures
import functools
import http.server
import json
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli"), str(Path(__file__).resolve().parent)]
import tap
import tlog_reader
from tap import Skip, case, expect
from tlog_reader import Reader, Wrong

ORIGIN = "example.com/log"
SIZE = 100_000
COMMANDS = (1, 255, 300, 1444)  # entries that `troth log append` puts; the rest comes in over HTTP
CONNECTIONS, AT_ONCE = 16, 128
HEAD = b"POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"


def make_entries():
    """Bytes of every length that matters, some of them twice."""
    source = random.Random(6962)
    made = [source.randbytes(source.choice((1, 2, 31, 32, 33, 64, 100))) for _ in range(SIZE)]
    for at, length in ((3000, 65535), (3001, 65535), (50_000, 40_000), (SIZE - 1, 255), (SIZE - 2, 256)):
        made[at] = source.randbytes(length)
    made[7000:7300] = [b"the same"] * 300
    return made


def run(*words, status=0):
    done = subprocess.run([TROTH, "log", *map(str, words)], capture_output=True, check=False, timeout=120)
    expect(done.returncode == status, words[:4], done.returncode, done.stdout, done.stderr)
    return done.stdout


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Nothing but files, over connections that stay."""

    protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

    def log_message(self, *_):
        pass


class Log:
    """Grown once; every checkpoint that it signed on the way is kept."""

    def __init__(self):
        self.folder, self.notes, self.entries = FOLDER / "log", [], make_entries()
        began = time.monotonic()
        self.key = run("init", "--origin", ORIGIN, "--interval", "100", self.folder).decode().strip()
        self.put_by_command()
        self.serve()
        self.put_over_http()
        print(f"# {SIZE} entries, {len(self.notes)} checkpoints seen, after {time.monotonic() - began:.1f} s")

    def put_by_command(self):
        at = 0
        for number, count in enumerate(COMMANDS):
            files = [FOLDER / f"entry-{at + i}" for i in range(count)]
            for path, entry in zip(files, self.entries[at:at + count]):
                path.write_bytes(entry)
            said = run("append", self.folder, *files)
            expect(said == b"".join(b"%d\n" % i for i in range(at, at + count)), number)
            at += count
            self.notes.append((self.folder / "public/checkpoint").read_bytes())

    def serve(self):
        doors = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(2)]
        words = [f"--{name}=fd:{door.fileno()}" for name, door in zip(("listen", "inside"), doors)]
        self.process = subprocess.Popen([TROTH, "log", "serve", "--json", *words, self.folder], stdout=subprocess.PIPE,
                                        pass_fds=[door.fileno() for door in doors])
        RUNNING.append(self.process)
        said = json.loads(self.process.stdout.readline())
        for door in doors:
            door.close()
        self.url, self.inside = f"http://{said['at']}", said["inside"]

    def put_over_http(self):
        waiting = list(range(sum(COMMANDS), SIZE))
        placed = {i: self.entries[i] for i in range(sum(COMMANDS))}
        reader = Reader(self.url, self.key)

        def put(indices):
            host, port = self.inside.rsplit(":", 1)
            with socket.create_connection((host, int(port)), timeout=60) as one:
                for start in range(0, len(indices), AT_ONCE):
                    some = [self.entries[i] for i in indices[start:start + AT_ONCE]]
                    one.sendall(b"".join(HEAD % len(entry) + entry for entry in some))
                    for entry, index in zip(some, read_indices(one, len(some))):
                        expect(placed.setdefault(index, entry) is entry, "two entries in one place", index)

        with concurrent.futures.ThreadPoolExecutor(CONNECTIONS) as pool:
            running = [pool.submit(put, waiting[i::CONNECTIONS]) for i in range(CONNECTIONS)]
            while not self.look(reader):
                expect(not any(one.done() and one.exception() for one in running), *[
                    one.exception() for one in running if one.done()])
                time.sleep(0.05)
            for one in running:
                one.result()
        self.entries = [placed[i] for i in range(SIZE)]

    def look(self, reader):
        """Whether all is shown; each checkpoint is kept once."""
        note = reader.get("checkpoint")
        if note != self.notes[-1]:
            self.notes.append(note)
        return int(note.split(b"\n")[1]) == SIZE


def read_indices(one, count):
    """Answers come in the order of the requests."""
    said = b""
    while said.count(b'{"index":') < count or not said.endswith(b"}\n"):
        more = one.recv(1 << 20)
        expect(more, "the connection ended:", said[-300:])
        said += more
    expect(said.count(b"HTTP/1.1 200 ") == count, said[-300:])
    return [int(i) for i in re.findall(rb'{"index":(\d+)}', said)]


@functools.lru_cache
def log():
    return Log()


@functools.lru_cache
def audit(url):
    """All of it, read and hashed anew."""
    began, reader = time.monotonic(), Reader(url, log().key)
    size, _root, entries, tree = reader.audit()
    print(f"# {reader.fetched} files, {len(entries)} entries hashed after {time.monotonic() - began:.1f} s")
    expect(size == SIZE and entries == log().entries, "not what was answered", size)
    expect(reader.note == log().notes[-1])
    return tree


@functools.lru_cache
def plain():
    """python3's own server of files."""
    handler = functools.partial(Quiet, directory=str(log().folder / "public"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


NGINX = """\
daemon off; master_process off; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen unix:{folder}/nginx.sock; listen 127.0.0.1:{port}; location /some/log/ {{ alias {public}/; }} }}
}}
"""


@functools.lru_cache
def nginx():
    """Under a prefix of its own, as others would have it beside other things."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not program:
        raise Skip("no nginx")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = FOLDER / "nginx.conf"
    config.write_text(NGINX.format(folder=FOLDER, port=port, public=log().folder / "public"))
    RUNNING.append(subprocess.Popen([program, "-c", config, "-e", "stderr"], stderr=subprocess.DEVNULL))
    for _ in range(200):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return f"http://127.0.0.1:{port}/some/log"
        time.sleep(0.05)
    raise Skip("nginx does not start here")


@case("troth log serve: every tile and bundle hashed anew makes the root that is signed")
def served():
    audit(log().url)


@case("a plain web server on public/: the same")
def by_python():
    audit(plain())


@case("nginx on public/, under a prefix: the same")
def by_nginx():
    audit(nginx())


@case("the proof of every entry leads to the root")
def every_proof():
    tree = audit(log().url)
    root = tree.root(0, SIZE)
    for index, leaf in enumerate(tree.levels[0]):
        if tlog_reader.root_by_inclusion(index, SIZE, leaf, tree.inclusion(index, SIZE)) != root:
            expect(False, index)


def read_bundle(text):
    head, _, note = text.partition(b"\n\n")
    version, extra, index, *path = head.decode().split("\n")
    expect(version == "c2sp.org/tlog-proof@v1" and extra.startswith("extra ") and index.startswith("index "), head)
    decode = tlog_reader.base64.b64decode
    return decode(extra[6:]), int(index[6:]), [decode(line) for line in path], note


def some_indices(count):
    at_edges = [0, 1, 254, 255, 256, 257, 65535, 65536, 98303, 98304, 99839, 99840, SIZE - 2, SIZE - 1]
    return at_edges + random.Random(9162).sample(range(SIZE), count - len(at_edges))


def check_bundle(text, index):
    tree = audit(log().url)
    entry, said, path, note = read_bundle(text)
    expect(entry == log().entries[index] and said == index and note == log().notes[-1], index, text[:200])
    expect(path == tree.inclusion(index, SIZE), index, len(path))


@case("400 bundles from /proof/N are what the reader makes of the tiles")
def proofs_served():
    reader = Reader(log().url, log().key)
    for index in some_indices(400):
        check_bundle(reader.get(f"proof/{index}"), index)


@case("so are 100 of troth log prove, of a folder and of a plain web server")
def proofs_made():
    for number, index in enumerate(some_indices(100)):
        where = plain() if number % 2 else log().folder
        check_bundle(run("prove", "--index", index, "--log", log().key, where), index)


@case("every checkpoint that it signed as it grew is of the beginning of this tree")
def checkpoints():
    tree = audit(log().url)
    sizes = [0]
    for note in log().notes:
        size, root = tlog_reader.open_note(note, log().key)
        expect(size > sizes[-1] and root == tree.root(0, size), size)
        sizes.append(size)
    expect(len(sizes) > len(COMMANDS) + 3, sizes)


@case("consistency between many sizes, and as troth log verify --consistency has it")
def consistency():
    tree = audit(log().url)
    sizes = {int(note.split(b"\n")[1]) for note in log().notes}
    for power in range(17):
        sizes |= {size for size in ((1 << power) - 1, 1 << power, (1 << power) + 1) if 0 < size <= SIZE}
    sizes = sorted(sizes | set(random.Random(1).sample(range(1, SIZE), 100)))
    pairs = [(first, second) for i, first in enumerate(sizes) for second in sizes[i + 1:]]
    for first, second in pairs:
        path = tree.consistency(first, second)
        found = tlog_reader.roots_by_consistency(first, second, tree.root(0, first), path)
        expect(found == (tree.root(0, first), tree.root(0, second)), first, second)
    print(f"# {len(pairs)} pairs of sizes")
    noted = [FOLDER / f"note-{i}" for i in range(len(log().notes))]
    for path, note in zip(noted, log().notes):
        path.write_bytes(note)
    for older, newer in [*zip(noted, noted[1:]), *((older, noted[-1]) for older in noted)][:60]:
        run("verify", "--consistency", "--log", log().key, older, newer, plain())


@case("troth log monitor hashes all of it from a plain web server, too")
def monitored():
    said = run("monitor", "--once", "--json", "--log", log().key, "--state", FOLDER / "state", "--filter",
               f"entry == b'the same' && index == {log().entries.index(b'the same')}", plain(), status=1)
    rows = [json.loads(line) for line in said.splitlines()]
    expect([row["event"] for row in rows] == ["match", "checked"] and rows[1]["size"] == SIZE, rows)
    expect(rows[1]["root"] == audit(log().url).root(0, SIZE).hex(), rows)


class Changed(Reader):
    """One bit of one file is another one."""

    def __init__(self, url, key, path, at):
        super().__init__(url, key)
        self.path, self.at = path, at

    def get(self, path):
        found = bytearray(super().get(path))
        if path == self.path:
            found[self.at] ^= 1
        return bytes(found)


@case("the reader itself: one bit of a tile, a bundle or the checkpoint, and it is wrong")
def the_reader():
    last = tlog_reader.tile_name(SIZE // 256)
    for path, at in ((f"tile/0/{last}.p/{SIZE % 256}", 31), ("tile/0/000", 0), ("tile/0/300", 8191),
                     ("tile/1/000", 77), ("tile/1/001.p/134", 134 * 32 - 1), ("tile/2/000.p/1", 5),
                     ("tile/entries/000", 2), ("tile/entries/111", 1), ("checkpoint", len(ORIGIN) + 1), ("checkpoint", 60),
                     ("checkpoint", -9)):
        try:
            Changed(plain(), log().key, path, at).audit()
        except (Wrong, ValueError):
            continue
        expect(False, "it did not find", path, at)


TROTH = sys.argv[1]
RUNNING = []

if __name__ == "__main__":
    words = " ".join(sys.argv[2:])
    tap.cases[:] = [(why, function) for why, function in tap.cases if words in why]
    with tempfile.TemporaryDirectory(prefix="troth-log-") as made:
        FOLDER = Path(made)
        try:
            failed = tap.run()
        finally:
            for process in RUNNING:
                process.terminate()
                process.wait(timeout=30)
    sys.exit(failed)
