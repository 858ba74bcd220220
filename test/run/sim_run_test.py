#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth-sim run, and who sits in the middle. TAP.

usage: sim_run_test.py BUILD [WORDS]     those cases whose name has these words
"""
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import sanitizers
import tap
from tap import Skip, case, expect

BUILD = Path(sys.argv[1])
SIM, TROTH = str(BUILD / "sim/troth-sim"), str(BUILD / "troth")
PATIENCE = 120
NOT_RUN = 125
ENVIRONMENT = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": "/nonexistent"}
# Answers each connection with its own words, and ends when it has read them.
SERVER = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 8000))
while True:
    peer = listener.accept()[0]
    peer.sendall(sys.argv[1].encode() + peer.recv(100))
    peer.close()
"""


def ask(*words, **more):
    done = subprocess.run([str(w) for w in words], text=True, check=False, timeout=PATIENCE, env=ENVIRONMENT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    expect(sanitizers.are_silent(done.stderr), done.stderr)
    return done


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


class Folder:
    """A folder that is gone afterwards."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="troth-sim-run-"))
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *failure):
        for state in self.path.glob("*/state"):
            shutil.rmtree(state.resolve())
        shutil.rmtree(self.path)


class Running:
    """A program of the simulator's, until the block ends."""

    def __init__(self, is_there, *words, cwd=None):
        self.said, self.is_there = "", is_there
        self.process = subprocess.Popen([SIM, *map(str, words)], stdin=subprocess.DEVNULL, cwd=cwd, text=True,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=ENVIRONMENT)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.said += line

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while self.is_there not in self.said:
            if self.process.poll() is not None or time.monotonic() > until:
                self.process.kill()
                self.reader.join(5)
                expect(False, f"it did not start: {self.process.wait()}", self.said)
            time.sleep(0.02)
        return self

    def await_words(self, words):
        until = time.monotonic() + PATIENCE
        while words not in self.said:
            expect(time.monotonic() < until, f"it does not say '{words}'", self.said)
            time.sleep(0.02)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(30)
        self.reader.join(5)
        expect(sanitizers.are_silent(self.said), self.said)
        return status

    def __exit__(self, *failure):
        self.end()


def serve(folder, *options, words="hello ", port=None):
    """The server above, behind proof; files are in folder/sim unless --write is among the options."""
    port = port or free_port()
    write = [] if "--write" in options else ["--write", folder / "sim"]
    machine = Running("troth-run: ready: ", "run", *write, *options, "--listen", f"127.0.0.1:{port}",
                      "--upstream", "127.0.0.1:8000", "--", "/usr/bin/python3", "-c", SERVER, words, cwd=folder)
    machine.port = port
    return machine


def connect(folder, port, *options):
    """With the files that are there."""
    return ask(TROTH, "connect", f"127.0.0.1:{port}", "--policy", folder / "policy.yaml", "--root",
               folder / "root.pem", "--collateral", folder / "collateral", "--offline", *options, "--stdio",
               input="you")


def accepts(folder, port, *options, words="hello "):
    done = connect(folder, port, *options)
    expect((done.returncode, done.stdout) == (0, words + "you"), done)
    expect(done.stderr.startswith("proven: ") and "SIMULATED" in done.stderr, done.stderr)
    return done.stderr


def refuses(folder, port, why, *options):
    done = connect(folder, port, *options)
    expect((done.returncode, done.stdout) == (1, ""), done)
    expect(done.stderr.startswith("refused: ") and why in done.stderr, done.stderr)


def machine_case(why):
    """A case that needs a simulated machine and a program behind it."""
    def take(function):
        @case(why)
        def guarded():
            if os.geteuid() != 0:
                raise Skip("not root")
            machine = ask(SIM, "tsm", "--", "true")
            if machine.returncode == NOT_RUN:
                raise Skip(f"no machine can be simulated here: {machine.stderr.strip()}")
            with Folder() as folder:
                function(folder)
        return function
    return take


@machine_case("a TDX machine meets the policy that was written for it")
def meets_tdx(folder):
    meets(folder, "tdx", ("mr_td", "rtmr0", "rtmr1", "rtmr2", "rtmr3", "mr_config_id"))


@machine_case("an SEV-SNP machine meets the policy that was written for it")
def meets_snp(folder):
    meets(folder, "snp", ("measurement", "host_data"))


def meets(folder, kind, claims):
    with serve(folder, "--kind", kind) as machine:
        policy = (folder / "sim/policy.yaml").read_text()
        for claim in claims:
            expect(re.search(rf"^ +{claim}: [0-9a-f]+$", policy, re.M), claim, policy)
        checked = ask(TROTH, "policy", "check", folder / "sim/policy.yaml")
        expect(checked.returncode == 0, checked)
        expect(f"troth connect 127.0.0.1:{machine.port} " in machine.said, machine.said)
        for level in ("epoch", "strict"):
            said = accepts(folder / "sim", machine.port, "--require", level)
            expect(f": {kind}, image this-image, " in said and "(listed)" in said, said)


@machine_case("no other machine, image or program meets it")
def others(folder):
    with serve(folder, "--write", folder / "sim") as machine:
        port = machine.port
        accepts(folder / "sim", port)
    for options, words, why in (
            (("--machine", "2"), "hello ", "machine"),
            (("--set", "tdx.rtmr0=" + "07" * 48), "hello ", "rtmr0"),
            (("--set", "tcb.status=OutOfDate"), "hello ", "OutOfDate"),
            (("--seed", "9"), "hello ", ""),
            ((), "hullo ", "rtmr3")):
        with serve(folder, "--write", folder / "other", *options, words=words) as machine:
            refuses(folder / "sim", machine.port, why)


@machine_case("firmware that is out of date is in no policy, not even in that machine's own")
def outdated(folder):
    with serve(folder, "--set", "tcb.status=OutOfDate") as machine:
        refuses(folder / "sim", machine.port, "OutOfDate")


@machine_case("a machine that is started again knows nothing of what the one before recorded")
def again(folder):
    for words in ("hello ", "hello ", "other "):
        with serve(folder, words=words) as machine:
            accepts(folder / "sim", machine.port, words=words)


@machine_case("all of it may lie in a folder that others cannot enter, a home")
def private(folder):
    folder.chmod(0o700)
    here = folder / "here"
    here.mkdir(mode=0o755)
    with serve(here, "--write", folder / "sim") as machine:
        accepts(folder / "sim", machine.port)
        expect((folder / "sim/state/agent.sock").is_socket(), "no socket")


@machine_case("the exit status is the program's; signals are passed on; nothing is left over")
def ends(folder):
    done = ask(SIM, "run", "--write", folder / "sim", "--listen", f"127.0.0.1:{free_port()}", "--upstream",
               "127.0.0.1:8000", "--", "sh", "-c", "exit 7", cwd=folder)
    expect(done.returncode == 7, done)
    with serve(folder) as machine:
        expect(machine.end() == 128 + signal.SIGTERM, machine.said)
    left = subprocess.run(["pgrep", "-f", str(folder)], stdout=subprocess.PIPE, text=True, check=False)
    expect(left.stdout == "", left.stdout)


@case("command lines that are wrong are refused")
def refused():
    for words, why in (
            (("run", "--kind", "nitro", "--", "true"), "no report interface on a machine of this kind: 'nitro'"),
            (("run", "--kind", "abacus", "--", "true"), "no such kind of machine 'abacus'"),
            (("run", "--write"), "a directory must follow '--write'"),
            (("run", "--set", "tdx.mr_td"), "CLAIM=VALUE must follow '--set'"),
            (("middle", "--to", "127.0.0.1:1"), "missing '--listen'"),
            (("middle", "--listen", "127.0.0.1:1"), "missing '--to'"),
            (("middle", "--listen", "nowhere"), "no such address is possible: 'nowhere'"),
            (("middle", "--listen"), "an address must follow '--listen'"),
            (("middle", "127.0.0.1:1"), "no such option '127.0.0.1:1'")):
        done = ask(SIM, *words)
        expect(done.returncode == 2 and why in done.stderr, words, done)


def middle(server):
    port = free_port()
    running = Running("middle: between", "middle", "--listen", f"127.0.0.1:{port}", "--to", f"127.0.0.1:{server}")
    running.port = port
    return running


@machine_case("the man in the middle relays all of it, and is refused at both levels")
def refuses_middle(folder):
    with serve(folder) as machine, middle(machine.port) as man:
        accepts(folder / "sim", machine.port)
        refuses(folder / "sim", man.port, "did not sign for this connection")
        refuses(folder / "sim", man.port, "another nonce", "--require", "strict")
        man.await_words("passed on")
        accepts(folder / "sim", machine.port)


class TlsEcho:
    """What ends plain TLS, and says back all that it hears."""

    def __init__(self, folder):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", folder / "key.pem", "-out", folder / "cert.pem", "-subj", "/CN=echo"],
                       check=True, stderr=subprocess.DEVNULL)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
        self.context.set_alpn_protocols(["other/1", "echo/1"])
        self.context.sni_callback = lambda tls, name, context: self.names.add(name)
        self.names, self.protocols = set(), set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.echo, args=(peer,), daemon=True).start()

    def echo(self, peer):
        with self.context.wrap_socket(peer, server_side=True) as tls:
            self.protocols.add(tls.selected_alpn_protocol())
            while piece := tls.recv(65536):
                tls.sendall(piece)


@case("to plain TLS the man in the middle is the server: many at once, and every byte comes back")
def relays():
    if not shutil.which("openssl"):
        raise Skip("no openssl to make a certificate with")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["echo/1", "other/1"])

    def talk(number):
        sent = bytes([number]) * 60_000
        with socket.create_connection(("127.0.0.1", man.port)) as plain, \
                context.wrap_socket(plain, server_hostname="echo.example") as tls:
            tls.settimeout(PATIENCE)
            got = b""
            for turn in range(1, 6):
                tls.sendall(sent)
                while len(got) < turn * len(sent) and (piece := tls.recv(65536)):
                    got += piece
            return got == 5 * sent and tls.selected_alpn_protocol() == "echo/1" and \
                tls.getpeercert(binary_form=True) != theirs

    with Folder() as folder:
        echo = TlsEcho(folder)
        theirs = ssl.PEM_cert_to_DER_cert((folder / "cert.pem").read_text())
        with middle(echo.port) as man, ThreadPoolExecutor(20) as pool:
            expect(all(pool.map(talk, range(20))), man.said)
            man.await_words("passed on 300000 bytes of the client's and 300000 of the server's")
        expect((echo.names, echo.protocols) == ({"echo.example"}, {"echo/1"}), echo.names, echo.protocols)
        echo.listener.close()


@case("the man in the middle says why he cannot relay")
def troubles():
    nobody = free_port()
    with middle(nobody) as man:
        with socket.create_connection(("127.0.0.1", man.port)) as plain:
            plain.sendall(b"GET / HTTP/1.0\r\n\r\n")
            man.await_words("the client does not believe him")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", man.port)) as plain, context.wrap_socket(plain) as tls:
            man.await_words("the server does not answer")
            expect(tls.recv(10) == b"", "something came")


@machine_case("./dev demo: its story to the end, kept running, and ended")
def demo(_folder):
    words = [Path(__file__).resolve().parents[2] / "tools/demo", BUILD]
    try:
        told = ask(*words, "--keep")
        expect(told.returncode == 0, told)
        expect(re.findall(r"\(exit status (\d)\)", told.stdout) == list("011111000010"), told.stdout)
        again = ask(*words)
        expect(again.returncode == 2 and "still running" in again.stderr, again)
    finally:
        ended = ask(*words, "--end")
        for state in (BUILD / "demo").glob("*/state"):
            shutil.rmtree(state.resolve())
    expect(ended.returncode == 0, ended)
    left = subprocess.run(["pgrep", "-f", f"{BUILD}/sim/troth-sim run --write"], stdout=subprocess.PIPE, text=True,
                          check=False)
    expect(left.stdout == "", left.stdout)


if len(sys.argv) > 2:
    tap.cases[:] = [c for c in tap.cases if sys.argv[2] in c[0]]
sys.exit(tap.run())
