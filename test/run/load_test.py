#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Many at once, and too little of what they need: descriptors, memory, readers. TAP.

usage: load_test.py TROTH RUN SIM [WORDS]     those cases whose name has these words

TROTH_CONNECTIONS says how many are many (500). An agent grants one address half of its connections: TROTH_PEERS names
more of this machine's, for as many `troth connect` to come from.
"""
import asyncio
import contextlib
import hashlib
import os
import re
import resource
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "cli")]
import behind
from behind import (Behind, Folder, Local, call, children_of, connect, cpu_seconds, good, lines_of, part_of, until,
                    until_end)

import tap
from tap import Skip, case, expect

COUNT = int(os.environ.get("TROTH_CONNECTIONS", "500"))
PEERS = os.environ.get("TROTH_PEERS", "127.0.0.1").split()
SERVER = Path(__file__).resolve().with_name("crowd_server.py")
# Of an agent and a troth connect: two a connection, and some for themselves. Half of them are one peer's.
OTHERS = 256
RUN_FILE = """
program: [python3, {server}, "8000"]
upstream: 127.0.0.1:8000
read: [/usr, /bin, /lib, /lib64, /etc, {server}]
{more}
"""


class Server(Behind):
    """The server above, behind proof."""

    def __init__(self, folder, more="", **options):
        folder.write("server.py", SERVER.read_bytes())
        super().__init__(folder, RUN_FILE.format(server=folder / "server.py", more=more), **options)

    def part(self, part):
        front = next((pid for pid in children_of(self.pid)), 0)
        return until(lambda: part_of(front, part), part)


def ask(local, word, data=b"", patience=behind.PATIENCE):
    """All that comes of it; the connection is ended in order."""
    with local.dial(patience) as peer:
        peer.sendall(word + data)
        peer.shutdown(socket.SHUT_WR)
        return until_end(peer)


def memory_of(pid, kind=b"VmRSS"):
    return int(re.search(kind + rb":\s+(\d+) kB", lines_of(pid, "status"))[1]) << 10


class Idle:
    """In the block, these processes do next to nothing."""

    def __init__(self, *pids):
        self.pids = pids

    def __enter__(self):
        self.began, self.used = time.monotonic(), [cpu_seconds(pid) for pid in self.pids]

    def __exit__(self, *failure):
        took = time.monotonic() - self.began
        for pid, used in zip(self.pids, self.used):
            more = cpu_seconds(pid) - used
            if not failure[0]:
                expect(more < 0.1 + took / 4, f"{more} s of {took} s", lines_of(pid, "cmdline"))


# ---- many ----

def find_count():
    """As many as it shall be, or as descriptors allow."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    all_of_them = (hard - OTHERS) // 2
    return min(COUNT, all_of_them - 8, (all_of_them // 2 - 8) * len(PEERS))


class Crowd:
    """Clients that are all there at once."""

    def __init__(self, ports, count):
        self.ports, self.count, self.peers = ports, count, []
        # A kernel's queue holds 4096; of more that come at once it resets some.
        self.coming = asyncio.Semaphore(2048)

    async def one(self, number):
        async with self.coming:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.ports[number % len(self.ports)])
            writer.write(b"echo")
            self.peers.append((number, reader, writer))
            await self.say(number, reader, writer)

    async def say(self, number, reader, writer):
        text = b"%8d" % number * 64
        writer.write(text)
        got = await reader.readexactly(len(text))
        expect(got == text, number, got)

    async def end(self, number, reader, writer):
        writer.write_eof()
        expect(await reader.read() == b"", number)
        writer.close()

    async def run(self, while_there):
        await asyncio.gather(*[self.one(number) for number in range(self.count)])
        await asyncio.to_thread(while_there)
        await asyncio.gather(*[self.say(*peer) for peer in self.peers])
        await asyncio.gather(*[self.end(*peer) for peer in self.peers])


@case(f"{COUNT} connections at once, or as many as descriptors allow")
def many():
    count = find_count()
    with Folder() as folder, contextlib.ExitStack() as stack:
        server = stack.enter_context(Server(folder, host="0.0.0.0" if len(PEERS) > 1 else "127.0.0.1"))
        locals_ = [stack.enter_context(Local(connect(f"{peer}:{server.port}", folder / "sim"))) for peer in PEERS]
        agent = server.part("agent")
        pids = [agent, *[local.pid for local in locals_]]

        def while_there():
            there = len(os.listdir(f"/proc/{agent}/fd"))
            expect(there >= 2 * count, f"{there} descriptors for {count} connections")
            print(f"# {count} connections; MiB of the agent and each troth connect:",
                  *[memory_of(pid) >> 20 for pid in pids])
            time.sleep(0.5)
            with Idle(*pids):
                time.sleep(1)

        began = time.monotonic()
        crowd = Crowd([local.port for local in locals_], count)
        try:
            asyncio.run(asyncio.wait_for(crowd.run(while_there), 30 + count / 20))
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as error:
            expect(False, repr(error), *[local.said for local in locals_], server.said[-2000:])
        print(f"# in {time.monotonic() - began:.1f} s")
        for local in locals_:
            expect(local.said.count("proven: ") == 1 and "refuse" not in local.said, local.said)
        until(lambda: len(os.listdir(f"/proc/{agent}/fd")) < 64, "the agent has closed them")


# ---- who does not read ----

def fill(peer):
    """As much as somebody takes who does not read."""
    peer.settimeout(1)
    sent = 0
    with contextlib.suppress(TimeoutError):
        while True:
            sent += peer.send(bytes(1 << 18))
    return sent


def check_others(local):
    """All of this at once, in time."""
    data = os.urandom(1 << 20)
    with ThreadPoolExecutor(10) as pool:
        got = pool.map(lambda _: ask(local, b"echo", data, 20), range(20))
        expect(all(one == data for one in got), "others are held up")


def check_numbers(peer, wanted):
    """As many bytes of numbers, one after the other."""
    got = bytearray()
    while len(got) < wanted:
        piece = peer.recv(1 << 20)
        expect(piece, "an end")
        got += piece
    numbers = memoryview(bytes(got[:len(got) // 8 * 8]))
    for at in range(0, len(numbers), 8 * 997):
        expect(int.from_bytes(numbers[at:at + 8], "big") == at // 8, "at", at)


@case("one who does not read, on either side, holds nobody else up, and loses nothing")
def slow():
    with Folder() as folder, Server(folder) as server, Local(server.connect()) as local:
        check_others(local)
        pids = server.part("agent"), local.pid
        before = [memory_of(pid) for pid in pids]
        with contextlib.ExitStack() as stack:
            pouring = [stack.enter_context(local.dial()) for _ in range(4)]
            for peer in pouring:
                peer.sendall(b"pour")
            deaf = [stack.enter_context(local.dial()) for _ in range(4)]
            for peer in deaf:
                peer.sendall(b"deaf")
                expect(fill(peer) < 64 << 20, "it went somewhere")
            with Idle(*pids):
                time.sleep(1)
            check_others(local)
            grown = [memory_of(pid) - was for pid, was in zip(pids, before)]
            # A sanitizer keeps what was given back.
            expect(max(grown) < 48 << 20 or behind.is_sanitized(), "bytes more", grown)
            for peer in pouring:
                check_numbers(peer, 24 << 20)


# ---- half-closed ----

def check_late(local, data):
    got = ask(local, b"late", data)
    expect(got[:64] == hashlib.sha256(data).hexdigest().encode() and got[64:] == data[::-1], len(got))


def check_soon(local, data, number):
    name = b"%8d" % number
    with local.dial() as peer:
        peer.sendall(b"soon" + name)
        got = until_end(peer)
        expect(got == hashlib.sha256(name).hexdigest().encode() * 1000, "what it said before", len(got))
        for at in range(0, len(data), 1 << 18):
            peer.sendall(data[at:at + (1 << 18)])
            time.sleep(0.01)
        peer.shutdown(socket.SHUT_WR)
        expect(ask(local, b"what", name) == hashlib.sha256(data).hexdigest().encode(), "what it heard")


@case("half-closed connections: either side ends, the other goes on, every byte arrives")
def half_closed():
    with Folder() as folder, Server(folder) as server, Local(server.connect()) as local, ThreadPoolExecutor(16) as pool:
        data = os.urandom(3 << 20)
        for one in [*[pool.submit(check_late, local, data) for _ in range(8)],
                    *[pool.submit(check_soon, local, data, number) for number in range(8)]]:
            one.result()


# ---- too few descriptors ----

def open_echo(local):
    """One that has been served; None: it is not, for now."""
    peer = local.dial()
    try:
        peer.sendall(b"echo....")
        peer.settimeout(0.3)
        if peer.recv(4):
            peer.settimeout(behind.PATIENCE)
            return peer
    except (TimeoutError, ConnectionResetError, BrokenPipeError):
        pass
    peer.close()
    return None


def check_scarce(local, pids, wanted):
    """Nearly as many as may be are served, no more, and others again once there is room."""
    with contextlib.ExitStack() as stack:
        served = []
        while peer := open_echo(local):
            served.append(stack.enter_context(peer))
            expect(len(served) <= wanted[1], "more than that")
        expect(len(served) >= wanted[0], len(served), local.said)
        waiting = [stack.enter_context(local.dial()) for _ in range(20)]
        with Idle(*pids):
            time.sleep(2)
        for peer in served:
            peer.sendall(b"on")
            expect(peer.recv(2) in (b"on", b"o"), "one that was served is not any more")
            peer.close()
        for peer in waiting:
            peer.close()
    until(lambda: (peer := open_echo(local)) and (peer.close() or True), f"room: {local.said}")


def limited(words, **limits):
    return ["prlimit", *[f"--{name.replace('_', '')}={value}:{value}" for name, value in limits.items()], *words]


def limits_of(pid, name):
    """Soft and hard, by the name that the kernel gives them."""
    return re.search(name.encode() + rb"\s+(\S+)\s+(\S+)", lines_of(pid, "limits")).groups()


@contextlib.contextmanager
def fewer(pid, name, option, most):
    """It has no more for a while; whoever it is may say so."""
    ids = [int(re.search(kind + rb":\s+(\d+)", lines_of(pid, "status"))[1]) for kind in (b"Uid", b"Gid")]
    owner = {"user": ids[0], "group": ids[1], "extra_groups": []}
    soft, hard = (one.decode() for one in limits_of(pid, name))
    good(call(["prlimit", f"--pid={pid}", f"--{option}={most}:{hard}"], **owner))
    yield
    call(["prlimit", f"--pid={pid}", f"--{option}={soft}:{hard}"], **owner)


@case("troth connect started with few descriptors: as many as there are for are served, others wait")
def few_connect():
    with Folder() as folder, Server(folder) as server:
        for files, wanted in ((64, (1, 1)), (300, (20, 22))):
            with Local(limited(server.connect(), nofile=files)) as local:
                check_scarce(local, [local.pid, server.part("agent")], wanted)


@case("troth run started with few descriptors: as many as there are for are served, others wait")
def few_run():
    with Folder() as folder, Server(folder, before=limited([], nofile=300)) as server, Local(server.connect()) as local:
        check_scarce(local, [local.pid, server.part("agent")], (9, 11))


@case("descriptors run out where there were enough: nothing spins, nothing dies, all of it recovers")
def fewer_meanwhile():
    with Folder() as folder, Server(folder) as server, Local(server.connect()) as local:
        agent = server.part("agent")
        for pid in (local.pid, agent):
            open_now = len(os.listdir(f"/proc/{pid}/fd"))
            with fewer(pid, "Max open files", "nofile", open_now + 20):
                check_scarce(local, [local.pid, agent], (4, 20))
            expect(ask(local, b"echo", b"then") == b"then")
        expect(server.part("agent") == agent, "another agent", server.said)


@case("a program without descriptors: others wait for it, and nothing spins")
def few_program():
    with Folder() as folder, Server(folder, "limits: {files: 40}") as server, Local(server.connect()) as local:
        check_scarce(local, [local.pid, server.part("agent")], (20, 40))


# ---- too little memory ----

@case("a program's memory is limited, and nobody else's")
def program_memory():
    with Folder() as folder, Server(folder, "limits: {memory: 400M}") as server, Local(server.connect()) as local:
        for size, said in ((1 << 20, b"has 1048576"), (1 << 30, b"has not"), (1 << 24, b"has 16777216")):
            expect(ask(local, b"grab", b"%12d" % size) == said, size)
        check_others(local)


def press(local, count):
    """How many of so many at once are served."""
    served = []

    def one(number):
        with contextlib.suppress(OSError):
            peer = local.dial(20)
            peer.sendall(b"echo" + b"%8d" % number * 4096)
            if peer.recv(1):
                served.append(peer)

    with ThreadPoolExecutor(64) as pool:
        list(pool.map(one, range(count)))
    for peer in served:
        peer.close()
    return len(served)


def starve(pid, local, count):
    """It has hardly more than now, while many come."""
    with fewer(pid, "Max address space", "as", memory_of(pid, b"VmSize") + (1 << 20)):
        served = press(local, count)
        expect(served < count, "there was memory enough")


@case("troth connect without memory refuses connections, and goes on once there is some")
def connect_memory():
    needs_limits()
    with Folder() as folder, Server(folder) as server, Local(server.connect()) as local:
        starve(local.pid, local, 600)
        expect(local.running.poll() is None, local.running.poll(), local.said)
        expect(ask(local, b"echo", b"then") == b"then")


@case("the agent without memory refuses connections, or ends and is started again")
def agent_memory():
    needs_limits()
    with Folder() as folder, Server(folder) as server, Local(server.connect()) as local:
        program = server.part("program")
        starve(server.part("agent"), local, 600)
        until(lambda: (peer := open_echo(local)) and (peer.close() or True), f"the agent: {server.said}")
        expect(server.part("program") == program, "another program")
        expect("was ended by" not in server.said, server.said)


def needs_limits():
    if behind.is_sanitized():
        raise Skip("a sanitizer needs more memory than can be limited")


def main(troth, run, sim, only=None):
    behind.HERE.update(troth=troth, run=run, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=3)


sys.exit(main(*sys.argv[1:]))
