# SPDX-License-Identifier: Apache-2.0
"""Programs that a benchmark starts, what they cost, and their end whatever happens."""
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)
TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGESIZE")
PLACES = os.pathsep.join(["/usr/local/sbin", "/usr/sbin", "/sbin", os.environ.get("PATH", os.defpath)])
running = []


class Lacks(Exception):
    """Something that is compared is not there, or does not start: its words say why."""


def find(name):
    """Where the system's administrators have their programs, too."""
    path = shutil.which(name, path=PLACES)
    if not path:
        raise Lacks(f"{name} is not installed")
    return path


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def end_with_parent():
    """Who is killed outright takes what it started along. A session of its own, as what runs behind troth run has one:
    Linux gives sessions, not programs, their shares of a busy machine. And a terminal's Ctrl-C is ours alone, to end
    them in order."""
    os.setsid()
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def start(words, log, **more):
    words = [str(word) for word in words]
    with open(log, "ab") as errors:
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": errors, **more}
        child = subprocess.Popen(words, preexec_fn=end_with_parent, **options)
    running.append(child)
    return child


def stop(child):
    """It, and whatever it left."""
    left = [child.pid, *family(child.pid)]
    try:
        if child.poll() is None:
            child.terminate()
            child.wait(5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pid in left:
        if name_of(pid) and pid != child.pid and parent_of(pid) == 1:
            os.kill(pid, signal.SIGKILL)
    if child in running:
        running.remove(child)


def stop_all():
    while running:
        stop(running[-1])


def listens(port):
    """A look at whether somebody does."""
    def look():
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", port)) == 0
    return look


def says(log, words):
    return lambda: words in log.read_text(errors="replace")


def await_start(child, log, until, seconds=10):
    """Until the look says yes."""
    give_up = time.monotonic() + seconds
    while not until():
        if child.poll() is not None or time.monotonic() > give_up:
            raise Lacks("it does not start: " + " / ".join(log.read_text(errors="replace").split("\n")[-4:-1]))
        time.sleep(0.001)


# ---- what the kernel says of them ----

def fields(pid):
    """Of /proc/PID/stat: its name, then all behind it."""
    try:
        text = Path("/proc", str(pid), "stat").read_text()
    except OSError:
        return "", []
    return text[text.index("(") + 1:text.rindex(")")], text[text.rindex(")") + 2:].split()


def name_of(pid):
    return fields(pid)[0]


def parent_of(pid):
    rest = fields(pid)[1]
    return int(rest[1]) if rest else 0


def family(pid):
    """Its children, theirs, and so on."""
    parents = {int(one.name): parent_of(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()}
    found, newest = [], {pid}
    while newest:
        newest = {child for child, parent in parents.items() if parent in newest}
        found += newest
    return found


class Cost:
    """Of some programs and all they started, but for those of these names."""

    def __init__(self, children, besides):
        pids = [pid for child in children for pid in (child.pid, *family(child.pid))]
        self.pids = [pid for pid in pids if name_of(pid) not in besides]

    def cpu_s(self):
        return sum(int(ticks) for pid in self.pids for ticks in fields(pid)[1][11:13]) / TICK

    def memory_mb(self):
        return sum(int(fields(pid)[1][21]) for pid in self.pids if name_of(pid)) * PAGE / 1e6
