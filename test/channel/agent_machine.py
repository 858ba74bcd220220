# SPDX-License-Identifier: Apache-2.0
"""The agent on a simulated machine, and ways to ask it."""
import base64
import hashlib
import json
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from tap import Skip, expect

HERE = {}  # "troth", "agent", "sim": the programs


def base(**more):
    return {"PATH": os.environ["PATH"], **more}


class Machine:
    """troth-sim tsm -- troth-agent, until the block ends."""

    def __init__(self, *options, sim=(), env=None, sockets="agent.sock", forever=False, fds=()):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-agent-"))
        self.folder.chmod(0o755)
        self.socket = self.folder / sockets
        agent = [HERE["agent"], "--socket", self.socket, *options]
        # What stands for an init that starts it again whenever it is killed.
        loop = ["sh", "-c", 'until "$@"; do [ $? = 137 ] || exit; done', "sh"] if forever else []
        self.words = [str(w) for w in [HERE["sim"], "tsm", *sim, "--", *loop, *agent]]
        self.env = base(**(env or {}))
        self.said, self.fds = "", fds

    def start(self):
        self.running = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, env=self.env, text=True, pass_fds=self.fds)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        for _ in range(400):
            if " is at " in self.said:
                return self
            if self.running.poll() is not None:
                self.reader.join()
                if self.running.returncode == 125:
                    raise Skip(f"no machine can be simulated here: {self.said.strip()}")
                break
            time.sleep(0.05)
        self.running.kill()
        expect(False, "the agent did not start", self.said)

    def read(self):
        for line in self.running.stderr:
            self.said += line

    def pid(self):
        """The agent's own; it is a child of what serves the device."""
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdigit() and str(self.socket) in Path(folder, "cmdline").read_text() \
                        and Path(folder, "comm").read_text().strip() == "troth-agent":
                    return int(folder.name)
            except OSError:
                pass
        return 0

    def end(self, number=signal.SIGTERM):
        pid = self.pid()
        if pid:
            os.kill(pid, number)
        status = self.running.wait(30)
        self.reader.join()
        return status

    def __enter__(self):
        return self.start()

    def __exit__(self, *failure):
        status = self.end() if self.running.poll() is None else self.running.returncode
        self.reader.join()
        shutil.rmtree(self.folder)
        expect("Sanitizer" not in self.said and "runtime error" not in self.said, self.said)
        if not failure[0]:
            expect(status == 0, f"status {status}", self.said)

    # ---- asking ----

    def curl(self, path, *options, user=None):
        """Status and page, by curl."""
        words = ["curl", "-sS", "--max-time", "60", "--unix-socket", str(self.socket), "-w", "\n%{http_code}",
                 *options, "http://localhost" + path]
        done = subprocess.run(words, capture_output=True, text=True, env=base(), check=False, user=user,
                              group=user and 65534, extra_groups=[] if user else None)
        expect(done.returncode == 0, f"curl {done.returncode}", done.stderr)
        page, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(page)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body):
        return self.ask("POST", path, json.dumps(body).encode())

    def ask(self, method, path, body=None, kind="application/json", **headers):
        """Status and page, by a socket of our own."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        if body is not None:
            lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return parse(self.raw("\r\n".join([*lines, "", ""]).encode() + (body or b"")))

    def raw(self, sent, patience=60):
        """What comes until the end, whatever was sent."""
        with self.connect(patience) as peer:
            try:
                peer.sendall(sent)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all of it was there: the answer is
            return until_end(peer)

    def connect(self, patience=60):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(self.socket))  # waits where the queue is full
        peer.settimeout(patience)
        return peer


def until_end(peer):
    got = b""
    try:
        while piece := peer.recv(65536):
            got += piece
    except ConnectionResetError:
        pass
    return got


def parse(answer):
    """Status and page of one answer, held to what HTTP says of it."""
    head, _, page = answer.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.1 (\d{3}) [ -~]+\r\n", head + b"\r\n")
    expect(status, answer[:200])
    length = re.search(rb"\r\nContent-Length: (\d+)", head)
    expect(length and int(length[1]) == len(page), head, len(page))
    expect(b"\r\nContent-Type: application/json" in head and b"\r\nCache-Control: no-store" in head, head)
    return int(status[1]), json.loads(page)


def good(answer):
    expect(answer[0] == 200, answer)
    return answer[1]


def error(answer, status, code, field=...):
    """It must be this one; its text is for people."""
    expect(answer[0] == status, f"wanted {status} {code}", answer)
    said = answer[1].get("error", {})
    expect(said.get("code") == code, f"wanted {status} {code}", answer)
    expect(field is ... or said.get("field") == field, f"wanted {field}", answer)
    return said


def unpack(text):
    return base64.b64decode(text, validate=True)


# ---- judging ----

class Judge:
    """troth verify, with the simulated vendor's root and collateral."""

    def __init__(self, *sim):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-judge-"))
        for what, name in (("root", "root.pem"), ("collateral", "collateral")):
            subprocess.run([HERE["sim"], what, *sim, str(self.folder / name)], check=True, env=base())

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        shutil.rmtree(self.folder)

    def verify(self, evidence, *options, more=()):
        path = self.folder / f"evidence-{threading.get_ident()}"
        path.write_bytes(evidence)
        extra = []
        for i, piece in enumerate(more):
            (self.folder / f"more-{i}").write_bytes(piece)
            extra += ["--collateral", str(self.folder / f"more-{i}")]
        done = subprocess.run([HERE["troth"], "verify", "--offline", "--json", "--root",
                               str(self.folder / "root.pem"), "--collateral",
                               str(self.folder / "collateral"), "--any", "measurement", *extra,
                               *map(str, options), str(path)], capture_output=True, text=True, env=base(),
                              check=False)
        expect(done.stdout, done.stderr)
        return json.loads(done.stdout)

    def accepts(self, evidence, *options, **more):
        result = self.verify(evidence, *options, **more)
        expect(result["verdict"] == "accepted" and result["simulated"] is True,
               json.dumps([c for c in result.get("checks", []) if c["outcome"] != "passed"]), result.get("error"))
        return result

    def refuses(self, evidence, check, *options, **more):
        result = self.verify(evidence, *options, **more)
        failed = [c["name"] for c in result["checks"] if c["outcome"] == "failed"]
        expect(result["verdict"] == "refused" and failed == [check], result["verdict"], failed)


# ---- P-256, to check signatures by another hand ----

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
G = (0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296,
     0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5)


def add(a, b):
    if a is None or b is None:
        return b if a is None else a
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P) % P
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def times(k, point):
    found = None
    while k:
        if k & 1:
            found = add(found, point)
        point, k = add(point, point), k >> 1
    return found


PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")


def signed(spki, message, signature):
    """Did the key of this SubjectPublicKeyInfo sign it?"""
    expect(spki.startswith(PREFIX) and len(spki) == 91, spki.hex())
    x, y = int.from_bytes(spki[27:59], "big"), int.from_bytes(spki[59:], "big")
    expect((y * y - x * x * x + 3 * x - B) % P == 0, "not on the curve")
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if len(signature) != 64 or not 0 < r < N or not 0 < s < N:
        return False
    digest, w = int.from_bytes(hashlib.sha256(message).digest(), "big"), pow(s, -1, N)
    point = add(times(digest * w % N, G), times(r * w % N, (x, y)))
    return point is not None and point[0] % N == r
