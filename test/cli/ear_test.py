#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tokens: ours before another JOSE library, its own before ours. Output is TAP.

usage: ear_test.py PROGRAM MINT BUILD_DIRECTORY
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import npm
import tap
from tap import Skip, case, expect

SOURCE = Path(__file__).resolve().parent
NOW = 1767225600
ALGORITHMS = {"ES256": ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"], "EdDSA": ["ed25519"]}

program, mint, build = map(os.path.abspath, sys.argv[1:])
folder = None


def troth(*words, status=0, stdin=b""):
    done = subprocess.run([program, *map(str, words)], input=stdin, capture_output=True, check=False, timeout=120)
    out, err = done.stdout.decode(), done.stderr.decode()
    expect("Sanitizer" not in err and "runtime error" not in err, err)
    expect(done.returncode == status, f"status {done.returncode}, wanted {status}", out, err)
    return out, err


def keys(algorithm):
    """The paths of a private key and of its public half, made once by OpenSSL."""
    secret, public = Path(folder, algorithm + ".pem"), Path(folder, algorithm + ".pub.pem")
    if not secret.exists():
        old = os.umask(0o077)
        subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", *ALGORITHMS[algorithm], "-out", secret], check=True)
        subprocess.run(["openssl", "pkey", "-in", secret, "-pubout", "-out", public], check=True)
        os.umask(old)
    return secret, public


def evidence(kind="tdx"):
    """The words that ask about minted evidence."""
    where = Path(folder, kind)
    if not where.exists():
        subprocess.run([mint, kind, "--time", str(NOW), where], check=True)
    words = ["--offline", "--root", where / "root.pem", "--time", NOW]
    if (where / "collateral.json").exists():
        words += ["--collateral", where / "collateral.json"]
    return [*words, where / "evidence.bin"]


ANY = ["--any", "measurement", "--any", "nonce"]


def token(algorithm, *words, status=0, kind="tdx"):
    return troth("verify", "--ear", keys(algorithm)[0], *words, *evidence(kind), status=status)[0]


def jose(verb, algorithm, text, *words):
    """What another library makes of it; None where it refuses."""
    where, lacks = npm.install(build, "jose@6.2.17")
    if lacks:
        raise Skip(lacks)
    key = keys(algorithm)[verb == "verify"]
    done = subprocess.run(["node", SOURCE / "jose.mjs", where, verb, key, algorithm, *map(str, words)], input=text.encode(),
                          capture_output=True, check=False, timeout=120)
    return done.stdout.decode() if done.returncode == 0 else None


for name in ALGORITHMS:
    @case(f"{name}: another JOSE library verifies ours")
    def _(name=name):
        seen = jose("verify", name, token(name, *ANY), NOW)
        expect(seen, "it refuses")
        seen = json.loads(seen)
        expect(seen["header"] == {"alg": name, "typ": "JWT"}, seen["header"])
        part = seen["payload"]["submods"]["tdx"]
        expect(part["ear_status"] == "warning", part)
        expect(part["ear_trustworthiness_vector"]["executables"] == 33, part)
        expect(part["ear_appraisal_policy_ids"][0].startswith("sha-256:"), part)
        expect(seen["payload"]["iat"] == NOW < seen["payload"]["exp"] <= NOW + 86400, seen["payload"])

    @case(f"{name}: and refuses it once a character is another")
    def _(name=name):
        good = token(name, *ANY).strip()
        for at in (30, len(good) // 2, len(good) - 20):
            bad = good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1:]
            expect(jose("verify", name, bad, NOW) is None, "accepted", bad)

    @case(f"{name}: what another library signs is read here")
    def _(name=name):
        payload = {"eat_profile": "tag:ietf.org,2026:rats/ear#04", "iat": NOW, "exp": NOW + 60,
                   "ear_verifier_id": {"developer": "them", "build": "1"},
                   "submods": {"tdx": {"ear_status": "affirming", "ear_trustworthiness_vector": {"hardware": 2}}}}
        text = jose("sign", name, json.dumps(payload))
        expect(text, "it refuses")
        out, _ = troth("result", "verify", "--key", keys(name)[1], "--time", NOW, "--json", "-", stdin=text.encode())
        seen = json.loads(out)
        expect(seen["verdict"] == "accepted" and seen["status"] == "affirming" and seen["verifier"] == "them", out)


def judge(text, *words, status=0, algorithm="EdDSA"):
    return troth("result", "verify", "--key", keys(algorithm)[1], "--time", NOW, *words, "-", status=status,
                 stdin=text.encode())[0]


@case("a result of our own is accepted, shown, and shown as JSON")
def _():
    text = token("EdDSA", *ANY)
    out = judge(text)
    expect(out.startswith("accepted\n") and "warning" in out and "tdx" in out, out)
    seen = json.loads(judge(text, "--json"))
    expect(seen["verdict"] == "accepted" and seen["kind"] == "tdx" and seen["reason"] is None, seen)


@case("a refusal is signed too: status 1 here and there")
def _():
    text = token("EdDSA", "--any", "nonce", "--expect", "measurement=" + ",".join(
        f"{row}={'00' * 48}" for row in ("mr_td", "rtmr0", "rtmr1", "rtmr2", "mr_config_id")), status=1)
    expect("its verifier refused the evidence" in judge(text, status=1), "not refused")


@case("where collateral is missing nobody could tell: status 2 here and there")
def _():
    where = evidence()
    at = where.index("--collateral")
    text = troth("verify", "--ear", keys("EdDSA")[0], *ANY, *where[:at], *where[at + 2:], status=2)[0]
    seen = json.loads(judge(text, "--json", status=2))
    expect(seen["verdict"] == "undetermined" and seen["status"] == "none", seen)


@case("the nonce goes along, and another one is not answered")
def _():
    nonce = json.loads(troth("show", "--json", evidence()[-1])[0])["claims"]["nonce"]
    text = token("EdDSA", "--any", "measurement", "--nonce", nonce)
    judge(text, "--nonce", nonce)
    expect("another nonce" in judge(text, "--nonce", "77" * 64, status=1), "accepted")
    expect("no nonce" in judge(token("EdDSA", *ANY), "--nonce", nonce, status=1), "accepted")


@case("another policy, another key, past its end, from the future")
def _():
    text = token("EdDSA", *ANY)
    expect("another policy" in judge(text, "--policy-id", "sha-256:" + "0" * 64, status=1), "accepted")
    policy = json.loads(judge(text, "--json"))["policy"]
    judge(text, "--policy-id", policy)
    for at, why in ((NOW + 86400, "it has ended"), (NOW - 61, "it is of the future")):
        out, _ = troth("result", "verify", "--key", keys("EdDSA")[1], "--time", at, "-", status=1, stdin=text.encode())
        expect(why in out, out)
    other = Path(folder, "other.pem")
    subprocess.run(["openssl", "genpkey", "-quiet", "-algorithm", "ed25519", "-out", other], check=True)
    subprocess.run(["openssl", "pkey", "-in", other, "-pubout", "-out", str(other) + ".pub"], check=True)
    out, _ = troth("result", "verify", "--key", str(other) + ".pub", "--time", NOW, "-", status=1, stdin=text.encode())
    expect("did not sign it" in out and "status" not in out, out)


@case("the names of 2023")
def _():
    text = token("ES256", "--ear-profile", "veraison", *ANY)
    expect(json.loads(judge(text, "--json", algorithm="ES256"))["status"] == "warning", "not read")


@case("keys that are refused, with what to do")
def _():
    secret, public = keys("EdDSA")
    exposed = Path(folder, "exposed.pem")
    shutil.copy(secret, exposed)
    exposed.chmod(0o644)
    for path, said in ((exposed, "chmod 600"), (public, "openssl genpkey"), (Path(folder, "none.pem"), "no such file")):
        out, err = troth("verify", "--ear", path, *ANY, *evidence(), status=2)
        expect(said in err.lower() and not out, err)
    expect("openssl pkey" in troth("result", "verify", "--key", secret, "-", status=2)[1], "no hint")


@case("what is no token is no answer")
def _():
    for text in ("", "a.b", "e30.e30.e30", '{"alg":"none"}'):
        judge(text, status=2)


@case("the private key stands in nothing that is printed")
def _():
    body = keys("EdDSA")[0].read_text().splitlines()[1]
    out, err = troth("verify", "--ear", keys("EdDSA")[0], *ANY, *evidence())
    expect(body[20:40] not in out + err, "printed")


with tempfile.TemporaryDirectory() as folder:
    result = tap.run()
sys.exit(result)
