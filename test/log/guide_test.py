#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/log.md is followed word by word in an empty directory: what stands in its boxes is run, and what it
says comes of them does. TAP.

usage: guide_test.py PAGE TROTH
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.dont_write_bytecode = True
TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "cli"), str(TESTS / "run")]
import boxes
import notes
import tap
from boxes import Terminal, is_as_said
from tap import Skip, case, expect

PAGE, TROTH = Path(sys.argv[1]).read_text(), Path(sys.argv[2])


class Reader:
    """Who follows the page."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-guide-"))
        self.surroundings = {"cwd": self.folder, "env": {**os.environ, "PATH": f"{TROTH.parent}:{os.environ['PATH']}"}}
        self.terminals = []
        self.stopped = None if shutil.which("openssl") and shutil.which("curl") else "no openssl or no curl"

    def follow(self, commands, wanted):
        if re.match("troth log (serve|witness) ", commands):
            self.terminals.append(Terminal("exec " + commands, **self.surroundings))
            self.terminals[-1].await_words(wanted)
            return
        status, said = boxes.run(commands, **self.surroundings)
        others = "\n".join(t.said for t in self.terminals)
        expect(status == 0, f"status {status}", said, others)
        expect(wanted is None or is_as_said(said, wanted), "the page says:", wanted, "but it says:", said, others)

    def leave(self):
        while self.terminals:
            self.terminals.pop().end()
        shutil.rmtree(self.folder)


def step(reader, line, commands, wanted):
    @case(f"line {line}: {commands.splitlines()[0]}")
    def _():
        if reader.stopped:
            raise Skip(reader.stopped)
        try:
            reader.follow(commands, wanted)
        except Exception:
            reader.stopped = "the step before it failed"
            raise


def rest(reader, page, ports):
    """What the page says beside its boxes."""

    @case("each filter of the table is one, and each path of the folder is there")
    def _():
        table = page[page.index("| who | filter |"):page.index("An entry that the filter cannot judge")]
        filters = re.findall(r"\| `(.*)` \|$", table, re.M)
        expect(len(filters) > 3, filters)
        for number, text in enumerate(filters):
            done = subprocess.run([TROTH, "log", "monitor", "--witnesses", "witnesses.json", "--state", f"state{number}",
                                   "--once", "--filter", text, "log"], cwd=reader.folder, text=True,
                                  capture_output=True, check=False)
            expect(done.returncode in (0, 1) and "unjudged" not in done.stdout, text, done.stdout, done.stderr)
        for name in ("log.json", "key.pem", "lock", "sequence.db", "public/checkpoint", "public/tile"):
            expect(name.split("/")[-1] in page and (reader.folder / "log" / name).exists(), name)

    @case("what HTTP answers, and what a cache is told")
    def _():
        url, inside = f"http://127.0.0.1:{ports['8080']}", f"http://127.0.0.1:{ports['8081']}"
        for path, status in (("/proof/1", 200), ("/proof/99", 404), ("/", 200), ("/health", 200), ("/tile/0/000", 404),
                             ("/append", 404), ("/log.json", 404)):
            expect(notes.ask(url + path, "GET")[0] == status, path)
        for path, row in (("/checkpoint", "checkpoint"), ("/tile/0/000.p/5", "tile"), ("/tile/entries/000.p/5", "tile")):
            status, headers, _ = notes.ask(url + path, "GET")
            wanted = re.search(rf"^\| `{row}.*` \| `(.*)` \| `(.*)` \|$", page, re.M).groups()
            expect(status == 200 and (headers["content-type"], headers["cache-control"]) == wanted, path, headers)
        expect(notes.ask(url + "/checkpoint", "POST", b"x")[0] == 405)
        for body, status in ((b"", 400), (b"x" * 65536, 413)):
            expect(notes.ask(inside + "/append", "POST", body)[0] == status, status)
        health = json.loads(notes.ask(inside + "/health", "GET")[2])
        expect(set(health) == {"origin", "size", "next", "leads", "healthy"}, health)

    @case("a copy of the order does not replace one that is gone, in the words of the page")
    def _():
        shutil.copytree(reader.folder / "log", reader.folder / "copy")
        for path in (reader.folder / "copy").glob("sequence.db*"):
            path.unlink()
        done = subprocess.run([TROTH, "log", "append", "copy", "hello.txt"], cwd=reader.folder, text=True,
                              capture_output=True, check=False)
        expect(done.returncode == 2 and "entries were published, and their order is gone" in done.stderr, done.stderr)
        sources = "".join(p.read_text() for p in (TESTS.parent / "src").glob("*/*.c"))
        sources += "".join(p.read_text() for p in (TESTS.parent / "src/service/log").glob("*.c"))
        plain = re.sub(r'"\s*"', "", sources)
        for words in re.findall(r"^\| `(.*?)` \|", page[page.index("| the words |"):page.index("**Without a witness")], re.M):
            for part in words.split("…"):
                expect(part.strip(" :") in plain, words, part)

    @case("nginx serves the folder as the page configures it")
    def _():
        nginx = shutil.which("nginx", path="/usr/sbin:" + os.environ["PATH"])
        if not nginx:
            raise Skip("no nginx")
        text = re.search(r"^```nginx\n(.*?)^```$", page, re.M | re.S)[1]
        at = reader.folder / "nginx"
        at.mkdir()
        reader.folder.chmod(0o755)
        (at / "conf").write_text(f"daemon off; pid {at}/pid; error_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n" +
                                 "".join(f"{kind}_temp_path {at}/{kind};\n" for kind in
                                         ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")) +
                                 text.replace("/srv/log/public", str(reader.folder / "log/public")) + "}\n")
        server = subprocess.Popen([nginx, "-p", at, "-c", at / "conf"], stderr=subprocess.PIPE, text=True)
        try:
            url = f"http://127.0.0.1:{ports['8088']}"
            command = [TROTH, "log", "monitor", "--witnesses", "witnesses.json", "--state", "nginx.state", "--once", url]
            for _ in range(100):
                done = subprocess.run(command, cwd=reader.folder, text=True, capture_output=True, check=False)
                if done.returncode != 2 or server.poll() is not None:
                    break
                time.sleep(0.1)
            expect(done.returncode == 0 and done.stdout.startswith("consistent at size 5"), done.stdout, done.stderr)
            for path in ("/checkpoint", "/tile/0/000.p/5"):
                ours = notes.ask(f"http://127.0.0.1:{ports['8080']}{path}", "GET")
                theirs = notes.ask(url + path, "GET")
                for name in ("content-type", "cache-control"):
                    expect(ours[1][name] == theirs[1][name], path, name, theirs[1])
        finally:
            server.send_signal(signal.SIGTERM)
            server.communicate(timeout=30)


def main():
    reader, page = Reader(), PAGE
    ports = boxes.free_ports("8080", "8081", "8088", "8090")
    for port, free in ports.items():
        page = page.replace(f":{port}", f":{free}")
    for box in boxes.boxes(page):
        step(reader, *box)
    rest(reader, page, ports)
    try:
        return tap.run()
    finally:
        reader.leave()


sys.exit(main())
