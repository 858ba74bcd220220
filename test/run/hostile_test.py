#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a program, and who starts it, may do to troth-run, and what comes of it. TAP.

usage: hostile_test.py TROTH RUN SIM [WORDS]     those cases whose name has these words
"""
import signal
import socket
import stat
import sys
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "cli")]
import behind
from behind import Behind, Folder, call, part_of

import tap
from tap import case, expect

ANSWER = """
import os, signal, socket, sys, threading, time
listener = socket.create_server(("127.0.0.1", 8000))
"""
TERMINATED = 128 + signal.SIGTERM


def run_file(code, upstream="127.0.0.1:8000", more=""):
    text = code.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'program: [python3, -u, -c, "{text}"]\nupstream: {upstream}\n{more}'


class Started(Behind):
    """One that may never be ready."""

    def __enter__(self):
        return self


class Own:
    """A socket of the machine's own, to which everybody may connect."""

    def __init__(self, path):
        self.met = 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        path.chmod(0o666)
        self.listener.listen()
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer = self.listener.accept()[0]
            except OSError:
                return
            self.met += 1
            with peer:
                peer.sendall(b"the machine's own")

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


@case("a link where the program's socket belongs brings no client to a socket of the machine's")
def link():
    with Folder() as folder, Own(folder / "own.sock") as own:
        place = folder / "state/program/app"
        code = f"import os, time\nos.symlink('{folder / 'own.sock'}', '{place}')\ntime.sleep(1000)\n"
        with Started(folder, run_file(code, place)) as run:
            run.await_said("does not answer")
            status, out, said = call(run.connect("--stdio"))
            expect(status != 0 and not out and own.met == 0, status, out, said, own.met, run.said)
            run.await_said("Too many levels of symbolic links")


@case("whoever ignores the ends of children: its end is seen all the same")
def children_ignored():
    ignore = "import os, signal, sys\nsignal.signal(signal.SIGCHLD, signal.SIG_IGN)\nos.execv(sys.argv[1], sys.argv[1:])"
    with Folder() as folder, Started(folder, run_file("exit(7)"), before=[sys.executable, "-c", ignore]) as run:
        expect(run.wait() == 7, run.said)


@case("whatever mask it is started with, its state is nobody else's to write; nor is there a dump of what it knows")
def mask():
    before = ["sh", "-c", 'umask 0; ulimit -c unlimited; exec "$@"', "sh"]
    with Folder() as folder, Behind(folder, run_file(ANSWER + "time.sleep(1000)"), before=before) as run:
        files = [folder / "state", *(folder / "state").rglob("*")]
        wide = [file for file in files if file.stat().st_mode & 0o022 and not stat.S_ISSOCK(file.stat().st_mode)]
        expect(len(files) > 4 and not wide, files, wide)
        front = next(pid for pid in behind.marked(folder.name) if part_of(pid, "front") and part_of(pid, "keeper") and
                     part_of(pid, "agent"))
        for part in ("front", "keeper", "agent", "init"):
            limits = behind.lines_of(part_of(front, part), "limits").decode()
            core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
            expect(core.split()[4:6] == ["0", "0"], part, core)
        expect(run.end() == TERMINATED, run.said)


@case("the program takes nothing out of the log that it may write to")
def log():
    code = ANSWER + """
for flags in (os.O_RDONLY, os.O_RDWR):
    try:
        os.open("/dev/stderr", flags | os.O_NONBLOCK)
        print("opened", file=sys.stderr)
    except PermissionError:
        print("refused", file=sys.stderr)
with open("/dev/stderr", "w") as again:
    print("written", file=again)
time.sleep(1000)
"""
    with Folder() as folder, Behind(folder, run_file(code)) as run:
        run.await_said("written")
        expect("opened" not in run.said and run.said.count("refused") == 2, run.said)


@case("what clients are judged by does not lie where the program may write")
def judges():
    for key, value in (("policy", "FOLDER/site/policy.json"), ("roots", "[FOLDER/site]"),
                       ("collateral", "[/etc, FOLDER/site/a/b]"), ("certificate", "FOLDER/site/a"),
                       ("key", "FOLDER/state/program/key.pem")):
        with Folder() as folder:
            (folder / "site").mkdir()
            more = f"write: [{folder / 'site'}]\n{key}: {value.replace('FOLDER', str(folder.path))}\n"
            with Started(folder, run_file("exit(0)", more=more)) as run:
                expect(run.wait() == 2 and f"error: {key}: " in run.said and "may write" in run.said, run.said)


def main(troth, run, sim, only=None):
    behind.HERE.update(troth=troth, run=run, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=2)


sys.exit(main(*sys.argv[1:]))
