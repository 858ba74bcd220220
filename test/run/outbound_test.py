# SPDX-License-Identifier: Apache-2.0
"""troth-outbound from outside: who gets out, and who does not.

The names are the test's own: where it may, it goes into namespaces of its own, with a
resolver and a network that nobody else sees.

usage: outbound_test.py TROTH_OUTBOUND
"""
import ctypes
import fcntl
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from tap import Skip, case, expect, run

HERE = {}
FOLDER = Path(tempfile.mkdtemp(prefix="troth-outbound-"))
OWN_GLOBAL = "93.184.216.34"  # given to this network's loopback: global, and ours
FAR_GLOBAL = "93.184.216.35"  # behind a cable, in another network
THREADS = 16  # look names up: TROTH_OUTBOUND_THREADS


# ---- a machine of our own ----

CLONE_NEWNS, CLONE_NEWNET, MS_REC_PRIVATE, MS_BIND = 0x20000, 0x40000000, 0x44000, 0x1000


def libc(name, *words):
    library = ctypes.CDLL(None, use_errno=True)
    expect(getattr(library, name)(*words) == 0, name, os.strerror(ctypes.get_errno()))


def interface(number, name, content):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        fcntl.ioctl(s, number, struct.pack("16s24s", name, content))


def move_out():
    """Why not, or None."""
    files = {"resolv.conf": "search evil.test\nnameserver 127.0.0.1\n",
             "hosts": "127.0.0.1 localhost\n127.0.0.1 hosts.test\n10.9.8.7 rfc1918.hosts.test\n",
             "nsswitch.conf": "hosts: files dns\npasswd: files\ngroup: files\n"}
    if os.geteuid() != 0:
        return "only root makes networks and mounts"
    try:
        libc("unshare", CLONE_NEWNS | CLONE_NEWNET)
        libc("mount", None, b"/", None, MS_REC_PRIVATE, None)
        for name, text in files.items():
            (FOLDER / name).write_text(text)
            (FOLDER / name).chmod(0o644)
            if Path("/etc", name).exists():
                libc("mount", bytes(FOLDER / name), b"/etc/" + name.encode(), None, MS_BIND, None)
        interface(0x8914, b"lo", struct.pack("H22x", 0x41))  # up and running
        interface(0x8916, b"lo:1", struct.pack("HH4s16x", socket.AF_INET, 0, socket.inet_aton(OWN_GLOBAL)))
    except Exception as error:
        return f"no namespaces here: {error}"
    return None


ALONE = None  # why not in a machine of our own


def need_names():
    if ALONE:
        raise Skip(ALONE)


# ---- its resolver ----

class Resolver:
    """Answers for names of a table: a list of addresses, a function of how often it was
    asked, or None: silence."""

    def __init__(self):
        self.table, self.asked = {}, []
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind = struct.unpack(">H", query[at + 1:at + 3])[0]
            name = ".".join(labels).lower()
            self.asked.append((name, kind))
            found = self.table.get(name, "nothing")
            if callable(found):
                found = found(sum(1 for asked in self.asked if asked == (name, kind)))
            if found is not None:
                self.socket.sendto(self.answer(query[:at + 5], kind, found), peer)

    @staticmethod
    def answer(question, kind, found):
        rows = []
        for address in [] if found == "nothing" else found:
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            if kind == (28 if family == socket.AF_INET6 else 1):
                packed = socket.inet_pton(family, address)
                rows.append(struct.pack(">HHHIH", 0xc00c, kind, 1, 0, len(packed)) + packed)
        flags = 0x8183 if found == "nothing" else 0x8180
        return question[:2] + struct.pack(">HHHHH", flags, 1, len(rows), 0, 0) + question[12:] + b"".join(rows)

    def times(self, name):
        return sum(1 for asked, kind in self.asked if asked == name and kind == 1)


DNS = None


# ---- servers ----

def make_certificate():
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", FOLDER / "key.pem", "-out", FOLDER / "cert.pem", "-days", "2", "-subj", "/CN=troth",
                    "-addext", "subjectAltName=DNS:api.test,DNS:*.wild.test,DNS:far.test,DNS:hosts.test"],
                   check=True, capture_output=True)


def context():
    made = ssl.create_default_context(cafile=FOLDER / "cert.pem")
    return made


class Server:
    """TLS, or not: says back what it is told, and counts."""

    def __init__(self, tls=True, address="127.0.0.1", answer=None, accepts=True):
        self.names, self.connections, self.tls, self.answer = [], 0, None, answer
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind((address, 0))
        self.socket.listen(512)
        self.port = self.socket.getsockname()[1]
        if tls:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(FOLDER / "cert.pem", FOLDER / "key.pem")
            self.tls.sni_callback = lambda _, name, __: self.names.append(name)
        if accepts:
            threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        try:
            if self.tls:
                peer = self.tls.wrap_socket(peer, server_side=True)
            if self.answer:
                self.answer(peer)
            else:
                while piece := peer.recv(65536):
                    peer.sendall(piece)
            if self.tls:
                peer.unwrap()
            peer.close()
        except (OSError, ValueError):
            peer.close()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()


def say_page(peer):
    got = b""
    while b"\r\n\r\n" not in got:
        got += peer.recv(4096)
    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")


# ---- the proxy ----

class Proxy:
    def __init__(self, *options, user=True, before=()):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(1024)
        self.port = self.listener.getsockname()[1]
        ready, tell = os.pipe()
        words = [*before, HERE["outbound"], "--listen", f"fd:{self.listener.fileno()}", "--ready", str(tell),
                 *(["--user", "60602"] if user and os.geteuid() == 0 else []), *options]
        self.running = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"]},
                                        pass_fds=[self.listener.fileno(), tell])
        os.close(tell)
        self.said = ""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        told = os.read(ready, 2)
        os.close(ready)
        if len(told) != 1:
            self.running.wait(10)
            self.reader.join()
            expect(False, "it did not start", self.said)

    def read(self):
        for line in self.running.stderr:
            self.said += line

    def end(self):
        self.running.send_signal(signal.SIGTERM)
        status = self.running.wait(30)
        self.reader.join()
        self.listener.close()
        self.running.stdout.close()
        return status

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        status = self.end()
        expect("Sanitizer" not in self.said and "runtime error" not in self.said, self.said)
        if not failure[0]:
            expect(status == 0, f"status {status}", self.said)

    def connect(self, patience=20):
        peer = socket.create_connection(("127.0.0.1", self.port), patience)
        peer.settimeout(patience)
        return peer

    def raw(self, sent, patience=20):
        """What comes until the end."""
        with self.connect(patience) as peer:
            try:
                peer.sendall(sent)
            except (BrokenPipeError, ConnectionResetError):
                pass
            return until_end(peer)

    def ask(self, target):
        """CONNECT, as far as it is let through."""
        peer = self.connect()
        peer.sendall(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
        head = b""
        while b"\r\n\r\n" not in head:
            piece = peer.recv(1)
            expect(piece, head)
            head += piece
        expect(head.startswith(b"HTTP/1.1 200 "), head)
        return peer

    def tls(self, target, name=None):
        with self.ask(target) as peer:
            return context().wrap_socket(peer.dup(), server_hostname=name or target.split(":")[0])

    def says(self, text):
        """Its log has this line, soon."""
        for _ in range(100):
            if text in self.said:
                return True
            time.sleep(0.05)
        return False


def until_end(peer):
    got = []
    try:
        while piece := peer.recv(65536):
            got.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(got)


def status(answer):
    expect(answer.startswith(b"HTTP/1.1 "), answer[:100])
    head, _, page = answer.partition(b"\r\n\r\n")
    expect(b"Content-Length: %d\r\n" % len(page) in head and page.count(b"\n") == 1, answer)
    return int(answer[9:12])


# ---- hellos of our own ----

def number(value, width):
    return value.to_bytes(width, "big")


def with_len(content, width):
    return number(len(content), width) + content


def names_extension(*names, kind=0):
    return number(0, 2) + with_len(with_len(b"".join(number(kind, 1) + with_len(n, 2) for n in names), 2), 2)


def hello(*extensions):
    body = b"\x03\x03" + bytes(32) + with_len(b"", 1) + with_len(b"\x13\x01", 2) + with_len(b"\0", 1) \
        + with_len(b"".join(extensions), 2)
    return b"\x01" + with_len(body, 3)


def records(message, size=16384):
    return b"".join(b"\x16\x03\x01" + with_len(message[i:i + size], 2) for i in range(0, len(message), size))


ACCESS_DENIED, INTERNAL = b"\x15\x03\x03\0\2\2\x31", b"\x15\x03\x03\0\2\2\x50"


# ---- cases ----

@case("curl and python fetch a page from an allowed name, through HTTPS_PROXY")
def real_clients():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    with Server(answer=say_page) as server, Proxy("--allow", f"api.test:{server.port}/private") as proxy:
        env = {"PATH": os.environ["PATH"], "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
               "https_proxy": f"http://127.0.0.1:{proxy.port}"}
        url = f"https://api.test:{server.port}/"
        done = subprocess.run(["curl", "-sS", "--max-time", "20", "--cacert", FOLDER / "cert.pem", url], env=env,
                              capture_output=True, check=False)
        expect(done.stdout == b"hello", done, proxy.said)
        code = "import ssl, sys, urllib.request as r; " \
               "print(r.urlopen(sys.argv[1], context=ssl.create_default_context(cafile=sys.argv[2])).read())"
        done = subprocess.run([sys.executable, "-c", code, url, FOLDER / "cert.pem"], env=env, capture_output=True,
                              check=False)
        expect(done.stdout.strip() == b"b'hello'", done, proxy.said)
        expect(server.names == ["api.test", "api.test"], server.names)
        done = subprocess.run(["curl", "-sS", "--max-time", "20", "--cacert", FOLDER / "cert.pem",
                               f"https://other.test:{server.port}/"], env=env, capture_output=True, text=True,
                              check=False)
        expect(done.returncode != 0 and "403" in done.stderr, done)
        expect(proxy.says(f"refused: other.test:{server.port}: not among what may be reached"), proxy.said)


@case("it runs as its user, without privileges, not to be traced, and says so little")
def user():
    if os.geteuid() != 0:
        raise Skip("only root becomes another user")
    with Proxy("--allow", "api.test:443") as proxy:
        rows = dict(line.split(":\t", 1) for line in
                    Path(f"/proc/{proxy.running.pid}/status").read_text().splitlines() if ":\t" in line)
        expect(rows["Uid"].split() == ["60602"] * 4 and rows["Gid"].split() == ["60602"] * 4, rows["Uid"])
        expect(rows["Groups"].strip() == "60602" and int(rows["CapEff"], 16) == 0, rows["Groups"])
        expect(rows["NoNewPrivs"] == "1" and int(rows["CapPrm"], 16) == 0, rows["NoNewPrivs"])
        try:
            os.kill(proxy.running.pid, 0)
            expect(Path(f"/proc/{proxy.running.pid}/mem").stat().st_uid == 0, "dumpable")
        except PermissionError:
            pass
        expect(proxy.says("ready\n") and proxy.said == "troth-outbound: ready\n", proxy.said)


ADDRESSES = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0X7F.0.0.1", "017700000001", "0177.1",
    "127.0.0.0x1", "127.0.0.01", "0", "0x", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[fe80::1%lo]", "::1",
    "127.0.0.1.", "a.b.1", "api.test.0x7f", "api.test.7", "93.184.216.34", "4294967296", "1e", "[api.test]",
]


@case("no address in any spelling, though a row would fit it")
def addresses():
    with Proxy("--allow", "api.test:443/private", "--allow-plain", "*.test:443/private") as proxy:
        for address in ADDRESSES:
            answer = proxy.raw(f"CONNECT {address}:443 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            expect(status(answer) == 403, address, answer)


def connect(target, *headers, version="1.1"):
    lines = [b"CONNECT " + target + b" HTTP/" + version.encode(), b"Host: x", *headers, b"", b""]
    return b"\r\n".join(lines)


REQUESTS = [
    ("another name", 403, connect(b"evil.test:443")),
    ("another port", 403, connect(b"api.test:444")),
    ("a name below", 403, connect(b"x.api.test:443")),
    ("a name above", 403, connect(b"test:443")),
    ("a wildcard's own name", 403, connect(b"wild.test:443")),
    ("a wildcard's name at the end of a label", 403, connect(b"evilwild.test:443")),
    ("a wildcard asked for", 400, connect(b"*.wild.test:443")),
    ("a dot before", 400, connect(b".wild.test:443")),
    ("two dots", 400, connect(b"a..wild.test:443")),
    ("two dots behind", 400, connect(b"api.test..:443")),
    ("a dot alone", 400, connect(b".:443")),
    ("no port", 400, connect(b"api.test")),
    ("an empty port", 400, connect(b"api.test:")),
    ("port 0", 400, connect(b"api.test:0")),
    ("a long way around to port 443", 400, connect(b"api.test:65979")),
    ("a port with a zero before", 400, connect(b"api.test:0443")),
    ("a port with a sign", 400, connect(b"api.test:+443")),
    ("a port in hex", 400, connect(b"api.test:0x1bb")),
    ("two ports", 403, connect(b"api.test:443:443")),
    ("user info", 400, connect(b"api.test@evil.test:443")),
    ("a path", 400, connect(b"api.test:443/")),
    ("a query", 400, connect(b"api.test:443?x")),
    ("a fragment", 400, connect(b"api.test:443#x")),
    ("a scheme", 403, connect(b"https://api.test:443")),
    ("percent signs", 400, connect(b"api%2etest:443")),
    ("a zero byte", 400, connect(b"api.test\0.evil.test:443")),
    ("a control character", 400, connect(b"api.test\x01:443")),
    ("beyond ASCII", 400, connect("äpi.test:443".encode())),
    ("a full-width dot", 400, connect("api\uff0etest:443".encode())),
    ("a blank in it", 400, connect(b"api.test:443 x")),
    ("a tab", 400, connect(b"api.test:443\tx")),
    ("a label of 64", 400, connect(b"a" * 64 + b".wild.test:443")),
    ("a name of 254", 400, connect(b"aa." + b"a." * 121 + b"wild.test:443")),
    ("a hyphen first", 400, connect(b"-a.wild.test:443")),
    ("GET", 405, b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("GET by a whole URI", 405, b"GET http://api.test:443/ HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("POST", 405, b"POST http://api.test:443/ HTTP/1.1\r\nHost: api.test\r\nContent-Length: 0\r\n\r\n"),
    ("OPTIONS", 405, b"OPTIONS * HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("connect in lower case", 405, b"connect api.test:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("TRACE", 405, b"TRACE api.test:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
    ("HTTP/2", 505, connect(b"api.test:443", version="2.0")),
    ("no host", 400, b"CONNECT api.test:443 HTTP/1.1\r\n\r\n"),
    ("two hosts", 400, connect(b"api.test:443", b"Host: y")),
    ("a folded line", 400, connect(b"api.test:443", b"A: b", b" c")),
    ("a blank before a colon", 400, connect(b"api.test:443", b"A : b")),
    ("bare line feeds", 400, connect(b"api.test:443").replace(b"\r\n", b"\n")),
    ("a bare carriage return", 400, connect(b"api.test:443", b"A: b\rc")),
    ("a body", 400, connect(b"api.test:443", b"Content-Length: 5") + b"GET /"),
    ("two lengths", 400, connect(b"api.test:443", b"Content-Length: 0", b"Content-Length: 5")),
    ("chunks", 411, connect(b"api.test:443", b"Transfer-Encoding: chunked")),
    ("an expectation", 400, connect(b"api.test:443", b"Expect: 100-continue")),
    ("too many headers", 431, connect(b"api.test:443", *[b"A: b"] * 64)),
    ("too long a head", 431, connect(b"api.test:443", b"A: " + b"b" * 8192)),
    ("a head that never ends", 431, b"CONNECT " + b"a" * 9000),
    ("TLS instead of HTTP", 400, records(hello(names_extension(b"api.test"))) + b"\n"),
]


@case("whatever else is asked for is refused, and nothing looked up")
def requests():
    looked_up = len(DNS.asked) if DNS else 0
    with Proxy("--allow", "api.test:443", "--allow", "*.wild.test:443") as proxy:
        for why, wanted, sent in REQUESTS:
            try:
                answer = proxy.raw(sent)
            except TimeoutError:
                answer = b"silence"
            expect(answer.startswith(b"HTTP/") and status(answer) == wanted, why, wanted, answer)
    expect(all(32 <= ord(c) < 127 or c == "\n" for c in proxy.said), repr(proxy.said))
    expect(not DNS or len(DNS.asked) == looked_up, DNS and DNS.asked[looked_up:])


@case("names in capitals and with their dot are the same names; HTTP/1.0 will do")
def same_names():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    DNS.table["a.b.wild.test"] = ["127.0.0.1"]
    with Server() as server:
        port = server.port
        with Proxy("--allow", f"Api.Test:{port}/private", "--allow", f"*.wild.test:{port}/private") as proxy:
            for target in (f"API.test:{port}", f"api.test.:{port}"):
                with proxy.tls(target, "api.test") as peer:
                    peer.sendall(b"1")
                    expect(peer.recv(1) == b"1")
            with proxy.ask(f"a.b.wild.test:{port}") as peer:
                made = context()
                made.check_hostname = False
                with made.wrap_socket(peer, server_hostname="a.b.wild.test") as inside:
                    inside.sendall(b"2")
                    expect(inside.recv(1) == b"2")
            with proxy.connect() as peer:
                peer.sendall(b"CONNECT api.test:%d HTTP/1.0\r\n\r\n" % port)
                expect(peer.recv(100).startswith(b"HTTP/1.1 200 "))


API = names_extension(b"api.test")
HELLOS = [
    ("another name", ACCESS_DENIED, records(hello(names_extension(b"evil.test")))),
    ("a name below", ACCESS_DENIED, records(hello(names_extension(b"x.api.test")))),
    ("a dot behind", ACCESS_DENIED, records(hello(names_extension(b"api.test.")))),
    ("a zero behind", ACCESS_DENIED, records(hello(names_extension(b"api.test\0")))),
    ("no name", ACCESS_DENIED, records(hello(b"\0\x17\0\0"))),
    ("no extensions", ACCESS_DENIED, records(hello()[:-2].replace(b"\x01\0\0\x2b", b"\x01\0\0\x29"))),
    ("an empty list of names", ACCESS_DENIED, records(hello(names_extension()))),
    ("an empty name", ACCESS_DENIED, records(hello(names_extension(b"")))),
    ("two names", ACCESS_DENIED, records(hello(names_extension(b"api.test", b"evil.test")))),
    ("two lists of names", ACCESS_DENIED, records(hello(API, names_extension(b"evil.test")))),
    ("a name of another type", ACCESS_DENIED, records(hello(names_extension(b"api.test", kind=1)))),
    ("an encrypted hello", ACCESS_DENIED, records(hello(API, b"\xfe\x0d" + with_len(b"\0" * 50, 2)))),
    ("an encrypted hello, and first", ACCESS_DENIED, records(hello(b"\xfe\x0d" + with_len(b"\1", 2), API))),
    ("an earlier draft's", ACCESS_DENIED, records(hello(API, b"\xff\xce" + with_len(b"", 2)))),
    ("an extension twice", ACCESS_DENIED, records(hello(API, b"\0\x17\0\0", b"\0\x17\0\0"))),
    ("a length too long", ACCESS_DENIED, records(hello(API[:-1]))),
    ("bytes behind the extensions", ACCESS_DENIED, records(b"\x01" + with_len(hello(API)[4:] + b"x", 3))),
    ("another message behind", ACCESS_DENIED, records(hello(API) + hello(names_extension(b"evil.test")))),
    ("plain HTTP", b"", b"GET / HTTP/1.1\r\nHost: api.test\r\n\r\n"),
    ("SSH", b"", b"SSH-2.0-OpenSSH_9.2\r\n"),
    ("another record", b"", b"\x17\x03\x03\0\x05hello"),
    ("another message", b"", records(b"\x02" + hello(API)[1:])),
    ("an empty record", ACCESS_DENIED, b"\x16\x03\x01\0\0"),
    ("a message without end", ACCESS_DENIED, records(b"\x01\x00\x40\x00" + b"x" * 100)),
    ("a byte a record", ACCESS_DENIED, records(b"\x01\x00\x3f\xfc" + b"x" * 16380, 1)),
]


@case("a hello that does not say just the name that was asked for goes nowhere")
def hellos():
    with Server(tls=False) as server:
        if DNS:
            DNS.table["api.test"] = ["127.0.0.1"]
        looked_up = len(DNS.asked) if DNS else 0
        with Proxy("--allow", f"api.test:{server.port}/private") as proxy:
            for why, wanted, sent in HELLOS:
                with proxy.ask(f"api.test:{server.port}") as peer:
                    try:
                        peer.sendall(sent)
                    except (BrokenPipeError, ConnectionResetError):
                        pass
                    got = until_end(peer)
                expect(got == wanted, why, got)
        # After its end, and not before, all that it said has been read.
        expect(proxy.said.count("refused: api.test") >= min(20, len(HELLOS)), proxy.said)
        expect(server.connections == 0, server.connections)
        expect(not DNS or len(DNS.asked) == looked_up, "looked up")


@case("a client's TLS library says that the name was refused")
def alert():
    with Proxy("--allow", "api.test:443") as proxy:
        try:
            proxy.tls("api.test:443", "evil.test")
            expect(False, "let through")
        except ssl.SSLError as error:
            expect("ALERT_ACCESS_DENIED" in str(error), error)


@case("a hello in pieces, in many records, or sent ahead of the answer arrives as it was")
def pieces():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    message = hello(API, b"\x00\x15" + with_len(bytes(3000), 2))
    with Server(tls=False) as server, Proxy("--allow", f"api.test:{server.port}/private") as proxy:
        target = f"api.test:{server.port}"
        for sent in (records(message), records(message, 100), records(message, 7)):
            with proxy.ask(target) as peer:
                peer.sendall(sent + b"and data")
                peer.shutdown(socket.SHUT_WR)
                expect(until_end(peer) == sent + b"and data", len(sent))
        sent = records(message, 300)
        with proxy.ask(target) as peer:
            for i in range(0, len(sent), 61):
                peer.sendall(sent[i:i + 61])
                time.sleep(0.001)
            peer.shutdown(socket.SHUT_WR)
            expect(until_end(peer) == sent)
        with proxy.connect() as peer:
            peer.sendall(connect(target.encode()) + sent)
            peer.shutdown(socket.SHUT_WR)
            head, _, rest = until_end(peer).partition(b"\r\n\r\n")
            expect(head.startswith(b"HTTP/1.1 200 ") and rest == sent, head, len(rest))


def refused_plain(proxy, name, wanted, port=443):
    answer = proxy.raw(connect(f"{name}:{port}".encode()))
    expect(status(answer) == wanted, name, answer)
    return answer


NOT_GLOBAL = [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.255.255.254",
    "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1",
    "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "fc00::1", "fd12::1", "fe80::1", "fec0::1",
    "ff02::1", "5f00::1", OWN_GLOBAL,
]


@case("a name whose addresses are not everybody's, or are ours, is refused")
def not_global():
    need_names()
    rows = [f"n{i}.wild.test" for i in range(len(NOT_GLOBAL))]
    DNS.table.update({name: [address] for name, address in zip(rows, NOT_GLOBAL)})
    with Proxy("--allow-plain", "*.wild.test:443", "--allow", "api.test:443", "--allow-plain",
               "hosts.test:443", "--allow-plain", "localhost:443", "--allow-plain",
               "rfc1918.hosts.test:443") as proxy:
        for name, address in zip(rows, NOT_GLOBAL):
            answer = refused_plain(proxy, name, 403)
            expect(b"its addresses are not global, but " in answer, address, answer)
        for name in ("hosts.test", "localhost", "rfc1918.hosts.test"):
            refused_plain(proxy, name, 403)
        DNS.table["all.wild.test"] = NOT_GLOBAL[:12]
        refused_plain(proxy, "all.wild.test", 403)
        DNS.table["api.test"] = ["127.0.0.1"]
        with proxy.ask("api.test:443") as peer:
            peer.sendall(records(hello(API)))
            expect(until_end(peer) == ACCESS_DENIED)


@case("/private lets a name be at private addresses, and nothing beyond them")
def private():
    need_names()
    never = ["0.0.0.0", "169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "224.0.0.1", "255.255.255.255", "fe80::1", "ff02::1", "192.0.2.1",
             "2002:7f00:1::1", "::127.0.0.1"]
    with Server(tls=False) as server:
        with Proxy("--allow-plain", f"*.wild.test:{server.port}/private", "--allow-plain",
                   f"hosts.test:{server.port}/private") as proxy:
            for i, address in enumerate(never):
                DNS.table[f"never{i}.wild.test"] = [address]
                refused_plain(proxy, f"never{i}.wild.test", 403, server.port)
            for name, found in {"a": ["127.0.0.1"], "b": ["127.9.9.9", "127.0.0.1"], "c": ["169.254.1.1", "127.0.0.1"],
                                "d": ["::ffff:127.0.0.1"]}.items():
                DNS.table[f"{name}.wild.test"] = found
                with proxy.ask(f"{name}.wild.test:{server.port}") as peer:
                    peer.sendall(b"x")
                    expect(peer.recv(1) == b"x")
            with proxy.ask(f"hosts.test:{server.port}") as peer:
                peer.sendall(b"x")
                expect(peer.recv(1) == b"x")


@case("of mixed answers only the global ones are tried; a global one is reached")
def mixed():
    need_names()
    with Cable() as cable, Server(tls=False) as near:
        DNS.table["far.test"] = ["127.0.0.1", "10.0.0.1", FAR_GLOBAL, "169.254.169.254"]
        with Proxy("--allow", f"far.test:{cable.port}", "--allow-plain", f"far.test:{near.port}",
                   "--timeout", "5") as proxy:
            with proxy.tls(f"far.test:{cable.port}") as peer:
                peer.sendall(b"x")
                expect(peer.recv(1) == b"x")
            answer = refused_plain(proxy, "far.test", 502, near.port)
            expect(b"Connection refused" in answer, answer)
        expect(near.connections == 0)


@case("a name that leads elsewhere when asked again: the first answer is what is connected to")
def rebinding():
    need_names()
    DNS.asked.clear()
    DNS.table["turn.test"] = lambda times: [FAR_GLOBAL] if times == 1 else ["127.0.0.1"]
    with Cable() as cable, Server(tls=False) as near:
        port = near.port
        with Proxy("--allow-plain", f"turn.test:{port}", "--timeout", "5") as proxy:
            refused_plain(proxy, "turn.test", 502, port)  # nobody listens there, far away
            expect(DNS.times("turn.test") == 1, DNS.asked)
            expect(b"not global, but loopback" in refused_plain(proxy, "turn.test", 403, port))
        expect(near.connections == 0 and cable, near.connections)


@case("a name that is not there; it is not completed by a search domain")
def not_there():
    need_names()
    DNS.table["none.test.evil.test"] = DNS.table["none.evil.test"] = ["127.0.0.1"]
    DNS.table["empty.test"] = []
    with Proxy(*[w for n in ("none.test", "none", "empty.test") for w in ("--allow-plain", f"{n}:443/private")],
               "--allow", "gone.test:443") as proxy:
        for name in ("none.test", "none", "empty.test"):
            said = refused_plain(proxy, name, 502)
            expect(b"cannot be looked up: " in said, name, said, proxy.said)
        with proxy.ask("gone.test:443") as peer:
            peer.sendall(records(hello(names_extension(b"gone.test"))))
            said = until_end(peer)
            expect(said == INTERNAL, said, proxy.said)
        expect(proxy.says("failed: gone.test:443: cannot be looked up: "), proxy.said)


@case("nor is one completed later on: there are more of them than threads that look names up")
def not_there_again():
    need_names()
    DNS.asked.clear()
    DNS.table["none.test.evil.test"] = DNS.table["none.evil.test"] = ["127.0.0.1"]
    with Proxy("--allow-plain", "none.test:443/private", "--allow-plain", "none:443/private") as proxy:
        for i in range(2 * THREADS + 1):
            said = refused_plain(proxy, ("none", "none.test")[i % 2], 502)
            expect(b"cannot be looked up: " in said, i, said)
    expect({name for name, _ in DNS.asked} == {"none", "none.test"}, DNS.asked)


@case("a resolver that is silent: each waits no longer than it may, and others do not wait")
def silent():
    need_names()
    DNS.table["silent.test"] = None
    DNS.table["api.test"] = ["127.0.0.1"]
    with Server(tls=False) as server:
        with Proxy("--allow-plain", f"silent.test:{server.port}", "--allow-plain", f"api.test:{server.port}/private",
                   "--timeout", "2") as proxy:
            waiting = [proxy.connect() for _ in range(8)]
            for peer in waiting:
                peer.sendall(connect(b"silent.test:%d" % server.port))
            time.sleep(0.2)
            began = time.monotonic()
            with proxy.ask(f"api.test:{server.port}") as peer:
                expect(time.monotonic() - began < 1, "waited")
            for peer in waiting:
                expect(status(until_end(peer)) == 504)
                peer.close()
            # Those who go before they are answered leave nothing behind.
            for _ in range(300):
                with proxy.connect() as peer:
                    peer.sendall(connect(b"silent.test:%d" % server.port))
            began = time.monotonic()
            while time.monotonic() - began < 25:
                peer = proxy.connect()
                peer.sendall(connect(b"api.test:%d" % server.port))
                if peer.recv(100).startswith(b"HTTP/1.1 200 "):
                    peer.close()
                    break
                peer.close()
            else:
                expect(False, "no look-up got through", proxy.said)
            began = time.monotonic()
        expect(time.monotonic() - began < 3, "its end waited for the resolver")


@case("nobody answers at the address: the next one is tried, and all in bounded time")
def unreachable():
    need_names()
    with Server(tls=False, accepts=False) as full, Server(tls=False) as server:
        DNS.table["api.test"] = ["127.0.0.2", "127.0.0.1"]
        with Proxy("--allow-plain", f"api.test:{server.port}/private", "--allow-plain", "api.test:1/private") as proxy:
            with proxy.ask(f"api.test:{server.port}") as peer:
                peer.sendall(b"x")
                expect(peer.recv(1) == b"x")
            expect(b"Connection refused" in refused_plain(proxy, "api.test", 502, 1))
        # One whose queue is full does not answer at all.
        full.socket.listen(0)
        stuck = [socket.socket() for _ in range(4)]
        for s in stuck:
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", full.port))
        DNS.table["full.test"] = ["127.0.0.1"]
        with Proxy("--allow-plain", f"full.test:{full.port}/private", "--timeout", "2") as proxy:
            began = time.monotonic()
            refused_plain(proxy, "full.test", 504, full.port)
            expect(time.monotonic() - began < 6)
        for s in stuck:
            s.close()


@case("slow heads and slow hellos are cut off in time")
def slow():
    with Proxy("--allow", "api.test:443", "--timeout", "2") as proxy:
        began = time.monotonic()
        nothing, head = proxy.connect(), proxy.connect()
        waiting = proxy.ask("api.test:443")
        head.sendall(b"CONNECT api.test:443 HT")
        half = records(hello(API))
        for i in range(30):
            try:
                waiting.sendall(half[i:i + 1])
                head.sendall(b"T")
            except OSError:
                break
            time.sleep(0.1)
        expect(status(until_end(nothing)) == 408 and until_end(waiting) == b"")
        expect(status(until_end(head)) == 408)
        expect(time.monotonic() - began < 8)
        for peer in (nothing, head, waiting):
            peer.close()


@case("an end in one direction leaves the other open, both ways around")
def half_close():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]

    def late(peer):
        got = until_end(peer)
        time.sleep(0.3)
        peer.sendall(b"got %d" % len(got))

    def early(peer):
        peer.sendall(b"first")
        peer.shutdown(socket.SHUT_WR)
        FOUND.append(until_end(peer))

    FOUND = []
    with Server(tls=False, answer=late) as one, Server(tls=False, answer=early) as two:
        with Proxy("--allow-plain", f"api.test:{one.port}/private", "--allow-plain",
                   f"api.test:{two.port}/private") as proxy:
            with proxy.ask(f"api.test:{one.port}") as peer:
                peer.sendall(b"x" * 100000)
                peer.shutdown(socket.SHUT_WR)
                expect(until_end(peer) == b"got 100000")
            with proxy.ask(f"api.test:{two.port}") as peer:
                expect(until_end(peer) == b"first")
                peer.sendall(b"y" * 1000)
                time.sleep(0.1)
                peer.sendall(b"z" * 1000)
                peer.shutdown(socket.SHUT_WR)
                for _ in range(100):
                    if FOUND:
                        break
                    time.sleep(0.05)
                expect(FOUND == [b"y" * 1000 + b"z" * 1000], FOUND and len(FOUND[0]))


@case("what breaks off on one side breaks off on the other")
def reset():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    at_once = struct.pack("ii", 1, 0)
    broken = []

    def breaks(peer):
        peer.recv(1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        peer.close()

    def waits(peer):
        try:
            while peer.recv(100):
                pass
            broken.append("ended")
        except ConnectionResetError:
            broken.append("reset")

    with Server(tls=False, answer=breaks) as one, Server(tls=False, answer=waits) as two:
        with Proxy("--allow-plain", f"api.test:{one.port}/private", "--allow-plain",
                   f"api.test:{two.port}/private") as proxy:
            with proxy.ask(f"api.test:{one.port}") as peer:
                peer.sendall(b"x")
                try:
                    expect(peer.recv(1) != b"", "an orderly end")
                except ConnectionResetError:
                    pass
            peer = proxy.ask(f"api.test:{two.port}")
            peer.sendall(b"x")
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
            peer.close()
            for _ in range(100):
                if broken:
                    break
                time.sleep(0.05)
            expect(broken == ["reset"], broken)


def memory(pid):
    rows = Path(f"/proc/{pid}/status").read_text()
    return int(rows.split("VmRSS:")[1].split()[0])


@case("who does not read holds up its sender, not the proxy's memory")
def slow_reader():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    size = 64 << 20

    def floods(peer):
        try:
            peer.sendall(bytes(size))
        except OSError:
            pass

    with Server(tls=False, answer=floods) as server:
        with Proxy("--allow-plain", f"api.test:{server.port}/private") as proxy:
            peers = [proxy.ask(f"api.test:{server.port}") for _ in range(8)]
            time.sleep(1)
            expect(memory(proxy.running.pid) < 200 << 10, memory(proxy.running.pid))
            with proxy.ask(f"api.test:{server.port}") as fast:
                expect(len(until_end(fast)) == size)
            expect(len(until_end(peers[0])) == size)
            for peer in peers:
                peer.close()


@case("400 connections at once, each its own data; more than there are descriptors for wait")
def many():
    need_names()
    DNS.table["api.test"] = ["127.0.0.1"]
    with Server(tls=False) as server:
        target = f"api.test:{server.port}"
        with Proxy("--allow-plain", target + "/private") as proxy:
            peers = [proxy.connect() for _ in range(400)]
            for i, peer in enumerate(peers):
                peer.sendall(connect(target.encode()) + b"%08d" % i)
            for i, peer in enumerate(peers):
                peer.shutdown(socket.SHUT_WR)
                got = until_end(peer)
                expect(got.startswith(b"HTTP/1.1 200 ") and got.endswith(b"\r\n\r\n%08d" % i), i, got[:80])
                peer.close()
        few = ["prlimit", "--nofile=100:100"]
        with Proxy("--allow-plain", target + "/private", before=few, user=False) as proxy:
            peers = [proxy.connect() for _ in range(60)]
            for i, peer in enumerate(peers):
                peer.sendall(connect(target.encode()) + b"%08d" % i)
            for i, peer in enumerate(peers):
                peer.shutdown(socket.SHUT_WR)
                expect(until_end(peer).endswith(b"\r\n\r\n%08d" % i), i)
                peer.close()


@case("a program that is refused all the time does not fill the log")
def loud():
    with Proxy("--allow", "api.test:443") as proxy:
        for _ in range(300):
            proxy.raw(connect(b"evil.test:443"))
        time.sleep(1.1)
        proxy.raw(connect(b"evil.test:443"))
        expect(proxy.says(" more like these"), proxy.said)
        expect(proxy.said.count("\n") < 150, proxy.said.count("\n"))


@case("command lines that it does not take")
def command_lines():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        here = f"127.0.0.1:{free.getsockname()[1]}"
    rows = [
        (["--allow", "a.test:443"], "--listen is missing"),
        (["--listen", "fd:99"], "cannot listen at 'fd:99'"),
        (["--listen", "nonsense"], "no address with a port"),
        (["--listen", here, "--allow", "*:443"], "is no NAME:PORT"),
        (["--listen", here, "--allow", "a.*.test:443"], "is no NAME:PORT"),
        (["--listen", here, "--allow", "a.test"], "is no NAME:PORT"),
        (["--listen", here, "--allow", "a.test:443/public"], "is no NAME:PORT"),
        (["--listen", here, "--allow", "[::1]:443"], "is an address"),
        (["--listen", here, "--allow", "127.0.0.1:443"], "is an address"),
        (["--listen", here, "--allow", "a.test:443", "--allow-plain", "A.test.:443"], "is allowed already"),
        (["--listen", here, "--timeout", "0"], "is no number from 1 to 3600"),
        (["--listen", here, "--user", "nobody-of-this-name"], "cannot find the user"),
        (["--listen", here, "--ready", "99"], "--ready"),
        (["more"], "'more' is no option"),
    ]
    for words, wanted in rows:
        done = subprocess.run([HERE["outbound"], *words], capture_output=True, text=True, check=False, timeout=20)
        expect(done.returncode == 2 and wanted in done.stderr, words, done.stderr)
    done = subprocess.run([HERE["outbound"], "--help"], capture_output=True, text=True, check=False)
    expect(done.returncode == 0 and "--allow-plain" in done.stdout, done)


# ---- another machine, at the end of a cable ----

class Cable:
    """A network beyond this one, with a TLS server that says back what it hears."""

    def __enter__(self):
        if subprocess.run(["sh", "-c", "command -v ip"], capture_output=True, check=False).returncode:
            raise Skip("no ip command here to lay a cable with")
        code = "import sys; sys.path.insert(0, sys.argv[1]); import outbound_test as t; t.be_far(sys.argv[2])"
        self.far = subprocess.Popen(["unshare", "-n", sys.executable, "-B", "-c", code, str(Path(__file__).parent),
                                     str(FOLDER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        expect(self.far.stdout.readline() == "here\n")
        for words in (f"link add near type veth peer name far netns {self.far.pid}",
                      "addr add 93.184.216.1/24 dev near", "link set near up"):
            done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)
            if done.returncode:
                self.__exit__()
                raise Skip(f"no cable here: {done.stderr.strip()}")
        self.far.stdin.write("go\n")
        self.far.stdin.flush()
        self.port = int(self.far.stdout.readline())
        return self

    def __exit__(self, *failure):
        self.far.stdin.close()
        self.far.wait(20)
        self.far.stdout.close()


def be_far(folder):
    global FOLDER
    os.rmdir(FOLDER)
    FOLDER = Path(folder)
    print("here", flush=True)
    sys.stdin.readline()
    for words in (f"addr add {FAR_GLOBAL}/24 dev far", "link set far up"):
        subprocess.run(["ip", *words.split()], check=True)
    print(Server(address=FAR_GLOBAL).port, flush=True)
    sys.stdin.read()


def main(outbound):
    global ALONE, DNS
    HERE["outbound"] = outbound
    FOLDER.chmod(0o755)
    ALONE = move_out()
    try:
        make_certificate()
        DNS = None if ALONE else Resolver()
        return run()
    finally:
        for path in FOLDER.iterdir():
            path.unlink()
        FOLDER.rmdir()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
