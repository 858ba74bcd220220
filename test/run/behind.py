# SPDX-License-Identifier: Apache-2.0
"""Programs behind proof: troth-run on a simulated machine, and troth connect before it."""
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
import sanitizers
from tap import Skip, expect

HERE = {}  # "troth", "run", "sim": the programs
PATIENCE = 60
NOT_RUN = 125


def environment():
    return {"PATH": os.environ["PATH"]}


def is_sanitized():
    return b"__asan_init" in Path(HERE["run"]).read_bytes()


def needs_machine():
    if os.geteuid() != 0:
        raise Skip("it takes root")
    done = subprocess.run([HERE["sim"], "tsm", "--", "true"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          env=environment(), check=False, timeout=PATIENCE)
    if done.returncode == NOT_RUN:
        raise Skip(f"no machine can be simulated here: {done.stderr.strip()}")


def needs(*names):
    """Where they are; servers lie where no user looks for them."""
    path = os.pathsep.join([os.environ["PATH"], "/usr/local/sbin", "/usr/sbin", "/sbin"])
    found = [shutil.which(name, path=path) for name in names]
    missing = [name for name, where in zip(names, found) if not where]
    if missing:
        raise Skip(f"not here: {', '.join(missing)}")
    return found


def expect_sane(said):
    """Nothing in it is a sanitizer's."""
    expect(sanitizers.are_silent(said), said)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def until(holds, what, patience=PATIENCE):
    """Its first value that counts as true."""
    end = time.monotonic() + patience
    while not (value := holds()):
        expect(time.monotonic() < end, f"not in {patience} s: {what() if callable(what) else what}")
        time.sleep(0.02)
    return value


def until_end(peer):
    pieces = []
    while piece := peer.recv(1 << 18):
        pieces.append(piece)
    return b"".join(pieces)


class Folder:
    """One that every user may look into, gone when the block ends."""

    def __enter__(self):
        self.name = f"troth-behind-{secrets.token_hex(8)}"
        self.path = Path(tempfile.gettempdir(), self.name)
        self.path.mkdir()
        self.path.chmod(0o755)
        return self

    def __exit__(self, *failure):
        shutil.rmtree(self.path)

    def __truediv__(self, name):
        return self.path / name

    def write(self, name, text, mode=0o644):
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        path.chmod(mode)
        return path


class Process:
    """A program, and what it says on standard error; killed if the block did not see its end."""

    def __init__(self, words, **more):
        self.said = ""
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "env": environment(), **more}
        self.running = subprocess.Popen([str(w) for w in words], stderr=subprocess.PIPE, **more)
        self.pid = self.running.pid
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        with self.running.stderr as stream:
            for line in stream:
                self.said += line.decode(errors="replace")

    def await_said(self, text, times=1, patience=PATIENCE):
        end = time.monotonic() + patience
        while self.said.count(text) < times:
            ended = self.running.poll()
            if ended is not None:
                self.reader.join(1)
            expect(self.said.count(text) >= times or (ended is None and time.monotonic() < end),
                   f"it does not say '{text}'; {ended}", self.said)
            time.sleep(0.01)
        return self

    def kill(self, number):
        if self.running.poll() is None:
            self.running.send_signal(number)

    def wait(self, patience=PATIENCE):
        try:
            status = self.running.wait(patience)
        except subprocess.TimeoutExpired:
            expect(False, f"it does not end in {patience} s", self.said)
        self.reader.join(5)
        expect_sane(self.said)
        return status

    def end(self, number=signal.SIGTERM, patience=PATIENCE):
        self.kill(number)
        return self.wait(patience)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        try:
            self.end()
        finally:
            self.kill(signal.SIGKILL)
            self.running.wait()


class Behind(Process):
    """troth-sim run, by a run file; `before` are words that start it."""

    def __init__(self, folder, run_file, *options, before=(), host="127.0.0.1", **more):
        needs_machine()
        self.folder, self.port = folder, free_port()
        self.address = f"127.0.0.1:{self.port}"
        path = folder.write("run.yaml", f"listen: {host}:{self.port}\n{run_file}")
        super().__init__([*before, HERE["sim"], "run", "--write", folder / "sim", "--state", folder / "state",
                          "--run-file", path, *options], **more)

    def __enter__(self):
        try:
            return self.await_said("troth-run: ready: ")
        except Exception:
            self.kill(signal.SIGKILL)
            raise

    def connect(self, *more):
        return connect(self.address, self.folder / "sim", *more)


def connect(address, files, *more):
    """The words of a troth connect, with the files of the machine that it is for."""
    return [str(w) for w in [HERE["troth"], "connect", address, "--policy", files / "policy.yaml", "--root",
                             files / "root.pem", "--collateral", files / "collateral", "--offline", *more]]


def call(words, data=b"", patience=PATIENCE, **more):
    """Status, output and what it said."""
    done = subprocess.run([str(w) for w in words], input=data, capture_output=True, env=environment(), check=False,
                          timeout=patience, **more)
    said = done.stderr.decode(errors="replace")
    expect_sane(said)
    return done.returncode, done.stdout, said


def good(result):
    """The output of a call that went well."""
    expect(result[0] == 0, result)
    return result[1]


class Local(Process):
    """troth connect --listen, which ends in order."""

    def __init__(self, words, **more):
        self.port = free_port()
        super().__init__([*words, "--listen", self.port], **more)

    def __enter__(self):
        return self.await_said("listening")

    def __exit__(self, *failure):
        super().__exit__(*failure)
        if not failure[0]:
            expect(self.running.returncode == 0, self.running.returncode, self.said)

    def dial(self, patience=PATIENCE):
        peer = socket.create_connection(("127.0.0.1", self.port), patience)
        peer.settimeout(patience)
        return peer


# ---- a machine in which troth-run may be started more than once ----

class Machine(Process):
    """troth-sim tsm; its register is as long as it is."""

    def __init__(self):
        needs_machine()
        super().__init__([HERE["sim"], "tsm", "--", "sleep", "infinity"])

    def __enter__(self):
        self.inside = until(self.find_inside, "a machine")
        return self

    def find_inside(self):
        """One that sees the device: it is not executed before."""
        return next((pid for pid in children_of(self.pid) if name_of(pid) == "sleep"), 0)

    def words(self, *words):
        return ["nsenter", f"--mount=/proc/{self.inside}/ns/mnt", "--", *words]

    def register(self):
        """RTMR3, as hex."""
        path = "/sys/devices/virtual/misc/tdx_guest/measurements/rtmr3:sha384"
        return good(call(self.words("cat", path))).hex()


ANY_TDX = """
policy: any
accept: [tdx]
images: any
machines: any
"""


class Place(Folder):
    """A folder with a run file, and with what a client takes."""

    def __init__(self, run_file):
        self.run_file = run_file

    def __enter__(self):
        super().__enter__()
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self.write("run.yaml", f"listen: {self.address}\n" + self.run_file.replace("MARK", self.name))
        self.write("sim/policy.yaml", ANY_TDX)
        for what, name in (("root", "root.pem"), ("collateral", "collateral")):
            good(call([HERE["sim"], what, self / "sim" / name]))
        return self

    def words(self):
        return [HERE["run"], "--state", self / "state", "--run-file", self / "run.yaml"]

    def connect(self, *more):
        return connect(self.address, self / "sim", *more)

    def register(self):
        """What the register will be."""
        return json.loads(good(call([*self.words(), "--measure", "--json"])))["register"]


# ---- processes ----

def lines_of(pid, name):
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:  # gone meanwhile
        return b""


def link_of(pid, name):
    try:
        return os.readlink(f"/proc/{pid}/{name}")
    except OSError:
        return ""


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def marked(marker):
    """Whose command line has it: {process: words}; zombies have none."""
    found = {pid: lines_of(pid, "cmdline") for pid in processes() if pid != os.getpid()}
    return {pid: words.decode(errors="replace").split("\0") for pid, words in found.items() if marker.encode() in words}


def children_of(pid):
    return [int(one) for one in lines_of(pid, f"task/{pid}/children").split()]


def name_of(pid):
    return lines_of(pid, "comm").decode().strip()


def network_of(pid):
    return link_of(pid, "ns/net")


def in_networks(networks):
    return [pid for pid in processes() if network_of(pid) in networks]


def cpu_seconds(pid):
    fields = lines_of(pid, "stat").rpartition(b")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") if fields else 0.0


def part_of(front, part):
    """One of troth-run's processes, by what it is; 0: not there."""
    def is_apart(one, other):
        return link_of(one, "ns/pid") not in ("", link_of(other, "ns/pid"))

    if part == "front":
        return front if name_of(front) == "troth-run" else 0
    keeper = next((pid for pid in children_of(front) if is_apart(pid, front)), 0)
    if part == "keeper" or not keeper:
        return keeper
    if part in ("agent", "outbound"):
        return next((pid for pid in children_of(keeper) if name_of(pid) == f"troth-{part}"), 0)
    init = next((pid for pid in children_of(keeper) if is_apart(pid, keeper)), 0)
    return init if part == "init" or not init else next(iter(children_of(init)), 0)
