#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a log is for, by the commands alone: two witnesses, a monitor over HTTP, a bundle without a network, evidence
that is accepted for the release in the log, and a private field that one is shown. TAP.

usage: done_test.py TROTH MINT
"""
import base64
import contextlib
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
import tap
from tap import Skip, case, expect

TROTH, MINT = map(os.path.abspath, sys.argv[1:])
ORIGIN, NONCE = "example.com/releases", "00112233445566778899aabbccddeeff"
CODE = {f"pcr{i}": f"{i + 1:02x}" * 48 for i in range(3)}
OTHER = {**CODE, "pcr0": "ee" * 48}
POLICY = """\
policy: hello
accept: [nitro]
images: any
machines: {{nitro: any}}
log:
  key: {log}
  witnesses: [{witnesses}]
  needed: 2
"""


def call(*words, ahead=()):
    done = subprocess.run([str(w) for w in (*ahead, TROTH, *words)], capture_output=True, text=True, check=False,
                          timeout=120, env={"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(FOLDER / "cache")})
    expect("Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr)
    return done


def told(status, *words, **more):
    done = call(*words, **more)
    expect(done.returncode == status, words, f"status {done.returncode}, wanted {status}", done.stdout, done.stderr)
    return done.stdout


@functools.lru_cache
def no_network():
    for ahead in (("unshare", "-n"), ("unshare", "-rn")):
        if shutil.which("unshare") and subprocess.run([*ahead, "true"], capture_output=True, check=False).returncode == 0:
            return ahead
    raise Skip("a network cannot be taken away here")


class Server:
    """A verb that listens, on ports that nobody else has."""

    def __init__(self, verb, doors, *words):
        opened = [socket.create_server(("127.0.0.1", 0)) for _ in doors]
        more = [f"--{name}=fd:{door.fileno()}" for name, door in zip(doors, opened)]
        self.process = subprocess.Popen([TROTH, "log", verb, "--json", *more, *map(str, words)], stdout=subprocess.PIPE,
                                        text=True, pass_fds=[door.fileno() for door in opened])
        RUNNING.append(self.process)
        line = self.process.stdout.readline()
        for door in opened:
            door.close()
        expect(line, verb, "does not start")
        said = json.loads(line)
        self.url, self.inside = f"http://{said['at']}", f"http://{said.get('inside')}"


class World:
    """The log of a publisher of releases, witnessed by two others."""

    def __init__(self):
        self.key = notes.Key(FOLDER, ORIGIN)
        self.witnesses = [notes.Key(FOLDER, f"witness.example/w{i}", 4) for i in range(2)]
        self.seen = [Server("witness", ["listen"], "--key", key.path, "--name", key.name, "--log", self.key.vkey(),
                            FOLDER / f"witness{i}") for i, key in enumerate(self.witnesses)]
        words = [w for key, one in zip(self.witnesses, self.seen) for w in ("--witness", f"{key.vkey()}={one.url}")]
        told(0, "log", "init", "--origin", ORIGIN, "--key", self.key.path, *words, "--needed", "2", "--interval", "50",
             FOLDER / "log")
        self.server = Server("serve", ["listen", "inside"], FOLDER / "log")
        self.trust = FOLDER / "witnesses.json"
        self.trust.write_text(json.dumps({"log": self.key.vkey(), "witnesses": [w.vkey() for w in self.witnesses],
                                          "needed": 2}))
        self.policy = FOLDER / "policy.yaml"
        self.policy.write_text(POLICY.format(log=self.key.vkey(), witnesses=", ".join(w.vkey() for w in self.witnesses)))

    def append(self, *words):
        """Its index, once the log shows it, both witnesses having signed."""
        return int(told(0, "log", "append", "--wait", "60s", "--to", self.server.inside, *words))

    def release(self, name, code):
        path = FOLDER / f"{name}.json"
        path.write_text(json.dumps({"nitro": code}))
        return self.append("--record", "release", "--field", f"name={name}", "--field", "version=1", "--field",
                           f"measurements=@{path}")

    def bundle(self, index):
        """Made by whoever reads the log over HTTP."""
        path = FOLDER / f"{index}-{time.monotonic_ns()}.tlog-proof"
        told(0, "log", "prove", "--index", index, "--witnesses", self.trust, "-o", path, self.server.url)
        return path


@functools.lru_cache
def world():
    return World()


@functools.lru_cache
def released():
    """Bundles of the release that runs, and of another one."""
    return [world().bundle(world().release(name, code)) for name, code in (("hello", CODE), ("other", OTHER))]


@functools.lru_cache
def evidence():
    sets = [word for name, value in CODE.items() for word in ("--set", f"nitro.{name}={value}")]
    subprocess.run([MINT, "nitro", *sets, "--set", f"nonce={NONCE}", FOLDER / "evidence"], check=True, capture_output=True)
    return FOLDER / "evidence"


def verify(status, *words, policy=None, ahead=None):
    given = evidence()
    said = told(status, "verify", "--offline", "--json", "--policy", policy or world().policy, "--root",
                given / "root.pem", "--nonce", NONCE, *words, given / "evidence.bin",
                ahead=no_network() if ahead is None else ahead)
    return json.loads(said)


def outcomes(value, outcome):
    return [check["name"] for check in value["checks"] if check["outcome"] == outcome]


# ---- followed by another process, over HTTP ----


def look(status, *words):
    """What a look of the monitor tells, without where it was."""
    said = told(status, "log", "monitor", "--once", "--json", "--witnesses", world().trust, *words)
    return [json.loads(line) for line in said.splitlines()]


@case("a monitor in another process follows the log over HTTP, and tells of what its filter names")
def follows():
    world().append(world().policy)
    words = ["--state", FOLDER / "state", "--filter", "kind == 'release' && record.name == 'wanted'", world().server.url]
    first = look(0, *words)
    expect(first[-1]["event"] == "checked" and first[-1]["size"] > 0, first)
    indices = [world().release(name, CODE) for name in ("unwanted", "wanted")]
    second = look(1, *words)
    expect([(row["event"], row.get("index")) for row in second] == [("match", indices[1]), ("checked", None)], second)
    expect(second[-1]["hashed"] == second[-1]["size"] - first[-1]["size"], "only what is new", second, first)
    expect(b'"name":"wanted"' in base64.b64decode(second[0]["entry"]), second)
    expect([row["event"] for row in look(0, *words)] in ([], ["checked"]), "told once")


@case("one that stays tells of the entry that it waits for once it is shown, and ends with 1")
def stays():
    command = [TROTH, "log", "monitor", "--json", "--every", "1", "--witnesses", world().trust, "--state",
               FOLDER / "staying", "--filter", "kind == 'policy'", world().server.url]
    with subprocess.Popen([str(w) for w in command], stdout=subprocess.PIPE, text=True) as process:
        try:
            expect(json.loads(process.stdout.readline())["event"] == "checked", "the first look")
            index = world().append("--record", "policy", "--field", "name=p", "--field", f"digest={'ab' * 32}")
            rows = [json.loads(line) for line in process.stdout]
            expect((rows[0]["event"], rows[0]["index"]) == ("match", index), rows)
            expect(process.wait(timeout=30) == 1, "its status")
        finally:
            process.kill()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def shown(folder):
    """Any web server, for a log that lies."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@case("a split view, signed by the log and by both witnesses' stolen keys: 1, and the proof of it is kept")
def split_view():
    world().append(world().policy)
    state = FOLDER / "honest"
    size = look(0, "--state", state, world().server.url)[-1]["size"]

    def cosigned(text):
        return "".join(key.cosign(text, int(time.time())) for key in world().witnesses)

    entries = [b"planted %d" % i for i in range(size)]
    notes.write_log(FOLDER / "planted", entries, world().key, ORIGIN, cosigned)
    with shown(FOLDER / "planted") as url:
        rows = look(1, "--state", state, url)
        expect([row["event"] for row in rows if row["event"] != "checked"] == ["split_view"], rows)
        kept = [Path(tree["note"]).read_text() for tree in rows[0]["trees"]]
        expect(len({note.split("\n")[2] for note in kept}) == 2 and len({note.split("\n")[1] for note in kept}) == 1, kept)
        look(0, "--state", FOLDER / "deceived", url)  # who sees nothing else believes them: docs/attacks.md
        rows = look(1, "--state", FOLDER / "fresh", "--compare", url, world().server.url)
        expect("split_view" in [row["event"] for row in rows], rows)


# ---- bundles and evidence, with the network off ----


@case("a bundle verifies with the network off, by both witnesses; with one of them it does not")
def offline():
    bundle, _ = released()
    found = json.loads(told(0, "log", "verify", "--json", "--witnesses", world().trust, bundle, ahead=no_network()))
    expect(found["answer"] == "yes" and len(found["witnesses"]) == 2 and found["record"]["name"] == "hello", found)
    found = json.loads(told(1, "log", "verify", "--json", "--witnesses", world().trust, less(bundle),
                            ahead=no_network()))
    expect(found["answer"] == "no" and "too few" in found["why"], found)


def less(bundle):
    """Without the line of one witness."""
    lines = bundle.read_text().splitlines(keepends=True)
    path = FOLDER / "one-witness.tlog-proof"
    path.write_text("".join(line for line in lines if not line.startswith(f"— {world().witnesses[1].name} ")))
    expect(path.read_text() != bundle.read_text(), "nothing was taken away")
    return path


@case("evidence and the bundle of its release, with the network off: accepted")
def accepted():
    value = verify(0, "--log-proof", released()[0])
    expect(value["verdict"] == "accepted" and "log" in outcomes(value, "passed"), value)


@case("the same evidence without the bundle: undetermined")
def without():
    value = verify(2)
    expect(value["verdict"] == "undetermined" and outcomes(value, "not made") == ["log"], value["checks"])


@case("with the bundle of another release, of one witness, of another log: refused")
def refused():
    hello, other = released()
    told(0, "log", "init", "--origin", ORIGIN, FOLDER / "theirs")
    told(0, "log", "append", "--record", "release", "--field", "name=hello", "--field", "version=1", "--field",
         f"measurements=@{FOLDER / 'hello.json'}", FOLDER / "theirs")
    theirs = FOLDER / "theirs.tlog-proof"
    told(0, "log", "prove", "--index", "0", "-o", theirs, FOLDER / "theirs")
    for why, bundle in (("another release", other), ("one witness", less(hello)), ("another log", theirs)):
        value = verify(1, "--log-proof", bundle)
        expect(value["verdict"] == "refused" and outcomes(value, "failed") == ["log"], why, value["checks"])


@case("a log that lost a witness shows nothing new, and what it showed verifies as before")
def lost_witness():
    bundle, _ = released()
    gone = world().seen[1].process
    size = json.loads(told(0, "log", "show", "--json", world().server.url))["size"]
    gone.send_signal(signal.SIGSTOP)
    try:
        said = told(0, "log", "append", "--to", world().server.inside, world().policy)
        expect(int(said) >= size, said)
        time.sleep(1)
        expect(json.loads(told(0, "log", "show", "--json", world().server.url))["size"] == size, "shown without him")
        verify(0, "--log-proof", bundle)
    finally:
        gone.send_signal(signal.SIGCONT)
    until = time.monotonic() + 60
    while json.loads(told(0, "log", "show", "--json", world().server.url))["size"] == size:
        expect(time.monotonic() < until, "it does not go on")
        time.sleep(0.2)


# ---- a private field, shown to somebody ----


@functools.lru_cache
def auditor():
    secret, public = FOLDER / "auditor.pem", FOLDER / "auditor.pub"
    subprocess.run(["openssl", "genpkey", "-algorithm", "x25519", "-out", secret], check=True)
    secret.chmod(0o600)
    subprocess.run(["openssl", "pkey", "-in", secret, "-pubout", "-out", public], check=True)
    return secret, public


def disclosed(user):
    """A decision about a user, and what opens who that is."""
    value, opened = FOLDER / f"user-{user}", FOLDER / f"{user}.json"
    value.write_text(user)
    value.chmod(0o600)
    index = world().append("--record", "decision", "--field", "principal=p", "--field", "action=call", "--field",
                           "outcome=allow", "--private", f"user=@{value}", "--private", "note=kept to itself",
                           "--auditor", auditor()[1], "--origin", ORIGIN)
    told(0, "log", "disclose", "--index", index, "--field", "user", "--key", auditor()[0], "-o", opened, FOLDER / "log")
    return json.loads(opened.read_text())


def hear(status, disclosure):
    """Somebody else, who has the file and the log's keys."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as elsewhere:
        path = Path(elsewhere) / "disclosure.json"
        path.write_text(json.dumps(disclosure))
        return json.loads(told(status, "log", "verify", "--json", "--witnesses", world().trust, "--disclosure", path,
                               ahead=no_network()))


@case("one private field is opened for somebody else, who checks it offline; nothing else of it is")
def discloses():
    made = disclosed("alice")
    found = hear(0, made)
    expect(base64.b64decode(found["value"]) == b"alice" and found["answer"] == "yes", found)
    expect("kept to itself" not in json.dumps(made) and base64.b64encode(b"kept to itself").decode() not in str(made), made)
    for path in (FOLDER / "log").rglob("*"):
        expect(not path.is_file() or b"kept to itself" not in path.read_bytes(), path)


@case("a disclosure transplanted to another record, in part or whole, is refused")
def transplanted():
    ours, theirs = disclosed("bob"), disclosed("carol")
    proof = {name for name in ours if name not in ("value", "salt")}
    for why, names in (("value and salt", {"value", "salt"}), ("the value", {"value"}), ("the salt", {"salt"}),
                       ("all but these", proof)):
        changed = {**ours, **{name: theirs[name] for name in names}}
        if changed == ours:
            continue
        found = hear(1, changed)
        expect(found["answer"] == "no", why, found)
    hear(0, ours)
    hear(0, theirs)


RUNNING = []

if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="troth-done-") as made_folder:
        FOLDER = Path(made_folder)
        try:
            failed = tap.run()
        finally:
            for process in RUNNING:
                process.terminate()
            for process in RUNNING:
                process.wait(timeout=30)
                process.stdout.close()
    sys.exit(failed)
