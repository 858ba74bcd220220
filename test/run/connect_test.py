#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth connect against troth-agent on a simulated machine, with real programs at both ends. TAP.

usage: connect_test.py TROTH AGENT SIM [WORDS]     those cases whose name has these words
"""
import contextlib
import hashlib
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
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("channel", "cli")]
import agent_machine as here
from agent_machine import Machine, base

import schema
import tap
from collateral_server import Service, intel
from tap import Skip, case, expect

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/connect.schema.json").read_text())
UMASK = os.umask(0o022)
os.umask(UMASK)
ANY = {"policy": "any-tdx", "accept": ["tdx"], "images": "any", "machines": "any"}
OPEN = {"rtmr0": "any", "rtmr1": "any", "rtmr2": "any", "mr_config_id": "any"}
OTHER_IMAGE = {**ANY, "images": {"release-7": {"tdx": {"mr_td": "12" * 48, **OPEN}}}}
OTHER_MACHINE = {**ANY, "machines": {"tdx": ["34" * 16]}}
UNNAMED = {k: v for k, v in ANY.items() if k != "machines"}
LINE = (r"proven: \S+: tdx, any image, machine [0-9a-f]{16}\.\.\. \(any\), level (\w+), until \d{4}-\S+Z"
        r"(, the end of [^,]+)?, SIMULATED: it rests on a root that no vendor vouches for\n")


def parse_event(line):
    """One that is as the schema says."""
    event = json.loads(line)
    complaints = list(schema.check(event, SCHEMA, SCHEMA, "event"))
    expect(not complaints, event, *complaints)
    return event


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def until_end(peer):
    pieces = []
    while piece := peer.recv(1 << 16):
        pieces.append(piece)
    return b"".join(pieces)


class Program:
    """The program behind: one thread a connection, which `serve` is given."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.accepted = 0
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            self.accepted += 1
            threading.Thread(target=self.hand_over, args=(peer,), daemon=True).start()

    def hand_over(self, peer):
        with peer, contextlib.suppress(OSError):
            self.serve(peer)


def echo(peer):
    while piece := peer.recv(1 << 16):
        peer.sendall(piece)


def digest(peer):
    """Says what it heard, once it heard the end."""
    peer.sendall(hashlib.sha256(until_end(peer)).hexdigest().encode())


class Scene:
    """An agent before a program, and what goes with `troth connect`."""

    def __init__(self, serve=echo, sim=(), upstream=None):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-connect-"))
        self.program = Program(serve)
        self.address = f"127.0.0.1:{free_port()}"
        self.upstream = upstream or self.program.address
        self.set_policy(ANY)
        for what, where in (("root", "root.pem"), ("collateral", "collateral")):
            subprocess.run([here.HERE["sim"], what, *sim, self.folder / where], check=True, env=base())
        self.machine = self.machine_of(sim)

    def machine_of(self, sim=()):
        return Machine("--listen", self.address, "--upstream", self.upstream, sim=sim)

    def set_policy(self, policy):
        (self.folder / "policy.json").write_text(json.dumps(policy))

    def __enter__(self):
        self.machine.start()
        return self

    def __exit__(self, *failure):
        self.machine.__exit__(*failure)
        self.program.listener.close()
        shutil.rmtree(self.folder)

    def words(self, *more, policy=None, address=None, root=True, service=None):
        if policy is not None:
            self.set_policy(policy)
        given = ["--collateral", self.folder / "collateral", "--offline"]
        if service:
            given = ["--pccs", service.url, "--cache", self.folder / "cache"]
        return [str(w) for w in [here.HERE["troth"], "connect", address or self.address, "--policy",
                                 self.folder / "policy.json", *(["--root", self.folder / "root.pem"] if root else []),
                                 *given, *more]]

    def call(self, *more, data=b"", patience=60, **how):
        """Status, output and complaints."""
        done = subprocess.run(self.words(*more, **how), input=data, capture_output=True, env=base(), check=False,
                              timeout=patience)
        said = done.stderr.decode()
        expect("Sanitizer" not in said and "runtime error" not in said, said)
        return done.returncode, done.stdout, said

    def refused(self, status, *said, more=("--stdio",), **how):
        result = self.call(*more, **how)
        expect(result[0] == status and result[1] == b"", result)
        for text in said:
            expect(text in result[2], f"wanted {text}", result[2])


class Local:
    """troth connect --listen, until the block ends."""

    def __init__(self, scene, *more, at=None, status=0, **how):
        self.status = status
        self.at = at or str(free_port())
        self.running = subprocess.Popen(scene.words("--listen", self.at, *more, **how), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=base(), text=True)
        self.said, self.printed = "", ""
        self.readers = [threading.Thread(target=self.read, args=a, daemon=True) for a in
                        ((self.running.stderr, "said"), (self.running.stdout, "printed"))]
        for reader in self.readers:
            reader.start()
        self.await_said("listening")

    def read(self, stream, name):
        for line in stream:
            setattr(self, name, getattr(self, name) + line)

    def await_said(self, text, seconds=20, times=1):
        for _ in range(int(seconds * 20)):
            if (self.said + self.printed).count(text) >= times:
                return
            time.sleep(0.05)
        expect(False, f"never said: {text}", self.said, self.printed)

    def connect(self, patience=30):
        if "/" in self.at:
            made = socket.socket(socket.AF_UNIX)
            made.connect(self.at)
        else:
            made = socket.create_connection(("127.0.0.1", int(self.at)))
        made.settimeout(patience)
        return made

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.running.send_signal(signal.SIGTERM)
        status = self.running.wait(30)
        for reader in self.readers:
            reader.join()
        expect("Sanitizer" not in self.said and "runtime error" not in self.said, self.said)
        if not failure[0]:
            expect(status == self.status, f"status {status}", self.said)


def ask(local, text):
    """What comes back of it; the connection is ended in order."""
    with local.connect() as peer:
        peer.sendall(text)
        peer.shutdown(socket.SHUT_WR)
        return until_end(peer)


def is_reset(local):
    """A connection that is refused does not look like one that has nothing to say."""
    try:
        with local.connect() as peer:
            return until_end(peer) and False
    except ConnectionResetError:
        return True


@case("a page of an unmodified server, fetched by an unmodified client")
def page():
    port = free_port()
    with Scene(upstream=f"127.0.0.1:{port}") as scene:
        site = scene.folder / "site"
        site.mkdir()
        (site / "page").write_text("a page\n")
        server = subprocess.Popen([sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory",
                                   str(site), str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            for _ in range(100):
                if socket.socket().connect_ex(("127.0.0.1", port)) == 0:
                    break
                time.sleep(0.1)
            status, out, said = scene.call("--", "curl", "-sS", "http://{}/page")
            expect(status == 0 and out == b"a page\n" and re.fullmatch(LINE, said), status, out, said)
            status, out, _ = scene.call("--", "curl", "-sSf", "http://127.0.0.1:{port}/none")
            expect(status == 22, f"the command's own status: {status}")
            with Local(scene) as local:
                got = subprocess.run(["curl", "-sS", f"http://127.0.0.1:{local.at}/page"], capture_output=True,
                                     env=base(), check=False)
                expect(got.stdout == b"a page\n", got)
        finally:
            server.kill()
            server.wait()


@case("--stdio is one connection, half-closed either way")
def stdio():
    with Scene(digest) as scene:
        for size in (0, 5, 3_000_001):
            data = os.urandom(size)
            status, out, said = scene.call("--stdio", data=data)
            expect(status == 0 and out == hashlib.sha256(data).hexdigest().encode(), status, out, said)
            expect(re.fullmatch(LINE, said), said)


@case("--stdio says the end while its input stays open")
def stdio_ends():
    with Scene(lambda peer: peer.sendall(b"bye")) as scene:
        running = subprocess.Popen(scene.words("--stdio"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, env=base())
        try:
            expect(running.stdout.read() == b"bye")
            running.stdin.close()
            expect(running.wait(30) == 0, "status")
        finally:
            running.kill()


@case("a command's words, exit status, signals")
def command():
    with Scene() as scene:
        status, out, said = scene.call("--", "sh", "-c", "echo $0 $1; exit 7", "<{}>", "{port}{port}")
        expect(status == 7 and re.fullmatch(rb"<127\.0\.0\.1:(\d+)> \1\1\n", out), status, out, said)
        expect(scene.call("--", "sh", "-c", "kill -9 $$")[0] == 128 + 9)
        expect(scene.call("--", "no-such-command")[0] == 127)
        expect(scene.call("--", str(scene.folder))[0] == 126)
        running = subprocess.Popen(scene.words("--", "sh", "-c", "trap 'exit 5' TERM; echo there; while :; do sleep 0.1; "
                                               "done"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=base())
        expect(running.stdout.readline() == b"there\n")
        running.terminate()
        expect(running.wait(30) == 5, running.returncode)
        expect(scene.call("--json", "--", "echo", "data")[1] == b"data\n", "standard output is the command's")


@case("events as JSON")
def events():
    with Scene() as scene:
        with Local(scene, "--json", "--require", "strict") as local:
            expect(ask(local, b"x") == b"x")
            lines = [parse_event(line) for line in local.printed.splitlines()]
        expect([e["event"] for e in lines] == ["proven", "listening"], lines)
        proven = lines[0]
        expect(proven["level"] == "strict" and proven["freshness"] == "connection" and proven["simulated"] is True and
               proven["whose"] == "any" and proven["image"] is None and len(proven["machine"]) == 32, proven)
        expect(lines[1]["at"] == f"127.0.0.1:{local.at}", lines)
        status, out, _ = scene.call("--listen", "0", "--json", policy=OTHER_IMAGE)
        refused = parse_event(out)
        expect(status == 1 and refused["event"] == "refused" and refused["reason"] == "evidence", refused)
        _, out, _ = scene.call("--listen", "0", "--json", address=f"127.0.0.1:{free_port()}")
        expect(parse_event(out)["event"] == "unreachable", out)
        _, out, _ = scene.call("--listen", "here", "--json", policy=ANY)
        expect([parse_event(line)["event"] for line in out.splitlines()] == ["proven", "error"], out)
        check = refused["check"]
        expect(check["name"] == "measurement" and check["subject"] == "tdx.mr_td" and check["wanted"] == "12" * 48 and
               re.fullmatch("[0-9a-f]{96}", check["seen"]) and check["policy_line"] > 0, check)


@case("what is refused says why, and what would help")
def refusals():
    with Scene() as scene:
        scene.refused(1, "the policy refuses the evidence: measurement\n", "tdx.mr_td: another value than image "
                      "'release-7' demands\n    seen    ", "wanted  121212", "troth: hint: another image",
                      policy=OTHER_IMAGE)
        scene.refused(1, "not one of the machines that the policy lists", "troth: hint: 'machines' in the policy",
                      policy=OTHER_MACHINE)
        scene.refused(1, "nothing says whose machine it is", "'machines: any'", policy=UNNAMED)
        expect(scene.program.accepted == 0, "the program heard of it")


@case("firmware that is out of date is refused, with what was seen and wanted")
def out_of_date():
    with Scene(sim=("--set", "tcb.status=OutOfDate")) as scene:
        scene.refused(1, "tcb_status", "OutOfDate", "UpToDate", "'intel: {tcb: [UpToDate, OutOfDate]}'")


@case("a root that nobody trusts, and a server that is none")
def strangers():
    with Scene() as scene:
        scene.refused(1, "anchor", "--root FILE", root=False)
        scene.refused(2, "unreachable: ", "refused", address=f"127.0.0.1:{free_port()}")
        scene.refused(2, "unreachable: no-such-host.invalid:1", address="no-such-host.invalid:1")
        plain = Program(lambda peer: peer.sendall(b"SSH-2.0-none\r\n"))
        scene.refused(1, "the TLS connection is not as troth demands", address=plain.address)
        silent = Program(lambda peer: None)
        scene.refused(2, "broken off", "does 'troth run' or troth-agent listen there", address=silent.address)


@case("command lines that mean nothing")
def usage():
    with Scene() as scene:
        for words, said in (
            (["--listen", "1", "--stdio"], "one at a time"), ([], "what is to go through"), (["--"], "no COMMAND"),
            (["--stdio", "--require", "none"], "neither epoch nor strict"), (["--stdio", "--pin", "00"], "no SHA-256"),
            (["--stdio", "--max-age", "soon"], "no time"), (["--listen", "here"], "neither a port"),
            (["--listen", "70000"], "neither a port"),
        ):
            scene.refused(2, said, more=words)
        scene.refused(2, "no address with a port", address="host")
        scene.refused(2, "no address with a port", address="host:0")


@case("--evidence keeps what was accepted, whole, and nothing that was not")
def evidence():
    with Scene() as scene:
        kept = scene.folder / "evidence.bin"
        shown = [here.HERE["troth"], "show", "--json", kept]
        kept.write_bytes(b"old")
        scene.refused(1, "refused", policy=OTHER_IMAGE, more=("--stdio", "--evidence", kept))
        expect(kept.read_bytes() == b"old", "written before it was accepted")
        status, _, said = scene.call("--stdio", "--evidence", kept, policy=ANY)
        expect(status == 0, said)
        expect(kept.stat().st_mode & 0o777 == 0o666 & ~UMASK, oct(kept.stat().st_mode))
        shown = subprocess.run(shown, capture_output=True, env=base(), check=False)
        expect(shown.returncode == 0 and json.loads(shown.stdout)["kind"] == "tdx", shown)
        again = subprocess.run([here.HERE["troth"], "verify", kept, "--root", scene.folder / "root.pem", "--collateral",
                                scene.folder / "collateral", "--offline", "--any", "measurement", "--any", "nonce"],
                               capture_output=True, env=base(), check=False)
        expect(again.returncode == 0, again)
        scene.refused(2, "cannot write", more=("--stdio", "--evidence", scene.folder / "none" / "evidence"))
        scene.refused(2, "empty name", more=("--stdio", "--evidence="))
        expect(not [p.name for p in scene.folder.iterdir() if "new-" in p.name], "left over")


@case("a server that goes away and comes back is proven anew; the listener stays")
def back_again():
    with Scene() as scene:
        with Local(scene) as local:
            expect(ask(local, b"before") == b"before")
            scene.machine.__exit__(None, None, None)
            expect(is_reset(local), "refused in order")
            local.await_said("unreachable: ")
            scene.machine = scene.machine_of().start()
            expect(ask(local, b"after") == b"after")
            local.await_said("proven: ", times=2)
            expect(ask(local, b"again") == b"again")
            expect(len(re.findall("proven: ", local.said)) == 2, "the same again", local.said)


@case("another image in its place is refused; the listener stays")
def changed_image():
    with Scene() as scene:
        scene.set_policy({**ANY, "images": {"release-7": {"tdx": {"mr_td": "any", **OPEN, "rtmr0": "00" * 48}}}})
        scene.machine.__exit__(None, None, None)
        scene.machine = scene.machine_of(("--set", "tdx.rtmr0=" + "00" * 48)).start()
        with Local(scene) as local:
            expect(ask(local, b"before") == b"before")
            scene.machine.__exit__(None, None, None)
            scene.machine = scene.machine_of(("--set", "tdx.rtmr0=" + "56" * 48)).start()
            accepted = scene.program.accepted
            expect(is_reset(local), "refused in order")
            local.await_said("tdx.rtmr0: another value than image 'release-7' demands\n    seen    5656")
            expect(scene.program.accepted == accepted, "the program heard of it")
            scene.machine.__exit__(None, None, None)
            scene.machine = scene.machine_of(("--set", "tdx.rtmr0=" + "00" * 48)).start()
            expect(ask(local, b"after") == b"after")


@case("a connection that is cut ends in a reset")
def cut():
    with Scene() as scene:
        with Local(scene) as local, local.connect() as peer:
            peer.sendall(b"half")
            expect(peer.recv(4) == b"half")
            os.kill(scene.machine.pid(), signal.SIGKILL)
            try:
                expect(peer.recv(1) is None, "an orderly end")
            except ConnectionResetError:
                pass
            local.await_said("broken off: ")
            scene.machine.running.wait(30)
            scene.machine = scene.machine_of().start()


@case("a socket's path is for its owner, and leaves with who made it")
def path():
    with Scene() as scene:
        at = scene.folder / "local.sock"
        with Local(scene, at=str(at)) as local:
            expect(at.stat().st_mode & 0o777 == 0o600, oct(at.stat().st_mode))
            expect(ask(local, b"by a path") == b"by a path")
            expect(scene.call("--listen", str(at))[0] == 2, "two at one path")
        expect(not at.exists() and not list(scene.folder.glob("local.sock*")))


@case("half-closed connections, and much data both ways")
def both_ways():
    data = os.urandom(1 << 20) * 24
    wanted = hashlib.sha256(data).hexdigest()

    def serve(peer):
        def say():
            with contextlib.suppress(OSError):  # the first connection only proves
                peer.sendall(data)

        sender = threading.Thread(target=say)
        sender.start()
        heard = hashlib.sha256(until_end(peer)).hexdigest()
        sender.join()
        peer.sendall(heard.encode())

    with Scene(serve) as scene, Local(scene) as local:
        with local.connect(120) as peer:
            def send():
                peer.sendall(data)
                peer.shutdown(socket.SHUT_WR)

            sender = threading.Thread(target=send)
            sender.start()
            got = until_end(peer)
            sender.join()
        expect(len(got) == len(data) + 64 and hashlib.sha256(got[:-64]).hexdigest() == wanted and
               got[-64:] == wanted.encode(), len(got), got[-64:])


def check_many(local):
    peers = [local.connect(120) for _ in range(200)]
    for i, peer in enumerate(peers):
        peer.sendall(b"%04d" % i)
    for i, peer in enumerate(peers):
        expect(peer.recv(4) == b"%04d" % i)
        peer.shutdown(socket.SHUT_WR)
    for peer in peers:
        expect(until_end(peer) == b"")
        peer.close()


@case("two hundred at once; and again, when nobody knows the server's new evidence")
def many():
    with Scene() as scene, Local(scene) as local:
        check_many(local)
        expect(len(re.findall("proven: ", local.said)) == 1, local.said)
        scene.machine.__exit__(None, None, None)
        scene.machine = scene.machine_of().start()
        check_many(local)


@case("one who does not read holds back its own connection, and nobody else's")
def slow():
    sent = []

    def serve(peer):
        if peer.recv(4) == b"slow":
            with contextlib.suppress(OSError):
                while len(sent) < 4096:
                    peer.sendall(bytes(1 << 16))
                    sent.append(1)
        else:
            peer.sendall(b"quick")

    with Scene(serve) as scene, Local(scene) as local:
        with local.connect() as idle:
            idle.sendall(b"slow")
            time.sleep(1)
            held = len(sent)
            expect(held < 1024, "all of it went somewhere")
            with local.connect() as peer:
                peer.sendall(b"fast")
                expect(peer.recv(5) == b"quick")
            memory = Path(f"/proc/{local.running.pid}/statm").read_text().split()[1]
            expect(int(memory) < 1 << 16, "pages", memory)


@case("who reaches for another address than this machine's own is told")
def open_to_others():
    with Scene() as scene:
        with Local(scene, at=f"0.0.0.0:{free_port()}") as local:
            local.await_said("other machines can reach this address")


@case("ssh through --stdio")
def ssh():
    if not shutil.which("sshd") and not Path("/usr/sbin/sshd").exists() or not shutil.which("ssh"):
        raise Skip("no SSH server here")
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    port = free_port()
    with Scene(upstream=f"127.0.0.1:{port}") as scene:
        for key in ("host", "own"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scene.folder / key], check=True)
        (scene.folder / "config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {scene.folder}/host\nPidFile none\nUsePAM no\n"
            f"StrictModes no\nAuthorizedKeysFile {scene.folder}/own.pub\nPasswordAuthentication no\n")
        os.makedirs("/run/sshd", exist_ok=True)
        server = subprocess.Popen([sshd, "-D", "-e", "-f", scene.folder / "config"], stderr=subprocess.PIPE)
        try:
            time.sleep(1)
            if server.poll() is not None:
                raise Skip(f"no SSH server runs here: {server.stderr.read().decode()}")
            proxy = " ".join(f"'{w}'" for w in scene.words("--stdio"))
            done = subprocess.run(["ssh", "-F", "none", "-i", scene.folder / "own", "-o", f"ProxyCommand={proxy}", "-o",
                                   "StrictHostKeyChecking=no", "-o", f"UserKnownHostsFile={scene.folder}/known", "-o",
                                   "BatchMode=yes", "x", "head -c 1000000 /dev/zero | sha256sum"], capture_output=True,
                                  text=True, check=False, timeout=60)
            expect(done.returncode == 0 and hashlib.sha256(bytes(1000000)).hexdigest() in done.stdout, done)
        finally:
            server.kill()
            server.wait()


@case("what nobody gave is fetched, and kept")
def fetched():
    with Scene() as scene, Service(intel(scene.folder / "collateral", "tdx")) as service:
        status, out, said = scene.call("--", "echo", "there", service=service)
        expect(status == 0 and out == b"there\n" and re.fullmatch(LINE, said), status, out, said)
        asked = len(service.paths())
        expect(asked >= 4, service.paths())
        expect(scene.call("--", "true", service=service)[0] == 0 and len(service.paths()) == asked, service.paths())
        shutil.rmtree(scene.folder / "cache")
        service.answers.clear()
        status, _, said = scene.call("--", "echo", "there", service=service)
        expect(status == 2 and "unavailable" in said and "could not be judged" in said, status, said)


@case("what is about to lapse is fetched again, and connections go on")
def renewed():
    with Scene() as scene:
        old = scene.folder / "old"
        end = int(time.time()) + 15
        subprocess.run([here.HERE["sim"], "collateral", "--time", str(end - 20 * 86400), old], check=True, env=base())
        with Service(intel(old, "tdx")) as service:
            expect(scene.call("--", "true", service=service)[0] == 0)
            asked = len(service.paths())
            service.answers.update({path: [a] for path, a in intel(scene.folder / "collateral", "tdx").items()})
            with Local(scene, service=service) as local, local.connect() as peer:
                peer.sendall(b"early")
                expect(peer.recv(5) == b"early")
                expect(abs(end - time.time()) < 15, "too slow here")
                time.sleep(max(0, end + 3 - time.time()))
                expect(len(service.paths()) > asked, "nobody was asked")
                peer.sendall(b"later")
                expect(peer.recv(5) == b"later")
                expect(ask(local, b"new") == b"new", local.said)


def main(troth, agent, sim, only=None):
    here.HERE.update(troth=troth, agent=agent, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=3)


sys.exit(main(*sys.argv[1:]))
