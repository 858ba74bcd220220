#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where collateral comes from: services on a loopback port, honest and not. Output is TAP.

usage: collateral_test.py PROGRAM MINT
"""
import itertools
import json
import os
import pty
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True
import schema
import tap
from collateral_server import Answer, Service, amd, intel
from tap import Skip, case, expect

SOURCE = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((SOURCE / "docs/collateral.schema.json").read_text())
NOW, DAY = int(time.time()), 86400
ANY = ["--any", "measurement", "--any", "nonce"]

program = mint = folders = None
minting = threading.Lock()


def start(*words, env=None):
    return subprocess.Popen([program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "TERM": "xterm", **(env or {})})


def finish(running, status):
    out, err = (text.decode() for text in running.communicate(timeout=120))
    expect("Sanitizer" not in err and "runtime error" not in err, err)
    expect(running.returncode == status, f"status {running.returncode}, wanted {status}", out, err)
    return out, err


def troth(*words, status=0, env=None):
    """Standard output and error, as long lines."""
    out, err = finish(start(*words, env=env), status)
    return re.sub(r"\n {13}(?! )", " ", out), err


def minted(kind, *options, at=NOW):
    """A folder of evidence and its collateral, minted once."""
    folder = Path(folders, "-".join([kind, *options, str(NOW - at)]).replace("--", ""))
    with minting:
        if not folder.exists():
            subprocess.run([mint, kind, "--time", str(at), *options, folder], check=True)
    return folder


class Bench:
    """Evidence, an empty cache, and the words that both go into."""
    numbers = itertools.count()

    def __init__(self, kind="tdx"):
        self.folder = minted(kind)
        self.tee = kind[:3]
        self.cache = Path(folders, f"cache-{next(Bench.numbers)}")
        self.root = ["--root", self.folder / "root.pem"]
        self.at = ["--cache", self.cache]
        self.evidence = self.folder / "evidence.bin"

    def answers(self, **changes):
        """Those of a PCCS; a change is named by a word of the path it is for."""
        answers = intel(self.folder, self.tee)
        for word, answer in changes.items():
            path, = (p for p in answers if word.rstrip("_") in p.replace("/", "_"))
            answers[path] = answer(answers[path]) if callable(answer) else answer
        return answers

    def get(self, service, *words, status=0, env=None):
        return troth("collateral", "get", "--pccs", service.url, *self.at, *self.root, *words, self.evidence,
                     status=status, env=env)

    def verify(self, *words, status=0, env=None):
        return troth("verify", *ANY, *self.at, *self.root, *words, self.evidence, status=status, env=env)

    def pieces(self, verb, *words, status=0):
        out, _ = troth("collateral", verb, "--json", *self.at, *words, status=status)
        value = json.loads(out)
        complaints = list(schema.check(value, SCHEMA))
        expect(not complaints, *complaints)
        return value["pieces"]

    def files(self):
        return {p.relative_to(self.cache): p.read_bytes() for p in sorted(self.cache.rglob("*"))
                if p.is_file() and not p.name.startswith(".")}

    def entry(self, word):
        path, = (p for p in self.cache.rglob("*") if p.is_file() and word in str(p.relative_to(self.cache)))
        return path


# ---- what should work ----

@case("Intel: get, get again, verify, refresh")
def _():
    for kind in ("sgx", "tdx", "tdx-1.5"):
        b = Bench(kind)
        with Service(b.answers()) as service:
            out, _ = b.get(service)
            expect(out.count("fetched ") == 4 and "evaluation number" in out, out)
            expect(len(service.asked) == 4, service.paths())
            expect(all(re.fullmatch(r"troth/\d+\.\d+\.\d+", h["User-Agent"]) and "Cookie" not in h
                       for _, h in service.asked), service.asked)
            out, _ = b.get(service)
            expect(out.count("fresh ") == 4 and len(service.asked) == 4, out, service.paths())
            out, _ = b.verify("--offline")
            expect(out.startswith("accepted"), out)
            words = ["--pccs", service.url, *b.root]
            expect({p["state"] for p in b.pieces("refresh", *words)} == {"fresh"}, "nothing is old")
            expect(len(service.asked) == 4, service.paths())
            expect([p["state"] for p in b.pieces("refresh", "--within", "3000d", *words)] == ["fetched"] * 4, "all")
            expect(len(service.asked) == 8, service.paths())
        b.verify()


@case("the cache: nobody else may read it, and show says what it holds")
def _():
    b = Bench()
    expect(b.pieces("show") == [], "an empty cache")
    with Service(b.answers()) as service:
        b.get(service)
    for path in [b.cache, *b.cache.rglob("*")]:
        expect(path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path, oct(path.stat().st_mode))
    expect(not list(b.cache.rglob(".new-*")), list(b.cache.rglob("*")))
    pieces = b.pieces("show")
    expect([p["name"] for p in pieces] == sorted(p["name"] for p in pieces) and len(pieces) == 4, pieces)
    expect(all(p["state"] == "fresh" and p["source"].startswith(service.url) for p in pieces), pieces)
    expect(sum(p["evaluation_number"] is not None for p in pieces) == 2, pieces)
    expect(sum(p["crl_number"] is not None for p in pieces) == 2, pieces)
    of_file = b.pieces("show", b.evidence)
    expect({p["name"]: p["expires"] for p in of_file} == {p["name"]: p["expires"] for p in pieces}, of_file)
    expect(all(p["file"] == str(b.evidence) for p in of_file), of_file)
    out, _ = troth("collateral", "show", *b.at)
    expect(out.count("fresh ") == 4 and service.url in out, out)


@case("verify fetches what is missing, once, and keeps it")
def _():
    b = Bench()
    with Service(b.answers()) as service:
        out, err = b.verify("--pccs", service.url)
        expect(out.startswith("accepted") and err == "" and len(service.asked) == 4, out, err, service.paths())
        b.verify("--pccs", service.url)
        expect(len(service.asked) == 4, service.paths())
    b.verify("--offline")


@case("verify --offline asks nobody; its hint is the command that helps")
def _():
    b = Bench()
    with Service(b.answers()) as service:
        out, err = b.verify("--offline", "--pccs", service.url, status=2)
        expect(out.startswith("undetermined") and not service.asked, out, service.paths())
        hints = re.findall(r"hint: '(troth collateral get .*)' gets", err)
        expect(len(hints) == 1, err)
        words = shlex.split(hints[0])
        troth(*words[1:])
        out, err = b.verify("--offline", "--pccs", service.url)
        expect(out.startswith("accepted") and err == "", out, err)


@case("the hint's command is one that a shell reads as it was meant")
def _():
    b = Bench()
    odd = Path(folders, "it's $HOME; evidence.bin")
    shutil.copy(b.evidence, odd)
    _, err = troth("verify", *ANY, "--offline", *b.at, *b.root, odd, status=2)
    hint, = re.findall(r"hint: '(troth collateral get .*)' gets", err)
    expect(shlex.split(hint.replace("\\\\", "\\"))[-1] == str(odd), hint)


@case("verify asks nobody about another time, and takes from the cache what held then")
def _():
    b = Bench()
    with Service(b.answers()) as service:
        b.verify("--pccs", service.url, "--time", NOW, status=2)
        expect(not service.asked, service.paths())
        b.get(service)
        asked = len(service.asked)
        b.verify("--pccs", service.url, "--time", NOW + 60)
        out, _ = b.verify("--pccs", service.url, "--time", NOW + 300 * DAY, status=2)
        expect("TCB info: none" in out and len(service.asked) == asked, out)


@case("collateral that is given is not asked for")
def _():
    b = Bench()
    with Service({}) as service:
        b.verify("--pccs", service.url, "--collateral", b.folder / "collateral.json")
        expect(not service.asked, service.paths())


@case("AMD: get, and verify that asks only for what it cannot do without")
def _():
    for kind in ("snp-milan", "snp-genoa", "snp-turin"):
        b = Bench(kind)
        sources = [p["source"] for p in b.pieces("show", b.evidence, status=2)]
        base = "https://kdsintf.amd.com"
        expect(len(sources) == 3 and all(s.startswith(base) for s in sources), sources)
        expect(re.search(r"/[0-9a-f]{128}\?bl" if kind != "snp-turin" else r"/[0-9a-f]{16}\?fmcSPL=\d\d&bl",
                         sources[0]), sources)
        with Service(amd(b.folder, [s[len(base):] for s in sources])) as service:
            given = ["--collateral", b.folder / "ask.pem", "--collateral", b.folder / "crl.pem"]
            out, err = b.verify("--kds", service.url, *given)
            expect(out.startswith("accepted") and len(service.asked) == 1, out, err, service.paths())
            b = Bench(kind)
            words = ["collateral", "get", "--kds", service.url, *b.at, *b.root, b.evidence]
            out, _ = troth(*words)
            expect(out.count("fetched ") == 3 and len(service.asked) == 4, out, service.paths())
            out, _ = troth(*words)
            expect(out.count("fresh ") == 3 and len(service.asked) == 4, out, service.paths())
            out, _ = b.verify("--offline")
            expect(out.startswith("accepted"), out)


@case("export: one file that is all that is needed; nothing by halves")
def _():
    for kind in ("sgx", "tdx", "snp-milan"):
        b = Bench(kind)
        out = Path(folders, f"{kind}.export")
        _, err = troth("collateral", "export", *b.at, b.evidence, "-o", out, status=2)
        expect("missing" in err and "troth collateral get" in err and not out.exists(), err)
        if kind[:3] == "snp":
            paths = [p["source"].removeprefix("https://kdsintf.amd.com")
                     for p in b.pieces("show", b.evidence, status=2)]
            with Service(amd(b.folder, paths)) as service:
                troth("collateral", "get", "--kds", service.url, *b.at, *b.root, b.evidence)
        else:
            with Service(b.answers()) as service:
                b.get(service)
        troth("collateral", "export", *b.at, b.evidence, "-o", out)
        said, _ = troth("verify", *ANY, "--offline", "--cache", "/nowhere", *b.root, "--collateral", out, b.evidence)
        expect(said.startswith("accepted"), said)
        for words in (["-o", "-"], []):
            piped, _ = troth("collateral", "export", *b.at, b.evidence, *words)
            expect(piped == out.read_text(), "to standard output")
        if kind[:3] != "snp":
            ours, theirs = json.loads(piped), json.loads((b.folder / "collateral.json").read_text())
            expect(ours["tcb_info"] == theirs["tcb_info"] and ours["qe_identity"] == theirs["qe_identity"],
                   "the very texts that are signed")
            expect({k for k in theirs if k != "pck_certificate_chain"} <= ours.keys(), ours.keys(), theirs.keys())
    _, err = troth("collateral", "export", *b.at, minted("nitro") / "evidence.bin", "-o", out, status=2)
    expect("needs nothing" in err, err)


@case("update=early is asked for, and kept apart")
def _():
    b = Bench()
    with Service(intel(b.folder, b.tee, early=b.folder)) as service:
        b.get(service, "--update", "early")
        expect(sum("update=early" in p for p in service.paths()) == 2, service.paths())
        pieces = b.pieces("show")
        expect(sorted(str(p["update"]) for p in pieces) == ["None", "None", "early", "early"], pieces)
        b.verify("--offline", status=2)
        out, _ = b.get(service)
        expect(out.count("fetched ") == 2, out)
        expect(len(b.pieces("show")) == 6, "both")
        b.verify("--offline")
        words = ["--within", "3000d", "--pccs", service.url, *b.root]
        expect({p["state"] for p in b.pieces("refresh", *words)} == {"fetched"}, "each from where it was")
        expect(sum("update=early" in p for p in service.paths()) == 4, service.paths())


@case("evidence that holds all it needs, several files, standard input")
def _():
    b = Bench()
    nitro = minted("nitro") / "evidence.bin"
    out, _ = troth("collateral", "get", *b.at, nitro)
    expect(out.startswith("nothing is needed"), out)
    with Service(b.answers()) as service:
        pieces = b.pieces("get", "--pccs", service.url, *b.root, nitro, b.evidence, b.evidence)
    expect([p["state"] for p in pieces] == ["fetched"] * 4 + ["fresh"] * 4, pieces)


@case("what is old is asked for again; what holds is used meanwhile")
def _():
    b = Bench()
    with Service(b.answers()) as service:
        b.get(service)
        for path, content in b.files().items():
            old = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(NOW - 2 * DAY)).encode()
            (b.cache / path).write_bytes(re.sub(rb"(Troth-Fetched: )\S+", rb"\g<1>" + old, content))
        expect({p["state"] for p in b.pieces("show")} == {"stale"}, "two days old")
        b.verify("--pccs", service.url)
        expect(len(service.asked) == 4, "verify is content with it")
        service.answers = {}
        out, _ = b.get(service)
        expect(out.count("unavailable ") == 4, out)
        b.pieces("refresh", "--pccs", service.url, *b.root, status=2)
        b.verify("--offline")
    with Service(b.answers()) as service:
        out, _ = b.get(service)
        expect(out.count("fetched ") == 4, out)
        path = b.entry("/tcb/")
        path.write_bytes(re.sub(rb"(Troth-Expires: )\S+", rb"\g<1>2026-01-01T00:00:00Z", path.read_bytes()))
        expect("expired" in {p["state"] for p in b.pieces("show")}, "its time is over")
        out, _ = b.verify("--offline", status=2)
        expect("TCB info: none" in " ".join(out.split()), out)
        b.verify("--pccs", service.url)
        expect({p["state"] for p in b.pieces("show")} == {"fresh"} and len(service.asked) == 5, service.paths())


# ---- services that are slow, broken, or somebody else's ----

@case("429 with Retry-After, and 500: asked again, three times at most")
def _():
    b = Bench()
    slow, broken = Answer(status=429, headers={"Retry-After": "1"}), Answer(status=500)
    with Service(b.answers(tcb=lambda a: [slow, a], identity=lambda a: [broken, a])) as service:
        began = time.monotonic()
        b.get(service)
        expect(time.monotonic() - began >= 2 and len(service.asked) == 6, service.paths())
    b = Bench()
    with Service(b.answers(tcb=broken)) as service:
        out, _ = b.get(service, status=2)
        expect("out of order (HTTP 500)" in out and sum("/tcb?" in p for p in service.paths()) == 3, out)
        expect(out.count("fetched ") == 3, "the rest is there", out)


@case("a service that wants to be left alone for long is")
def _():
    b = Bench()
    busy = Answer(status=503, headers={"Retry-After": "3600"})
    with Service(b.answers(tcb=busy)) as service:
        began = time.monotonic()
        out, _ = b.get(service, status=2)
        expect("come back in 3600 s" in out and time.monotonic() - began < 15, out)
        expect(sum("/tcb?" in p for p in service.paths()) == 1, service.paths())


@case("a slow body, and a service that is not there: within the time, and not asked again")
def _():
    b = Bench()
    with Service(b.answers(tcb=lambda a: a.but(drip=0.1))) as service:
        began = time.monotonic()
        out, _ = b.get(service, "--timeout", "1s", status=2)
        expect(time.monotonic() - began < 15 and "unavailable" in out, out)
        expect("not asked, as it did not answer before" in out, out)
    with Service({}) as service:
        url = service.url
    began = time.monotonic()
    out, err = Bench().verify("--pccs", url, status=2)
    expect(time.monotonic() - began < 15 and out.startswith("undetermined"), out)
    expect(err.count("troth: note: ") == 4 and "troth collateral get" in err, err)


UNAVAILABLE = {
    "not found": Answer(b"no", 404),
    "no key": Answer(b"no", 401),
    "a redirect": Answer(b"", 302, {"Location": "https://example.invalid/"}),
    "a truncated body": lambda a: a.but(cut=10),
    "more than may be": lambda a: a.but(body=a.body + b" " * (1 << 20)),
    "headers without end": lambda a: a.but(headers={f"X-{i}": "x" * 1000 for i in range(80)}),
}


@case("no answer: not there, forbidden, elsewhere, cut off, too long")
def _():
    for why, answer in UNAVAILABLE.items():
        b = Bench()
        with Service(b.answers(tcb=answer)) as service:
            out, _ = b.get(service, status=2)
            expect(out.count("unavailable ") == 1 and out.count("fetched ") == 3, why, out)
            expect(len(b.files()) == 3, why, b.files().keys())


def flip(body, word, beyond=40):
    at = body.index(word) + len(word) + beyond
    return body[:at] + (b"1" if body[at:at + 1] != b"1" else b"2") + body[at + 1:]


@case("an answer that is not genuine, or not what was asked for, is refused and not kept")
def _():
    other = minted("tdx", "--seed", "9")
    sgx = intel(minted("sgx"), "sgx")
    expired = intel(minted("tdx", at=NOW - 40 * DAY), "tdx")
    early = intel(minted("tdx", at=NOW + 20 * DAY), "tdx")

    def of(answers, word):
        return next(a for p, a in answers.items() if word in p)
    wrong = {
        "a broken signature": ("tcb", lambda a: a.but(body=flip(a.body, b'"signature":"'))),
        "a changed statement": ("tcb", lambda a: a.but(body=flip(a.body, b'"mrsigner":"'))),
        "no JSON": ("tcb", lambda a: a.but(body=b"<html>sign in to the network</html>")),
        "nothing": ("tcb", lambda a: a.but(body=b"")),
        "half of it": ("tcb", lambda a: a.but(body=a.body[:500])),
        "without its signer": ("tcb", lambda a: a.but(headers={})),
        "another TEE's": ("tcb", of(sgx, "/tcb?")),
        "another root's": ("tcb", of(intel(other, "tdx"), "/tcb?")),
        "out of date": ("tcb", of(expired, "/tcb?")),
        "from the future": ("tcb", of(early, "/tcb?")),
        "the identity for the TCB info": ("tcb", of(intel(minted("tdx"), "tdx"), "identity")),
        "the TCB info for the identity": ("identity", of(intel(minted("tdx"), "tdx"), "/tcb?")),
        "another enclave's identity": ("identity", of(sgx, "identity")),
        "the root's list for the platform CA's":
            ("ca=platform", of(intel(minted("tdx"), "tdx"), "rootcacrl")),
        "the platform CA's list for the root's":
            ("rootcacrl", of(intel(minted("tdx"), "tdx"), "pckcrl")),
        "a list that ends too early": ("rootcacrl", lambda a: a.but(body=a.body[:-2])),
    }
    for why, (word, answer) in wrong.items():
        b = Bench()
        with Service(b.answers(**{word: answer})) as service:
            out, _ = b.get(service, status=1)
            expect(out.count("refused ") == 1 and out.count("fetched ") == 3, why, out)
            expect(len(b.files()) == 3, why, b.files().keys())
            out, err = b.verify("--pccs", service.url, status=2)
            expect(out.startswith("undetermined") and ": refused: " in err, why, out, err)


@case("another kind of platform's TCB info is refused")
def _():
    b = Bench()
    own, other = b"90c06f000000", b"00806f050000"
    with Service(b.answers()) as service:
        b.get(service)
        path = b.entry("/tcb/")
        content = path.read_bytes().replace(own, other)  # of the headers: the body has capitals
        expect(content.count(other) == 4, content[:1000])
        path.with_name(other.decode()).write_bytes(content)
        tcb, = (p for p in service.answers if "/tcb?" in p)
        service.answers[tcb.replace(own.decode(), other.decode())] = service.answers[tcb]
        pieces = b.pieces("refresh", "--within", "3000d", "--pccs", service.url, *b.root, status=1)
    refused = [p["name"] for p in pieces if p["state"] == "refused"]
    expect(refused == [f"intel/tdx/tcb/{other.decode()}"] and len(pieces) == 5, pieces)


@case("nothing goes back: issue date, evaluation number, number of a list")
def _():
    b = Bench()
    older = minted("tdx", at=NOW - 3 * DAY)
    with Service(b.answers()) as service:
        b.get(service)
    kept = b.files()
    with Service(intel(older, "tdx")) as service:
        words = ["--within", "3000d", "--pccs", service.url, *b.root]
        pieces = b.pieces("refresh", *words, status=1)
        expect({p["state"] for p in pieces} == {"refused"} and all(p["holds"] for p in pieces), pieces)
        expect(all("the issue date is lower" in p["why"] for p in pieces), pieces)
    expect(b.files() == kept, "what was kept stays")
    b.verify("--offline")
    for word, header, field in (("/tcb/", b"Troth-Evaluation-Number: ", "the evaluation number"),
                                ("rootcrl", b"Troth-CRL-Number: ", "the list's number")):
        path = b.entry(word)
        content = path.read_bytes()
        path.write_bytes(re.sub(header + rb"(\w+)", header + rb"7f\1" if b"CRL" in header else header + rb"9\1", content))
        with Service(b.answers()) as service:
            pieces = b.pieces("refresh", "--within", "3000d", "--pccs", service.url, *b.root, status=1)
        refused = [p for p in pieces if p["state"] == "refused"]
        expect(len(refused) == 1 and field in refused[0]["why"], pieces)
        path.write_bytes(content)


# ---- the cache under strain ----

@case("several processes at once")
def _():
    b = Bench()
    with Service(b.answers(tcb=lambda a: a.but(pause=0.1))) as service:
        running = [start("collateral", "get", "--pccs", service.url, *b.at, *b.root, b.evidence) for _ in range(6)]
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda r: finish(r, 0), running))
    expect(len(b.files()) == 4 and not list(b.cache.rglob(".new-*")), b.files().keys())
    b.verify("--offline")


@case("killed at any moment: what is kept is whole, and the next one goes on")
def _():
    b = Bench()
    dice = random.Random(1)
    with Service(b.answers()) as service:
        b.get(service)
        for _ in range(25):
            running = start("collateral", "refresh", "--within", "3000d", "--pccs", service.url, *b.at, *b.root)
            time.sleep(dice.uniform(0.01, 0.2))
            running.send_signal(signal.SIGKILL)
            running.communicate()
            expect({p["state"] for p in b.pieces("show")} == {"fresh"} and len(b.files()) == 4, b.files().keys())
        b.pieces("refresh", "--within", "3000d", "--pccs", service.url, *b.root)
    b.verify("--offline")


@case("a cache that cannot be written: verify goes on, get says so")
def _():
    b = Bench()
    nowhere = Path(folders, "a file")
    nowhere.write_text("not a folder")
    with Service(b.answers()) as service:
        b.at = ["--cache", nowhere / "cache"]
        out, err = b.verify("--pccs", service.url, status=2)
        expect(": damaged: cannot read" in err and out.startswith("undetermined"), out, err)
        b.at = ["--cache", "/proc/nowhere"]
        out, _ = b.get(service, status=2)
        expect(out.count("cannot be kept in '/proc/nowhere'") == 4, out)
        out, err = b.verify("--pccs", service.url)
        expect(out.startswith("accepted") and "cannot be kept" in err, out, err)
        out, err = troth("verify", *ANY, "--pccs", service.url, *b.root, b.evidence)
        expect(out.startswith("accepted"), "no cache at all", out, err)
        _, err = troth("collateral", "get", "--pccs", service.url, b.evidence, status=2)
        expect("--cache DIR names one" in err, err)
        home = Path(folders, "home")
        for env, where in (({"HOME": home}, ".cache/troth/collateral"),
                           ({"HOME": home, "XDG_CACHE_HOME": home / "xdg"}, "xdg/troth/collateral"),
                           ({"HOME": home / "b", "XDG_CACHE_HOME": "relative"}, "b/.cache/troth/collateral")):
            troth("verify", *ANY, "--pccs", service.url, *b.root, b.evidence, env={k: str(v) for k, v in env.items()})
            expect(len([p for p in (home / where).rglob("*") if p.is_file()]) == 5, where)


@case("entries that are damaged or somebody else's are named, with what to do about it")
def _():
    damage = {
        "empty": lambda c: b"",
        "cut short": lambda c: c[:-1],
        "cut in its headers": lambda c: c[:200],
        "a byte more": lambda c: c + b"x",
        "something else's": lambda c: b"hello",
        "an answer that was not kept by this": lambda c: b"HTTP/1.1 200 OK\r\n\r\n" + c.split(b"\r\n\r\n", 1)[1],
        "another format": lambda c: c.replace(b"Troth-Entry: 1", b"Troth-Entry: 2"),
        "another name's": lambda c: c.replace(b"intel/tdx/tcb", b"intel/sgx/tcb"),
        "a date that is none": lambda c: re.sub(rb"Troth-Expires: \S+", b"Troth-Expires: soon", c),
        "a kind that is none": lambda c: re.sub(rb"Troth-Kind: \d", b"Troth-Kind: 99", c),
        "too long": lambda c: c + b"x" * (2 << 20),
    }
    b = Bench()
    with Service(b.answers()) as service:
        b.get(service)
        path = b.entry("/tcb/")
        content = path.read_bytes()
        for why, harm in damage.items():
            path.write_bytes(harm(content))
            for run in (lambda: b.get(service, status=2), lambda: b.verify("--pccs", service.url, status=2),
                        lambda: troth("collateral", "show", *b.at, status=2)):
                out, err = run()
                expect(f"delete '{path}'" in err and "damaged" in out + err, why, out, err)
            expect(path.read_bytes() == harm(content), why, "it is left for its owner to delete")
        path.write_bytes(content.replace(b'"version":3', b'"version":9'))
        _, err = b.verify("--offline", status=2)
        expect(f"delete '{path}'" in err and "dcap.tcb_info" in err, err)
        path.unlink()
        path.mkdir()
        _, err = b.get(service, status=2)
        path.rmdir()
        path.symlink_to("/etc/passwd")
        _, err = b.get(service, status=2)
        expect(f"delete '{path}'" in err, err)
        path.unlink()
        b.get(service)
    b.verify("--offline")


# ---- whom to believe ----

@case("plain http elsewhere, user names and other protocols are refused before anything is asked")
def _():
    b = Bench()
    for url, why in (("http://example.invalid/", "plain http"), ("https://me:secret@example.invalid/", "password"),
                     ("ftp://example.invalid/", "neither"), ("pccs", "no address"), ("https://a/?b=c", "query")):
        for words in (["verify", *ANY], ["collateral", "get"]):
            for option in ("--pccs", "--kds"):
                _, err = troth(*words, option, url, *b.at, b.evidence, status=2)
                expect(why in err and option in err, url, err)


@case("a proxy that the environment names is not asked")
def _():
    b = Bench()
    with Service(b.answers()) as service, Service({}) as proxy:
        env = {name: proxy.url for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}
        b.get(service, env=env)
        expect(not proxy.asked, proxy.paths())


@case("the address of a PCCS as Intel's configuration spells it")
def _():
    b = Bench()
    with Service(b.answers()) as service:
        for ending in ("sgx/certification/v4/", "sgx/certification/v4", ""):
            b = Bench()
            troth("collateral", "get", "--pccs", service.url + ending, *b.at, *b.root, b.evidence)


@case("TLS: an unknown certificate is nobody's; --ca makes it somebody's")
def _():
    key, cert = Path(folders, "tls.key"), Path(folders, "tls.pem")
    if not shutil.which("openssl"):
        raise Skip("no openssl command")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert,
                    "-days", "3", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)
    b = Bench()
    with Service(b.answers(), certificate=(cert, key)) as service:
        out, _ = b.get(service, status=2)
        expect("certificate" in out and not service.asked, out)
        _, err = b.verify("--pccs", service.url, status=2)
        expect("certificate" in err and not service.asked, err)
        b.get(service, "--ca", cert)
        service.url = service.url.replace("localhost", "127.0.0.1")
        out, _ = Bench().get(service, "--ca", cert, status=2)
        expect("unavailable" in out, "a name that the certificate does not have", out)


@case("progress on a terminal, and gone afterwards; none elsewhere")
def _():
    b = Bench()
    busy = Answer(status=503, headers={"Retry-After": "1"})
    with Service(b.answers(tcb=lambda a: [busy, a])) as service:
        words = [program, "collateral", "get", "--pccs", service.url, *b.at, *b.root, b.evidence]
        try:
            ours, theirs = pty.openpty()
        except OSError as problem:
            raise Skip(f"no terminal can be made here: {problem}") from None
        with subprocess.Popen([*map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=theirs, env={"TERM": "xterm"}) as running:
            os.close(theirs)
            text = b""
            try:
                while piece := os.read(ours, 65536):
                    text += piece
            except OSError:  # the other end is closed
                pass
            expect(running.wait() == 0, text)
        os.close(ours)
    expect(b"asking localhost" in text and b"waiting 1 s" in text and text.endswith(b"\r\x1b[K"), text)
    with Service(b.answers()) as service:
        _, err = Bench().get(service)
        expect(err == "", err)


@case("command lines that are not understood; --help of every verb")
def _():
    evidence = minted("tdx") / "evidence.bin"
    for words, said in (([], "what to do is missing"), (["gest"], "did you mean 'troth collateral get'?"),
                        (["get"], "FILE is missing"), (["show", "a", "b"], "one file too many"),
                        (["refresh", "a"], "one file too many"), (["export"], "FILE is missing"),
                        (["get", "--update", "late", evidence], "neither early nor standard"),
                        (["get", "--timeout", "0", evidence], "from 1s to 1h"),
                        (["get", "--timeout", "2h", evidence], "from 1s to 1h"),
                        (["refresh", "--within", "soon"], "no length of time"),
                        (["get", "--cache", "", evidence], "empty name"),
                        (["export", "--o", "x", evidence], "did you mean -o?"),
                        (["get", "/nowhere"], "no such file"), (["get", "/dev/null"], "not a kind of evidence")):
        _, err = troth("collateral", *words, status=2, env={"HOME": str(folders)})
        expect(said in err, words, err)
    out, _ = troth("collateral", "get", "--json", "/nowhere", status=2, env={"HOME": str(folders)})
    expect(not list(schema.check(json.loads(out), SCHEMA)), out)
    for verb in ("get", "show", "export", "refresh"):
        out, _ = troth("collateral", verb, "--help")
        expect(out.startswith(f"usage: troth collateral {verb} ") and max(map(len, out.splitlines())) <= 90, out)


program, mint = sys.argv[1:]
with tempfile.TemporaryDirectory() as folders:
    result = tap.run(3)
sys.exit(result)
