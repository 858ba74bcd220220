#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth log serve`: the real program over HTTP, read by nothing of ours. TAP.

usage: serve_test.py TROTH
"""
import base64
import concurrent.futures
import hashlib
import html.parser
import http.client
import json
import os
import re
import resource
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
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli"), str(Path(__file__).resolve().parent)]
import notes
import tap
from tap import case, expect

try:
    import jsonschema
except ImportError:
    jsonschema = None

ORIGIN = "example.com/log"
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/log.schema.json").read_text())


class Server:
    """The real program. `where` says by what it is reached: out, in, or a path."""

    def __init__(self, folder, *words, inside=True):
        doors = [socket.create_server(("127.0.0.1", 0), backlog=256) for _ in range(2 if inside is True else 1)]
        words = [*words, *(["--inside", f"fd:{doors[1].fileno()}"] if inside is True else
                           ["--inside", inside] if inside else [])]
        heard, tell = os.pipe()
        self.folder = Path(folder)
        self.process = subprocess.Popen([TROTH, "log", "serve", "--json", "--listen", f"fd:{doors[0].fileno()}",
                                         "--ready", str(tell), *words, str(folder)], text=True, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, pass_fds=[*(d.fileno() for d in doors), tell])
        os.close(tell)
        self.ready = os.read(heard, 2)
        os.close(heard)
        for door in doors:
            door.close()
        line = self.process.stdout.readline()
        expect(line, self.process.stderr.read() if not line else "")
        self.said = json.loads(line)
        if jsonschema:
            jsonschema.validate(self.said, SCHEMA)
        self.url = f"http://{self.said['at']}"
        self.inside = f"http://{self.said.get('inside')}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()

    def get(self, path, headers=None, method="GET"):
        return notes.ask(self.url + path, method, headers=headers)

    def append(self, entry, headers=None):
        status, _, body = notes.ask(self.inside + "/append", "POST", entry, headers)
        expect(status == 200, status, body)
        return json.loads(body)["index"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


def raw(url, data, shut=True):
    """Bytes to a server, and all it answers."""
    host, port = url.split("//")[1].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as one:
        one.sendall(data)
        if shut:
            one.shutdown(socket.SHUT_WR)
        got = b""
        while more := one.recv(65536):
            got += more
        return got


def run(*words, status=0):
    done = subprocess.run([TROTH, "log", *map(str, words)], capture_output=True, text=True, timeout=120, check=False)
    expect(done.returncode == status, words, done.returncode, done.stdout, done.stderr)
    return done


def new_log(interval_ms=100):
    folder = Path(tempfile.mkdtemp(dir=FOLDER)) / "log"
    run("init", "--origin", ORIGIN, "--interval", interval_ms, folder)
    return folder


def key_of(folder):
    return json.loads((folder / "log.json").read_text())["key"]


def wait_for(check, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := check():
            return found
        time.sleep(0.02)
    expect(False, "it did not come")


def tree_of(note):
    origin, size, root = note.decode().split("\n")[:3]
    return origin, int(size), base64.b64decode(root)


def shown(server, size):
    """The checkpoint, once it is of that many entries."""
    def look():
        status, _, body = server.get("/checkpoint")
        return body if status == 200 and tree_of(body)[1] >= size else None
    return wait_for(look)


def entries_of(server, size):
    """All entries, from bundles as any client reads them."""
    found = []
    for index in range(0, size, 256):
        width = min(256, size - index)
        path = f"/tile/entries/{notes.tile_path(index // 256)}" + (f".p/{width}" if width < 256 else "")
        status, _, body = server.get(path)
        expect(status == 200, path, status)
        while body:
            length = int.from_bytes(body[:2], "big")
            found.append(body[2:2 + length])
            body = body[2 + length:]
    return found


# ---- a log that grows ----


@case("entries put in over HTTP make the tree that is signed")
def grows():
    with Server(new_log()) as server:
        expect(len(server.ready) == 1, server.ready)
        expect(server.get("/checkpoint")[0] in (200, 404))
        sent = [f"entry {i}".encode() * (i % 7 + 1) for i in range(300)]
        got = [server.append(entry) for entry in sent]
        expect(got == list(range(300)), got)
        note = shown(server, 300)
        origin, size, root = tree_of(note)
        expect(origin == ORIGIN and size == 300, note)
        expect(entries_of(server, 300) == sent)
        expect(notes.root([notes.leaf(entry) for entry in sent]) == root, "another root")
        hashes = server.get("/tile/0/000")[2]
        expect(hashes == b"".join(notes.leaf(entry) for entry in sent[:256]))
        expect(server.get("/tile/1/000.p/1")[2] == notes.root([notes.leaf(entry) for entry in sent[:256]]))
        expect(server.stop() == 0)


@case("what was answered is there after the program was killed")
def killed():
    folder = new_log(60000)
    with Server(folder) as server:
        for i in range(5):
            expect(server.append(b"kept %d" % i) == i)
        server.process.kill()
        server.process.wait(timeout=20)
    with Server(folder) as server:
        expect(server.append(b"next") == 5)
        expect(server.stop() == 0)
    with Server(folder, "--interval", "50") as server:
        shown(server, 6)
        expect(entries_of(server, 6) == [b"kept %d" % i for i in range(5)] + [b"next"])


@case("many connections at once: each gets an index of its own")
def many():
    with Server(new_log()) as server:
        host, port = server.said["inside"].split(":")

        def put(name):
            one, got = http.client.HTTPConnection(host, int(port), timeout=60), []
            for i in range(25):
                one.request("POST", "/append", f"{name} {i}".encode())
                got.append(json.loads(one.getresponse().read())["index"])
            one.close()
            return got

        with concurrent.futures.ThreadPoolExecutor(32) as pool:
            got = list(pool.map(put, range(32)))
        expect(all(row == sorted(row) for row in got))
        expect(sorted(i for row in got for i in row) == list(range(800)))
        shown(server, 800)
        entries = entries_of(server, 800)
        expect(all(entries[index] == b"%d %d" % (name, i) for name, row in enumerate(got) for i, index in enumerate(row)))
        expect(server.stop() == 0)


@case("requests one behind the other on one connection are answered in order")
def pipelined():
    with Server(new_log()) as server:
        head = b"POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
        said = raw(server.inside, b"".join(head + b"%02d" % i for i in range(50)))
        expect([int(i) for i in re.findall(rb'{"index":(\d+)}', said)] == list(range(50)), said[:300])


@case("an end that is asked for answers what it has first")
def ends():
    with Server(new_log()) as server:
        host, port = server.said["inside"].split(":")
        answered, refused = [], []

        def put(name):
            try:
                one = http.client.HTTPConnection(host, int(port), timeout=30)
                while True:
                    one.request("POST", "/append", name.encode())
                    answer = one.getresponse()
                    body = answer.read()
                    (answered if answer.status == 200 else refused).append(body)
                    if answer.status != 200:
                        return
            except (OSError, http.client.HTTPException):
                pass

        threads = [threading.Thread(target=put, args=(f"t{i}",)) for i in range(8)]
        for thread in threads:
            thread.start()
        wait_for(lambda: len(answered) > 50)
        expect(server.stop() == 0)
        for thread in threads:
            thread.join(timeout=30)
        expect(server.process.stderr.read() == "")
        count = len(answered)
    with Server(server.folder) as server:
        expect(server.append(b"next") >= count, count)


# ---- what is asked for, and how ----


@case("what a cache is told")
def caching():
    with Server(new_log()) as server:
        server.append(b"one")
        shown(server, 1)
        status, headers, note = server.get("/checkpoint")
        expect(status == 200 and headers["content-type"] == "text/plain; charset=utf-8", headers)
        expect(headers["cache-control"] == "max-age=1", headers)
        again, headers2, body = server.get("/checkpoint", {"If-None-Match": headers["etag"]})
        expect(again == 304 and body == b"" and headers2["etag"] == headers["etag"], again, headers2)
        expect(server.get("/checkpoint", {"If-None-Match": '"other"'})[2] == note)
        status, headers, body = server.get("/tile/0/000.p/1")
        expect(status == 200 and headers["cache-control"] == "public, max-age=31536000, immutable", headers)
        expect(headers["content-type"] == "application/octet-stream" and body == notes.leaf(b"one"))
        expect(headers["x-content-type-options"] == "nosniff", headers)
        status, headers, body = server.get("/tile/0/000.p/1", method="HEAD")
        expect(status == 200 and headers["content-length"] == "32" and body == b"", headers)
        server.append(b"two")
        shown(server, 2)
        expect(server.get("/checkpoint", {"If-None-Match": headers2["etag"]})[0] == 200)
        expect(server.get("/tile/0/000")[0] == 404 and server.get("/tile/0/001.p/1")[0] == 404)


@case("nothing but what is public is ever served")
def elsewhere():
    folder = new_log()
    with Server(folder) as server:
        server.append(b"one")
        shown(server, 1)
        (folder / "public" / "extra").write_text("nobody named this")
        secret = (folder / "key.pem").read_bytes()
        for path in ("/key.pem", "/log.json", "/sequence.db", "/../key.pem", "/tile/../../key.pem", "/tile/../../log.json",
                     "/tile/%2e%2e/%2e%2e/key.pem", "/%2e%2e/key.pem", "/tile/..%2f..%2fkey.pem", "/tile/0/../../../key.pem",
                     "/tile//0/000.p/1", "/tile/0/000.p/1/", "/tile/0/000.p/01", "/tile/0/000.p/0", "/tile/0/000.p/256",
                     "/tile/0/x000/000", "/tile/-1/000", "/tile/0", "/tile/", "/tile", "/tile/entries", "/tile/64/000",
                     "/tile/0/000.p/1%00", "/public/checkpoint", "/extra", "//checkpoint", "/checkpoint/", "/./checkpoint",
                     "/proof/-1", "/proof/1", "/proof/0x0", "/proof/18446744073709551616", "/proof/0/", "/append", "*"):
            for door in (server.url, server.inside):
                said = raw(door, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                status = int(said.split(b" ")[1])
                expect(status in ((404, 405) if path == "/append" else (404,)), path, said[:200])
                expect(secret not in said and b"PRIVATE" not in said and b"nobody named" not in said, path)


@case("links in the public folder lead nowhere")
def links():
    folder = new_log()
    with Server(folder) as server:
        server.append(b"one")
        shown(server, 1)
        (folder / "public/tile/0/007").symlink_to("../../../key.pem")
        (folder / "public/tile/2").symlink_to("0")
        expect(server.get("/tile/0/007")[0] == 404 and server.get("/tile/2/000.p/1")[0] == 404)
        (folder / "public/checkpoint").unlink()
        (folder / "public/checkpoint").symlink_to("../key.pem")
        expect(server.get("/checkpoint")[0] == 404)


@case("entries come in by the inside door alone, and never from a page")
def inside_alone():
    with Server(new_log()) as server:
        expect(notes.ask(server.url + "/append", "POST", b"x")[0] == 404)
        expect(notes.ask(server.inside + "/append", "POST", b"x", {"Origin": "http://localhost"})[0] == 403)
        expect(notes.ask(server.inside + "/append", "PUT", b"x")[0] == 405)
        expect(server.append(b"x") == 0)


@case("an entry of the most bytes, and of one more")
def sizes():
    with Server(new_log()) as server:
        expect(server.append(b"a" * 65535) == 0)
        status, _, body = notes.ask(server.inside + "/append", "POST", b"a" * 65536)
        expect(status == 413 and b"65535" in body, status, body)
        body = json.dumps({"entry": base64.b64encode(b"b" * 65535).decode(), "sealed": ""})
        expect(server.append(body, {"Content-Type": "application/json"}) == 1)
        for bad in ("{}", "[]", '{"entry":1}', '{"entry":"a"}', '{"entry":"YQ==","entry":"YQ=="}', '{"entry":"YQ==","x":""}'):
            status, _, said = notes.ask(server.inside + "/append", "POST", bad, {"Content-Type": "application/json"})
            expect(status == 400 and said.count(b"\n") == 1, bad, status, said)
        expect(notes.ask(server.inside + "/append", "POST", b"")[0] == 400)
        shown(server, 2)
        expect(entries_of(server, 2) == [b"a" * 65535, b"b" * 65535])


@case("who is slow, and who says too much")
def slow():
    with Server(new_log()) as server:
        said = raw(server.url, b"GET /" + b"a" * 10000, shut=False)
        expect(said.startswith(b"HTTP/1.1 431 "), said[:100])
        said = raw(server.inside, b"POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n", shut=False)
        expect(said.startswith(b"HTTP/1.1 413 "), said[:100])
        said = raw(server.inside, b"POST /append HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
        expect(said.startswith(b"HTTP/1.1 411 "), said[:100])
        began = time.monotonic()
        said = raw(server.url, b"GET / HTTP/1.1\r\nHost: x\r\n", shut=False)
        expect(said.startswith(b"HTTP/1.1 408 ") and 9 < time.monotonic() - began < 20, said[:100])


# ---- proofs ----


@case("a proof over HTTP is one that `troth log verify` takes")
def proofs():
    folder = new_log()
    with Server(folder) as server:
        for i in range(20):
            server.append(b"entry %d" % i)
        shown(server, 20)
        expect(server.get("/proof/20")[0] == 404)
        status, headers, body = server.get("/proof/7")
        expect(status == 200 and body.startswith(b"c2sp.org/tlog-proof@v1\n"), status, body[:100])
        expect('filename="7.tlog-proof"' in headers["content-disposition"], headers)
        bundle, entry = folder / "7.tlog-proof", folder / "entry"
        bundle.write_bytes(body)
        entry.write_bytes(b"entry 7")
        run("verify", "--log", key_of(folder), "--entry", entry, bundle)
        entry.write_bytes(b"entry 8")
        run("verify", "--log", key_of(folder), "--entry", entry, bundle, status=1)


# ---- the page ----


class Page(html.parser.HTMLParser):
    """Tags that are closed as they were opened; its words."""

    EMPTY = {"meta", "link", "br", "img", "input", "hr"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.words, self.links, self.headings = [], [], [], [], []
        self.feed(text)
        self.close()
        expect(not self.open, self.open)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        expect(self.open and self.open.pop() == tag, tag, self.open)

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.words.append(data)

    def text(self):
        return " ".join(" ".join(self.words).split())


def page_of(server):
    status, headers, body = server.get("/")
    expect(status == 200, status, body)
    return Page(body.decode()), headers, body.decode()


@case("the page says what there is, and runs nothing")
def page():
    folder = new_log()
    with Server(folder) as server:
        empty, _, _ = page_of(server)
        expect("There are none yet." in empty.text(), empty.text())
        for i in range(300):
            server.append(b"entry %d" % i)
        origin, size, root = tree_of(shown(server, 300))
        seen, headers, text = page_of(server)
        said = seen.text()
        policy = headers["content-security-policy"]
        style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
        hashed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        expect(policy.startswith("default-src 'none'; ") and f"style-src 'sha256-{hashed}'" in policy, policy)
        expect(headers["referrer-policy"] == "no-referrer" and headers["x-content-type-options"] == "nosniff", headers)
        expect(headers["content-type"] == "text/html; charset=utf-8", headers)
        tags = [tag for tag, _ in seen.tags]
        expect(not {"script", "iframe", "object", "form", "img", "link"} & set(tags), tags)
        expect(all(not name.startswith("on") for _, attrs in seen.tags for name in attrs))
        expect(("html", {"lang": "en"}) in seen.tags and tags.count("h1") == 1 and "caption" not in tags)
        expect(all("scope" in attrs for tag, attrs in seen.tags if tag == "th"))
        expect(ORIGIN in said and "300" in said and "Nobody but the log itself vouches" in said, said)
        expect(any(attrs.get("title") == base64.b64encode(root).decode() for tag, attrs in seen.tags if tag == "code"))
        expect(seen.links[0] == "/checkpoint" and seen.links[1:] == [f"/proof/{i}" for i in range(299, 279, -1)], seen.links)
        expect("What this page does not prove" in said and "troth log verify" in said and "prefers-color-scheme" in style)


@case("the page names the witnesses that cosigned")
def witnessed():
    witness = notes.Key(FOLDER, "witness.example/<w1>", 4)
    folder = Path(tempfile.mkdtemp(dir=FOLDER)) / "log"
    with socket.create_server(("127.0.0.1", 0)) as door:
        run("init", "--origin", ORIGIN, "--interval", 50, "--witness",
            f"{witness.vkey()}=http://127.0.0.1:{door.getsockname()[1]}", "--needed", 1, folder)
        with Server(folder) as server:
            server.append(b"one")
            time.sleep(0.3)
            seen, _, _ = page_of(server)
            expect("No checkpoint is shown yet." in seen.text() and "Nobody but the log itself" in seen.text(), seen.text())
            process = subprocess.Popen([TROTH, "log", "witness", "--listen", f"fd:{door.fileno()}", "--key", witness.path,
                                        "--name", witness.name, "--log", key_of(folder), f"{folder}/seen"],
                                       stdout=subprocess.DEVNULL, pass_fds=[door.fileno()])
            try:
                shown(server, 1)
                seen, _, text = page_of(server)
                said = seen.text()
                expect(witness.name in said and "1 of 1 cosigned this checkpoint; 1 must" in said, said)
                expect("Nobody but" not in said and "<w1>" not in text, said)
            finally:
                process.terminate()
                process.wait(timeout=20)
            expect(server.stop() == 0)


@case("a disk without room refuses, and is well again with some")
def no_room():
    with Server(new_log()) as server:
        server.append(b"one")
        shown(server, 1)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
        status, _, body = notes.ask(server.inside + "/append", "POST", b"a" * 60000)
        expect(status in (500, 507) and body.count(b"\n") == 1, status, body)
        expect(server.get("/checkpoint")[0] == 200 and server.get("/tile/0/000.p/1")[0] == 200)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        index = server.append(b"b" * 60000)
        expect(entries_of(server, tree_of(shown(server, index + 1))[1])[index] == b"b" * 60000)
        expect(server.stop() == 0)


@case("what is in an entry is text on the page, whatever it is")
def hostile():
    with Server(new_log()) as server:
        words = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e\x1b[31m&amp;'
        for entry in (words.encode(), b"\xff\x00<script>", b'{"v":1,"kind":"<script>"}'):
            server.append(entry)
        shown(server, 3)
        seen, _, text = page_of(server)
        expect("script" not in [tag for tag, _ in seen.tags] and "<img" not in text and "\u202e" not in text, text[-2000:])
        expect(words.encode()[:16].hex() in text, text[-2000:])


@case("records on the page: kind, time and words")
def records():
    folder = new_log()
    words = '<i>nice</i> & "old" \u202e\'s'
    run("append", "--record", "decision", "--field", f"principal={words}", "--field", "action=call",
        "--field", "outcome=allow", folder)
    with Server(folder) as server:
        shown(server, 1)
        seen, _, text = page_of(server)
        expect("decision" in seen.text() and words.replace("\u202e", "\ufffd") in seen.text(), seen.text())
        expect("<i>" not in text and re.search(r'<time datetime="20\d\d-', text), text)


# ---- how it is started ----


@case("a second one is told who writes, and may read")
def second():
    folder = new_log()
    with Server(folder) as server:
        server.append(b"one")
        shown(server, 1)
        done = run("serve", "--listen", "127.0.0.1:1", folder, status=2)
        expect("troth: error: " in done.stderr, done.stderr)
        with socket.create_server(("127.0.0.1", 0)) as door:
            free = door.getsockname()[1]
        done = run("serve", "--listen", f"127.0.0.1:{free}", folder, status=2)
        expect("--read-only" in done.stderr, done.stderr)
        with Server(folder, "--read-only", inside=False) as reader:
            expect(tree_of(reader.get("/checkpoint")[2])[1] == 1)
            server.append(b"two")
            shown(reader, 2)
            expect(reader.get("/append")[0] == 404)
            expect(json.loads(reader.get("/health")[2])["size"] == 2)
            expect(reader.stop() == 0)


@case("inside may be a path, that only its owner may use")
def by_path():
    folder = new_log()
    path = f"{folder}/door"
    with Server(folder, inside=path) as server:
        expect(os.stat(path).st_mode & 0o777 == 0o600)
        with socket.socket(socket.AF_UNIX) as one:
            one.connect(path)
            one.sendall(b"POST /append HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx")
            expect(one.recv(1000).endswith(b'{"index":0}\n'))
        expect(server.stop() == 0)
    expect(not os.path.exists(path))


@case("an inside that others reach is warned of")
def far():
    folder = new_log()
    with socket.create_server(("127.0.0.1", 0)) as near, socket.create_server(("0.0.0.0", 0)) as wide:
        process = subprocess.Popen([TROTH, "log", "serve", "--listen", f"fd:{near.fileno()}", "--inside",
                                    f"fd:{wide.fileno()}", str(folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, pass_fds=[near.fileno(), wide.fileno()])
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    expect(process.wait(timeout=30) == 0 and line.startswith("the log is at http://127.0.0.1:"), line)
    expect("whoever reaches it puts entries into" in process.stderr.read())
    process.stdout.close()
    process.stderr.close()


@case("command lines that say too little, or too much")
def usage():
    folder = new_log()
    for words, said in ((["serve", folder], "--listen"), (["serve", "--listen", "nowhere", folder], "nowhere"),
                        (["serve", "--listen", "127.0.0.1:1"], ""),
                        (["serve", "--listen", "127.0.0.1:1", "--interval", "1", folder], "--interval"),
                        (["serve", "--listen", "127.0.0.1:1", "--read-only", "--key", "x", folder], "--read-only")):
        done = run(*words, status=2)
        expect(said in done.stderr and done.stdout == "", words, done.stderr)
    expect("--inside" in run("serve", "--help").stdout)


if __name__ == "__main__":
    TROTH = os.path.abspath(sys.argv[1])
    FOLDER = tempfile.mkdtemp(prefix="troth-serve.")
    failed = True
    try:
        failed = tap.run(threads=4)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    sys.exit(failed)
