#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth log` from a command line: logs that it made, and logs that nothing of Troth's made. TAP.

usage: cli_test.py TROTH [WORDS]     those cases whose name has these words
"""
import base64
import hashlib
import http.server
import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli"), str(Path(__file__).resolve().parent)]
import notes
import schema
import tap
from tap import Skip, case, expect

ORIGIN = "example.com/log"
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/log.schema.json").read_text())
HOSTILE = b"\x1b[2J\xe2\x80\xae<script>\n\x00\xff"


def call(*words, given=None, ahead=()):
    done = subprocess.run([*ahead, TROTH, "log", *[str(w) for w in words]], capture_output=True, check=False,
                          input=given, env={"PATH": os.environ["PATH"]})
    said = done.stderr.decode(errors="backslashreplace")
    expect("Sanitizer" not in said and "runtime error" not in said, said)
    expect(all(32 <= byte < 127 or byte == 10 for byte in done.stderr), said)
    return done.returncode, done.stdout.decode(errors="backslashreplace"), said


def told(status, *words, **more):
    got, out, said = call(*words, **more)
    expect(got == status, words, got, out, said)
    return out


def refused(wanted, *words, **more):
    """Status 2, with these words in what is said, and the same as JSON."""
    got, out, said = call(*words, **more)
    expect(got == 2 and wanted in said, words, got, out, said)
    if "given" not in more:
        got, out, _ = call(words[0], "--json", *words[1:], **more)
        found = json.loads(out)
        expect(got == 2 and wanted in said and "error" in found, got, out)
        expect(not list(schema.check(found, SCHEMA["$defs"]["failure"], SCHEMA)), out)


def answer(kind, status, *words, **more):
    """What is printed as JSON, held against its schema."""
    found = json.loads(told(status, words[0], "--json", *words[1:], **more))
    complaints = list(schema.check(found, SCHEMA["$defs"][kind], SCHEMA))
    expect(not complaints, *complaints)
    return found


class Place:
    """A folder, and what stands in it."""

    def __enter__(self):
        self.made = tempfile.TemporaryDirectory(prefix="troth-log-")
        self.path = Path(self.made.name)
        return self

    def __exit__(self, *failure):
        self.made.cleanup()

    def __truediv__(self, name):
        return self.path / name

    def write(self, name, content, mode=0o600):
        path = self.path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        path.chmod(mode)
        return path


def init(place, name="log", *words):
    key = told(0, "init", "--origin", ORIGIN, *words, place / name).strip()
    return place / name, key


class Foreign:
    """A log of entries, made by nothing of Troth's; its folder has Troth's log.json all the same."""

    def __init__(self, place, entries, name="log", witnesses=0, needed=0, cosign=None):
        self.key = notes.Key(place.path, ORIGIN)
        self.witnesses = [notes.Key(place.path, f"witness.example/w{i}", 4) for i in range(witnesses)]
        self.entries, self.folder = entries, place / name
        self.cosign = self.witnesses if cosign is None else self.witnesses[:cosign]
        init(place, name, "--key", self.key.path)
        self.note = self.show(entries)
        self.trust = place.write(f"{name}.witnesses.json", json.dumps(
            {"origin": ORIGIN, "log": self.key.vkey(), "witnesses": [w.vkey() for w in self.witnesses],
             "needed": needed}))

    def show(self, entries):
        def lines(text):
            return "".join(w.cosign(text, 1700000000 + i) for i, w in enumerate(self.cosign))
        return notes.write_log(self.folder / "public", entries, self.key, ORIGIN, lines)


def some(count):
    return [b"entry %d" % i for i in range(count)]


# ---- init ----


@case("init: a folder with a key of its owner's alone, whatever the umask, and nothing left over")
def _():
    with Place() as place:
        before = os.umask(0)
        try:
            folder, key = init(place)
        finally:
            os.umask(before)
        mode = stat.S_IMODE((folder / "key.pem").stat().st_mode)
        expect(mode == 0o600, oct(mode))
        expect(stat.S_IMODE((folder / "log.json").stat().st_mode) == 0o644)
        names = {p.name.partition("-")[0] for p in folder.iterdir()}
        expect(names <= {"key.pem", "lock", "log.json", "public", "sequence.db"}, names)
        made = json.loads((folder / "log.json").read_text())
        expect(made["origin"] == ORIGIN and made["key"] == key and made["needed"] == 0, made)
        there = notes.Key.__new__(notes.Key)
        there.name, there.kind, there.path = ORIGIN, 1, folder / "key.pem"
        there.read()
        expect(there.vkey() == key, there.vkey(), key)


@case("init: two logs have two keys; JSON says the same as text")
def _():
    with Place() as place:
        found = answer("init", 0, "init", "--origin", ORIGIN, place / "a")
        expect(found["origin"] == ORIGIN and found["needed"] == 0, found)
        expect(found["key"] != init(place, "b")[1])


@case("init: a log that is there stays as it is, and so does a key without a log")
def _():
    with Place() as place:
        folder, _key = init(place)
        before = {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}
        refused("is a log already", "init", "--origin", "other.example", folder)
        expect(before == {p: p.read_bytes() for p in folder.iterdir() if p.is_file()})
        (folder / "log.json").unlink()
        refused("is there already", "init", "--origin", ORIGIN, folder)
        expect((folder / "key.pem").read_bytes() == before[folder / "key.pem"])
        told(0, "init", "--origin", ORIGIN, "--key", folder / "key.pem", folder)
        expect((folder / "key.pem").read_bytes() == before[folder / "key.pem"])


@case("init: a key that is elsewhere is linked to, and must be an Ed25519 key that nobody else can read")
def _():
    with Place() as place:
        key = notes.Key(place.path, ORIGIN)
        folder, said = init(place, "log", "--key", key.path)
        expect(said == key.vkey() and (folder / "key.pem").resolve() == key.path.resolve())
        key.path.chmod(0o644)
        refused("that others may read", "init", "--origin", ORIGIN, "--key", key.path, place / "open")
        subprocess.run(["openssl", "genpkey", "-algorithm", "x25519", "-out", place / "x.pem"], check=True)
        (place / "x.pem").chmod(0o600)
        refused("no ed25519 private key", "init", "--origin", ORIGIN, "--key", place / "x.pem", place / "other")
        refused("cannot read", "init", "--origin", ORIGIN, "--key", place / "none", place / "none.log")


@case("init: witnesses, and how many are needed")
def _():
    with Place() as place:
        keys = [notes.Key(place.path, f"witness.example/w{i}", 4) for i in range(3)]
        words = [w for k in keys for w in ("--witness", f"{k.vkey()}=http://127.0.0.1:1/{k.name}")]
        found = answer("init", 0, "init", "--origin", ORIGIN, *words, place / "a")
        expect(found["needed"] == 2, found)
        made = json.loads((place / "a/log.json").read_text())
        expect([w["key"] for w in made["witnesses"]] == [k.vkey() for k in keys], made)
        expect(answer("init", 0, "init", "--origin", ORIGIN, *words, "--needed", "0", place / "b")["needed"] == 0)
        for said, more in [("there are only", [*words, "--needed", "4"]),
                           ("no verifier key", ["--witness", "w+00000000+AAAA=http://127.0.0.1:1"]),
                           ("there is no URL", ["--witness", keys[0].vkey()]),
                           ("its key is there twice", [*words, "--witness", f"{keys[0].vkey()}=http://127.0.0.1:1/"]),
                           ("--witness", ["--witness", f"{keys[0].vkey()}=http://witness.example/"])]:
            refused(said, "init", "--origin", ORIGIN, *more, place / "c")
            expect(not (place / "c/log.json").exists())
        refused("is the log's own key", "init", "--origin", ORIGIN, "--key", place / "a/key.pem", "--witness",
                f"{made['key']}=http://127.0.0.1:1/", place / "c")
        expect(not (place / "c/log.json").exists())


@case("init: names that no log may have")
def _():
    with Place() as place:
        refused("--origin is missing", "init", place / "log")
        for name in ("", "a b", "a+b", "a\u00a0b", "x" * 300, "a\nb"):
            refused("is no name of a log", "init", "--origin", name, place / "log")
        expect(not (place / "log").exists())
        refused("cannot make", "init", "--origin", ORIGIN, place / "no/such/folder")


@case("init: what it makes can be opened, or it makes nothing")
def _():
    with Place() as place:
        for interval in ("0", "-1", "86400001", "9223372036854775807", "1s", ""):
            refused("milliseconds", "init", "--origin", ORIGIN, "--interval", interval, place / "log")
        for name in ("a\x01b", "a\x7fb", "a\udcffb"):
            refused("is no name of a log", "init", "--origin", name, place / "log")
        expect(not (place / "log").exists())
        for interval in ("1", "86400000"):
            init(place, interval, "--interval", interval)
            told(0, "append", place / interval, "-", given=b"an entry")


# ---- bundles ----


def read_bundle(text):
    """By the words of [C2SP-PROOF], and nothing of ours."""
    lines = text.split("\n")
    expect(lines.pop(0) == "c2sp.org/tlog-proof@v1", text)
    extra = base64.b64decode(lines.pop(0)[len("extra "):]) if lines[0].startswith("extra ") else None
    index = int(lines.pop(0)[len("index "):])
    path = []
    while lines[0]:
        path.append(base64.b64decode(lines.pop(0)))
    return extra, index, path, "\n".join(lines[1:])


def root_by(path, index, size, leaf):
    """RFC 9162 2.1.3.2."""
    fn, sn, found = index, size - 1, leaf
    for step in path:
        if fn & 1 or fn == sn:
            found = notes.sha256(b"\x01" + step + found)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = notes.sha256(b"\x01" + found + step)
        fn, sn = fn >> 1, sn >> 1
    return found if sn == 0 else None


@case("prove: a bundle that others' arithmetic agrees with, of every size of tree")
def _():
    for size in (1, 2, 3, 255, 256, 257, 600):
        with Place() as place:
            log = Foreign(place, some(size))
            for index in sorted({0, size // 2, size - 1}):
                text = told(0, "prove", "--index", index, log.folder)
                extra, said, path, note = read_bundle(text)
                expect(extra == log.entries[index] and said == index and note == log.note, text)
                found = root_by(path, index, size, notes.leaf(extra))
                expect(notes.b64(found) == note.split("\n")[2], size, index)


@case("prove: by the entry, the latest one of these bytes; 1 where there is none")
def _():
    with Place() as place:
        log = Foreign(place, [*some(300), b"entry 7", *some(5)])
        wanted = place.write("wanted", b"entry 7")
        expect(answer("prove", 0, "prove", "--entry", wanted, log.folder)["index"] == 300)
        expect(answer("prove", 0, "prove", "--entry", place.write("far", b"entry 100"), log.folder)["index"] == 100)
        answer("not_found", 1, "prove", "--entry", place.write("none", b"entry"), log.folder)
        refused("the tree has 306", "prove", "--index", 306, log.folder)
        refused("which entry?", "prove", log.folder)
        refused("which entry?", "prove", "--index", 1, "--entry", wanted, log.folder)
        refused("is no number", "prove", "--index", "-1", log.folder)


@case("prove: under an older checkpoint, or that of an older bundle")
def _():
    with Place() as place:
        log = Foreign(place, some(40))
        old = place.write("old", log.note)
        bundle = place.write("old.tlog-proof", told(0, "prove", "--index", 3, log.folder))
        log.show([*some(40), *some(400)])
        for named in (old, bundle):
            found = answer("prove", 0, "prove", "--index", 7, "--checkpoint", named, log.folder)
            expect(found["size"] == 40 and read_bundle(found["bundle"])[3] == old.read_text(), found)
        refused("the tree has 40", "prove", "--index", 40, "--checkpoint", old, log.folder)


@case("prove: what the tiles do not show is not proven, and nothing is written")
def _():
    with Place() as place:
        log = Foreign(place, some(20))
        tile = log.folder / "public/tile/0/000.p/20"
        whole = tile.read_bytes()
        out = place / "bundle"
        tile.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        refused("not the one that was signed", "prove", "--index", 5, "-o", out, log.folder)
        tile.write_bytes(whole)
        entries = log.folder / "public/tile/entries/000.p/20"
        entries.write_bytes(entries.read_bytes().replace(b"entry 5", b"entry X"))
        refused("not the one that was signed", "prove", "--index", 5, "-o", out, log.folder)
        tile.unlink()
        refused("", "prove", "--index", 5, "-o", out, log.folder)
        expect(not out.exists())


@case("verify: offline, with what is in the bundle")
def _():
    with Place() as place:
        log = Foreign(place, some(300), witnesses=3, needed=2)
        bundle = place / "bundle"
        told(0, "prove", "--index", 299, "-o", bundle, log.folder)
        shutil.rmtree(log.folder)
        for words in (("--log", log.key.vkey()), ("--witnesses", log.trust)):
            said = told(0, "verify", *words, bundle)
            expect("yes: the entry is in the log" in said and "proves not" in said, said)
            expect(("no witness" in said) == (words[0] == "--log"), said)
        refused("--log: witnesses.log: ", "verify", "--log", log.witnesses[0].vkey(), bundle)
        alone = ["unshare", "-rn"] if os.geteuid() else ["unshare", "-n"]
        if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode:
            raise Skip("no network can be taken away here; the rest held")
        told(0, "verify", "--witnesses", log.trust, bundle, ahead=alone)
        told(0, "verify", "--witnesses", log.trust, "-", given=bundle.read_bytes(), ahead=alone)


@case("verify: JSON says who has seen it, and what the entry is")
def _():
    with Place() as place:
        log = Foreign(place, [b"a", HOSTILE], witnesses=3, needed=1, cosign=2)
        bundle = place.write("bundle", told(0, "prove", "--index", 1, log.folder))
        found = answer("verify", 0, "verify", "--witnesses", log.trust, bundle)
        expect(found["answer"] == "yes" and found["why"] is None and found["size"] == 2, found)
        expect([w["name"] for w in found["witnesses"]] == ["witness.example/w0", "witness.example/w1"], found)
        expect(found["witnessed"] == "2023-11-14T22:13:21Z", found)
        expect(base64.b64decode(found["entry"]) == HOSTILE and found["record"] is None, found)
        said = told(0, "verify", "--witnesses", log.trust, bundle)
        expect(all(c.isprintable() or c == "\n" for c in said), repr(said))


def tamper(text, part, change):
    lines = text.split("\n")
    at = next(i for i, line in enumerate(lines) if part(line))
    lines[at] = change(lines[at])
    return "\n".join(line for line in lines if line is not None)


def flip(line):
    raw = bytearray(base64.b64decode(line))
    raw[5] ^= 1
    return notes.b64(bytes(raw))


@case("verify: no, and why")
def _():
    with Place() as place:
        log = Foreign(place, some(5), witnesses=3, needed=2, cosign=2)
        other = Foreign(place, some(5), name="other", witnesses=2, needed=1)
        text = told(0, "prove", "--index", 2, log.folder)
        theirs = told(0, "prove", "--index", 2, other.folder)
        path = notes.b64(read_bundle(text)[2][0])
        root = log.note.split("\n")[2]
        w0 = next(line for line in text.split("\n") if line.startswith("— witness.example/w0"))
        rows = [
            ("another log's key", theirs, ["--witnesses", log.trust], "the log's key has not signed"),
            ("another entry", text.replace(notes.b64(b"entry 2"), notes.b64(b"entry 3")), [], "do not lead from"),
            ("another index", text.replace("index 2\n", "index 3\n"), [], "do not lead from"),
            ("an index beyond", text.replace("index 2\n", "index 5\n"), [], "no entry of that index"),
            ("another hash", text.replace(path, flip(path)), [], "do not lead from"),
            ("a hash too few", text.replace(path + "\n", ""), [], "do not lead from"),
            ("another root", text.replace(root, flip(root)), [], "the signature in the log's name is not good"),
            ("another size", text.replace(f"{ORIGIN}\n5\n", f"{ORIGIN}\n6\n"), [], "log's name is not good"),
            ("another origin", text.replace(f"{ORIGIN}\n5\n", "else.example\n5\n"), [], "is another log's"),
            ("a witness less", text.replace(w0 + "\n", ""), [], "too few of the trusted witnesses"),
            ("a witness's line on another tree",
             text.replace(w0, log.witnesses[0].cosign(notes.text_of(ORIGIN, [b"x" * 32]), 5).strip()), [],
             "witness's name is not good"),
            ("other witnesses", text, ["--witnesses", place.write("others.json", json.dumps(
                {"origin": ORIGIN, "log": log.key.vkey(), "witnesses": [w.vkey() for w in other.witnesses],
                 "needed": 1}))], "too few of the trusted witnesses"),
            ("another file's entry", text, ["--witnesses", log.trust, "--entry", place.write("e", b"entry 4")],
             "do not lead from"),
        ]
        for why, bundle, words, said in rows:
            words = words or ["--witnesses", log.trust]
            path_of = place.write("bundle", bundle)
            found = answer("verify", 1, "verify", *words, path_of)
            expect(found["answer"] == "no" and said in found["why"], why, found["why"])
            out = told(1, "verify", *words, path_of)
            expect(out.startswith("no: ") and said in out and "proves" not in out, why, out)


@case("verify: what cannot be told is 2, not 1")
def _():
    with Place() as place:
        log = Foreign(place, some(5))
        text = told(0, "prove", "--index", 2, log.folder)
        trust = ["--log", log.key.vkey()]
        bundle = place.write("bundle", text)
        for cut in range(0, len(text.encode()), 7):
            status, out, said = call("verify", *trust, place.write("cut", text.encode()[:cut]))
            expect(status == 2, cut, out, said)
        for why, content in [("no bundle", "entry"), ("a checkpoint", log.note),
                             ("another version", text.replace("@v1", "@v2")),
                             ("a space", text.replace("index 2", "index  2")), ("bytes", HOSTILE)]:
            status, out, said = call("verify", *trust, place.write("bad", content))
            expect(status == 2, why, out, said)
        refused("--log or --witnesses is missing", "verify", bundle)
        refused("one too many", "verify", *trust, "--witnesses", place / "log.witnesses.json", bundle)
        refused("--log: witnesses.log", "verify", "--log", "key", bundle)
        refused("cannot open", "verify", *trust, place / "none")
        refused("BUNDLE is missing", "verify", *trust)
        refused("one BUNDLE", "verify", *trust, bundle, bundle)
        refused("carries no entry", "verify", *trust, place.write(
            "bare", "\n".join(line for line in text.split("\n") if not line.startswith("extra"))))
        told(0, "verify", *trust, "--entry", place.write("e", b"entry 2"), place / "bare")


@case("verify --consistency: yes in either order; no for two trees, and 2 for bad tiles")
def _():
    with Place() as place:
        log = Foreign(place, some(100))
        old = place.write("old", log.note)
        new = place.write("new", log.show(some(700)))
        for pair in ((old, new), (new, old), (old, old)):
            found = answer("consistency", 0, "verify", "--consistency", *pair, log.folder)
            expect(found["older"]["size"] <= found["newer"]["size"], found)
        told(0, "verify", "--consistency", "--log", log.key.vkey(), old, new, log.folder)
        bundle = place.write("bundle", told(0, "prove", "--index", 2, log.folder))
        told(0, "verify", "--consistency", old, bundle, log.folder)

        changed = [b"another", *some(99)]
        fork = place.write("fork", notes.signed(log.key, notes.text_of(ORIGIN, [notes.leaf(e) for e in changed])))
        found = answer("consistency", 1, "verify", "--consistency", fork, new, log.folder)
        expect("not the beginning" in found["why"], found)
        found = answer("consistency", 1, "verify", "--consistency", fork, old, log.folder)
        expect("two trees of one size" in found["why"], found)
        forged = place.write("forged", log.note.replace("\n100\n", "\n101\n"))
        found = answer("consistency", 1, "verify", "--consistency", forged, new, log.folder)
        expect("not good" in found["why"] and found["older"] is None, found)

        tile = log.folder / "public/tile/1/000.p/2"
        whole = tile.read_bytes()
        tile.write_bytes(whole[:32] + bytes([whole[32] ^ 1]) + whole[33:])
        refused("do not make the root", "verify", "--consistency", old, new, log.folder)
        refused("takes two checkpoints", "verify", "--consistency", old, new)
        refused("--log or --witnesses is missing", "verify", "--consistency", old, new, "http://127.0.0.1:1")


# ---- show ----


@case("show: the tree, who has seen it, and entries, of which none can move a terminal")
def _():
    with Place() as place:
        log = Foreign(place, [*some(300), HOSTILE], witnesses=2, needed=1)
        found = answer("show", 0, "show", log.folder)
        expect(found["verified"] and found["size"] == 301 and found["entries"] == [], found)
        found = answer("show", 0, "show", "--latest", 3, "--witnesses", log.trust, log.folder)
        expect([e["index"] for e in found["entries"]] == [298, 299, 300], found)
        expect([w["name"] for w in found["witnesses"]] == [w.name for w in log.witnesses], found)
        expect(base64.b64decode(found["entries"][2]["entry"]) == HOSTILE, found)
        expect(len(answer("show", 0, "show", "--latest", 1000, log.folder)["entries"]) == 301)
        said = told(0, "show", "--index", 300, log.folder)
        expect("\\x1b[2J" in said and "\\xe2" in said and all(c.isprintable() or c == "\n" for c in said), repr(said))
        refused("the tree has 301", "show", "--index", 301, log.folder)
        refused("at most 1000", "show", "--latest", 1001, log.folder)
        refused("exclude each other", "show", "--latest", 1, "--index", 1, log.folder)
        refused("has no log.json", "show", place.path)


@case("show: a file says of itself what nobody has verified")
def _():
    with Place() as place:
        log = Foreign(place, some(4), witnesses=1)
        note = place.write("note", log.note)
        bundle = place.write("bundle", told(0, "prove", "--index", 1, log.folder))
        for path in (note, bundle):
            found = answer("show", 0, "show", path)
            expect(not found["verified"] and found["signers"] == [ORIGIN, "witness.example/w0"], found)
            expect("unverified" in told(0, "show", path))
        expect(base64.b64decode(answer("show", 0, "show", bundle)["entries"][0]["entry"]) == b"entry 1")
        refused("", "show", place.write("bad", HOSTILE))
        refused("is no log", "show", "--latest", 1, note)
        refused("cannot open", "show", place / "none")


@case("show: a folder whose checkpoint its own key has not signed")
def _():
    with Place() as place:
        log = Foreign(place, some(4))
        (log.folder / "public/checkpoint").write_text(notes.signed(notes.Key(place.path, ORIGIN), notes.text_of(
            ORIGIN, [notes.leaf(e) for e in some(4)])))
        refused("checkpoint.log_signature", "show", log.folder)
        refused("checkpoint.log_signature", "prove", "--index", 1, log.folder)


# ---- a log of ours, from its first entry to a field that is opened ----


def auditor(place, name="auditor"):
    """An X25519 key: its file, and its public half's."""
    subprocess.run(["openssl", "genpkey", "-algorithm", "x25519", "-out", place / f"{name}.pem"], check=True)
    (place / f"{name}.pem").chmod(0o600)
    subprocess.run(["openssl", "pkey", "-in", place / f"{name}.pem", "-pubout", "-out", place / f"{name}.pub"],
                   check=True)
    return place / f"{name}.pem", place / f"{name}.pub"


DECISION = ["--record", "decision", "--field", "principal=p1", "--field", "action=call", "--field", "outcome=allow"]


def entries_of(folder):
    return [base64.b64decode(e["entry"]) for e in
            answer("show", 0, "show", "--latest", 1000, folder)["entries"]]


@case("append: files as they are, all at once, in their order; others re-hash the tree")
def _():
    with Place() as place:
        folder, key = init(place)
        given = [b"", b"a", HOSTILE, b"x" * 65535]
        files = [place.write(f"e{i}", content) for i, content in enumerate(given)]
        expect(told(0, "append", folder, *files) == "0\n1\n2\n3\n")
        found = answer("append", 0, "append", folder, "-", files[1], given=b"standard input")
        expect(found == {"indices": [4, 5], "shown": True}, found)
        wanted = [*given, b"standard input", b"a"]
        expect(entries_of(folder) == wanted)
        note = (folder / "public/checkpoint").read_text()
        expect(note.split("\n")[:3] == [ORIGIN, "6", notes.b64(notes.root([notes.leaf(e) for e in wanted]))], note)
        for i, entry in enumerate(wanted):
            bundle = place.write("bundle", told(0, "prove", "--index", i, folder))
            words = ["--entry", files[0]] if not entry else []
            told(0, "verify", "--log", key, *words, bundle)


@case("append: what is too long, or not there, leaves the log as it was")
def _():
    with Place() as place:
        folder, _key = init(place)
        told(0, "append", folder, place.write("a", "a"))
        note = (folder / "public/checkpoint").read_bytes()
        refused("is longer than 65535", "append", folder, place / "a", place.write("long", b"x" * 65536))
        refused("cannot open", "append", folder, place / "a", place / "none")
        refused("nothing to append", "append", folder)
        refused("which log?", "append")
        refused("has no log.json", "append", place.path, place / "a")
        refused("is no folder", "append", "http://127.0.0.1:1", place / "a")
        refused("are for --to", "append", "--wait", "1s", folder, place / "a")
        (folder / "key.pem").chmod(0o640)
        refused("that others may read", "append", folder, place / "a")
        (folder / "key.pem").unlink()
        refused("cannot read", "append", folder, place / "a")
        shutil.copy(notes.Key(place.path, ORIGIN).path, folder / "key.pem")
        refused("another key than log.json's", "append", folder, place / "a")
        expect((folder / "public/checkpoint").read_bytes() == note)


@case("append: 600 entries, one command each hundred; bundles from every tile verify")
def _():
    with Place() as place:
        folder, key = init(place)
        made = some(600)
        files = [place.write(f"e{i}", content) for i, content in enumerate(made)]
        for at in range(0, 600, 100):
            told(0, "append", folder, *files[at:at + 100])
            if at == 200:
                shutil.copy(folder / "public/checkpoint", place / "old")
        expect(entries_of(folder) == made)
        for index in (0, 255, 256, 511, 512, 599):
            bundle = place.write("bundle", told(0, "prove", "--index", index, folder))
            told(0, "verify", "--log", key, bundle)
        told(0, "verify", "--consistency", place / "old", folder / "public/checkpoint", folder)
        expect(answer("prove", 0, "prove", "--entry", files[311], folder)["index"] == 311)


@case("append: a record by its fields")
def _():
    with Place() as place:
        folder, _key = init(place)
        digest = hashlib.sha256(b"policy").hexdigest()
        told(0, "append", "--record", "policy", "--field", f"digest={digest}", "--field", "name=w\u00e9b \"1\"", folder)
        images = place.write("images.json", '{ "snp": {"b": "FF00"},\n "nitro": {"pcr0": "%s"} }\n' % ("ab" * 48))
        told(0, "append", "--record", "release", "--field", "name=web", "--field", "version=1",
             "--field", f"measurements=@{images}", folder)
        told(0, "append", "--record", "certificate", "--field", f"subject=@{place.write('cn', 'CN=x')}", "--field",
             f"sha256={digest}", "--field", "issuer=CN=y=z", "--field", "not_after_s=1800000000", folder)
        found = [e["record"] for e in answer("show", 0, "show", "--latest", 9, folder)["entries"]]
        expect(found[0]["kind"] == "policy" and found[0]["name"] == 'w\u00e9b "1"', found[0])
        expect(found[1]["measurements"] == {"nitro": {"pcr0": "ab" * 48}, "snp": {"b": "ff00"}}, found[1])
        expect((found[2]["subject"], found[2]["issuer"], found[2]["not_after_s"]) == ("CN=x", "CN=y=z", 1800000000))
        expect(len({r["id"] for r in found}) == 3, found)
        said = told(0, "show", "--latest", 3, folder)
        expect("w\\xc3\\xa9b" in said and "policy" in said and "certificate" in said, said)


@case("append: records that are none")
def _():
    with Place() as place:
        folder, _key = init(place)
        digest = "digest=" + "00" * 32
        for said, words in [
                ("no kind of record", ["--record", "polcy"]),
                ("lacks a --field", ["--record", "policy"]),
                ("lacks a --field", ["--record", "policy", "--field", "name=x"]),
                ("did you mean 'digest'?", ["--record", "policy", "--field", "name=x", "--field", "digst=00"]),
                ("record.digest", ["--record", "policy", "--field", "name=x", "--field", "digest=xx"]),
                ("record.digest", ["--record", "policy", "--field", "name=x", "--field", "digest=00"]),
                ("appears twice", ["--record", "policy", "--field", "name=x", "--field", "name=y", "--field", digest]),
                ("it is a number", ["--record", "certificate", "--field", "not_after_s=soon"]),
                ("--field measurements", ["--record", "release", "--field", "measurements=[1]"]),
                ("need --record", ["--field", "name=x"]),
                ("--auditor is missing", [*DECISION, "--private", "a=b"]),
                ("is no NAME=VALUE", [*DECISION, "--private", "a", "--auditor", "x"]),
                ("go together", [*DECISION, "--tag", "a"]),
                ("one too many", [*DECISION, folder, "file"])]:
            refused(said, "append", *words, *([] if folder in words else [folder]))
        expect(not (folder / "public/checkpoint").exists())


@case("disclose: one field, to somebody who has the log's key alone")
def _():
    with Place() as place:
        folder, key = init(place)
        secret, public = auditor(place)
        tag_key = place.write("tag.key", "07" * 32 + "\n")
        value = place.write("user", HOSTILE)
        for _ in range(2):
            told(0, "append", *DECISION, "--private", f"user=@{value}", "--private", "note=", "--auditor", public,
                 "--tag", "user", "--tag-key", tag_key, folder)
        records = [e["record"] for e in answer("show", 0, "show", "--latest", 2, folder)["entries"]]
        expect(records[0]["tags"] == records[1]["tags"] and records[0]["commitments"] != records[1]["commitments"])
        for path in folder.rglob("*"):
            expect(not path.is_file() or HOSTILE not in path.read_bytes(), path)

        out = place / "user.json"
        told(0, "disclose", "--index", 1, "--field", "user", "--key", secret, "-o", out, folder)
        expect(stat.S_IMODE(out.stat().st_mode) == 0o600)
        made = json.loads(out.read_text())
        expect(base64.b64decode(made["value"]) == HOSTILE and made["origin"] == ORIGIN, made)
        refused("cannot write", "disclose", "--index", 1, "--field", "user", "--key", secret, "-o", out, folder)
        shutil.rmtree(folder)
        found = answer("disclosure", 0, "verify", "--log", key, "--disclosure", out)
        expect(base64.b64decode(found["value"]) == HOSTILE and found["name"] == "user" and found["index"] == 1, found)
        said = told(0, "verify", "--log", key, "--disclosure", out)
        expect("\\x1b[2J" in said and all(c.isprintable() or c == "\n" for c in said), repr(said))

        def change(**members):
            return place.write("changed.json", json.dumps({**made, **members}))

        for why, members in [("another value", {"value": notes.b64(b"bob")}), ("another salt", {"salt": "00" * 32}),
                             ("another field's name", {"name": "note"}), ("no such field", {"name": "other"}),
                             ("another log", {"origin": "else.example"})]:
            found = answer("disclosure", 1, "verify", "--log", key, "--disclosure", change(**members))
            expect(found["answer"] == "no" and "commit" in found["why"], why, found)
        other = notes.Key(place.path, ORIGIN).vkey()
        found = answer("disclosure", 1, "verify", "--log", other, "--disclosure", out)
        expect("has not signed" in found["why"], found)
        refused("disclosure.salt", "verify", "--log", key, "--disclosure", change(salt="00"))
        refused("a feature this format does not use", "verify", "--log", key, "--disclosure", change(more="x"))
        refused("--log or --witnesses", "verify", "--disclosure", out)
        refused("leave the other file out", "verify", "--log", key, "--disclosure", out, out)


@case("disclose: transplanted, with the wrong key, or of nothing")
def _():
    with Place() as place:
        folder, _key = init(place)
        secret, public = auditor(place)
        wrong, _public = auditor(place, "wrong")
        words = [*DECISION, "--private", "user=alice", "--auditor", public, folder]
        told(0, "append", *words)
        told(0, "append", *words)
        told(0, "append", *DECISION, folder)
        told(0, "append", folder, place.write("raw", "raw"))
        ask = ["disclose", "--field", "user", "--key", secret, folder]
        told(0, *ask, "--index", 0)
        refused("is not the auditor's key", "disclose", "--field", "user", "--key", wrong, "--index", 0, folder)
        refused("no x25519 private key", "disclose", "--field", "user", "--key", folder / "key.pem", "--index", 0, folder)
        refused("no private field 'other'", "disclose", "--field", "other", "--key", secret, "--index", 0, folder)
        refused("nothing is sealed", *ask, "--index", 2)
        refused("is no record", *ask, "--index", 3)
        refused("the tree has 4", *ask, "--index", 4)
        refused("it takes --index", *ask)
        refused("are not public", "disclose", "--field", "user", "--key", secret, "--index", 0, "http://127.0.0.1:1")
        secret.chmod(0o644)
        refused("that others may read", *ask, "--index", 0)
        secret.chmod(0o600)
        with sqlite3.connect(folder / "sequence.db") as db:
            rows = dict(db.execute("SELECT idx, bytes FROM sealed WHERE idx < 2"))
            for index in rows:
                db.execute("UPDATE sealed SET bytes = ? WHERE idx = ?", (rows[1 - index], index))
        refused("was sealed for another record", *ask, "--index", 0)


@case("append: a private value that others could read is refused, and a wrong auditor")
def _():
    with Place() as place:
        folder, _key = init(place)
        secret, public = auditor(place)
        open_file = place.write("open", "alice", 0o644)
        refused("that others may read", "append", *DECISION, "--private", f"user=@{open_file}", "--auditor", public,
                folder)
        refused("no X25519 public key", "append", *DECISION, "--private", "user=x", "--auditor", folder / "log.json",
                folder)
        refused("--private", "append", *DECISION, "--private", "User=x", "--auditor", public, folder)
        refused("--tag: no --private", "append", *DECISION, "--private", "user=x", "--auditor", public, "--tag", "x",
                "--tag-key", place.write("tag.key", "00" * 32), folder)
        refused("is no key for tags", "append", *DECISION, "--private", "user=x", "--auditor", public, "--tag", "user",
                "--tag-key", place.write("tag.key", "00" * 31), folder)
        refused("longer than", "append", *DECISION, "--private", f"user=@{place.write('big', b'x' * 16385)}", "--auditor",
                public, folder)
        expect(not (folder / "public/checkpoint").exists())


# ---- a log that somebody else writes ----


class Server:
    """troth log serve, on two free ports, or inside at a path."""

    def __init__(self, folder, inside=None):
        doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(1 if inside else 2)]
        words = [f"--{name}=fd:{door.fileno()}" for name, door in zip(("listen", "inside"), doors)]
        words += [f"--inside={inside}"] if inside else []
        self.process = subprocess.Popen([TROTH, "log", "serve", "--json", *words, str(folder)], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, pass_fds=[d.fileno() for d in doors])
        line = self.process.stdout.readline()
        for door in doors:
            door.close()
        expect(line, self.process.stderr.read() if not line else "")
        said = json.loads(line)
        self.url, self.inside = f"http://{said['at']}", inside or f"http://{said['inside']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()
        self.process.stderr.close()


class Witness:
    """troth log witness, on a free port."""

    def __init__(self, place, log):
        self.key = notes.Key(place.path, "witness.example/w1", 4)
        with socket.create_server(("127.0.0.1", 0)) as door:
            self.process = subprocess.Popen(
                [TROTH, "log", "witness", "--json", "--listen", f"fd:{door.fileno()}", "--key", self.key.path, "--name",
                 self.key.name, "--log", log.vkey(), place / "seen"],
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, pass_fds=[door.fileno()])
        line = self.process.stdout.readline()
        expect(line, self.process.stderr.read() if not line else "")
        self.url = f"http://{json.loads(line)['at']}"

    def __enter__(self):
        return self

    def stop(self):
        if not self.process.stdout.closed:
            self.process.terminate()
            self.process.wait(timeout=30)
            self.process.stdout.close()
            self.process.stderr.close()

    def __exit__(self, *_):
        self.stop()


@case("append: shown once a witness has cosigned; in the log, but not shown, when it is away")
def _():
    with Place() as place:
        log = notes.Key(place.path, ORIGIN)
        entry = place.write("e", b"entry")
        trust = place / "trust.json"
        with Witness(place, log) as witness:
            trust.write_text(json.dumps({"log": log.vkey(), "witnesses": [witness.key.vkey()], "needed": 1}))
            folder, _key = init(place, "log", "--key", log.path, "--witness", f"{witness.key.vkey()}={witness.url}")
            expect(answer("append", 0, "append", folder, entry) == {"indices": [0], "shown": True})
            bundle = place.write("bundle", told(0, "prove", "--index", 0, folder))
            witness.stop()
            status, out, said = call("append", "--json", folder, entry)
            expect(status == 0 and json.loads(out) == {"indices": [1], "shown": False}, status, out, said)
            expect("not shown yet" in said, said)
        found = answer("verify", 0, "verify", "--witnesses", trust, bundle)
        expect([w["name"] for w in found["witnesses"]] == ["witness.example/w1"] and found["witnessed"], found)
        expect("1 of 1" in told(0, "show", folder))
        refused("the tree has 1", "prove", "--index", 1, folder)


class Failing(http.server.BaseHTTPRequestHandler):
    """Takes one entry, and no more."""

    taken = 0

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        Failing.taken += 1
        body = b'{"index":7}\n' if Failing.taken == 1 else b"no room\n"
        self.send_response(200 if Failing.taken == 1 else 507)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@case("append: what a server took before it failed is told")
def _():
    with Place() as place:
        files = [place.write(f"e{i}", content) for i, content in enumerate(some(3))]
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            words = ["--to", f"http://127.0.0.1:{server.server_port}", *files]
            status, out, said = call("append", *words)
            expect(status == 2 and out == "7\n" and "1 of 3 entries are in the log" in said, status, out, said)
            Failing.taken = 0
            found = answer("failure", 2, "append", *words)
            expect(found["indices"] == [7], found)
            server.shutdown()


@case("a log that is served at a socket in a folder")
def _():
    with Place() as place:
        folder, key = init(place, "log", "--interval", "50")
        with Server(folder, inside=place / "door") as server:
            path = place.write("e", b"entry")
            told(0, "append", "--wait", "30s", "--to", server.inside, path)
            told(0, "verify", "--log", key, place.write("b", told(0, "prove", "--index", 0, server.inside)))
            refused("no socket's whole path", "append", "--to", path, path)


@case("a log that is served: appended to from inside, proven and verified over HTTP")
def _():
    with Place() as place:
        folder, key = init(place, "log", "--interval", "50")
        _secret, public = auditor(place)
        files = [place.write(f"e{i}", content) for i, content in enumerate(some(3))]
        with Server(folder) as server:
            found = answer("append", 0, "append", "--wait", "30s", "--to", server.inside, *files)
            expect(found == {"indices": [0, 1, 2], "shown": True}, found)
            refused("takes entries at its inside door", "append", folder, files[0])
            refused("", "append", "--to", server.url, files[0])
            some_done = place.write("long", b"x" * 65536)
            refused("is longer than", "append", "--to", server.inside, files[0], some_done)
            refused("--origin is missing", "append", *DECISION, "--private", "user=x", "--auditor", public, "--to",
                    server.inside)
            told(0, "append", *DECISION, "--private", "user=x", "--auditor", public, "--origin", ORIGIN, "--wait", "30s",
                 "--to", server.inside)
            bundle = place / "bundle"
            told(0, "prove", "--index", 3, "--log", key, "-o", bundle, server.url)
            expect("warning" in call("prove", "--index", 3, server.url)[2])
            refused("log_signature", "prove", "--index", 3, "--log", notes.Key(place.path, ORIGIN).vkey(), server.url)
            found = answer("show", 0, "show", "--latest", 9, "--log", key, server.url)
            expect(found["verified"] and [e["index"] for e in found["entries"]] == [0, 1, 2, 3], found)
            expect(not answer("show", 0, "show", server.url)["verified"])
            old = place.write("old", told(0, "prove", "--index", 0, server.url))
            told(0, "append", "--wait", "30s", "--to", server.inside, files[0])
            new = place.write("new", told(0, "prove", "--index", 4, server.url))
            told(0, "verify", "--consistency", "--log", key, old, new, server.url)
        told(0, "verify", "--log", key, bundle)
        refused("", "show", server.url)
        refused("", "append", "--to", server.inside, files[0])
        told(0, "append", folder, files[0])


TROTH = sys.argv[1]

if __name__ == "__main__":
    words = " ".join(sys.argv[2:])
    tap.cases[:] = [(why, function) for why, function in tap.cases if words in why]
    sys.exit(tap.run(threads=2))
