#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""examples/channel_client.c against the agent: two processes, each on a machine of its own.

usage: example_test.py TROTH AGENT SIM CLIENT
"""
import json
import re
import socket
import subprocess
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import agent_machine as here
from agent_machine import Machine, base
import tap
from tap import case, expect

ANY = {"policy": "any", "accept": ["tdx"], "images": "any", "machines": "any"}
OTHER = {**ANY, "images": {"other": {"tdx": {"mr_td": "00" * 48, "rtmr0": "any", "rtmr1": "any", "rtmr2": "any",
                                             "mr_config_id": "any"}}}}
TDX = ("--kind", "tdx")
SENT = bytes(range(256)) * 1000


def echo(listener):
    """What a program behind the agent does: everything comes back, then it ends."""
    while True:
        try:
            peer = listener.accept()[0]
        except OSError:
            return
        with peer:
            got = b""
            while piece := peer.recv(65536):
                got += piece
            peer.sendall(got)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, env=base(), check=False, timeout=120, **more)
    return done.returncode, done.stdout, done.stderr.decode()


class Service:
    """The agent in front of an echo, and all that its clients need."""

    def __init__(self, *options, policy=ANY):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = free_port()
        self.machine = Machine(sim=TDX)
        folder = self.machine.folder
        for words in ("root", folder / "root.pem"), ("collateral", folder / "collateral"):
            expect(run(here.HERE["sim"], *words)[0] == 0, words)
        (folder / "policy.json").write_text(json.dumps(policy))
        (folder / "any.json").write_text(json.dumps(ANY))
        self.files = [folder / "root.pem", folder / "collateral/collateral.json"]
        upstream = f"127.0.0.1:{self.listener.getsockname()[1]}"
        named = ["--policy", folder / "any.json", "--root", folder / "root.pem", "--collateral", folder / "collateral"]
        self.machine.words += [str(w) for w in ("--listen", f"127.0.0.1:{self.port}", "--upstream", upstream,
                                                *options, *(named if options else []))]

    def __enter__(self):
        threading.Thread(target=echo, args=[self.listener], daemon=True).start()
        self.machine.__enter__()
        return self

    def __exit__(self, *failure):
        self.listener.close()
        self.machine.__exit__(*failure)

    def call(self, level, *, proves=False, under=()):
        words = [*under, here.HERE["client"], *(["prove"] if proves else []), level,
                 self.machine.folder / "policy.json", "127.0.0.1", self.port, *self.files]
        return run(*words, input=SENT)


@case("a key for an epoch: what was proven on one line, and every byte back")
def epoch():
    with Service() as service:
        status, said, proven = service.call("epoch")
        expect(status == 0, status, proven)
        expect(said == SENT, len(said))
        expect(proven == "proven: epoch, tdx, image any, some machine running this image, SIMULATED\n", proven)


@case("each side proves for this connection")
def strict():
    with Service("--ask", "strict") as service:
        status, said, proven = service.call("strict", proves=True, under=[here.HERE["sim"], "tsm", *TDX, "--"])
        expect(status == 0, status, proven, service.machine.said)
        expect(said == SENT, len(said))
        expect(proven.startswith("proven: strict, tdx, "), proven)


@case("a client that cannot prove what it is asked for")
def cannot():
    with Service("--ask", "epoch") as service:
        status, said, why = service.call("epoch")
        expect((status, said) == (1, b""), status, said, why)
        expect(why == "refused: the level that was asked cannot be proven\n", why)


@case("an image that the policy does not name: no byte goes either way")
def refused():
    with Service(policy=OTHER) as service:
        status, said, why = service.call("epoch")
        expect((status, said) == (1, b""), status, said, why)
        expect(re.fullmatch(r"refused: the policy refuses the evidence: .+\n", why), why)


@case("what cannot be tried is told as such")
def untried():
    client = here.HERE["client"]
    expect(run(client, "epoch", "/nowhere", "127.0.0.1", "1")[0] == 2)
    expect(run(client)[0] == 2)
    expect(run(client, "both", "p", "h", "1")[0] == 2)


def main(troth, agent, sim, client):
    here.HERE.update(troth=troth, agent=agent, sim=sim, client=client)
    return tap.run()


sys.exit(main(*sys.argv[1:]))
