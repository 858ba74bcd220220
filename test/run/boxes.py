# SPDX-License-Identifier: Apache-2.0
"""Pages whose boxes are typed: what stands in one of sh is run, and what stands in the box of text right
behind it is what comes of that. The three dots stand for anything, alone on a line also for lines."""
import os
import re
import signal
import socket
import subprocess
import threading
import time

import sanitizers
from tap import expect

PATIENCE = 120
BOXES = re.compile(r"^```sh\n(.*?)^```\n(?:```text\n(.*?)^```\n)?", re.M | re.S)


def boxes(page, start=0):
    """Line, commands and what is said, from there on."""
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
    lines = [r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n"
             for line in wanted.splitlines()]
    return re.fullmatch("".join(lines), said if said.endswith("\n") else said + "\n")


def run(commands, **surroundings):
    """The status and what was said."""
    done = subprocess.run(["bash", "-e", "-c", commands], stdin=subprocess.DEVNULL, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE, **surroundings)
    return done.returncode, done.stdout


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
