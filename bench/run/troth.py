# SPDX-License-Identifier: Apache-2.0
"""nginx behind `troth connect` and `troth-sim run`, and how long they take from nothing to a verified byte."""
import os
import shutil
import subprocess
import time

from processes import Lacks, await_start, free_port, listens, says, start, stop
from setups import Setup

RUN_FILE = """\
program: [{words}]
listen: 127.0.0.1:{port}
upstream: 127.0.0.1:{to}
read: [/usr, /bin, /sbin, /lib, /lib64, /etc, {folder}]
"""
READY = ": ready: "


class Troth(Setup):
    name = "troth"
    build = None  # the folder of its programs

    def raise_all(self):
        self.served, to = free_port(), free_port()
        words = ", ".join(f'"{word}"' for word in self.nginx_words(to))
        self.run_file = self.settings("run", RUN_FILE, words=words, port=self.served, to=to)
        self.place = self.folder / "machine"
        self.run([self.tool("sim/troth-sim"), "run", "--write", self.place, "--run-file", self.run_file],
                 says(self.log(), READY))
        self.port = free_port()
        self.run([*self.connect_words(), "--listen", f"127.0.0.1:{self.port}"], listens(self.port))

    def tool(self, name):
        path = self.build / name
        if not os.access(path, os.X_OK):
            raise Lacks(f"{path} is not built")
        return path

    def connect_words(self):
        return [self.tool("troth"), "connect", f"127.0.0.1:{self.served}", "--policy", self.place / "policy.yaml",
                "--root", self.place / "root.pem", "--collateral", self.place / "collateral", "--offline"]

    def first_bytes(self, times):
        """Of each time: seconds from executing the machine, and from executing troth-run on it, to a page's first
        byte. Once before, which does not count: files come into memory. What ran until now has the same address."""
        for child in self.children[::-1]:
            stop(child)
        return [self.first_byte() for _ in range(times + 1)][1:]

    def first_byte(self):
        log, state = self.folder / "first.log", self.folder / "first"
        log.write_text("")
        # A log of events goes with the machine that recorded them.
        shutil.rmtree(state, ignore_errors=True)
        # What says when it becomes troth-run; a process's start in /proc is no better than 10 ms.
        stamped = ["sh", "-c", 'date "+began %s.%N" >&2; exec "$@"', "sh", self.tool("troth-run")]
        begun = time.time()
        machine = start([self.tool("sim/troth-sim"), "tsm", "--", *stamped, "--state", state, "--run-file",
                         self.run_file], log)
        try:
            await_start(machine, log, says(log, READY))
            words = [str(word) for word in [*self.connect_words(), "--stdio"]]
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL) as client:
                client.stdin.write(b"GET /page HTTP/1.0\r\n\r\n")
                client.stdin.flush()
                first, ended = client.stdout.read(1), time.time()
                client.kill()
        finally:
            stop(machine)
        if first != b"H":
            raise RuntimeError(f"no page came: {log.read_text()}")
        alone = float(log.read_text().partition("began ")[2].split()[0])
        return ended - begun, ended - alone
