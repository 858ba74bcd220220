#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth-run on simulated machines, with real programs behind it. TAP.

usage: run_test.py TROTH RUN SIM [WORDS]     those cases whose name has these words
"""
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / name) for name in ("channel", "cli")]
import agent_machine as here
from agent_machine import base, parse, unpack, until_end

import sanitizers
import tap
from tap import Skip, case, expect

ANY = {"policy": "any-tdx", "accept": ["tdx"], "images": "any", "machines": "any"}
PAGE = "what the program says\n"
SERVER = ("python3", "-m", "http.server", "8000", "--bind", "127.0.0.1")
INSIDE = "127.0.0.1:8000"
ANSWER = """
import os, signal, socket, sys, time
def answer(port=8000):
    listener = socket.create_server(("127.0.0.1", port))
    while True:
        peer = listener.accept()[0]
        try: peer.sendall(b"here\\n")
        except OSError: pass
        peer.close()
"""


def python(text):
    return ("python3", "-u", "-c", ANSWER + text)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


def simulate(words, **more):
    """A command on a simulated machine."""
    return subprocess.run([here.HERE["sim"], "tsm", *more.pop("sim", ()), "--", *words], capture_output=True, text=True,
                          env=base(), check=False, timeout=120, stdin=subprocess.DEVNULL, **more)


def needs_machine():
    if os.geteuid() != 0:
        raise Skip("it takes root")
    done = simulate(["true"])
    if done.returncode == 125:
        raise Skip(f"no machine can be simulated here: {done.stderr.strip()}")


class Folder:
    """One that every user may look into."""

    def __enter__(self):
        self.path = Path(tempfile.mkdtemp(prefix="troth-run-"))
        self.path.chmod(0o755)
        return self

    def __exit__(self, *failure):
        shutil.rmtree(self.path)

    def write(self, name, text):
        path = self.path / name
        path.write_text(text)
        path.chmod(0o644)
        return path


class Run(Folder):
    """troth-sim tsm -- troth-run, from its first line to its end."""

    def __init__(self, *program, file=None, options=(), upstream=INSIDE, env=None, sim=(), prefix=()):
        self.program, self.file, self.options, self.upstream = program, file, options, upstream
        self.env, self.sim, self.prefix = base(**(env or {})), sim, prefix
        self.said, self.heard = "", ""

    def words(self):
        words = [here.HERE["sim"], "tsm", *self.sim, "--", *self.prefix, here.HERE["run"], "--listen",
                 f"127.0.0.1:{self.port}", "--state", self.state, *self.options]
        if self.upstream:
            words += ["--upstream", str(self.upstream).replace("STATE", str(self.state))]
        if self.file is not None:
            words += ["--run-file", self.write("run.yaml", self.file.replace("STATE", str(self.state)))]
        return [str(w) for w in [*words, *(["--", *self.program] if self.program else [])]]

    def __enter__(self):
        needs_machine()
        super().__enter__()
        self.site = self.path / "site"
        self.site.mkdir()
        (self.site / "index.html").write_text(PAGE)
        self.state, self.port = self.path / "state", free_port()
        self.write("policy.json", json.dumps(ANY))
        for what, name in (("root", "root.pem"), ("collateral", "collateral")):
            subprocess.run([here.HERE["sim"], what, self.path / name], check=True, env=base())
        self.running = subprocess.Popen(self.words(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=self.env, text=True, cwd=self.site)
        self.readers = [threading.Thread(target=self.read, args=pair, daemon=True)
                        for pair in ((self.running.stderr, "said"), (self.running.stdout, "heard"))]
        for reader in self.readers:
            reader.start()
        return self

    def read(self, stream, name):
        for line in stream:
            setattr(self, name, getattr(self, name) + line)

    def until(self, text, *, where="said", times=1, patience=60):
        end = time.monotonic() + patience
        while getattr(self, where).count(text) < times:
            expect(time.monotonic() < end and self.running.poll() is None, f"no '{text}'", self.said, self.heard)
            time.sleep(0.005)
        return self

    def ready(self):
        return self.until(f"troth-run: ready: 127.0.0.1:{self.port}\n")

    def wait(self, patience=60):
        status = self.running.wait(patience)
        for reader in self.readers:
            reader.join()
        return status

    def end(self, number=signal.SIGTERM):
        self.running.send_signal(number)
        return self.wait()

    def __exit__(self, *failure):
        if self.running.poll() is None:
            self.running.kill()
        self.running.wait(60)
        left = wait_until_none(str(self.state))
        for process in left:  # the pipes are theirs, too
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.wait()
        super().__exit__(*failure)
        expect(sanitizers.are_silent(self.said), self.said)
        if not failure[0]:
            expect(not left, "left running", left)

    # ---- from outside ----

    def connect(self, *command, level=()):
        words = [here.HERE["troth"], "connect", f"127.0.0.1:{self.port}", "--policy", self.path / "policy.json", "--root",
                 self.path / "root.pem", "--collateral", self.path / "collateral", "--offline", *level, "--", *command]
        return subprocess.run([str(w) for w in words], capture_output=True, text=True, env=base(), check=False,
                              timeout=120)

    def fetch(self):
        done = self.connect("curl", "-sS", "--max-time", "30", "http://{}/")
        expect(done.returncode == 0, done.returncode, done.stderr, self.said)
        expect(done.stderr.startswith("proven: "), done.stderr)
        return done.stdout

    def ask(self, path, body):
        """The agent, as root."""
        sent = json.dumps(body).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n" \
               f"Content-Length: {len(sent)}\r\n\r\n"
        with socket.socket(socket.AF_UNIX) as peer:
            peer.settimeout(60)
            peer.connect(str(self.state / "agent.sock"))
            peer.sendall(head.encode() + sent)
            status, page = parse(until_end(peer))
        expect(status == 200, status, page)
        return page

    def processes(self):
        return processes(str(self.state))


def processes(text):
    """Those with this in their command line: process → its program's name."""
    found = {}
    for folder in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            if folder.name.isdigit() and text in Path(folder, "cmdline").read_text(errors="replace"):
                found[int(folder.name)] = Path(folder, "comm").read_text().strip()
    return found


def wait_until_none(text, patience=10):
    end = time.monotonic() + patience
    while (left := processes(text)) and time.monotonic() < end:
        time.sleep(0.01)
    return left


def named(run, name):
    """The one process of this name whose command line has the state folder."""
    found = [process for process, program in run.processes().items() if program == name]
    expect(len(found) == 1, name, run.processes())
    return found[0]


def parent(process):
    return int(re.search(r"^PPid:\t(\d+)", Path(f"/proc/{process}/status").read_text(), re.M)[1])


def ours(run):
    """Front, keeper and the program's init, which follow each other."""
    found = [p for p, name in run.processes().items() if name == "troth-run"]
    row = [p for p in found if parent(p) not in found]
    while len(row) < len(found):
        row += [p for p in found if parent(p) == row[-1]]
    expect(len(row) == 3, run.processes())
    return row


def front_of(run):
    return ours(run)[0]


def program_of(run):
    init = ours(run)[2]
    return int(Path(f"/proc/{init}/task/{init}/children").read_text().split()[0])


def lp(*words):
    return b"".join(len(w).to_bytes(8, "big") + w for w in words)


def register(*events):
    """docs/event-log.md, by another hand."""
    value = bytes(48)
    for name, data in events:
        digest = hashlib.sha384(lp(b"troth/event/v1", name.encode(), data)).digest()
        value = hashlib.sha384(value + digest).digest()
    return value.hex()


def measured(file, program):
    return [("run-file", hashlib.sha256(file).digest()),
            ("program", hashlib.sha256(lp(*(w.encode() for w in program))).digest()), ("sealed", b"")]


# ---- a program behind proof ----


@case("a web server that knows nothing of it, reached after proof")
def served():
    with Run(*SERVER) as run:
        run.ready()
        expect(run.fetch() == PAGE, run.said)
        expect(run.end() == 143, run.said)
        expect(not (run.state / "agent.sock").exists(), "the socket stays behind")


@case("a Unix socket in the program's folder; one that is left there is no obstacle")
def unix():
    serve = python("path = os.environ['WHERE']\n"
                   "listener = socket.socket(socket.AF_UNIX); listener.bind(path); listener.listen()\n"
                   "while True:\n    peer = listener.accept()[0]\n"
                   "    try:\n        if peer.recv(1000): peer.sendall(b'HTTP/1.0 200 OK\\r\\n\\r\\nhere\\n')\n"
                   "    except OSError: pass\n    peer.close()\n")
    file = f"program: {json.dumps(serve)}\nupstream: STATE/program/app\nenvironment: {{WHERE: STATE/program/app}}\n" \
           "restart: on-failure\n"
    with Run(file=file, upstream=None) as run:
        run.ready()
        expect(run.fetch() == "here\n", run.said)
        os.kill(program_of(run), signal.SIGKILL)
        run.until("ready: ", times=2)
        expect(run.fetch() == "here\n", run.said)


@case("--measure says what evidence has, with and without a run file")
def evidence():
    file = f"program: {json.dumps(SERVER)}\nupstream: {INSIDE}\ndirectory: /usr\n"
    for options, given, program in ((("--run-file",), file, ()), ((), None, SERVER)):
        with Run(*program, file=given, upstream=None if given else INSIDE) as run:
            more = [*options, run.path / "run.yaml"] if given else ["--", *program]
            done = subprocess.run([here.HERE["troth"], "run", "--measure", "--json", *map(str, more)], env=base(),
                                  capture_output=True, text=True, check=False)
            expect(done.returncode == 0, done.stderr)
            said = json.loads(done.stdout)
            wanted = measured(given.encode() if given else b"", SERVER)
            expect(said == {"events": [{"name": n, "data": d.hex()} for n, d in wanted],
                            "register": register(*wanted)}, said)
            run.ready()
            quote = run.path / "quote"
            quote.write_bytes(unpack(run.ask("/v1/evidence", {"nonce": "00"})["evidence"]))
            shown = subprocess.run([here.HERE["troth"], "show", "--json", quote], capture_output=True, text=True,
                                   env=base(), check=True)
            expect(f'"{said["register"]}"' in shown.stdout and '"tdx.rtmr3"' in shown.stdout, shown.stdout)
            log = json.loads((run.state / "events.json").read_text())
            expect(log["events"] == said["events"], log)


@case("the environment is made, never inherited; the log has none of it")
def environment():
    show = python("for name in sorted(os.environ): print(f'{name}={os.environ[name]}')\nprint('end')\nanswer()\n")
    file = f"program: {json.dumps(show)}\nupstream: {INSIDE}\n" \
           "environment: {SECRET: opensesame, HOME: /var, EMPTY: \"\"}\n"
    with Run(file=file, upstream=None, env={"LEAK": "1", "LD_PRELOAD_X": "1"}) as run:
        run.ready().until("end\n", where="heard")
        seen = [line for line in run.heard.splitlines()[:-1] if not line.startswith("LC_CTYPE=")]  # Python's own
        expect(seen == ["EMPTY=", "HOME=/var", "LANG=C.UTF-8",
                        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "SECRET=opensesame",
                        f"TROTH_AGENT={run.state}/agent.sock"], seen)
        expect("opensesame" not in run.said and "LEAK" not in run.said, run.said)


@case("users, groups and where it starts")
def identities():
    show = python("print(os.getuid(), os.getgid(), os.getgroups(), os.getcwd())\nanswer()\n")
    with Run(*show) as run:
        run.ready().until("\n", where="heard")
        expect(run.heard in (f"60601 60601 {own} {run.site}\n" for own in ("[]", "[60601]")), run.heard)
        agent = Path(f"/proc/{named(run, 'troth-agent')}/status").read_text()
        owner = run.state.stat().st_uid
        expect(re.search(rf"^Uid:\t{owner}\t{owner}\t{owner}\t{owner}$", agent, re.M), agent)
        expect(stat.S_IMODE(run.state.stat().st_mode) == 0o711 and owner != 0, oct(run.state.stat().st_mode), owner)
        expect((run.state / "program").stat().st_uid == 60601, "whose is program/?")
    file = f"program: {json.dumps(show)}\nupstream: {INSIDE}\nuser: nobody\ndirectory: /usr/bin\n"
    with Run(file=file, upstream=None) as run:
        run.ready().until("\n", where="heard")
        expect(re.fullmatch(r"65534 \d+ \[\d*\] /usr/bin\n", run.heard), run.heard)


@case("machines without a register refuse a run file, unless their image holds it")
def snp():
    file = f"program: {json.dumps(SERVER)}\nupstream: {INSIDE}\n"
    sim = ("--kind", "snp")
    with Run(file=file, upstream=None, sim=sim) as run:
        expect(run.wait() == 2, run.said)
        expect("(snp) has no register" in run.said and "hint: --image-holds-run-file" in run.said, run.said)
    with Run(file=file, upstream=None, sim=sim, options=["--image-holds-run-file"]) as run:
        run.ready()
    with Run(*SERVER, sim=sim) as run:
        run.ready()


# ---- how it ends ----


@case("exit statuses: the program's, a signal's, and those of programs that are not run")
def statuses():
    rows = [(("sh", "-c", "exit 3"), 3, "ended with status 3"),
            (("true",), 0, "ended with status 0"),
            (("sh", "-c", "kill -9 $$"), 137, "ended by SIGKILL"),
            (("sh", "-c", "kill -TERM $$"), 143, "ended by SIGTERM"),
            (("/usr/nothing",), 127, "hint: "),
            (("nothing-of-the-kind",), 127, "cannot run 'nothing-of-the-kind'"),
            (("/etc/passwd",), 126, "cannot run '/etc/passwd'")]
    for program, status, said in rows:
        with Run(*program) as run:
            expect(run.wait() == status, program, run.running.returncode, run.said)
            expect(said in run.said, said, run.said)
            expect("ready" not in run.said, run.said)


@case("command lines and run files that are wrong: 2, with place and hint")
def wrong():
    rows = [("listen: 3\nprogram: [a]\n", (), ["run.yaml:1:9: listen: '3' is no address with a port", "hint: 0.0.0.0:8443"]),
            ("program: [a]\nprogram: [b]\n", (), ["run.yaml:2:1: "]),
            ("prgram: [a]\n", (), ["run.yaml:1:1: prgram: no such key", "hint: did you mean program?"]),
            ("program: [a]\n", ("b",), ["the run file names the program already"]),
            ("upstream: 127.0.0.1:1\nprogram: [a]\n", (),
             ["--upstream: the run file says 'upstream' already", "hint: what is in the run file is measured"]),
            ("upstream_outside: 10.0.0.1:1\nprogram: [a]\n", (), ["--upstream: the run file says 'upstream_outside'"]),
            ("restart: never\n", (), ["no program is named"]),
            ("program: [a]\nuser: root\n", (), ["user: 'root' is root"]),
            ("program: [a]\nuser: \"60600\"\n", (), ["user: '60600' is not the program's alone"])]
    for file, program, said in rows:
        with Run(*program, file=file) as run:
            status = run.wait()
            expect(status == 2, file, status, run.said)
            for text in said:
                expect(text in run.said, text, run.said)
    for words, text in ((["--", "a"], "--listen is missing"), (["--listen", "127.0.0.1:1", "--", "a"], "--upstream is missing"),
                        (["--listen", "localhost:1", "--", "a"], "'localhost:1' is no address"),
                        (["a"], "behind --"), ([], "no program is named")):
        done = simulate([here.HERE["run"], *words])
        expect(done.returncode == 2 and text in done.stderr, words, done)


@case("what keeps it from running: 125, and why")
def not_run():
    with Run(*SERVER) as run:
        run.ready()
        taken = [here.HERE["run"], "--upstream", INSIDE, "--state", run.path / "other", "--listen",
                 f"127.0.0.1:{run.port}", "--", "true"]
        done = simulate(map(str, taken))
        expect(done.returncode == 125 and "cannot listen at" in done.stderr, done)
        same = [here.HERE["run"], "--upstream", INSIDE, "--state", run.state, "--listen", "127.0.0.1:1", "--", "true"]
        done = simulate(map(str, same))
        expect(done.returncode == 125 and "another troth-run has it" in done.stderr, done)
        full = [here.HERE["run"], "--upstream", INSIDE, "--state", run.path, "--listen", "127.0.0.1:1", "--", "true"]
        done = simulate(map(str, full))
        expect(done.returncode == 125 and "hint: a state folder is" in done.stderr, done)
        expect(run.path.stat().st_uid == 0, "the folder was taken all the same")
        expect(run.fetch() == PAGE, run.said)
    with Run(*SERVER, options=["--policy", "/nothing", "--ask", "epoch"]) as run:
        expect(run.wait() == 125, run.said)
        expect("troth-agent: error: " in run.said and "troth-agent cannot start" in run.said, run.said)


@case("without a device, and without root: 125, with a hint")
def nowhere():
    if any(Path(p).exists() for p in ("/dev/nsm", "/dev/sev-guest", "/dev/tdx_guest", "/sys/kernel/config/tsm/report")):
        raise Skip("this machine has a device")
    with Folder() as folder:
        words = [here.HERE["run"], "--listen", "127.0.0.1:1", "--upstream", INSIDE, "--state", folder.path / "s", "--", "a"]
        if os.geteuid() == 0:
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True, env=base(), check=False)
            expect(done.returncode == 125 and "nothing vouches for this machine" in done.stderr, done)
        try:
            done = subprocess.run(list(map(str, words)), capture_output=True, text=True, env=base(), check=False,
                                  **({"user": 65534, "group": 65534} if os.geteuid() == 0 else {}))
        except PermissionError:
            raise Skip("the programs lie where only root may go") from None
        expect(done.returncode == 125 and "hint: it takes root" in done.stderr, done)


# ---- signals ----

HEARS = python("""
def heard(number, frame):
    print(signal.Signals(number).name)
    if number == signal.SIGTERM: sys.exit(7)
for name in ("TERM", "INT", "HUP", "QUIT", "USR1", "USR2", "WINCH"):
    signal.signal(getattr(signal, "SIG" + name), heard)
answer()
""")


@case("signals go on to the program, once each; SIGTERM is its end and its status ours")
def signals():
    with Run(*HEARS) as run:
        run.ready()
        front = front_of(run)
        for name in ("HUP", "QUIT", "USR1", "USR2", "WINCH"):
            os.kill(front, getattr(signal, "SIG" + name))
            run.until(f"SIG{name}\n", where="heard")
        run.until("read again")
        expect(run.end() == 7, run.running.returncode, run.said)
        expect(run.heard == "SIGHUP\nSIGQUIT\nSIGUSR1\nSIGUSR2\nSIGWINCH\nSIGTERM\n", run.heard)


@case("who does not end when told to is killed: at once the second time")
def stubborn():
    with Run(*python("signal.signal(signal.SIGTERM, signal.SIG_IGN)\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nanswer()\n")) as run:
        run.ready()
        front = front_of(run)
        os.kill(front, signal.SIGTERM)
        run.until("SIGTERM: the end\n")
        os.kill(front, signal.SIGTERM)  # at once behind it: the same one
        time.sleep(0.5)
        expect(run.running.poll() is None and "killed" not in run.said, run.said)
        os.kill(front, signal.SIGINT)
        began = time.monotonic()
        expect(run.wait() == 137, run.running.returncode, run.said)
        expect(time.monotonic() - began < 5, "it took long")
        expect("the program is killed" in run.said, run.said)


@case("SIGHUP: the agent reads its policy again")
def renewed():
    with Run(*HEARS) as run:
        run.ready()
        os.kill(front_of(run), signal.SIGHUP)
        run.until("are read again").until("SIGHUP\n", where="heard")


# ---- who ends is started again ----


@case("an agent that is killed is started again; the program stays, and finds it at the same socket")
def agent_killed():
    ask = python("""
def status():
    peer = socket.socket(socket.AF_UNIX); peer.settimeout(60); peer.connect(os.environ["TROTH_AGENT"])
    peer.sendall(b"GET /v1/health HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n")
    return peer.recv(12)
listener = socket.create_server(("127.0.0.1", 8000))
while True:
    peer = listener.accept()[0]
    try:
        if peer.recv(1000): peer.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n%d " % os.getpid() + status())
    except OSError: pass
    peer.close()
""")
    with Run(*ask) as run:
        run.ready()
        first = run.fetch()
        expect(first.endswith("HTTP/1.1 200"), first)
        for times in (1, 2):
            os.kill(named(run, "troth-agent"), signal.SIGKILL)
            # Who comes meanwhile waits, outside and inside.
            expect(run.fetch() == first, run.said)
            run.until("troth-agent is back", times=times)
        expect(re.search(r"troth-agent was ended by SIGKILL: again in 100 ms\n", run.said), run.said)
        expect("again in 200 ms" in run.said, run.said)
        expect(run.said.count("ready: ") == 1, run.said)


@case("a program that fails is started again with pauses, as long as the run file says so")
def restarts():
    fails = python("""
path = "STATE/program/count"
count = int(open(path).read()) if os.path.exists(path) else 0
open(path, "w").write(str(count + 1))
if count < 2: sys.exit(1)
if count == 3: sys.exit(0)
answer()
""")
    file = f"program: {json.dumps(fails)}\nupstream: {INSIDE}\nrestart: on-failure\n"
    with Run(file=file, upstream=None) as run:
        run.ready()
        expect("again in 100 ms" in run.said and "again in 200 ms" in run.said, run.said)
        os.kill(program_of(run), signal.SIGKILL)
        expect(run.wait() == 0, run.running.returncode, run.said)
    file = f"program: [\"true\"]\nupstream: {INSIDE}\nrestart: always\n"
    with Run(file=file, upstream=None) as run:
        run.until("again in 400 ms")
        expect(run.end() in (0, 143), run.running.returncode, run.said)


@case("kill -9 of the front: nothing is left, and the next one of the same machine starts")
def killed():
    with Run(*SERVER, prefix=("sh", "-c", '"$@"; "$@"', "sh")) as run:
        run.ready()
        first = run.processes()
        os.kill(front_of(run), signal.SIGKILL)
        run.until("ready: ", times=2)
        expect(run.fetch() == PAGE, run.said)
        expect(not set(first) & set(p for p, n in run.processes().items() if n != "sh" and n != "troth-sim"), "left")
        names = [event["name"] for event in json.loads((run.state / "events.json").read_text())["events"]]
        expect(len(names) == len(set(names)), "recorded twice", names)
        os.kill(front_of(run), signal.SIGTERM)
        expect(run.wait() == 143, run.said)


@case("kill -9 of the keeper is the end of all")
def keeper_killed():
    with Run(*SERVER) as run:
        run.ready()
        os.kill(ours(run)[1], signal.SIGKILL)
        expect(run.wait() == 137, run.running.returncode, run.said)


# ---- service managers ----


class Manager:
    """What a service manager hears."""

    def __init__(self, name):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(name)
        self.socket.settimeout(60)

    def until(self, text):
        heard = []
        while not heard or text not in heard[-1]:
            heard.append(self.socket.recv(4096).decode())
        return heard


@case("a service manager is told: READY, WATCHDOG, STOPPING; by a path and by an abstract name")
def notified():
    with Folder() as folder:
        for name in (str(folder.path / "notify"), f"\0troth-test-{os.getpid()}"):
            manager = Manager(name)
            env = {"NOTIFY_SOCKET": name.replace("\0", "@"), "WATCHDOG_USEC": "200000"}
            show = python("print('NOTIFY_SOCKET' in os.environ)\nanswer()\n")
            with Run(*show, env=env) as run:
                expect(manager.until("READY=1")[-1] == f"READY=1\nSTATUS=ready: 127.0.0.1:{run.port}", "READY")
                for _ in range(3):
                    manager.until("WATCHDOG=1")
                expect(run.end() == 143, run.said)
                expect("STATUS=ending" in manager.until("STOPPING=1")[-1], "STOPPING")
                expect(run.heard == "False\n", run.heard)


@case("as a machine's first process it reaps what others leave")
def first():
    if not shutil.which("unshare"):
        raise Skip("no unshare")
    # The one that sleeps is not ours: who started us left it behind.
    shell = ("unshare", "--pid", "--fork", "--kill-child", "sh", "-c", 'sleep 0.3 & exec "$@"', "sh")
    with Run(*SERVER, prefix=shell) as run:
        run.ready()
        time.sleep(0.5)
        front = front_of(run)
        expect(re.search(r"^NSpid:.*\t1$", Path(f"/proc/{front}/status").read_text(), re.M), "it is not the first")
        children = Path(f"/proc/{front}/task/{front}/children").read_text().split()
        expect(len(children) == 1, children)
        os.kill(front, signal.SIGTERM)
        expect(run.wait() == 143, run.said)


# ---- the way out ----


@case("what the run file does not name cannot be reached, by the proxy or without")
def outbound():
    tries = python("""
import urllib.parse
where = urllib.parse.urlparse(os.environ["HTTPS_PROXY"])
def ask(name):
    peer = socket.create_connection((where.hostname, where.port), 30)
    peer.sendall(b"CONNECT %s HTTP/1.1\\r\\nHost: %s\\r\\n\\r\\n" % (name, name))
    print(name.decode(), peer.recv(100).split(b"\\r\\n")[0].decode())
ask(b"example.org:443")
ask(b"127.0.0.1:22")
try: socket.create_connection(("192.0.2.1", 80), 5)
except OSError as error: print(error.strerror)
print("end")
answer()
""")
    file = f"program: {json.dumps(tries)}\nupstream: {INSIDE}\noutbound: [\"api.example.com:443\"]\n"
    with Run(file=file, upstream=None) as run:
        run.ready().until("end\n", where="heard")
        lines = run.heard.splitlines()
        expect(re.match(r"example.org:443 HTTP/1.1 403", lines[0]), lines)
        expect(re.match(r"127.0.0.1:22 HTTP/1.1 40", lines[1]), lines)
        expect(lines[2] == "Network is unreachable", lines)
        keeper = ours(run)[1]
        os.kill(next(p for p in processes("troth-outbound") if parent(p) == keeper), signal.SIGKILL)
        run.until("troth-outbound is back")


def main(troth, run, sim, only=None):
    here.HERE.update(troth=troth, run=run, sim=sim)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=2)


sys.exit(main(*sys.argv[1:]))
