#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two processes, each on a machine of its own, that name each other's machine; and who comes between
them. The server is troth-agent before an echo, the client examples/channel_client.c. TAP.

usage: two_processes_test.py TROTH AGENT SIM CLIENT [WORDS]     those cases whose name has these words
"""
import json
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.dont_write_bytecode = True
import agent_machine as here
from agent_machine import Judge, Machine, base, good, unpack

import tap
from tap import Skip, case, expect

SERVER, CLIENT, OTHER = 1, 2, 3  # machines of one vendor, all with one image
LEVELS = ("epoch", "strict")
SENT = b"a secret" + bytes(range(256)) * 400


def policy(*machines, **more):
    listed = {"tdx": list(machines)} if machines else "any"
    return {"policy": "two", "accept": ["tdx"], "images": "any", "machines": listed, **more}


ANY = policy()
WRONG = policy(images={"other": {"tdx": {"mr_td": "00" * 48, "rtmr0": "any", "rtmr1": "any", "rtmr2": "any",
                                         "mr_config_id": "any"}}})


def identity(machine):
    """What evidence of a machine calls its hardware, by the agent's and the verifier's word."""
    with Machine(sim=("--machine", machine)) as agent, Judge() as judge:
        evidence = good(agent.post("/v1/evidence", {"nonce": "00"}))
        result = judge.accepts(unpack(evidence["evidence"]), "--binding", evidence["binding"])
        return result["claims"]["hardware_id"]


class Echo:
    """The program behind the agent: all that it hears comes back at the end."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.heard = b""
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer = self.listener.accept()[0]
            except OSError:
                return
            with peer:
                got = b""
                while piece := peer.recv(65536):
                    self.heard += piece
                    got += piece
                peer.sendall(got)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Scene:
    """An agent that listens, on a machine of this number."""

    def __init__(self, *options, number=SERVER, seed=0, wants=None):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-two-"))
        self.root, self.collateral = self.folder / "root.pem", self.folder / "collateral"
        for what, where in (("root", self.root), ("collateral", self.collateral)):
            subprocess.run([here.HERE["sim"], what, where], check=True, env=base())
        self.echo, self.port = Echo(), free_port()
        options = ["--listen", f"127.0.0.1:{self.port}", "--upstream", self.echo.address, *options]
        if wants:
            options += ["--policy", self.write("wants", wants), "--root", self.root, "--collateral", self.collateral]
        self.machine = Machine(*options, sim=("--machine", number, "--seed", seed))

    def write(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return path

    def __enter__(self):
        self.machine.start()
        return self

    def __exit__(self, *failure):
        self.machine.__exit__(*failure)
        self.echo.listener.close()
        shutil.rmtree(self.folder)

    def call(self, level, wants, *, number=None, port=None):
        """Exit status, what came back, what was said. With a number the client proves itself, too."""
        sim = [here.HERE["sim"], "tsm", "--machine", number, "--"] if number else []
        words = [*sim, here.HERE["client"], *(["prove"] if number else []), level, self.write("client", wants),
                 "127.0.0.1", port or self.port, self.root, self.collateral / "collateral.json"]
        done = subprocess.run([str(w) for w in words], input=SENT, capture_output=True, env=base(), check=False,
                              timeout=120)
        said = done.stderr.decode()
        expect("Sanitizer" not in said and "runtime error" not in said, said)
        return done.returncode, done.stdout, said


def succeeds(scene, level, whose, *asked, **more):
    status, back, said = scene.call(level, *asked, **more)
    expect(status == 0, status, said, scene.machine.said)
    expect(back == SENT and scene.echo.heard == SENT, len(back), len(scene.echo.heard))
    expect(said == f"proven: {level}, tdx, image any, {whose}, SIMULATED\n", said)


def fails(scene, level, why, *asked, **more):
    status, back, said = scene.call(level, *asked, **more)
    expect((status, back) == (1, b""), status, len(back), said)
    expect(said.startswith(f"refused: {why}"), said)
    expect(scene.echo.heard == b"", "the program heard of it")


@case("both prove, and name each other's machine; every byte comes back")
def mutual():
    server, client = identity(SERVER), identity(CLIENT)
    expect(server != client, server)
    for level in LEVELS:
        with Scene("--ask", level, wants=policy(client)) as scene:
            succeeds(scene, level, "a machine that the policy names", policy(server), number=CLIENT)


@case("each at a level of its own")
def mixed():
    for level, asked in (LEVELS, LEVELS[::-1]):
        with Scene("--ask", asked, wants=ANY) as scene:
            succeeds(scene, level, "some machine running this image", ANY, number=CLIENT)


@case("a client led to another machine of the image refuses it, unless any will do")
def diverted():
    server = identity(SERVER)
    for level in LEVELS:
        with Scene(number=OTHER) as scene:
            fails(scene, level, "the policy refuses the evidence: machine: ", policy(server))
            succeeds(scene, level, "some machine running this image", ANY)


@case("a client of a machine that the server does not name is refused")
def stranger():
    client = identity(CLIENT)
    for level in LEVELS:
        with Scene("--ask", level, wants=policy(client)) as scene:
            fails(scene, "epoch", "the peer refuses: the policy refuses the evidence", ANY, number=OTHER)


@case("a wrong policy, on either side: exit status 1, and no byte goes")
def wrong():
    for level in LEVELS:
        with Scene() as scene:
            fails(scene, level, "the policy refuses the evidence: measurement: ", WRONG)
        with Scene("--ask", level, wants=WRONG) as scene:
            fails(scene, level, "the peer refuses: the policy refuses the evidence", ANY, number=CLIENT)


@case("nothing says whose machine it is: refused, and told why")
def nobodys():
    unsaid = {name: value for name, value in ANY.items() if name != "machines"}
    with Scene() as scene:
        fails(scene, "epoch", "nothing says whose machine it is", unsaid)


@case("a machine of another vendor is nobody's")
def another_vendor():
    for level in LEVELS:
        with Scene(seed=7) as scene:
            fails(scene, level, "the policy refuses the evidence: anchor: ", ANY)


class Middle:
    """Ends TLS on both sides, and passes on what is inside; he keeps a copy."""

    def __init__(self, port):
        self.server = ("127.0.0.1", port)
        self.folder = Path(tempfile.mkdtemp(prefix="troth-middle-"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem", "-subj", "/CN=middle"],
                       check=True, capture_output=True, env=base())
        self.front = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.front.load_cert_chain(self.folder / "cert.pem", self.folder / "key.pem")
        self.back = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.back.check_hostname, self.back.verify_mode = False, ssl.CERT_NONE
        for context in (self.front, self.back):
            context.minimum_version = ssl.TLSVersion.TLSv1_3
            context.set_alpn_protocols(["troth/1"])
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.copy = b""
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        raw = self.listener.accept()[0]
        with self.front.wrap_socket(raw, server_side=True) as client, \
                self.back.wrap_socket(socket.create_connection(self.server)) as server:
            client.settimeout(0.05)
            server.settimeout(0.05)
            while self.carry(client, server) and self.carry(server, client):
                pass

    def carry(self, source, sink):
        """False: one side has ended."""
        try:
            piece = source.recv(65536)
        except (TimeoutError, ssl.SSLWantReadError):
            return True
        except OSError:
            return False
        self.copy += piece
        try:
            sink.sendall(piece)
        except OSError:
            return False
        return piece != b""

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.listener.close()
        self.thread.join(30)
        shutil.rmtree(self.folder)


@case("a man in the middle passes the proofs on: refused at either level, by either side")
def relayed():
    if not shutil.which("openssl"):
        raise Skip("no openssl to make his certificate with")
    whys = {"epoch": "the attestation key did not sign for this connection",
            "strict": "the policy refuses the evidence: nonce: "}
    for level in LEVELS:
        with Scene() as scene, Middle(scene.port) as middle:
            fails(scene, level, whys[level], ANY, port=middle.port)
            expect(len(middle.copy) > 4000, "the proof went through his hands", len(middle.copy))
            expect(b"a secret" not in middle.copy, "and so did the data")
        with Scene("--ask", level, wants=ANY) as scene, Middle(scene.port) as middle:
            fails(scene, level, whys[level], ANY, port=middle.port, number=CLIENT)


def main(troth, agent, sim, client, only=None):
    here.HERE.update(troth=troth, agent=agent, sim=sim, client=client)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=2)


sys.exit(main(*sys.argv[1:]))
