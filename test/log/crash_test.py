#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A log that is killed, whose power fails, whose disk is full, read-only or an older copy. TAP.

usage: crash_test.py BUILD [WORDS]     those cases whose name has these words

The real program; what it answered is remembered by a client that shares no code with it, and held against
the files it left, which are hashed here as RFC 6962 says.
"""
import base64
import json
import os
import random
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
import tap
from tap import Failure, Skip, case, expect

BUILD = Path(sys.argv[1]).resolve()
TROTH, SIM = str(BUILD / "troth"), BUILD / "sim/troth-sim"
KILLS, CUTS = 200, 60
ORIGIN = "example.com/crash"
CONNECTIONS = 8
RESTART_S = 2
PATIENCE_S = 60


def say(*words):
    print("#", *words, flush=True)


# ---- what was promised, and whether it is kept ----


class Memory:
    """Everything that the log has answered. A size has one root for ever, an index one entry."""

    def __init__(self, folder):
        self.folder, self.lock = Path(folder), threading.Lock()
        self.acknowledged, self.seen, self.latest, self.said = {}, {}, 0, 0
        self.entries, self.leaves, self.peaks = [], [], []  # as they were read, and hashed
        self.at, self.numbers = set(), {}
        config = json.loads((self.folder / "log.json").read_text())
        self.public = base64.b64decode(config["key"].split("+", 2)[2])[1:]

    def next_entry(self):
        with self.lock:
            self.said += 1
            return b"%d " % self.said + b"." * (self.said * 7919 % 400)

    def acknowledge(self, index, entry):
        with self.lock:
            expect(index not in self.acknowledged, "two entries were told the same index", index)
            self.acknowledged[index] = entry

    def see(self, note):
        origin, size, root = note.decode().split("\n")[:3]
        size = int(size)
        with self.lock:
            expect(origin == ORIGIN, note)
            expect(size >= self.latest, "a smaller tree is shown than before", size, self.latest)
            expect(self.seen.setdefault(size, root) == root, "two trees of one size", size)
            self.latest = size
        return size

    def add(self, entry):
        """One more, as the tree grows: `peaks` are whole trees, larger ones first."""
        self.entries.append(entry)
        self.leaves.append(notes.leaf(entry))
        self.peaks.append((1, self.leaves[-1]))
        while len(self.peaks) > 1 and self.peaks[-2][0] == self.peaks[-1][0]:
            (width, left), (_, right) = self.peaks[-2:]
            self.peaks[-2:] = [(2 * width, notes.sha256(b"\x01" + left + right))]

    def root(self):
        found = self.peaks[-1][1]
        for _, left in reversed(self.peaks[:-1]):
            found = notes.sha256(b"\x01" + left + found)
        return notes.b64(found)

    def check(self, note):
        """What is new in the files up to a checkpoint, and all that was promised of it."""
        size = self.see(note)
        text = note.decode().split("\n\n")[0] + "\n"
        line = next(s for s in note.decode().split("\n\n")[1].split("\n") if s.startswith(f"— {ORIGIN} "))
        expect(notes.verify_bytes(self.public, text.encode(), base64.b64decode(line.split(" ")[2])[4:]), note)
        known = len(self.entries)
        for index in range(known - known % 256, size, 256):
            for i, entry in enumerate(bundle(self.folder, index // 256, min(256, size - index)), index):
                if i < known:
                    expect(self.entries[i] == entry, "an entry has changed", i)
                    continue
                self.add(entry)
                if i + 1 in self.seen:
                    expect(self.root() == self.seen[i + 1], "a tree that was signed is not this one's beginning", i + 1)
        with self.lock:
            kept = dict(self.acknowledged)
        for index, entry in kept.items():
            if index in self.at or index >= size:
                continue
            expect(self.entries[index] == entry, "an entry that was acknowledged is another one", index)
            self.at.add(index)
        return size

    def check_all(self, size):
        """All from the beginning: each file, and that there are no others."""
        expect(max(self.acknowledged, default=-1) < size, "an entry that was acknowledged is lost", size)
        expect(self.at == set(self.acknowledged))
        expect(len(set(self.entries)) == len(self.entries), "an entry is there twice")
        fresh = Memory(self.folder)
        for index in range(0, size, 256):
            for entry in bundle(self.folder, index // 256, min(256, size - index)):
                fresh.add(entry)
                if len(fresh.entries) in self.seen:
                    expect(fresh.root() == self.seen[len(fresh.entries)], len(fresh.entries))
        expect(fresh.entries == self.entries)
        check_files(self.folder / "public", fresh.entries, fresh.leaves)


def split_bundle(raw):
    while raw:
        length = int.from_bytes(raw[:2], "big")
        expect(len(raw) >= 2 + length, "a torn bundle")
        yield raw[2:2 + length]
        raw = raw[2 + length:]


def bundle(folder, index, width):
    """Its entries, of a partial one or of the whole."""
    path = Path(folder) / "public/tile/entries" / notes.tile_path(index)
    part = path.with_name(f"{path.name}.p") / str(width)
    found = list(split_bundle((path if width == 256 or not part.exists() else part).read_bytes()))
    expect(len(found) >= width, "a bundle has too few entries", index, width)
    return found[:width]


def check_files(public, entries, leaves):
    """Every file of a log's public folder is what its name says, to its last byte."""
    hashes, level = {0: leaves}, 0
    while len(hashes[level]) >= 256:
        hashes[level + 1] = [notes.root(hashes[level][at:at + 256]) for at in range(0, len(hashes[level]) // 256 * 256, 256)]
        level += 1
    expect({p.name for p in public.iterdir()} == {"checkpoint", "tile"}, list(public.iterdir()))
    for path in public.glob("tile/**/*"):
        if path.is_dir():
            continue
        what, *parts = path.relative_to(public / "tile").parts
        width = 256
        if parts[-2:-1] and parts[-2].endswith(".p"):
            width = int(parts.pop())
            parts[-1] = parts[-1][:-2]
        index = int("".join(p.lstrip("x") for p in parts))
        if what == "entries":
            wanted = entries[256 * index:256 * index + width]
            expect(path.read_bytes() == b"".join(len(e).to_bytes(2, "big") + e for e in wanted), "a torn bundle", path)
        else:
            wanted = hashes[int(what)][256 * index:256 * index + width]
            expect(path.read_bytes() == b"".join(wanted), "a torn tile", path)
        expect(len(wanted) == width, path)


# ---- the program, and who talks to it ----


class Server:
    def __init__(self, folder, interval_ms=25, words=()):
        self.doors = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(2)]
        self.outside, self.inside = (f"http://127.0.0.1:{d.getsockname()[1]}" for d in self.doors)
        self.errors, self.began = tempfile.TemporaryFile(dir=FOLDER), time.monotonic()
        self.process = subprocess.Popen(
            [TROTH, "log", "serve", "--listen", f"fd:{self.doors[0].fileno()}", "--inside", f"fd:{self.doors[1].fileno()}",
             "--interval", str(interval_ms), *words, str(folder)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=self.errors, pass_fds=[d.fileno() for d in self.doors])
        for door in self.doors:
            door.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.errors.close()

    def kill(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=PATIENCE_S)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        expect(self.process.wait(timeout=PATIENCE_S) == 0, self.words())

    def words(self):
        self.errors.seek(0)
        return self.errors.read().decode()

    def ask(self, url, method="GET", body=None):
        try:
            return notes.ask(url, method, body, timeout=PATIENCE_S)
        except OSError as error:
            try:
                raise Failure(f"it ended: {self.process.wait(timeout=2)}: {self.words()}") from error
            except subprocess.TimeoutExpired:
                raise Failure(f"{url}: {error}: {self.words()}") from error

    def append(self, entry):
        status, _, said = self.ask(self.inside + "/append", "POST", entry)
        return status, json.loads(said)["index"] if status == 200 else said.decode()

    def checkpoint(self):
        status, _, note = self.ask(self.outside + "/checkpoint")
        return note if status == 200 else b""

    def shown(self, memory, size):
        """The checkpoint, once it has so many entries."""
        until = time.monotonic() + PATIENCE_S
        while True:
            note = self.checkpoint()
            if note and memory.see(note) >= size:
                return note
            expect(time.monotonic() < until, "no checkpoint of", size, note, self.words())
            time.sleep(0.005)


class Client(threading.Thread):
    """Puts in one entry after another until the server is gone, and remembers each answer."""

    def __init__(self, server, memory):
        super().__init__(daemon=True)
        self.server, self.memory, self.trouble = server, memory, None
        self.start()

    def run(self):
        host, port = self.server.inside.split("//")[1].split(":")
        try:
            with socket.create_connection((host, int(port)), timeout=PATIENCE_S) as one:
                while self.put(one):
                    pass
        except OSError:
            pass  # that is what happens to clients
        except Exception as error:
            self.trouble = error

    def put(self, one):
        entry, got = self.memory.next_entry(), b""
        one.sendall(b"POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(entry) + entry)
        while not got.endswith(b"}\n"):
            more = one.recv(4096)
            got += more
            if not more or not got.startswith(b"HTTP/1.1 200"[:len(got)]):
                return False
        self.memory.acknowledge(json.loads(got.split(b"\r\n\r\n")[1])["index"], entry)
        return True


class Reader(threading.Thread):
    """Looks at the checkpoint all the time."""

    def __init__(self, server, memory):
        super().__init__(daemon=True)
        self.server, self.memory, self.trouble = server, memory, None
        self.start()

    def run(self):
        try:
            while True:
                status, _, note = notes.ask(self.server.outside + "/checkpoint", timeout=PATIENCE_S)
                if status == 200:
                    self.memory.see(note)
                time.sleep(0.004)
        except OSError:
            pass
        except Exception as error:
            if not isinstance(error, notes.http.client.HTTPException):
                self.trouble = error


def troth(*words, status=0):
    done = subprocess.run([TROTH, "log", *map(str, words)], capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    expect(done.returncode == status, words, done.returncode, done.stdout, done.stderr)
    return done


def new_log(within=None):
    folder = Path(within or tempfile.mkdtemp(dir=FOLDER)) / "log"
    troth("init", "--origin", ORIGIN, folder)
    return folder


class Trial:
    """One log, that is put under load and struck down again and again."""

    def __init__(self, folder, random_seed):
        self.memory, self.chance = Memory(folder), random.Random(random_seed)
        self.slowest, self.strikes = 0, 0

    def begin(self, server):
        """Up again: how long it took, and whether all is there."""
        entry = self.memory.next_entry()
        status, index = server.append(entry)
        expect(status == 200, status, index, server.words())
        self.slowest = max(self.slowest, time.monotonic() - server.began)
        self.memory.acknowledge(index, entry)
        return self.memory.check(server.shown(self.memory, index + 1))

    def strike(self, server, blow, connections=CONNECTIONS):
        """Load, until `blow` has ended it."""
        workers = [Client(server, self.memory) for _ in range(connections)] + [Reader(server, self.memory)]
        try:
            blow()
        finally:
            server.kill()
        for worker in workers:
            worker.join(PATIENCE_S)
            if worker.trouble:
                raise worker.trouble
        self.strikes += 1
        expect("Sanitizer" not in server.words() and "runtime error" not in server.words(), server.words())

    def finish(self):
        with Server(self.memory.folder) as server:
            size = self.begin(server)
            server.stop()
        self.memory.check_all(size)
        say(f"{self.strikes} times, {len(self.memory.acknowledged)} entries acknowledged, {size} in the log, "
            f"{len(self.memory.seen)} checkpoints seen, slowest restart {self.slowest:.2f} s")


# ---- killed ----


@case(f"killed {KILLS} times at any point: nothing acknowledged is lost, nothing is torn, no tree is forked")
def killed():
    trial = Trial(new_log(), 1)
    while trial.strikes < KILLS:
        with Server(trial.memory.folder, trial.chance.choice((10, 25, 100))) as server:
            if trial.chance.random() < 0.2:  # while it takes up what the one before has left
                trial.strike(server, lambda: time.sleep(trial.chance.uniform(0, 0.1)))
                continue
            trial.begin(server)
            trial.strike(server, lambda: time.sleep(trial.chance.uniform(0, 0.2)))
    trial.finish()
    expect(trial.slowest < RESTART_S, "a restart took", trial.slowest)


# ---- a disk that forgets ----


class Disk:
    """The simulator's, on a folder."""

    def __init__(self, *words):
        if not SIM.exists():
            raise Skip("built without the simulator")
        if not os.access("/dev/fuse", os.R_OK | os.W_OK):
            raise Skip("/dev/fuse cannot be opened")
        self.folder = Path(tempfile.mkdtemp(dir=FOLDER))
        self.process = subprocess.Popen([SIM, "disk", *map(str, words), self.folder], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            said = self.process.communicate()[1].strip()
            raise Skip(f"no file system can be mounted here: {said}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        subprocess.run(["umount", "-l", self.folder], check=False, stderr=subprocess.DEVNULL)

    def tell(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()

    def hear(self, word):
        said = self.process.stdout.readline()
        expect(said == f"{word}\n", "the disk said", said)

    def order(self, *words):
        self.tell(*words)
        self.hear(words[0])

    def used(self):
        about = os.statvfs(self.folder)
        return (about.f_blocks - about.f_bfree) * about.f_frsize


def cut_power(trial, disk, server):
    """As a certain change is made, wherever that is."""
    cut_power_at(trial, disk, server, trial.chance.randint(1, 300))
    disk.order("again", trial.chance.choice((0, trial.chance.randint(1, 1 << 30))))


def cut_power_at(trial, disk, server, changes, connections=CONNECTIONS):

    def blow():
        disk.tell("cut", changes)
        ended = threading.Timer(1, disk.tell, ["cut"])  # should nothing more be changed
        ended.start()
        disk.hear("cut")
        ended.cancel()
        time.sleep(trial.chance.uniform(0, 0.02))  # what does it say with no disk?
    trial.strike(server, blow, connections)


def fail_power(disk, cuts, seed, lie=None):
    trial = Trial(new_log(disk.folder), seed)
    if lie:
        disk.order("lie", lie)
    while trial.strikes < cuts:
        with Server(trial.memory.folder, trial.chance.choice((10, 25, 100))) as server:
            if trial.chance.random() < 0.8:
                trial.begin(server)
            if trial.chance.random() < 0.3:  # what was not synced is seen once more, and lost later
                trial.strike(server, lambda: time.sleep(trial.chance.uniform(0, 0.05)))
            else:
                cut_power(trial, disk, server)
    trial.finish()
    return trial


@case(f"{CUTS} times the power fails at any change of the disk, that keeps only what was synced, or it is killed")
def powerless():
    with Disk() as disk:
        trial = fail_power(disk, CUTS, 2)
        expect(trial.slowest < RESTART_S, "a restart took", trial.slowest)


@case("a writer was killed before it had synced: what the next one finds is synced before anything depends on it")
def unsynced():
    with Disk() as disk:
        trial = Trial(new_log(disk.folder), 3)
        for at in range(1, 31):
            with Server(trial.memory.folder, 10) as server:
                trial.begin(server)
            with Server(trial.memory.folder, 60000) as server:
                server.shown(trial.memory, len(trial.memory.entries))
                disk.order("lie", "*-wal")  # as if it was killed just before
                for _ in range(3):
                    server.append(trial.memory.next_entry())
                server.kill()
                disk.order("lie")
            with Server(trial.memory.folder, 10) as server:
                cut_power_at(trial, disk, server, at, connections=0)
            disk.order("again")
        trial.finish()


@case("a log that was made is there after the power failed")
def made():
    with Disk() as disk:
        new_log(disk.folder)
        disk.order("cut")
        disk.order("again")
        with Server(disk.folder / "log") as server:
            status, said = server.append(b"one")
            expect(status == 200 and said == 0, said)


@case("an entry put into a folder by `append` is there after the power failed")
def appended():
    with Disk() as disk:
        folder = new_log(disk.folder)
        entry = disk.folder / "entry"
        for i in range(5):
            entry.write_bytes(b"entry %d" % i)
            expect(troth("append", folder, entry).stdout.strip() == str(i))
            note = (folder / "public/checkpoint").read_bytes()
            disk.order("cut")
            disk.order("again", i)
            expect((folder / "public/checkpoint").read_bytes() == note)
            expect(bundle(folder, 0, i + 1)[i] == b"entry %d" % i)


@case("what is lost, changed, torn or forked is noticed by this test")
def noticed():
    memory = Memory(new_log())
    with Server(memory.folder) as server:
        expect(grow(server, memory, 400, 0)[0] == 200)
        size = memory.check(server.shown(memory, 400))
        server.stop()
    memory.check_all(size)

    def change(path, at):
        raw = bytearray(path.read_bytes())
        raw[at] ^= 1
        path.write_bytes(raw)

    tile = memory.folder / "public/tile"
    harms = {
        "an entry is lost": lambda m: m.acknowledged.update({size: b"one more"}),
        "an entry has another index": lambda m: m.acknowledged.update({7: m.acknowledged[8]}),
        "another tree was shown": lambda m: m.seen.update({300: m.root()}),
        "a larger tree was shown": lambda m: setattr(m, "latest", size + 1),
        "a bundle has changed": lambda m: change(tile / "entries/000", 5),
        "a bundle is torn": lambda m: os.truncate(tile / "entries/001.p/144", 1000),
        "a tile has changed": lambda m: change(tile / "0/000", 5),
        "a tile is torn": lambda m: os.truncate(tile / "0/001.p/144", 32),
        "a file is where none belongs": lambda m: (memory.folder / "public/key.pem").write_bytes(b""),
    }
    kept = copy(memory.folder, memory.folder.with_name("kept"))
    note = (memory.folder / "public/checkpoint").read_bytes()
    for why, harm in harms.items():
        fresh = Memory(memory.folder)
        fresh.acknowledged = dict(memory.acknowledged)
        try:
            fresh.check(note)
            harm(fresh)
            again_read = Memory(memory.folder)
            again_read.acknowledged, again_read.seen, again_read.latest = fresh.acknowledged, fresh.seen, fresh.latest
            again_read.check_all(again_read.check(note))
        except Failure:
            shutil.rmtree(memory.folder)
            copy(kept, memory.folder)
            continue
        expect(False, why)


# What is not synced any more, and what of the log it stands for.
LIES = {
    "*-wal": "the order of entries",
    "sequence.db": "the order's database, when what was written ahead moves there",
    "[0-9]*": "tiles and bundles",
    "checkpoint": "the checkpoint",
    "public/": "the checkpoint's name",
    "*.p/": "partial tiles' names",
}


def of_lie(name, what):
    @case(f"a disk that does not sync {what} is noticed by this test")
    def one():
        noticed = None
        for seed in range(3):
            with Disk() as disk:
                try:
                    fail_power(disk, 12, 100 + seed, name)
                except (Failure, OSError) as failure:
                    noticed = failure
                    break
        expect(noticed, "nothing was noticed in 36 failures of the power")
        say(f"{what}: {' '.join(str(noticed).split())[:150]}")


for lie_name, lie_what in LIES.items():
    of_lie(lie_name, lie_what)


# ---- full, and read-only ----


def grow(server, memory, count, size=300):
    for _ in range(count):
        entry = memory.next_entry() + b"x" * size
        status, said = server.append(entry)
        if status != 200:
            return status, said
        memory.acknowledge(said, entry)
    return 200, ""


def check_reads(server, memory):
    note = server.checkpoint()
    expect(note and memory.check(note) > 0, note)
    for path in ("/", "/proof/0", "/tile/entries/000" if memory.latest >= 256 else f"/tile/entries/000.p/{memory.latest}"):
        expect(server.ask(server.outside + path)[0] == 200, path)


def again(server, memory):
    """Once the disk is well it takes entries, at the latest a moment later."""
    until = time.monotonic() + PATIENCE_S
    while True:
        status, said = grow(server, memory, 1)
        if status == 200:
            return
        expect(time.monotonic() < until, status, said)
        time.sleep(0.05)


@case("a full disk: appends are refused in its words, what is there is read, and with room it goes on")
def full():
    with Disk() as disk:
        memory = Memory(new_log(disk.folder))
        with Server(memory.folder) as server:
            expect(grow(server, memory, 300)[0] == 200)
            memory.check(server.shown(memory, 300))
            for _ in range(3):
                disk.order("full", disk.used() + 100000)
                status, said = grow(server, memory, 3000, 2000)
                expect(status == 507 and "No space left on device" in said, status, said)
                check_reads(server, memory)
                disk.order("full")
                again(server, memory)
                memory.check(server.shown(memory, max(memory.acknowledged) + 1))
            expect("No space left on device" in server.words() and "all is well again" in server.words(), server.words())
            disk.order("full", disk.used() + 50000)
            grow(server, memory, 3000, 2000)
            server.kill()
        # It was killed with no room, and finds none: whether it says so and ends, or waits for some.
        with Server(memory.folder):
            time.sleep(0.5)
        disk.order("full")
        with Server(memory.folder) as server:
            again(server, memory)
            size = memory.check(server.shown(memory, max(memory.acknowledged) + 1))
            server.stop()
        memory.check_all(size)


@case("a disk that turns read-only: appends are refused in its words, what is there is read, and it goes on")
def read_only():
    with Disk() as disk:
        memory = Memory(new_log(disk.folder))
        with Server(memory.folder) as server:
            expect(grow(server, memory, 300)[0] == 200)
            memory.check(server.shown(memory, 300))
            disk.order("read-only", 1)
            status, said = grow(server, memory, 1)
            expect(status >= 500 and "Read-only file system" in said, status, said)
            check_reads(server, memory)
            disk.order("read-only", 0)
            again(server, memory)
            memory.check(server.shown(memory, max(memory.acknowledged) + 1))
            server.kill()
        disk.order("read-only", 1)
        with Server(memory.folder) as server:
            expect(server.process.wait(timeout=PATIENCE_S) == 2, server.words())
            expect("Read-only file system" in server.words(), server.words())
        disk.order("read-only", 0)
        with Server(memory.folder) as server:
            again(server, memory)
            size = memory.check(server.shown(memory, max(memory.acknowledged) + 1))
            server.stop()
        memory.check_all(size)


# ---- by mistake ----


@case("two who write one log: the second one is refused, and takes over once the first is dead")
def two():
    memory = Memory(new_log())
    entry = Path(FOLDER) / "an entry"
    entry.write_bytes(b"of the second")
    with Server(memory.folder) as first:
        expect(grow(first, memory, 3)[0] == 200)
        for _ in range(3):
            with Server(memory.folder) as second:
                expect(second.process.wait(timeout=PATIENCE_S) == 2, second.words())
                expect("another process has" in second.words() and "--read-only" in second.words(), second.words())
        expect("another process has" in troth("append", memory.folder, entry, status=2).stderr)
        expect(grow(first, memory, 3)[0] == 200)
        first.kill()
        with Server(memory.folder) as second:
            again(second, memory)
            size = memory.check(second.shown(memory, 7))
            second.stop()
        memory.check_all(size)


def copy(folder, to):
    shutil.copytree(folder, to, symlinks=True)
    return to


def refused(folder, *words):
    with Server(folder) as server:
        expect(server.process.wait(timeout=PATIENCE_S) == 2, words, server.words())
        expect(all(word in server.words() for word in words), server.words())
        return server.words()


@case("an older copy of the order, or of the public files: nothing is signed, and it says why")
def restored():
    memory = Memory(new_log())
    with Server(memory.folder) as server:
        grow(server, memory, 20)
        memory.check(server.shown(memory, 20))
        server.stop()
    older = copy(memory.folder, memory.folder.with_name("older"))
    with Server(memory.folder) as server:
        grow(server, memory, 600)
        memory.check(server.shown(memory, 620))
        server.stop()
    for name, word in (("order", "older copy"), ("public", "older copy"), ("checkpoint", None), ("none", None)):
        folder = copy(memory.folder, memory.folder.with_name(name))
        if name == "order":
            for path in folder.glob("sequence.db*"):
                path.unlink()
            for path in older.glob("sequence.db*"):
                shutil.copy(path, folder)
        elif name == "none":
            for path in folder.glob("sequence.db*"):
                path.unlink()
            word = "is gone"
        elif name == "public":
            shutil.rmtree(folder / "public")
            copy(older / "public", folder / "public")
        else:
            # This one is the beginning of what was signed: the same is shown again.
            shutil.copy(older / "public/checkpoint", folder / "public/checkpoint")
            with Server(folder) as server:
                server.shown(Memory(folder), 620)
                expect((folder / "public/checkpoint").read_bytes() == (memory.folder / "public/checkpoint").read_bytes())
            continue
        before = {p: p.read_bytes() for p in (folder / "public").rglob("*") if p.is_file()}
        refused(folder, word)
        refused(folder, word)
        expect({p: p.read_bytes() for p in (folder / "public").rglob("*") if p.is_file()} == before, name)


if __name__ == "__main__":
    FOLDER = tempfile.mkdtemp(prefix="troth-crash.")
    failed = True
    try:
        tap.cases[:] = [c for c in tap.cases if " ".join(sys.argv[2:]) in c[0]]
        failed = tap.run(threads=3)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(failed)
