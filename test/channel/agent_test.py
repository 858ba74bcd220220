#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth-agent from outside: every question, on a simulated machine, by curl and by worse. TAP.

usage: agent_test.py TROTH AGENT SIM [WORDS]     those cases whose name has these words
"""
import base64
import ctypes
import hashlib
import json
import os
import re
import resource
import shlex
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import agent_machine as here
from agent_machine import Judge, Machine, base, error, good, parse, signed, unpack, until_end

import schema
import tap
import yaml_subset
from tap import Skip, case, expect

SOURCE = Path(__file__).resolve().parents[2]
API = yaml_subset.load((SOURCE / "docs/agent.openapi.yaml").read_text())
SCHEMAS = json.loads(json.dumps(API["components"]["schemas"]).replace("#/components/schemas/", "#/$defs/"))
PATHS = sorted(API["paths"])
NOBODY = 65534
JSON = ("-H", "content-type: application/json")


def root_only():
    if os.geteuid() != 0:
        raise Skip("only root can be somebody else")


def shape(name, value):
    wrong = list(schema.check(value, {**SCHEMAS[name], "$defs": SCHEMAS}))
    expect(not wrong, *wrong)
    return value


def evidence_of(machine, body):
    return shape("Evidence", good(machine.post("/v1/evidence", body)))


# ---- what it answers ----

@case("curl gets an identity, health, evidence that verifies, a signature and random bytes")
def everyday():
    with Machine() as machine, Judge() as judge:
        identity = shape("Identity", good(machine.curl("/v1/identity")))
        expect(identity["device"] == "tsm" and identity["kind"] == "tdx", identity)
        expect(identity["register"] == "tdx.rtmr3" and identity["epoch_s"] == 1800, identity)
        version = subprocess.run([here.HERE["troth"], "--version"], capture_output=True, text=True, check=True)
        expect(identity["version"] in version.stdout, version.stdout)
        health = shape("Health", good(machine.curl("/v1/health")))
        expect(health["status"] == "ok" and health["quotes"]["made"] == 0, health)
        evidence = shape("Evidence", good(machine.curl(
            "/v1/evidence", *JSON, "-d", '{"nonce":"00FF","user_data":"616263"}')))
        expect(evidence["binding"] == "app:nonce=00ff,user_data=616263", evidence["binding"])
        judge.accepts(unpack(evidence["evidence"]), "--binding", evidence["binding"])
        judge.refuses(unpack(evidence["evidence"]), "nonce", "--binding", "app:nonce=00fe,user_data=616263")
        random = shape("Random", good(machine.curl("/v1/random", *JSON, "-d", '{"bytes":32}')))
        expect(len(random["random"]) == 64 and random["sources"] == ["system"], random)
        signature = shape("Signature", good(machine.curl("/v1/sign", *JSON, "-d", '{"message":"aGVsbG8="}')))
        expect(signature["key"] == identity["key"], signature)
        expect(signed(unpack(signature["key"]["spki"]), b"hello", unpack(signature["signature"])))
        health = shape("Health", good(machine.get("/v1/health")))
        expect(health["quotes"] == {"made": 1, "failed": 0, "timed_out": 0}, health)


@case("evidence over the application's key: what it signs can be told from all else")
def key_evidence():
    with Machine() as machine, Judge() as judge:
        made = evidence_of(machine, {"nonce": "aa" * 64, "key": True})
        spki = unpack(made["key"]["spki"])
        expect(made["binding"] == f"key:key={spki.hex()},purpose=application,nonce={'aa' * 64}", made["binding"])
        judge.accepts(unpack(made["evidence"]), "--binding", made["binding"])
        for message in (b"", b"x" * 32768):
            answer = good(machine.post("/v1/sign", {"message": base64.b64encode(message).decode()}))
            expect(signed(spki, message, unpack(answer["signature"])))
            expect(not signed(spki, message + b"y", unpack(answer["signature"])))
        # The same bytes in another domain are other evidence.
        other = evidence_of(machine, {"nonce": "aa" * 64, "user_data": spki.hex()})
        judge.refuses(unpack(other["evidence"]), "nonce", "--binding", made["binding"])
        error(machine.post("/v1/evidence", {"nonce": "", "key": True, "user_data": ""}), 400, "VALUE", "user_data")
        expect("key" not in evidence_of(machine, {"nonce": "", "key": False}))


@case("an agent that is started again has another key")
def another_key():
    keys = set()
    for _ in range(2):
        with Machine() as machine:
            keys.add(good(machine.get("/v1/identity"))["key"]["spki"])
    expect(len(keys) == 2)


def lp(*fields):
    return b"".join(len(f).to_bytes(8, "big") + f for f in fields)


@case("an application that asks for the exact bytes of a channel's binding gets other bytes")
def channel_bytes():
    """Whatever stands where, the 64 bytes of the evidence are a hash in domain app or key."""
    digest = hashlib.sha256(b"").digest()
    strict = lp(b"troth/strict/v1", b"server", b"strict", digest, b"", digest, digest, b"")
    with Machine() as machine:
        spki = unpack(good(machine.get("/v1/identity"))["key"]["spki"])
        aik = lp(b"troth/aik/v1", spki, b"server", (1900000000).to_bytes(8, "big"), digest, b"")
        wanted = {hashlib.sha512(p).digest() for p in (strict, aik)}
        asked = [{"nonce": w.hex(), "user_data": ""} for w in wanted]
        asked += [{"nonce": "", "user_data": w.hex()} for w in wanted]
        asked += [{"nonce": w.hex(), "key": True} for w in wanted]
        asked += [{"nonce": "", "user_data": p.hex()} for p in (strict, aik)]
        asked += [{"nonce": p[:64].hex(), "user_data": p[64:].hex()} for p in (strict, aik)]
        seen = set()
        for body in asked:
            made = evidence_of(machine, body)
            path = machine.folder / "evidence.bin"
            path.write_bytes(unpack(made["evidence"]))
            shown = subprocess.run([here.HERE["troth"], "show", "--json", path], capture_output=True, check=True)
            report_data = bytes.fromhex(json.loads(shown.stdout)["claims"]["tdx.report_data"])
            fields = [bytes.fromhex(body["nonce"]), bytes.fromhex(body.get("user_data", ""))]
            own = lp(b"troth/key/v1", spki, b"application", fields[0]) if body.get("key") \
                else lp(b"troth/app/v1", *fields)
            expect(report_data == hashlib.sha512(own).digest(), made["binding"])
            expect(report_data not in wanted)
            seen.add(report_data)
        expect(len(seen) == len(asked))


@case("events: extended, sealed once, and replayed by troth verify")
def events():
    with Machine() as machine, Judge() as judge:
        log = machine.folder / "log.json"
        expect(shape("EventLog", good(machine.get("/v1/event-log"))) == {"register": "tdx.rtmr3", "events": []})
        first = shape("Extended", good(machine.post("/v1/extend", {"name": "config", "data": "0102"})))
        wanted = hashlib.sha384(lp(b"troth/event/v1", b"config", b"\1\2")).hexdigest()
        expect(first == {"register": "tdx.rtmr3", "digest": wanted, "events": 1, "sealed": False}, first)
        good(machine.post("/v1/extend", {"name": "config", "data": "0102"}))
        error(machine.post("/v1/extend", {"name": "sealed", "data": ""}), 400, "VALUE", "name")
        error(machine.post("/v1/extend", {"name": "two words", "data": ""}), 400, "VALUE", "name")
        error(machine.post("/v1/extend", {"name": "", "data": ""}), 400, "VALUE", "name")
        error(machine.post("/v1/extend", {"name": "x" * 65, "data": ""}), 400, "LIMIT", "name")
        error(machine.post("/v1/extend", {"name": "x", "data": "00" * 1025}), 400, "LIMIT", "data")
        sealed = shape("Extended", good(machine.post("/v1/seal", {})))
        expect(sealed["sealed"] is True and sealed["events"] == 3, sealed)
        error(machine.post("/v1/seal", {}), 409, "SEALED")
        # Behind the boundary there is room, but what stands there does not count.
        good(machine.post("/v1/extend", {"name": "late", "data": "ff" * 1024}))
        text = machine.raw(b"GET /v1/event-log HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")[2]
        names = [e["name"] for e in shape("EventLog", json.loads(text))["events"]]
        expect(names == ["config", "config", "sealed", "late"], names)
        log.write_bytes(text)
        made = evidence_of(machine, {"nonce": "01"})
        proof = unpack(made["evidence"])
        judge.accepts(proof, "--binding", made["binding"], "--event-log", log)
        cut = json.loads(text)
        del cut["events"][3]
        log.write_text(json.dumps(cut))
        judge.refuses(proof, "event_log", "--binding", made["binding"], "--event-log", log)
        health = shape("Health", good(machine.get("/v1/health")))
        expect(health["events"] == {"count": 4, "sealed": True, "doubtful": False}, health)


@case("twenty events at once are logged in the order the register has them")
def parallel_events():
    with Machine() as machine, Judge() as judge:
        with ThreadPoolExecutor(20) as pool:
            for answer in pool.map(lambda i: machine.post("/v1/extend", {"name": f"e{i}", "data": ""}), range(20)):
                good(answer)
        good(machine.post("/v1/seal", {}))
        log = machine.folder / "log.json"
        log.write_text(json.dumps(good(machine.get("/v1/event-log")), separators=(",", ":")))
        made = evidence_of(machine, {"nonce": ""})
        judge.accepts(unpack(made["evidence"]), "--binding", made["binding"], "--event-log", log)


@case("a machine without a register says so, and has certificates beside its evidence")
def without_register():
    with Machine(sim=("--kind", "snp")) as machine, Judge("--kind", "snp") as judge:
        identity = shape("Identity", good(machine.get("/v1/identity")))
        expect(identity["kind"] == "snp" and identity["register"] is None, identity)
        error(machine.post("/v1/extend", {"name": "a", "data": ""}), 501, "UNSUPPORTED", "register")
        error(machine.post("/v1/seal", {}), 501, "UNSUPPORTED", "register")
        error(machine.get("/v1/event-log"), 501, "UNSUPPORTED", "register")
        made = evidence_of(machine, {"nonce": "0b"})
        expect("collateral" in made, "no certificate table")
        judge.accepts(unpack(made["evidence"]), "--binding", made["binding"],
                      more=[unpack(made["collateral"])])


# ---- what it refuses ----

BODIES = {
    "/v1/evidence": {"nonce": ""},
    "/v1/random": {"bytes": 1},
    "/v1/sign": {"message": ""},
    "/v1/extend": {"name": "a", "data": ""},
    "/v1/seal": {},
}
WRONG_BODIES = [
    # why, path, body, code, field
    ("nothing", "/v1/evidence", b"", "SHORT", "body"),
    ("no JSON", "/v1/evidence", b"nonce=00", "TYPE", "body"),
    ("a list", "/v1/evidence", b"[]", "TYPE", "body"),
    ("another domain", "/v1/evidence", b'{"nonce":"","domain":"strict"}', "UNSUPPORTED", "body"),
    ("a member twice", "/v1/evidence", b'{"nonce":"","nonce":""}', "DUPLICATE", ...),
    ("something behind", "/v1/evidence", b'{"nonce":""} x', "TRAILING", ...),
    ("no nonce", "/v1/evidence", b'{"user_data":""}', "MISSING", "nonce"),
    ("a nonce too long", "/v1/evidence", b'{"nonce":"' + b"00" * 65 + b'"}', "LIMIT", "nonce"),
    ("half a byte", "/v1/evidence", b'{"nonce":"0"}', "VALUE", "nonce"),
    ("data too long", "/v1/evidence", b'{"nonce":"","user_data":"' + b"00" * 1025 + b'"}', "LIMIT", "user_data"),
    ("key as text", "/v1/evidence", b'{"nonce":"","key":"true"}', "TYPE", "key"),
    ("not UTF-8", "/v1/evidence", b'{"nonce":"\xff"}', "TEXT", "nonce"),
    ("no bytes", "/v1/random", b'{"bytes":0}', "VALUE", "bytes"),
    ("too many", "/v1/random", b'{"bytes":1025}', "LIMIT", "bytes"),
    ("2^64 of them", "/v1/random", b'{"bytes":18446744073709551616}', "LIMIT", "bytes"),
    ("a fraction", "/v1/random", b'{"bytes":1.5}', "VALUE", "bytes"),
    ("not base64", "/v1/sign", b'{"message":"%%%%"}', "VALUE", "message"),
    ("base64 without its end", "/v1/sign", b'{"message":"YQ"}', "ENCODING", "message"),
    ("a message too long", "/v1/sign", json.dumps({"message": base64.b64encode(b"x" * 32769).decode()}).encode(),
     "LIMIT", "message"),
    ("a member where there is none", "/v1/seal", b'{"now":true}', "UNSUPPORTED", "body"),
    ("a deep body", "/v1/seal", b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "UNSUPPORTED", "body"),
]
WRONG_HEADS = [
    (b"GET /v1/health\r\n\r\n", 400, "HTTP", "request"),
    (b"GET /v1/health HTTP/1.1\r\n\r\n", 400, "HTTP", "host"),
    (b"GET /v1/health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "HTTP", "host"),
    (b"GET /v1/health HTTP/1.1\nHost: a\n\n", 400, "HTTP", "request"),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\n", 400, "HTTP", "request"),
    (b"GET /v1/health HTTP/3.0\r\nHost: a\r\n\r\n", 505, "VERSION", "version"),
    (b"POST /v1/seal HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, "HTTP",
     "content-length"),
    (b"POST /v1/seal HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 411, "LENGTH",
     "transfer-encoding"),
    (b"POST /v1/seal HTTP/1.1\r\nHost: a\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n{}", 417, "EXPECT", "expect"),
    (b"GET /v1/health HTTP/1.1\r\nHost: " + b"a" * 9000 + b"\r\n\r\n", 431, "HEAD", "header"),
    (b"GET /" + b"a" * 20000, 431, "HEAD", "header"),
    (b"GET /v1/health HTTP/1.1\r\nHost: a\r\n" + b"A: b\r\n" * 70 + b"\r\n", 431, "HEAD", "header"),
    (b"GET /v1/health HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", 400, "BODY", "content-length"),
]


@case("every wrong path, method, kind and body is told what is wrong, and changes nothing")
def wrong_requests():
    with Machine() as machine:
        for path in ("/", "/v1", "/v1/", "/v1/identity/", "/v1/identity?x=1", "/V1/identity", "/v1/%69dentity",
                     "/v2/identity", "//v1/identity", "/v1/../v1/identity", "*", "http://localhost/v1/identity"):
            error(machine.get(path), 404, "PATH", "path")
            error(machine.ask("POST", path, b"{}"), 404, "PATH", "path")
        for path in PATHS:
            right = "POST" if path in BODIES else "GET"
            for method in {"GET", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "TRACE"} - {right}:
                answer = machine.raw(f"{method} {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode())
                error(parse(answer), 405, "METHOD", "method")
                expect(f"\r\nAllow: {right}\r\n".encode() in answer, answer)
        for path in BODIES:
            for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""):
                error(machine.ask("POST", path, b"{}", kind=kind), 415, "MEDIA", "content-type")
            error(machine.ask("POST", path, b"\x00" * 65536), 400, "VALUE", "body")
            error(machine.ask("POST", path, b"x" * 65537), 413, "LARGE", "content-length")
        for why, path, body, code, field in WRONG_BODIES:
            said = error(machine.ask("POST", path, body), 400, code, field)
            expect(said["text"], why)
        for head, status, code, field in WRONG_HEADS:
            error(parse(machine.raw(head)), status, code, field)
        health = good(machine.get("/v1/health"))
        expect(health["quotes"]["made"] == 0 and health["events"]["count"] == 0 and health["status"] == "ok", health)


@case("HEAD gets a refusal, a gigabyte announced or sent is not waited for")
def giants():
    with Machine() as machine:
        begun = time.monotonic()
        head = b"POST /v1/sign HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        error(parse(machine.raw(head % 2**30)), 413, "LARGE")
        error(parse(machine.raw(head % 2**30 + b"x" * 2**24)), 413, "LARGE")
        expect(time.monotonic() - begun < 20, "it was waited for")
        expect(b" 405 " in machine.raw(b"HEAD /v1/health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[:20])
        # curl waits for a word before it sends much.
        answer = machine.curl("/v1/sign", *JSON, "-H", "Expect: 100-continue", "-d", '{"message":""}')
        shape("Signature", good(answer))
        grown = int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{machine.pid()}/status").read_text())[1])
        expect(grown < 2**20, f"{grown} KiB")


@case("requests one after another, all at once, a byte at a time, and cut off")
def connections():
    one = b"POST /v1/random HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n" \
          b'{"bytes":8}'
    last = one.replace(b"Host: a", b"Host: a\r\nConnection: close")
    with Machine() as machine:
        for sent in (one + last, one * 99 + last):
            answers = machine.raw(sent)
            expect(answers.count(b"HTTP/1.1 200 OK") == sent.count(b"POST"), answers[:300])
        with machine.connect() as peer:
            for i in range(len(last)):
                peer.sendall(last[i:i + 1])
            good(parse(until_end(peer)))
        with machine.connect() as peer:  # its own side is closed, but it still reads
            peer.sendall(one)
            peer.shutdown(socket.SHUT_WR)
            good(parse(until_end(peer)))
        for cut in range(0, len(one), 7):
            with machine.connect() as peer:
                peer.sendall(one[:cut])
        with machine.connect() as peer:  # it never reads what it asks for
            peer.settimeout(1)
            try:
                for _ in range(10000):
                    peer.sendall(one * 10)
            except (TimeoutError, ConnectionResetError, BrokenPipeError):
                pass
            good(machine.get("/v1/health"))
        shape("Health", good(machine.get("/v1/health")))


@case("who takes too long to ask is told so, and others are served meanwhile")
def slow_loris():
    with Machine() as machine:
        slow = [machine.connect() for _ in range(40)]
        begun = time.monotonic()
        for peer in slow:
            peer.sendall(b"GET /v1/hea")
        half = machine.connect()
        half.sendall(b"POST /v1/sign HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n")
        for i in range(4):
            time.sleep(1)
            for peer in slow:
                peer.sendall(b"lth"[i % 3:i % 3 + 1])
            expect(good(machine.get("/v1/health"))["connections"] == 42)
        for peer in [*slow, half]:
            error(parse(until_end(peer)), 408, "SLOW", "request")
            peer.close()
        expect(9 < time.monotonic() - begun < 20, time.monotonic() - begun)
        time.sleep(0.2)
        expect(good(machine.get("/v1/health"))["connections"] == 1)


@case("beyond 256 connections the next are turned away, until some are gone")
def crowd():
    with Machine() as machine:
        peers = [machine.connect() for _ in range(256)]
        time.sleep(0.5)
        error(parse(until_end(machine.connect())), 503, "BUSY", "connections")
        for peer in peers:
            peer.close()
        time.sleep(0.5)
        good(machine.get("/v1/health"))


@case("fifty who ask for evidence at once get fifty pieces, each its own")
def parallel_evidence():
    with Machine() as machine, Judge() as judge:
        with ThreadPoolExecutor(50) as pool:
            made = list(pool.map(lambda i: evidence_of(machine, {"nonce": f"{i:04x}"}), range(50)))
        expect({m["binding"] for m in made} == {f"app:nonce={i:04x},user_data=" for i in range(50)})
        for m in made[::10]:
            judge.accepts(unpack(m["evidence"]), "--binding", m["binding"])
        expect(good(machine.get("/v1/health"))["quotes"]["made"] == 50)


# ---- who may ask ----

@case("a user who is not among those allowed is refused, by the file and at the door")
def users():
    root_only()
    with Machine() as machine:
        expect(stat.S_IMODE(machine.socket.stat().st_mode) == 0o600)
        done = subprocess.run(["curl", "-sS", "--unix-socket", str(machine.socket), "http://x/v1/health"],
                              user=NOBODY, capture_output=True, env=base(), check=False)
        expect(done.returncode == 7, done)
    with Machine("--allow-uid", "12345") as machine:
        error(machine.curl("/v1/health", user=NOBODY), 403, "DENIED", "user")
        error(machine.curl("/v1/evidence", *JSON, "-d", '{"nonce":""}', user=NOBODY), 403, "DENIED", "user")
        good(machine.curl("/v1/health", user=12345))
        good(machine.curl("/v1/health"))
        expect(good(machine.get("/v1/health"))["quotes"]["made"] == 0)


@case("--user: another user's process, which still has the device and cannot go back")
def other_user():
    root_only()
    with Machine("--user", "nobody") as machine, Judge() as judge:
        status = Path(f"/proc/{machine.pid()}/status").read_text()
        expect(re.search(r"^Uid:(\s+65534){4}$", status, re.M) and re.search(r"^Gid:(\s+65534){4}$", status, re.M))
        expect(re.search(r"^Groups:\s+65534\s*$", status, re.M), status)
        expect(re.search(r"^CapEff:\s+0+$", status, re.M) and re.search(r"^NoNewPrivs:\s+1$", status, re.M), status)
        expect(machine.socket.stat().st_uid == NOBODY)
        good(machine.curl("/v1/health", user=NOBODY))
        good(machine.curl("/v1/health"))
        made = evidence_of(machine, {"nonce": "77"})
        judge.accepts(unpack(made["evidence"]), "--binding", made["binding"])
        good(machine.post("/v1/extend", {"name": "a", "data": ""}))


LIBC = ctypes.CDLL(None)
PTRACE_ATTACH = 16


def can_trace(pid):
    """May another process of the agent's own user?"""
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        os._exit(LIBC.ptrace(PTRACE_ATTACH, pid, 0, 0) != 0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@case("nothing of its memory is for others: no dump, no tracing, no files of its process")
def memory():
    root_only()
    secret = "73656372657420746f6b656e"
    with Machine("--user", "nobody") as machine:
        pid = machine.pid()
        good(machine.post("/v1/sign", {"message": base64.b64encode(b"a secret token").decode()}))
        good(machine.post("/v1/evidence", {"nonce": "", "user_data": secret}))
        limits = Path(f"/proc/{pid}/limits").read_text()
        expect(re.search(r"^Max core file size\s+0\s+0", limits, re.M), limits)
        # Even the agent's own user sees nothing of it: the files are root's.
        for name in ("mem", "environ", "maps", "io", "auxv", "fd"):
            done = subprocess.run(["cat" if name != "fd" else "ls", f"/proc/{pid}/{name}"], user=NOBODY,
                                  capture_output=True, env=base(), check=False)
            expect(done.returncode != 0 and not done.stdout, name, done.stdout)
        expect(not can_trace(pid), "it could be traced")
        for name in ("cmdline", "environ"):
            expect(secret.encode() not in Path(f"/proc/{pid}/{name}").read_bytes())
        os.kill(pid, signal.SIGQUIT)
        machine.running.wait(30)
        expect(not list(machine.folder.glob("core*")), "a dump")
        machine.running.returncode = 0  # it was ours to end


@case("what it says is no secret: neither requests nor answers are in its log")
def log():
    with Machine() as machine:
        made = evidence_of(machine, {"nonce": "c0ffee", "user_data": "deadbeef"})
        random = good(machine.post("/v1/random", {"bytes": 16}))["random"]
        machine.ask("GET", "/v1/c0ffee")
        machine.end()
        for word in ("c0ffee", "deadbeef", random, made["evidence"][:40]):
            expect(word not in machine.said, machine.said)


@case("no variable of the environment changes anything")
def environment():
    bad = {"OPENSSL_CONF": "/nonexistent", "OPENSSL_MODULES": "/nonexistent", "EVENT_NOEPOLL": "1",
           "EVENT_SHOW_METHOD": "1", "TROTH_ROOT": "/x", "TROTH_DEVICE": "nsm", "TROTH_SIM": "1", "HOME": "/x",
           "LC_ALL": "tr_TR.UTF-8", "TMPDIR": "/nonexistent"}
    with Machine(env=bad) as machine, Judge() as judge:
        made = evidence_of(machine, {"nonce": "", "key": True})
        judge.accepts(unpack(made["evidence"]), "--binding", made["binding"])
        good(machine.post("/v1/sign", {"message": ""}))
        expect(len(machine.said.splitlines()) <= 2, machine.said)


# ---- its life ----

@case("told to end, it ends well and takes its socket with it")
def ends():
    for number in (signal.SIGTERM, signal.SIGINT):
        with Machine() as machine:
            idle = machine.connect()
            expect(machine.end(number) == 0)
            expect(not machine.socket.exists() and not list(machine.folder.glob("*.lock")))
            expect(idle.recv(1) == b"")


@case("a second agent at the same place is refused; the first goes on")
def second():
    with Machine() as machine:
        done = subprocess.run([here.HERE["agent"], "--socket", machine.socket], capture_output=True, text=True,
                              env=base(), check=False)
        expect(done.returncode == 2 and "another agent is there" in done.stderr, done.stderr)
        good(machine.get("/v1/health"))


@case("killed, it is started again at once; its log goes on where it was kept")
def killed():
    for is_kept in (True, False):
        folder = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
        kept = folder / "log.json"
        with Machine(*(("--event-log", kept) if is_kept else ()), forever=True) as machine, Judge() as judge:
            good(machine.post("/v1/extend", {"name": "first", "data": "01"}))
            os.kill(machine.pid(), signal.SIGKILL)
            for _ in range(200):
                time.sleep(0.05)
                if machine.said.count(" is at ") == 2:
                    break
            expect(good(machine.get("/v1/health"))["events"]["count"] == is_kept)
            good(machine.post("/v1/extend", {"name": "second", "data": "02"}))
            good(machine.post("/v1/seal", {}))
            path = machine.folder / "served.json"
            path.write_text(json.dumps(good(machine.get("/v1/event-log")), separators=(",", ":")))
            made = evidence_of(machine, {"nonce": ""})
            judged = (unpack(made["evidence"]), "--binding", made["binding"], "--event-log")
            if is_kept:
                judge.accepts(*judged, path)
                judge.accepts(*judged, kept)
            else:  # part of what the register has is in no log: nothing is vouched for
                judge.refuses(judged[0], "event_log", *judged[1:], path)
        for path in folder.iterdir():
            path.unlink()
        folder.rmdir()


ZEROS = bytes(48)


def extended(*events):
    """The register after these, by another hand."""
    value = ZEROS
    for name, data in events:
        value = hashlib.sha384(value + hashlib.sha384(lp(b"troth/event/v1", name.encode(), data)).digest()).digest()
    return value.hex()


def register_of(machine):
    """What evidence says that it is."""
    path = machine.folder / "register.bin"
    path.write_bytes(unpack(evidence_of(machine, {"nonce": ""})["evidence"]))
    shown = subprocess.run([here.HERE["troth"], "show", "--json", path], capture_output=True, check=True, env=base())
    return json.loads(shown.stdout)["claims"]["tdx.rtmr3"]


def again(machine, times, number=signal.SIGKILL):
    """Ended, and started again by what stands for an init."""
    os.kill(machine.pid(), number)
    for _ in range(400):
        if machine.said.count(" is at ") == times:
            return
        time.sleep(0.05)
    expect(False, machine.said)


@case("--event: measured before anybody can ask, and once, however often the agent is killed")
def first_events():
    folder = Path(tempfile.mkdtemp(prefix="troth-events-"))
    kept = folder / "log.json"
    events = [("run-file", b"\1\2"), ("program", hashlib.sha256(b"p").digest())]
    words = [w for name, data in events for w in ("--event", f"{name}={data.hex().upper()}")]
    with Machine("--event-log", kept, *words, forever=True) as machine, Judge() as judge:
        events.append(("sealed", b""))
        expect(register_of(machine) == extended(*events))
        logged = [{"name": name, "data": data.hex()} for name, data in events]
        expect(good(machine.get("/v1/event-log"))["events"] == logged)
        expect(json.loads(kept.read_text())["events"] == logged)
        for times in (2, 3):
            again(machine, times)
            expect(register_of(machine) == extended(*events), machine.said)
        good(machine.post("/v1/extend", {"name": "later", "data": ""}))
        again(machine, 4)
        expect(register_of(machine) == extended(*events, ("later", b"")))
        expect(machine.post("/v1/seal", {})[0] == 409)
        made = evidence_of(machine, {"nonce": "0e"})
        judged = (unpack(made["evidence"]), "--binding", made["binding"], "--event-log", kept)
        judge.accepts(*judged, "--event", "run-file=0102")
        judge.refuses(judged[0], "event_log", *judged[1:], "--event", "later=")
    shutil.rmtree(folder)


class Successive:
    """One machine, and agents on it one after another, each killed once it is ready."""

    def __init__(self, *sim):
        self.folder = Path(tempfile.mkdtemp(prefix="troth-agents-"))
        os.mkfifo(self.folder / "ready")
        self.shell = subprocess.Popen(list(map(str, [here.HERE["sim"], "tsm", *sim, "--", "sh", "-s"])), text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=base())

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.shell.stdin.close()
        expect(self.shell.wait(60) == 0 or failure[0])
        shutil.rmtree(self.folder)

    def agent(self, *options):
        """137: it became ready; its status otherwise. And what it said."""
        words = [here.HERE["agent"], "--socket", self.folder / "a.sock", "--event-log", self.folder / "log.json",
                 "--ready", "9", *options]
        said = self.folder / "said"
        try:
            self.shell.stdin.write(f"cd {self.folder}; {shlex.join(map(str, words))} 9>ready 2>said </dev/null & "
                                   "if read x <ready; then kill -9 $!; fi; wait $!; echo $?\n")
            self.shell.stdin.flush()
            status = int(self.shell.stdout.readline())
        except (BrokenPipeError, ValueError):
            expect(self.shell.wait(30) == 125, self.shell.returncode)
            raise Skip("no machine can be simulated here") from None
        expect("Sanitizer" not in said.read_text(), said.read_text())
        return status, said.read_text()


EVENTS = ("--event", "run-file=0102", "--event", "program=03")
OTHERS = [
    ("--event", "run-file=0102", "--event", "program=04"),
    ("--event", "run-file=0102", "--event", "programs=03"),
    ("--event", "program=03", "--event", "run-file=0102"),
    ("--event", "program=03"),
    ("--event", "run-file="),
]


@case("--event: the register keeps what it has: the same goes on after SIGKILL, others are refused")
def other_first_events():
    with Successive() as machine:
        for _ in range(2):
            expect(machine.agent(*EVENTS)[0] == 137)
        for others in OTHERS:
            status, said = machine.agent(*others)
            expect(status == 2 and "begins with others" in said and "hint: " in said, status, said)
        expect(machine.agent(*EVENTS)[0] == 137)
        expect(machine.agent()[0] == 137)  # nothing asked for, nothing checked
        logged = json.loads((machine.folder / "log.json").read_text())["events"]
        expect([e["data"] for e in logged] == ["0102", "03", ""], logged)


@case("--event: without a register, a log or a device that answers, nobody is let in")
def no_first_events():
    with Successive("--kind", "snp") as machine:
        status, said = machine.agent(*EVENTS)
        expect(status == 2 and "no register" in said and "hint: " in said, status, said)
        expect(not (machine.folder / "log.json").exists() and machine.agent()[0] == 137)
    with Successive("--fault", "hang") as machine:
        begun = time.monotonic()
        status, said = machine.agent(*EVENTS, "--timeout", "1")
        expect(status == 2 and "cannot extend the register" in said, status, said)
        expect(time.monotonic() - begun < 20 and not (machine.folder / "a.sock").exists())
    with Successive() as machine:
        (machine.folder / "log.json").mkdir()
        status, said = machine.agent(*EVENTS)
        expect(status == 2 and "log.json'" in said, status, said)
        (machine.folder / "log.json").rmdir()
        expect(machine.agent(*EVENTS)[0] == 137)


@case("--user takes a number that nobody is known by")
def numbered_user():
    root_only()
    with Machine("--user", "60600") as machine:
        status = Path(f"/proc/{machine.pid()}/status").read_text()
        expect(re.search(r"^Uid:(\s+60600){4}$", status, re.M) and re.search(r"^Gid:(\s+60600){4}$", status, re.M))
        evidence_of(machine, {"nonce": "77"})


WRONG_LINES = [
    # what is said, and of what
    (["--sokket", "x"], "did you mean --socket?"),
    (["--socket"], "--socket needs a value: PATH"),
    (["--socket", "a", "--socket", "b"], "--socket is given twice"),
    (["--socket", "/nonexistent/a.sock"], "cannot listen at '/nonexistent/a.sock': no such file or directory"),
    (["--socket", "x" * 108], "file name too long"),
    (["--allow-uid", "root"], "--allow-uid: 'root' is no number up to 4294967294"),
    (["--allow-uid", "4294967295"], "is no number"),
    (["--timeout", "0"], "--timeout: at least one second"),
    (["--epoch", "86401"], "is no number up to 86400"),
    (["word"], "'word' is no option"),
    (["--listen", "127.0.0.1:1"], "--listen means nothing without --upstream"),
    (["--upstream", "/x"], "--upstream means nothing without --listen"),
    (["--checkpoint", "/x"], "--checkpoint means nothing without --listen"),
    (["--policy", "/x"], "--policy means nothing without --ask"),
    (["--listen", "127.0.0.1:0", "--upstream", "/x", "--ask", "epoch"], "--ask means nothing without --policy"),
    (["--listen", "127.0.0.1:0", "--upstream", "/x", "--ask", "all"], "'all' is none of none, epoch, strict"),
    (["--listen", "127.0.0.1:0", "--upstream", "/x", "--key", "/x"], "--key means nothing without --certificate"),
    (["--listen", "127.0.0.1:0", "--upstream", "192.0.2.1:80"], "'192.0.2.1:80' is not on this machine"),
    (["--listen", "localhost", "--upstream", "/x"], "'localhost' is no address with a port"),
    (["--listen", "127.0.0.1:0", "--upstream", "x"], "neither an address with a port nor a path"),
    (["--listen", "/run/a.sock", "--upstream", "/x"], "'/run/a.sock' is no address with a port"),
    (["--listen", "vsock:0", "--upstream", "/x"], "'vsock:0' is no address with a port"),
    (["--listen", "fd:x", "--upstream", "/x"], "'fd:x' is no address with a port"),
    (["--listen", "fd:2", "--upstream", "/x"], "cannot listen at 'fd:2': bad file descriptor"),
    (["--listen", "fd:77", "--upstream", "/x"], "cannot listen at 'fd:77': bad file descriptor"),
    *((["--listen", f"fd:{n}", "--upstream", "/x"], f"cannot listen at 'fd:{n}': ") for n in range(3, 12)),
    (["--listen", "127.0.0.1:0", "--upstream", "vsock:3:80"], "'vsock:3:80' is not on this machine"),
    (["--listen", "127.0.0.1:0", "--upstream", "/x", "--upstream-outside", "/x"], "--upstream-outside: there is one"),
    (["--upstream-outside", "192.0.2.1:80"], "--upstream-outside means nothing without --listen"),
    (["--ready", "2"], "cannot say at descriptor '2': bad file descriptor"),
    (["--ready", "77"], "cannot say at descriptor '77': bad file descriptor"),
    (["--ready", "x"], "--ready: 'x' is no descriptor"),
    (["--event", "a=00"], "--event means nothing without --event-log"),
    *((["--event-log", "/x", "--event", e], f"--event: '{e[:100]}") for e in
      ("a", "=00", "a=0", "a=0g", "a b=00", "sealed=", "x" * 65 + "=", "a=" + "00" * 1025)),
    (["--event-log", "/x", *["--event", "a="] * 17], "--event: no more than 16 times"),
    (["--user", "4294967295"], "cannot find the user '4294967295'"),
    (["--user", "no such user"], "cannot find the user 'no such user'"),
]


@case("a command line it cannot follow ends it, with the reason and what would help")
def command_lines():
    done = subprocess.run([here.HERE["agent"], "--help"], capture_output=True, text=True, env=base(), check=False)
    expect(done.returncode == 0 and "usage: troth-agent" in done.stdout and not done.stderr, done)
    example = re.search(r"^example: troth-agent (.*)$", done.stdout, re.M)
    known = set(re.findall(r"^  (--[a-z-]+)", done.stdout, re.M))
    expect(set(re.findall(r"--[a-z-]+", example[1])) <= known, example[0])
    with Machine() as machine:
        for words, said in WRONG_LINES:
            place = [] if "--socket" in words or "--sokket" in words else ["--socket", machine.folder / "b.sock"]
            done = subprocess.run([here.HERE["sim"], "tsm", "--", here.HERE["agent"], *place, *words],
                                  capture_output=True, text=True, env=base(), check=False, timeout=60)
            expect(done.returncode == 2 and said in done.stderr, words, done.returncode, done.stderr)
            expect(done.stderr.startswith("troth-agent: error: ") and not done.stdout, done.stderr)
        expect(not (machine.folder / "b.sock").exists())


@case("without a device it says which ones it looked for")
def no_device():
    if any(Path(p).exists() for p in ("/dev/nsm", "/dev/sev-guest", "/dev/tdx_guest", "/sys/kernel/config/tsm")):
        raise Skip("this machine has a device of its own")
    done = subprocess.run([here.HERE["agent"], "--socket", "/tmp/troth-agent-none.sock"], capture_output=True,
                          text=True, env=base(), check=False)
    expect(done.returncode == 2 and "/dev/nsm" in done.stderr, done.stderr)
    expect(not Path("/tmp/troth-agent-none.sock").exists())


# ---- a device that misbehaves ----

@case("a device that hangs: told in time, to all who wait, and health never waits")
def hangs():
    with Machine("--timeout", "2", sim=("--fault", "hang")) as machine:
        begun = time.monotonic()

        def ask(i):
            answer = machine.post("/v1/evidence", {"nonce": f"{i:02x}"})
            return answer, time.monotonic() - begun
        with ThreadPoolExecutor(100) as pool:
            waiting = [pool.submit(ask, i) for i in range(100)]
            time.sleep(1)
            asked = time.monotonic()
            health = shape("Health", good(machine.get("/v1/health")))
            expect(time.monotonic() - asked < 1, "health waited")
            expect(health["device"]["state"] == "working" and health["queue"]["waiting"] > 0, health)
            good(machine.post("/v1/sign", {"message": ""}))  # takes no device
            told = [w.result() for w in waiting]
        codes = [answer[1]["error"]["code"] for answer, _ in told]
        expect(set(codes) == {"TIMEOUT", "BUSY"} and codes.count("BUSY") >= 30, codes)
        for answer, after in told:
            error(answer, *((504, "TIMEOUT") if answer[0] == 504 else (503, "BUSY")))
            expect(after < 8, after)
        health = shape("Health", good(machine.get("/v1/health")))
        expect(health["status"] == "degraded" and health["device"]["state"] == "failing", health)
        expect(health["device"]["last_error"] and health["quotes"]["timed_out"] > 0, health)
        # Some the device itself turned away, the first call being still in it.
        expect(health["queue"]["refused"] + health["quotes"]["failed"] == codes.count("BUSY"), health)
        expect(health["queue"]["refused"] >= 30 and health["quotes"]["made"] == 0, health)
        begun = time.monotonic()
        expect(machine.end() == 0 and time.monotonic() - begun < 10)


@case("a register that hangs: nobody knows what it has, and health says so")
def doubtful():
    with Machine("--timeout", "1", sim=("--fault", "hang")) as machine:
        answer = machine.post("/v1/extend", {"name": "a", "data": ""})
        error(answer, 504, "TIMEOUT")
        for _ in range(100):
            health = shape("Health", good(machine.get("/v1/health")))
            if health["events"]["doubtful"]:
                break
            time.sleep(0.2)
        expect(health["events"] == {"count": 0, "sealed": False, "doubtful": True}, health)
        expect(health["status"] == "degraded", health)


FAULTS = [("eintr:3", 200), ("ebusy:3", 200), ("race:2", 200), ("trickle", 200),
          ("short", 503), ("big", 503), ("other", 503), ("ebusy", 503)]


@case("faults that pass are borne, faults that stay are told")
def faults():
    with Judge() as judge:
        for fault, status in FAULTS:
            with Machine("--timeout", "3", sim=("--fault", fault)) as machine:
                answer = machine.post("/v1/evidence", {"nonce": "05"})
                if status == 200:
                    judge.accepts(unpack(good(answer)["evidence"]), "--binding", answer[1]["binding"])
                else:
                    expect(answer[0] in (503, 504) and answer[1]["error"]["field"] == "device", fault, answer)
                health = good(machine.get("/v1/health"))
                expect((health["status"] == "ok") == (status == 200), fault, health)


# ---- what is written down ----

@case("docs/agent.openapi.yaml: every path, method, status and member, answered and in its shape")
def openapi():
    seen, members = set(), set()

    def hold(machine, method, path, body=None, kind="application/json"):
        status, page = machine.ask(method, path, None if body is None else json.dumps(body).encode(), kind=kind)
        responses = API["paths"][path][method.lower()]["responses"]
        expect(str(status) in responses or "default" in responses, method, path, status)
        response = responses.get(str(status), responses["default"])
        name = (response if "content" in response else API["components"]["responses"]["Error"])["content"][
            "application/json"]["schema"]["$ref"].rpartition("/")[2]
        shape(name, page)
        seen.add((path, method.lower(), str(status)))
        note(name, page)
        return status

    def note(name, page):
        """Which members of which schema an answer had."""
        for key, value in page.items():
            members.add((name, key))
            of = SCHEMAS[name]["properties"][key]
            inner = of.get("$ref", "").rpartition("/")[2]
            if inner and isinstance(value, dict):
                note(inner, value)

    with Machine() as machine:
        for path in PATHS:
            if path not in BODIES:
                hold(machine, "GET", path)
                continue
            for body in (BODIES[path], {"unknown": 1}):
                hold(machine, "POST", path, body)
            hold(machine, "POST", path, {}, kind="text/plain")
        hold(machine, "POST", "/v1/evidence", {"nonce": "", "key": True})
        hold(machine, "POST", "/v1/seal", {})
        hold(machine, "POST", "/v1/sign", {"message": "A" * 65536})
    with Machine(sim=("--kind", "snp")) as machine:
        for path in ("/v1/extend", "/v1/seal", "/v1/event-log"):
            hold(machine, "POST" if path in BODIES else "GET", path, BODIES.get(path))
        hold(machine, "POST", "/v1/evidence", {"nonce": ""})
    for fault, status in (("ebusy", 503), ("hang", 504)):
        with Machine("--timeout", "1", sim=("--fault", fault)) as machine:
            for path in ("/v1/evidence", "/v1/extend"):
                expect(hold(machine, "POST", path, BODIES[path]) == status, fault, path)
    stated = {(path, method, status) for path, item in API["paths"].items() for method, operation in item.items()
              for status in operation["responses"] if status != "default"}
    expect(stated <= seen, "never answered:", *sorted(stated - seen))
    answers = {"Identity", "Key", "Health", "Evidence", "Random", "Signature", "Extended", "EventLog", "Error"}
    wanted = {(name, key) for name in answers for key in SCHEMAS[name]["properties"]}
    expect(wanted <= members, "never seen:", *sorted(wanted - members))
    requests = {item["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
                for item in API["paths"].values() if "post" in item}
    used = answers | requests | {"Base64", "Channels"}
    expect(used == set(SCHEMAS), "in no answer and no request:", *(set(SCHEMAS) - used))


@case("docs/agent.openapi.yaml: what a request may hold is what the agent takes")
def openapi_requests():
    def name_of(path):
        return API["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition(
            "/")[2]
    for path, body in BODIES.items():
        of = {key: value for key, value in SCHEMAS[name_of(path)].items()}
        expect(not list(schema.check(body, {**of, "$defs": SCHEMAS})), path)
    source = (SOURCE / "src/service/agent/api.c").read_text()
    rows = dict(re.findall(r'\{"POST", +"([^"]+)",(.*?)\n    (?:\}\}|\{)', source, flags=re.S))
    for path in BODIES:
        stated = SCHEMAS[name_of(path)]
        members = re.findall(r'\{"([a-z_]+)", TROTH_MEMBER_\w+, [^{}]*?(true|false)\}', rows.get(path, ""))
        expect({m for m, _ in members} == set(stated.get("properties", {})), path, members)
        expect({m for m, required in members if required == "true"} == set(stated.get("required", [])), path)
    expect(sorted(re.findall(r'"(/v1/[a-z-]+)"', source)) == PATHS)


@case("docs/agent.md: every error the agent has, with its status; every command there works")
def page():
    text = (SOURCE / "docs/agent.md").read_text()
    header = (SOURCE / "src/service/agent/reply.h").read_text()
    rows = re.findall(r"^    X\((\w+),\s+(\d+),", header, re.M)
    expect(len(rows) > 15)
    for name, status in rows:
        expect(re.search(rf"^\| `{name}` \| {status} \|", text, re.M), name)
    for path in PATHS:
        expect(f"`{'POST' if path in BODIES else 'GET'} {path}`" in text, path)
    commands = re.findall(r"^\$ (curl .*)$", text, re.M)
    expect(len(commands) >= len(PATHS), commands)
    with Machine() as machine:
        for command in commands:
            shown = command.replace("/run/troth/agent.sock", str(machine.socket))
            done = subprocess.run(["sh", "-c", shown], capture_output=True, text=True, env=base(),
                                  cwd=machine.folder, check=False)
            expect(done.returncode == 0 and "error" not in json.loads(done.stdout or "{}"), command, done.stdout,
                   done.stderr)


def main(troth, agent, sim, only=None):
    here.HERE.update(troth=troth, agent=agent, sim=sim)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    if only:
        tap.cases[:] = [c for c in tap.cases if only in c[0]]
    return tap.run(threads=4)


sys.exit(main(*sys.argv[1:]))
