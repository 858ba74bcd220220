#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Several servers of one log in PostgreSQL, and its witness, as docs/log.md has it. TAP.

usage: machines_test.py TROTH
"""
import http.client
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
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "cli"), str(TESTS / "run")]
import notes
import tap
from boxes import Terminal
from tap import Skip, case, expect

TROTH = sys.argv[1]
ORIGIN = "example.com/machines"
LOAD_S = 5


class Database:
    """A server on a private socket. PostgreSQL does not run as root."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-machines-"))
        self.process, self.user = None, {}
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not found:
            return
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody")
            self.user = {"user": "nobody", "extra_groups": []}
        programs = found[-1].parent
        subprocess.run([programs / "initdb", "-D", self.folder / "data", "-U", "troth", "-A", "trust"], check=True,
                       stdout=subprocess.DEVNULL, cwd=self.folder, **self.user)
        self.process = subprocess.Popen([programs / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c",
                                         "listen_addresses="], stderr=subprocess.DEVNULL, cwd=self.folder, **self.user)
        until = time.monotonic() + 30
        while not (self.folder / ".s.PGSQL.5432").exists():
            expect(self.process.poll() is None and time.monotonic() < until, "PostgreSQL does not start")
            time.sleep(0.05)
        self.conninfo = f"host={self.folder} user=troth dbname=postgres"

    def end(self):
        if self.process:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)
        shutil.rmtree(self.folder)


class Door:
    """An address for a server, and what is asked there."""

    def __init__(self):
        with socket.create_server(("127.0.0.1", 0)) as one:
            self.port = one.getsockname()[1]
        self.at = f"127.0.0.1:{self.port}"

    def get(self, path):
        return notes.ask(f"http://{self.at}{path}", "GET")

    def health(self):
        return json.loads(self.get("/health")[2])


def troth(*words):
    return subprocess.run([TROTH, *words], check=True, capture_output=True, text=True).stdout.strip()


def command(*words):
    return "exec " + " ".join(f"'{word}'" for word in [TROTH, *words])


class Machine:
    def __init__(self, folder):
        self.inside = Door()
        self.terminal = Terminal(command("log", "serve", "--listen", Door().at, "--inside", self.inside.at, folder))
        terminals.append(self.terminal)
        self.terminal.await_words("the log is at …")

    def append(self, count_s):
        """Entries for so long; how many were answered."""
        connection, count = http.client.HTTPConnection("127.0.0.1", self.inside.port, timeout=30), 0
        until = time.monotonic() + count_s
        while time.monotonic() < until:
            connection.request("POST", "/append", b"entry")
            answer = connection.getresponse()
            expect(answer.status == 200, answer.status, answer.read())
            answer.read()
            count += 1
        return count


def shows(machine, size, why):
    until = time.monotonic() + 20
    while (health := machine.inside.health())["size"] != size or not health["healthy"]:
        expect(time.monotonic() < until, why, health, machine.terminal.said)
        time.sleep(0.1)
    return health


@case("two servers of one log and its witness: both show all of it; one that is killed is succeeded")
def both():
    if not database.process:
        raise Skip("no PostgreSQL")
    folder, door = Path(place), Door()
    key = troth("log", "init", "--origin", ORIGIN, "--interval", "50", "--postgres", database.conninfo, folder / "one")
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", folder / "w.pem"], check=True)
    (folder / "w.pem").chmod(0o600)
    witness = Terminal(command("log", "witness", "--listen", door.at, "--key", folder / "w.pem", "--name", "w.example/1",
                               "--log", key, folder / "seen"))
    terminals.append(witness)
    witness.await_words("key       …\nat        …\nlog       …")
    config = json.loads((folder / "one/log.json").read_text())
    config["witnesses"] = [{"key": witness.said.split()[1], "url": f"http://{door.at}"}]
    config["needed"] = 1
    (folder / "one/log.json").write_text(json.dumps(config))
    (folder / "two").mkdir()
    for name in ("log.json", "key.pem"):
        shutil.copy(folder / "one" / name, folder / "two" / name)
    counts = []
    one, two = Machine(folder / "one"), Machine(folder / "two")
    threads = [threading.Thread(target=lambda m=m: counts.append(m.append(LOAD_S))) for m in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expect(len(counts) == 2, one.terminal.said, two.terminal.said)
    leads = [shows(machine, sum(counts), "not all is shown")["leads"] for machine in (one, two)]
    expect(leads == [True, False], leads)
    expect(one.inside.get("/tile/0/000")[2] == two.inside.get("/tile/0/000")[2], "other tiles")
    expect("another tree" not in one.terminal.said + two.terminal.said, one.terminal.said, two.terminal.said)
    os.killpg(one.terminal.process.pid, signal.SIGKILL)
    more = two.append(0.2)
    expect(shows(two, sum(counts) + more, "nobody leads")["leads"], "it does not lead")
    told = troth("log", "monitor", "--log", key, "--state", folder / "state", "--once", folder / "two")
    expect(told.startswith(f"consistent at size {sum(counts) + more}"), told)


terminals, database = [], Database()
try:
    with tempfile.TemporaryDirectory() as place:
        status = tap.run()
        while terminals:
            terminals.pop().end()
finally:
    database.end()
sys.exit(status)
