#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Attested channels that end at troth-agent: two processes, each on a machine of its own. TAP.

usage: agent_channel_test.py TROTH AGENT SIM CLIENT [WORDS]     those cases whose name has these words
"""
import json
import os
import re
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
import agent_machine as here
from agent_machine import Machine, base, good

import tap
from tap import case, expect

ANY = {"policy": "any-tdx", "accept": ["tdx"], "images": "any", "machines": "any"}
NONE = {**ANY, "images": {"none": {"tdx": {"mr_td": "00" * 48, "rtmr0": "any", "rtmr1": "any", "rtmr2": "any",
                                           "mr_config_id": "any"}}}}


class Upstream:
    """A program that says back what it hears, on a Unix socket."""

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(16)
        self.heard = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            peer, _ = self.listener.accept()
            threading.Thread(target=self.echo, args=(peer,), daemon=True).start()

    def echo(self, peer):
        with peer:
            while piece := peer.recv(65536):
                self.heard.append(piece)
                peer.sendall(piece)


def free_address():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"127.0.0.1:{free.getsockname()[1]}"


class Scene:
    """Policies, the vendor's root and collateral, a program, and an agent before it."""

    def __init__(self, *options, sim=(), server=None, listener=None, listen=None, upstream="--upstream"):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-channel-"))
        self.judged = self.files("any", ANY)
        self.upstream = Upstream(self.folder / "app.sock")
        self.address = listen or free_address()
        if listener:
            self.address = "{}:{}".format(*listener.getsockname())
        if server is not None:
            self.files("server", server)
            options = (*options, "--policy", self.folder / "server.json", "--root", self.judged[1], "--collateral",
                       self.judged[2])
        where = f"fd:{listener.fileno()}" if listener else self.address
        self.machine = Machine("--listen", where, upstream, self.folder / "app.sock", *options, sim=sim,
                               fds=[listener.fileno()] if listener else [])

    def files(self, name, policy):
        """A policy, and what goes with it, as the client takes them."""
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(policy))
        root, collateral = self.folder / "root.pem", self.folder / "collateral"
        if not root.exists():
            for what, where in (("root", root), ("collateral", collateral)):
                subprocess.run([here.HERE["sim"], what, where], check=True, env=base())
        return path, root, collateral / "collateral.json"

    def __enter__(self):
        self.machine.start()
        return self

    def __exit__(self, *failure):
        self.machine.__exit__(*failure)
        shutil.rmtree(self.folder)

    def words(self, level, times, policy, more=(), machine=None):
        own = [here.HERE["sim"], "tsm", "--machine", str(machine), "--"] if machine is not None else []
        return [*own, here.HERE["client"], self.address, level, str(times), *map(str, policy or self.judged), *more]

    def call(self, level, times=1, policy=None, more=(), machine=None):
        """What the client tells, a line each."""
        done = subprocess.run(self.words(level, times, policy, more, machine), capture_output=True, text=True,
                              env=base(), check=False, timeout=120)
        expect(done.returncode == 0 and "Sanitizer" not in done.stderr, done.stderr, self.machine.said)
        return done.stdout.splitlines()

    def health(self):
        return good(self.machine.get("/v1/health"))


OPEN = r"open: {}, {}, some machine running this image, tdx, simulated, by ([0-9a-f]{{64}})"


def stood(lines, level, freshness):
    """Every connection did, and the line came back; the digests of the evidence."""
    digests = [m[1] for line in lines if (m := re.fullmatch(OPEN.format(level, freshness), line))]
    expect(len(digests) * 2 == len(lines) and lines.count("heard: a line") == len(digests), *lines)
    return digests


@case("strict: each connection has evidence of its own")
def strict():
    with Scene() as scene:
        digests = stood(scene.call("strict", 3), "strict", "connection")
        expect(len(set(digests)) == 3, digests)
        health = scene.health()
        expect(health["quotes"]["made"] == 3, health)
        expect(health["channels"]["opened"] == 3 and health["channels"]["refused"] == 0, health)
        expect(scene.upstream.heard == [b"a line\n"] * 3, scene.upstream.heard)


@case("epoch: who holds the evidence gets a signature, and the device is left in peace")
def epoch():
    with Scene() as scene:
        first = stood(scene.call("epoch", 5), "epoch", "nonce")
        expect(len(set(first)) == 1, first)
        expect(scene.health()["quotes"]["made"] == 1)
        second = stood(scene.call("epoch", 2), "epoch", "nonce")
        expect(first[0] not in second and len(set(second)) == 1, "another client trusted the first one's nonce")
        expect(scene.health()["quotes"]["made"] == 2)


@case("mutual: both machines prove themselves, strictly and by epoch, and exchange data")
def mutual():
    for server_asks, client_asks in (("strict", "strict"), ("epoch", "epoch"), ("strict", "epoch"),
                                     ("epoch", "strict")):
        with Scene("--ask", server_asks, server=ANY) as scene:
            freshness = {"strict": "connection", "epoch": "nonce"}[client_asks]
            stood(scene.call(client_asks, 2, machine=1), client_asks, freshness)
            expect(scene.health()["channels"]["opened"] == 2)


@case("a server that asks refuses who has nothing to prove, or not what its policy wants")
def refused_clients():
    with Scene("--ask", "strict", server=ANY) as scene:
        lines = scene.call("strict")
        expect(len(lines) == 1 and lines[0].startswith("closed: cannot, none"), *lines)
        expect(scene.upstream.heard == [], "data went through")
    with Scene("--ask", "strict", server=NONE) as scene:
        lines = scene.call("strict", machine=1)
        expect(len(lines) == 1 and lines[0].startswith("closed: peer, evidence"), *lines)
        lines = scene.call("none", machine=1)  # also where the client asks nothing
        expect(len(lines) == 1 and lines[0].startswith("closed: peer, evidence"), *lines)
        health = scene.health()
        expect(health["channels"]["opened"] == 0 and health["channels"]["refused"] == 2, health)
        expect("evidence" in scene.machine.said, scene.machine.said)
        expect(scene.upstream.heard == [], "data went through")


@case("a client refuses a server that its policy does not want, and says so")
def refused_server():
    with Scene() as scene:
        lines = scene.call("epoch", policy=scene.files("none", NONE))
        expect(len(lines) == 1 and lines[0].startswith("closed: evidence, none"), *lines)
        lines = scene.call("none")  # nor does anybody get through where neither asks
        expect(len(lines) == 1 and lines[0].startswith("closed: peer, nothing"), *lines)
        expect(scene.upstream.heard == [], "data went through")


@case("a policy that changes while clients are connected is theirs, too, after SIGHUP")
def changed_policy():
    with Scene("--ask", "strict", server=ANY) as scene:
        held = subprocess.Popen(scene.words("strict", "hold", None, machine=1), stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=base())
        expect(held.stdout.readline().startswith("open: strict"))
        held.stdin.write("before\n")
        held.stdin.flush()
        expect(held.stdout.readline() == "before\n")
        policy = scene.folder / "server.json"
        policy.write_text("{")  # a policy that is none changes nothing
        os.kill(scene.machine.pid(), signal.SIGHUP)
        time.sleep(1)
        expect("stay as they were" in scene.machine.said, scene.machine.said)
        stood(scene.call("strict", machine=1), "strict", "connection")
        held.stdin.write("still\n")
        held.stdin.flush()
        expect(held.stdout.readline() == "still\n")
        policy.write_text(json.dumps(NONE))
        os.kill(scene.machine.pid(), signal.SIGHUP)
        said = held.stdout.readline()
        expect(said.startswith("closed: peer, lapsed"), said)
        held.stdin.close()
        expect(held.wait(30) == 0)
        expect(scene.call("strict", machine=1)[0].startswith("closed: peer, evidence"))


def make_note(path, age):
    subprocess.run([here.HERE["client"], "note", str(path), str(age)], check=True, env=base())


@case("a witnessed checkpoint: one piece of evidence for all, another after the next checkpoint")
def checkpoint():
    folder = Path(tempfile.mkdtemp(prefix="troth-note-"))
    note = folder / "note"
    make_note(note, 60)
    with Scene("--checkpoint", note) as scene:
        digests = [stood(scene.call("epoch", 2, more=["checkpoint"]), "epoch", "checkpoint")[0] for _ in range(3)]
        expect(len(set(digests)) == 1 and scene.health()["quotes"]["made"] == 1, digests)
        # Who knows no witnesses gets evidence for its own nonce.
        stood(scene.call("epoch"), "epoch", "nonce")
        make_note(note, 10)
        for _ in range(40):
            time.sleep(0.25)
            after = stood(scene.call("epoch", more=["checkpoint"]), "epoch", "checkpoint")[0]
            if after != digests[0]:
                break
        expect(after != digests[0], "the new checkpoint was not taken")
        # One that is too old for a client is the client's to refuse.
        make_note(note, 4000)
        for _ in range(40):
            time.sleep(0.25)
            lines = scene.call("epoch", more=["checkpoint"])
            if lines[0].startswith("closed"):
                break
        expect(lines[0].startswith("closed: stale"), *lines)
    shutil.rmtree(folder)


@case("a client that asks for evidence too often is told to come again; others are served")
def quota():
    with Scene() as scene:
        lines = scene.call("strict", 14)
        busy = [line for line in lines if line.startswith("closed: peer, busy")]
        expect(len(busy) >= 4 and sum("open: " in line for line in lines) >= 8, *lines)
        good(scene.machine.post("/v1/evidence", {"nonce": ""}))


@case("a device that hangs: clients are told in time, and applications, too")
def hangs():
    with Scene("--timeout", "2", sim=("--fault", "hang")) as scene:
        for level in ("strict", "epoch"):
            begun = time.monotonic()
            lines = scene.call(level)
            expect(len(lines) == 1 and lines[0].startswith("closed: peer, busy"), *lines)
            expect(time.monotonic() - begun < 10, level)
        expect(scene.health()["status"] == "degraded")


@case("--listen fd:N: a socket that listens already, whoever was waiting there")
def handed_in():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with Scene(listener=listener) as scene:
            stood(scene.call("epoch", 2), "epoch", "nonce")
            expect(f"channels are open: {scene.address} to {scene.folder}/app.sock\n" in scene.machine.said,
                   scene.machine.said)
            health = scene.health()
            expect(health["upstream"] == "inside" and health["channels"]["opened"] == 2, health)
            # It is not handed on: nothing that it runs could have it, and nobody else is let in by it.
            fds = [os.readlink(f) for f in Path(f"/proc/{scene.machine.pid()}/fd").iterdir()]
            expect(sum(f"socket:[{os.fstat(listener.fileno()).st_ino}]" == f for f in fds) == 1, fds)


@case("--upstream-outside: it is said, in the log and in health")
def outside():
    with Scene(upstream="--upstream-outside") as scene:
        stood(scene.call("epoch"), "epoch", "nonce")
        expect("not on this machine: nothing vouches" in scene.machine.said, scene.machine.said)
        expect(scene.health()["upstream"] == "outside")


@case("--listen vsock: channels between a machine and its host")
def vsock():
    listen = "vsock:60444"
    try:
        with socket.socket(socket.AF_VSOCK) as probe:
            probe.bind((socket.VMADDR_CID_ANY, 60444))
            probe.listen(1)
            with socket.socket(socket.AF_VSOCK) as caller:
                caller.settimeout(5)
                caller.connect((1, 60444))
    except OSError as error:
        raise tap.Skip(f"this machine cannot connect to itself by vsock: {error}") from None
    with Scene(listen=listen) as scene:
        expect(f"channels are open: {listen} to " in scene.machine.said, scene.machine.said)
        scene.address = "vsock:1:60444"
        stood(scene.call("epoch", 2), "epoch", "nonce")


@case("what is no TLS gets nowhere; the next client does")
def strangers():
    with Scene() as scene:
        host, port = scene.address.split(":")
        for sent in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\0" * 4096, b"", os.urandom(4096)):
            with socket.create_connection((host, int(port))) as peer:
                peer.settimeout(10)
                try:
                    peer.sendall(sent)
                    peer.shutdown(socket.SHUT_WR)
                    while piece := peer.recv(4096):
                        expect(piece[0] in (21, 22), piece)  # an alert, at most
                except TimeoutError:
                    expect(False, "it was left open")
                except OSError:
                    pass  # closed already
        stood(scene.call("epoch"), "epoch", "nonce")
        expect(scene.upstream.heard == [b"a line\n"])


@case("an agent that ends tells its clients, and frees the port")
def ends():
    with Scene() as scene:
        held = subprocess.Popen(scene.words("epoch", "hold", None), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env=base())
        expect(held.stdout.readline().startswith("open: epoch"))
        expect(scene.machine.end() == 0)
        expect(held.stdout.readline().startswith("closed: "))
        held.stdin.close()
        held.wait(30)
        with socket.create_server(("127.0.0.1", int(scene.address.split(":")[1]))):
            pass


WRONG = [
    (["--certificate", "{key}", "--key", "{key}"], "chmod 600"),
    (["--certificate", "{missing}", "--key", "{key}"], "cannot read '{missing}': no such file or directory"),
    (["--certificate", "{private}", "--key", "{private}"], "not a usable public key"),
    (["--checkpoint", "{missing}"], "cannot read '{missing}': no such file or directory"),
    (["--ask", "epoch", "--policy", "{missing}"], "cannot open '{missing}': no such file or directory"),
    (["--ask", "epoch", "--policy", "{broken}"], "{broken}:"),
    (["--ask", "epoch", "--policy", "{policy}", "--root", "{key}"], "{key}: "),
    (["--ask", "epoch", "--policy", "{logged}"], "{logged}:1: log: a connection carries no proof from a log"),
]


@case("files that are missing, broken or open to others end it before anybody is let in")
def files():
    folder = Path(tempfile.mkdtemp(prefix="troth-files-"))
    paths = {name: folder / name for name in ("key", "private", "missing", "broken", "policy", "logged")}
    paths["key"].write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    paths["key"].chmod(0o644)
    paths["private"].write_text(paths["key"].read_text())
    paths["private"].chmod(0o600)
    paths["broken"].write_text('{"policy": "x", "acept": ["tdx"]}')
    paths["policy"].write_text(json.dumps(ANY))
    paths["logged"].write_text(json.dumps({**ANY, "log": {
        "key": "example.com/releases+09afb167+AYNv8YTntBseE8tf2J+h3pjburmenSkYkT/0O4alx8IT"}}))
    for words, said in WRONG:
        done = subprocess.run([here.HERE["sim"], "tsm", "--", here.HERE["agent"], "--socket", folder / "a.sock",
                               "--listen", free_address(), "--upstream", "/run/app.sock",
                               *(w.format(**paths) for w in words)], capture_output=True, text=True, env=base(),
                              check=False, timeout=60)
        if done.returncode == 125:
            raise tap.Skip(f"no machine can be simulated here: {done.stderr.strip()}")
        expect(done.returncode == 2 and said.format(**paths) in done.stderr, words, done.stderr)
        expect("Sanitizer" not in done.stderr, done.stderr)
    shutil.rmtree(folder)


@case("a certificate and key of one's own are shown to clients")
def certificate():
    if not shutil.which("openssl"):
        raise tap.Skip("no openssl to make them with")
    folder = Path(tempfile.mkdtemp(prefix="troth-certificate-"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=app.example"],
                   check=True, capture_output=True, env=base())
    (folder / "key.pem").chmod(0o600)
    with Scene("--certificate", folder / "cert.pem", "--key", folder / "key.pem") as scene:
        stood(scene.call("strict"), "strict", "connection")
        shown = subprocess.run(["openssl", "s_client", "-connect", scene.address, "-tls1_3", "-alpn", "troth/1"],
                               stdin=subprocess.DEVNULL, capture_output=True, text=True, env=base(), check=False)
        expect("CN = app.example" in shown.stdout or "CN=app.example" in shown.stdout, shown.stdout[:500])
    shutil.rmtree(folder)


def main(troth, agent, sim, client, only=None):
    here.HERE.update(troth=troth, agent=agent, sim=sim, client=client)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=3)


sys.exit(main(*sys.argv[1:]))
