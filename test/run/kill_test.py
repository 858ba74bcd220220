#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Whatever is killed, whenever: connections are lost, and nothing else. TAP.

usage: kill_test.py TROTH RUN SIM [WORDS]     those cases whose name has these words
"""
import contextlib
import os
import signal
import socket
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "cli")]
import behind
from behind import Local, Machine, Place, Process, call, in_networks, marked, name_of, network_of, part_of, until

import tap
from tap import case, expect

# Says back what it hears; who says "pour" gets bytes for ever. Two more processes of its do nothing, one of them in a
# session of its own.
SERVER = """
import os, signal, socket, sys, threading, time
for number in sys.argv[2:]:
    signal.signal(int(number), signal.SIG_IGN)
for apart in (False, True):
    if os.fork() == 0:
        if apart:
            os.setsid()
        time.sleep(1000)
        os._exit(0)

def serve(peer):
    try:
        while said := peer.recv(65536):
            while said == b"pour":
                peer.sendall(bytes(65536))
            peer.sendall(said)
    except OSError:
        pass
    peer.close()

listener = socket.create_server(("127.0.0.1", 8000))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""
RUN_FILE = """
program: [python3, -c, {code}, MARK{ignored}]
upstream: 127.0.0.1:8000
outbound: ["MARK.example:443"]
restart: {restart}
"""
KILLED, TERMINATED = 128 + signal.SIGKILL, 128 + signal.SIGTERM
DELAYS_MS = (0, 5, 10, 20, 30, 40, 60, 80, 110, 150)
SECONDS = 8  # what an end may take here
ECHO_S = 0.5  # a signal that comes sooner is the same one


def run_file(restart="never", ignored=()):
    code = '"' + SERVER.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return RUN_FILE.format(code=code, restart=restart, ignored="".join(f', "{int(n)}"' for n in ignored))


class Run(Process):
    """troth-run once more, in the same machine, with the same state."""

    def __init__(self, machine, place):
        self.place, self.networks = place, []
        super().__init__(machine.words(*place.words()))

    def ready(self, times=1):
        return self.await_said("troth-run: ready: ", times)

    def part(self, part):
        """Its process, as soon as it is there; 0: everything has ended before."""
        return until(lambda: part_of(self.pid, part) or (self.running.poll() is not None and -1), part)

    def note_networks(self):
        """Those that are nobody else's. While they are open nobody else's has their number."""
        for pid in marked(self.place.name):
            with contextlib.suppress(OSError):
                self.networks.append(os.open(f"/proc/{pid}/ns/net", os.O_RDONLY | os.O_CLOEXEC))
        return self.own_networks()

    def own_networks(self):
        return {f"net:[{os.fstat(one).st_ino}]" for one in self.networks} - {network_of("self")}

    def kill_part(self, part):
        pid = self.part(part)
        if pid > 0:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return pid

    def expect_gone(self, statuses):
        """It has ended, with one of these; and with it all that came after it."""
        status = self.wait(SECONDS)
        expect(status in statuses, f"status {status}", self.said)
        until(lambda: not self.left(), lambda: f"left over: {self.left()} {self.said}", SECONDS)
        for one in self.networks:
            os.close(one)
        self.networks.clear()

    def left(self):
        found = marked(self.place.name)
        found = {pid: words for pid, words in found.items() if words[1:2] != ["connect"]}
        return {**found, **{pid: "in its network" for pid in in_networks(self.own_networks())}}

    def __exit__(self, *failure):
        super().__exit__(*failure)
        if not failure[0]:
            self.expect_gone((TERMINATED,))


def echo(words, text=b"a word"):
    """It goes through a connection of its own."""
    status, out, said = call([*words, "--stdio"], text)
    expect(status == 0 and out == text and "proven: " in said, status, out, said)


def check_next(machine, place):
    """Nothing stands in the way of the next start, and the register is as it was."""
    run = Run(machine, place).ready()
    echo(place.connect())
    expect(machine.register() == place.register(), "the register")
    run.kill(signal.SIGKILL)
    run.expect_gone((-signal.SIGKILL,))


@case("troth-run killed right after its start, at many moments")
def front_early():
    with Machine() as machine, Place(run_file()) as place:
        for delay in DELAYS_MS:
            run = Run(machine, place)
            time.sleep(delay / 1000)
            run.note_networks()
            run.kill(signal.SIGKILL)
            run.expect_gone((-signal.SIGKILL,))
        check_next(machine, place)


def kill_early(part, statuses):
    """As soon as it is there, and a little later. Without statuses it is started again."""
    with Machine() as machine, Place(run_file()) as place:
        for delay in (0, 3, 10, 25, 60):
            run = Run(machine, place)
            run.part(part)
            time.sleep(delay / 1000)
            run.note_networks()
            run.kill_part(part)
            if not statuses:
                run.ready()
                run.kill(signal.SIGTERM)
            run.expect_gone(statuses or (TERMINATED,))
        check_next(machine, place)


# Who kills the init before it has executed the program is told that it was not run.
for early, statuses in (("keeper", (KILLED,)), ("init", (KILLED, behind.NOT_RUN)), ("program", (KILLED,))):
    case(f"its {early} killed while all is started")(lambda given=(early, statuses): kill_early(*given))
for early in ("agent", "outbound"):
    case(f"its {early} killed while all is started: another comes")(lambda early=early: kill_early(early, None))


# ---- when it is ready, and while data flows ----

def pour(local):
    """A connection on which bytes come."""
    peer = local.dial()
    peer.sendall(b"pour")
    expect(peer.recv(1) == b"\0")
    return peer


def end_of(peer):
    """How it ends."""
    end = time.monotonic() + behind.PATIENCE
    try:
        while time.monotonic() < end:
            if not peer.recv(1 << 20):
                return "in order"
    except ConnectionResetError:
        return "reset"
    return "never"


def comes_back(local):
    """The same local address leads to the program again."""
    def answers():
        with contextlib.suppress(ConnectionResetError, BrokenPipeError), local.dial() as peer:
            peer.sendall(b"again")
            return peer.recv(5) == b"again"
        return False

    until(answers, f"a way to the program: {local.said}")


def kill_flowing(part, statuses, ends):
    with Machine() as machine, Place(run_file()) as place, contextlib.ExitStack() as stack:
        run = Run(machine, place).ready()
        local = stack.enter_context(Local(place.connect()))
        with pour(local) as peer:
            run.note_networks()
            run.kill_part(part)
            run.expect_gone(statuses)
            expect(end_of(peer) in ends, "its end", local.said)
        with Run(machine, place) as again:
            again.ready()
            comes_back(local)
            expect(machine.register() == place.register(), "the register")


# A program's sockets end in order, whatever ended the program: nobody can tell.
CUT, OVER = ("reset",), ("reset", "in order")
for flowing in (("front", (-signal.SIGKILL,), CUT), ("keeper", (KILLED,), CUT), ("init", (KILLED,), OVER),
                ("program", (KILLED,), OVER)):
    case(f"{flowing[0]} killed while data flows")(lambda given=flowing: kill_flowing(*given))


@case("the agent alone killed: the program stays, another agent comes and is verified anew")
def agent_flowing():
    with Machine() as machine, Place(run_file()) as place, Run(machine, place) as run:
        run.ready()
        program = run.part("program")
        with Local(place.connect()) as local:
            proven = local.said.count("proven: ")
            for times in (1, 2):
                with pour(local) as peer:
                    killed = run.kill_part("agent")
                    expect(end_of(peer) in CUT, "an orderly end", local.said)
                comes_back(local)
                run.await_said("troth-agent is back", times)
                expect(run.part("agent") not in (killed, 0, -1))
            expect(local.said.count("proven: ") >= proven + 1, "verified anew", local.said)
        expect(run.part("program") == program, "the program is another")
        expect(machine.register() == place.register(), "the register")


@case("the outbound door alone killed: connections stay, another door comes")
def outbound_flowing():
    with Machine() as machine, Place(run_file()) as place, Run(machine, place) as run:
        run.ready()
        with Local(place.connect()) as local, pour(local) as peer:
            killed = run.kill_part("outbound")
            run.await_said("troth-outbound is back")
            expect(run.part("outbound") not in (killed, 0, -1))
            got = 0
            while got < 64 << 20:
                got += len(peer.recv(1 << 20))


@case("restart: always: the program comes back each time, whichever process of its is killed")
def restarted():
    with Machine() as machine, Place(run_file("always")) as place, Run(machine, place) as run:
        run.ready()
        with Local(place.connect()) as local:
            for times, part in enumerate(("program", "init", "program"), 2):
                with pour(local) as peer:
                    killed = run.kill_part(part)
                    expect(end_of(peer) in OVER, "no end", local.said)
                run.ready(times)
                comes_back(local)
                expect(run.part(part) != killed, "the same one")
            left = [pid for pid in marked(place.name) if name_of(pid).startswith("python")]
            expect(len(left) == 3, "of the others something is left", left)


# ---- troth connect ----

@case("troth connect killed right after its start, at many moments")
def connect_early():
    with Machine() as machine, Place(run_file()) as place, Run(machine, place) as run:
        run.ready()
        parts = {run.part(part) for part in ("front", "keeper", "agent", "outbound", "init")}
        others = set(marked(place.name))
        expect(parts <= others, parts, others)
        for delay in DELAYS_MS:
            for more in (("--stdio",), ("--", "sleep", "1000"), ("--listen", place / "local.sock")):
                local = Process(place.connect(*more), stdin=None)
                time.sleep(delay / 1000)
                local.end(signal.SIGKILL)
        until(lambda: set(marked(place.name)) <= others, marked(place.name), SECONDS)
        echo(place.connect())


@case("troth connect killed while data flows: its command goes with it, its socket is in nobody's way")
def connect_flowing():
    waits = ["python3", "-c", "import time\ntime.sleep(1000)"]
    with Machine() as machine, Place(run_file()) as place, Run(machine, place) as run:
        run.ready()
        others = set(marked(place.name))
        connecting = Process(place.connect("--", *waits, place.name))
        until(lambda: len(set(marked(place.name)) - others) == 2, "its command")
        connecting.end(signal.SIGKILL)
        until(lambda: set(marked(place.name)) == others, "the end of its command", SECONDS)
        at = place / "local.sock"
        for _ in range(2):
            local = Process(place.connect("--listen", at)).await_said("listening")
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(str(at))
                peer.sendall(b"pour")
                peer.recv(1)
                local.end(signal.SIGKILL)
        expect(set(marked(place.name)) == others)
        echo(place.connect())


@case("the command of troth connect killed: that is the end, and told")
def command_killed():
    waits = ["python3", "-c", "import time\ntime.sleep(1000)"]
    with Machine() as machine, Place(run_file()) as place, Run(machine, place) as run:
        run.ready()
        others = set(marked(place.name))
        connecting = Process(place.connect("--", *waits, place.name))
        until(lambda: len(set(marked(place.name)) - others) == 2, "its command")
        command = (set(marked(place.name)) - others - {connecting.pid}).pop()
        os.kill(command, signal.SIGKILL)
        expect(connecting.wait(SECONDS) == KILLED)
        expect(set(marked(place.name)) == others)


# ---- ends that are asked for ----

@case("SIGTERM in every phase ends all of it within seconds, with its status")
def asked_early():
    with Machine() as machine, Place(run_file()) as place:
        for delay in DELAYS_MS:
            run = Run(machine, place)
            time.sleep(delay / 1000)
            run.note_networks()
            run.kill(signal.SIGTERM)
            # Before it listens to signals they do what they usually do.
            run.expect_gone((-signal.SIGTERM, TERMINATED))
        for _ in range(3):
            run = Run(machine, place)
            run.part("program")
            run.kill(signal.SIGTERM)
            run.expect_gone((TERMINATED,))
        run = Run(machine, place).ready()
        with Local(place.connect()) as local, pour(local) as peer:
            run.note_networks()
            run.kill(signal.SIGTERM)
            run.expect_gone((TERMINATED,))
            expect(end_of(peer) in OVER, "no end", local.said)
        check_next(machine, place)


@case("a program that ignores SIGTERM ends by force, in time; at the second one at once")
def asked_in_vain():
    with Machine() as machine, Place(run_file(ignored=[signal.SIGTERM])) as place:
        run = Run(machine, place).ready()
        run.kill(signal.SIGTERM)
        asked = time.monotonic()
        status = run.wait(10 + SECONDS)
        expect(status == KILLED and time.monotonic() - asked > 8, status, run.said)
        run.expect_gone((KILLED,))
        run = Run(machine, place).ready()
        run.kill(signal.SIGTERM)
        run.await_said("troth-run: SIGTERM: ")
        time.sleep(ECHO_S)
        run.kill(signal.SIGTERM)
        run.expect_gone((KILLED,))


@case("whatever is killed while it ends, it ends")
def killed_at_end():
    with Machine() as machine, Place(run_file(ignored=[signal.SIGTERM])) as place:
        for part in ("front", "keeper", "agent", "outbound", "init", "program"):
            run = Run(machine, place).ready()
            run.note_networks()
            run.kill(signal.SIGTERM)
            run.await_said("troth-run: SIGTERM: ")
            run.kill_part(part)
            if part in ("agent", "outbound"):
                time.sleep(ECHO_S)
                run.kill(signal.SIGTERM)
            run.expect_gone((-signal.SIGKILL if part == "front" else KILLED,))
        check_next(machine, place)


def main(troth, run, sim, only=None):
    behind.HERE.update(troth=troth, run=run, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=3)


sys.exit(main(*sys.argv[1:]))
