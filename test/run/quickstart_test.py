#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/quickstart.md is followed word by word in an empty directory: what stands in its boxes is run, and
what it says comes of them does. TAP.

usage: quickstart_test.py PAGE BUILD
"""
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
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import sanitizers
import tap
from tap import Skip, case, expect

PAGE, BUILD = Path(sys.argv[1]), Path(sys.argv[2])
PATIENCE = 120
NOT_RUN = 125
# A box, and the one right behind it that says what comes of it.
BOXES = re.compile(r"^```sh\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.M | re.S)


def boxes(page):
    """Line, commands and what is said, behind the step that installs."""
    start = page.index("\n## 2. ")
    for box in BOXES.finditer(page, start):
        yield page.count("\n", 0, box.start()) + 1, box[1], box[2]


def free_ports(*wanted):
    """Numbers of this machine that take the place of those on the page."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in wanted]
    found = {port: str(one.getsockname()[1]) for port, one in zip(wanted, listeners)}
    for one in listeners:
        one.close()
    return found


def is_as_said(said, wanted):
    """The three dots stand for anything, alone on a line also for lines."""
    lines = [r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
             for line in wanted.splitlines()]
    return re.fullmatch("".join(lines), said if said.endswith("\n") else said + "\n")


class Terminal:
    """Something that goes on running."""

    def __init__(self, commands, **surroundings):
        self.said = ""
        self.process = subprocess.Popen(["bash", "-c", commands], stdin=subprocess.DEVNULL, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                                        **surroundings)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.said += line

    def await_words(self, wanted):
        until = time.monotonic() + PATIENCE
        while not is_as_said(self.said, wanted):
            if self.process.poll() is not None:
                self.reader.join(5)
                expect(False, f"it ended with status {self.process.returncode}", self.said)
            expect(time.monotonic() < until, "the page says:", wanted, "but it says:", self.said)
            time.sleep(0.05)

    def end(self):
        """Ctrl-C."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            expect(False, "Ctrl-C did not end it", self.said)
        expect(sanitizers.are_silent(self.said), self.said)


def lacks():
    """Why nobody can follow the page here; None: nothing is in the way."""
    if os.geteuid() != 0:
        return "not root"
    machine = subprocess.run([BUILD / "sim/troth-sim", "tsm", "--", "true"], capture_output=True, text=True,
                             check=False)
    if machine.returncode == NOT_RUN:
        return f"no machine can be simulated here: {machine.stderr.strip()}"
    return None


class Reader:
    """Who follows the page."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-quickstart-"))
        self.folder.chmod(0o755)
        shims, self.directory = self.folder / "bin", self.folder / "here"
        shims.mkdir()
        self.directory.mkdir()
        # Who is root needs no sudo, and does not have it everywhere.
        (shims / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
        (shims / "sudo").chmod(0o755)
        self.surroundings = {
            "cwd": self.directory,
            "env": {**os.environ, "PATH": f"{shims}:{BUILD}:{BUILD / 'sim'}:{os.environ['PATH']}",
                    "XDG_CACHE_HOME": str(self.folder / "cache")}}
        self.terminals = []
        self.stopped = lacks()

    def follow(self, commands, wanted):
        if re.match(r"(sudo )?troth-sim (run|middle)", commands):
            if " run " in commands:
                self.end()
            self.terminals.append(Terminal("exec " + commands.removeprefix("sudo "), **self.surroundings))
            self.terminals[-1].await_words(wanted)
            return
        done = subprocess.run(["bash", "-e", "-c", commands], stdin=subprocess.DEVNULL, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
                              **self.surroundings)
        others = "\n".join(t.said for t in self.terminals)
        due = 1 if wanted and wanted.startswith("refused") else 0
        expect(done.returncode == due, f"status {done.returncode}", done.stdout, others)
        expect(wanted is None or is_as_said(done.stdout, wanted), "the page says:", wanted, "but it says:",
               done.stdout)

    def end(self):
        while self.terminals:
            self.terminals.pop().end()

    def leave(self):
        self.end()
        for state in self.directory.glob("*/state"):
            shutil.rmtree(state.resolve())
        shutil.rmtree(self.folder)


def add(reader, line, commands, wanted):
    @case(f"line {line}: {commands.splitlines()[0]}")
    def step():
        if reader.stopped:
            raise Skip(reader.stopped)
        try:
            reader.follow(commands, wanted)
        except Exception:
            reader.stopped = "the step before it failed"
            raise


@case("the step that installs is there, and builds what it installs")
def install():
    first = BOXES.search(PAGE.read_text())
    expect(first and "./dev package" in first[1] and "apt install" in first[1], first and first[1])


def main():
    reader, page = Reader(), PAGE.read_text()
    for port, free in free_ports("8443", "9443").items():
        page = page.replace(port, free)
    for box in boxes(page):
        add(reader, *box)
    try:
        return tap.run()
    finally:
        reader.leave()


sys.exit(main())
