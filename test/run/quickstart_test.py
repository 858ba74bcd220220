#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/quickstart.md is followed word by word in an empty directory: what stands in its boxes is run, and
what it says comes of them does. TAP.

usage: quickstart_test.py PAGE BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import boxes
import tap
from boxes import Terminal, is_as_said
from tap import Skip, case, expect

PAGE, BUILD = Path(sys.argv[1]), Path(sys.argv[2])
NOT_RUN = 125


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
        status, said = boxes.run(commands, **self.surroundings)
        others = "\n".join(t.said for t in self.terminals)
        due = 1 if wanted and wanted.startswith("refused") else 0
        expect(status == due, f"status {status}", said, others)
        expect(wanted is None or is_as_said(said, wanted), "the page says:", wanted, "but it says:", said)

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
    first = boxes.BOXES.search(PAGE.read_text())
    expect(first and "./dev package" in first[1] and "apt install" in first[1], first and first[1])


def main():
    reader, page = Reader(), PAGE.read_text()
    for port, free in boxes.free_ports("8443", "9443").items():
        page = page.replace(port, free)
    # Behind the step that installs.
    for box in boxes.boxes(page, page.index("\n## 2. ")):
        add(reader, *box)
    try:
        return tap.run()
    finally:
        reader.leave()


sys.exit(main())
