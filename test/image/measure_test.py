#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What `troth measure` says of an enclave image: on a page, as JSON, as a policy that is one. TAP.

usage: measure_test.py TROTH
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import eif_writer as writer
import schema
import tap
from tap import Skip, case, expect

SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/measure.schema.json").read_text())


def troth(*words, stdin=subprocess.DEVNULL):
    return subprocess.run([TROTH, *words], capture_output=True, text=True, check=False, stdin=stdin)


def image(name="hello.eif", content=None):
    path = Path(tempfile.mkdtemp(dir=FOLDER)) / name
    path.write_bytes(writer.make(writer.USUAL) if content is None else content)
    return path


def as_json(path, status=0):
    done = troth("measure", "--json", path)
    said = json.loads(done.stdout)
    wrong = list(schema.check(said, SCHEMA))
    expect(not wrong and done.returncode == status, *wrong, done)
    return said


def values(path):
    return {row["claim"]: row["value"] for row in as_json(path)["measurements"]}


@case("the page, JSON and policy say the same")
def of_formats():
    path = image()
    page, policy = troth("measure", path), troth("measure", "--format=policy", path)
    expect(page.returncode == 0 and policy.returncode == 0, page, policy)
    for claim, value in values(path).items():
        expect(re.search(rf"^  {claim} +{value}$", page.stdout, re.M), page.stdout)
        expect(f"      {claim.split('.')[1]}: {value}\n" in policy.stdout, policy.stdout)
    for word in ("metadata", "header"):
        expect(word in page.stdout.split("not measured:")[1], page.stdout)
    expect(as_json(path) == json.loads(troth("measure", "--format", "json", path).stdout), "--format json")


@case("the policy is one, whatever the image is called")
def of_policy():
    for name in ("hello.eif", "release-7", "1.eif", "true.eif", "null", "y.eif", "a: b.eif", "\"'\\.eif", "#x.eif",
                 "\u00e9.eif", "-.eif", ".eif", "a b", "[.eif", "&a.eif", "!x.eif", "*.eif", "0x10.eif", "~.eif"):
        said = troth("measure", "--format", "policy", image(name))
        expect(said.returncode == 0, name, said)
        policy = Path(FOLDER) / "policy.yaml"
        policy.write_text(f"policy: test\naccept: [nitro]\n{said.stdout}")
        checked = troth("policy", "check", policy)
        expect(checked.returncode == 0, name, policy.read_text(), checked)
    said = troth("measure", "--format", "policy", "--image", "release 7: x", image())
    expect('  "release 7: x":\n' in said.stdout, said)


@case("names that no policy can have")
def of_names():
    path = image()
    for name in ("", "a\nb", "a\rb", "x" * 129, "\udcff", "a\tb", "a\x7f", " a", "a ", "a\x85b", "a\u2028b", "\u2029",
                 "\ufeffa"):
        done = troth("measure", "--format", "policy", "--image", name, path)
        expect(done.returncode == 2 and not done.stdout, name, done)
    expect(troth("measure", "--format", "policy", "--image", "x" * 128, path).returncode == 0, "128")
    expect(troth("measure", "--image", "x", path).returncode == 2, "--image without a policy")
    done = troth("measure", "--format", "policy", image(" a .eif"))
    expect(done.returncode == 0 and '  "_a_":' in done.stdout, done)
    no_text = os.fsencode(path.parent) + b"/\xff.eif"
    Path(os.fsdecode(no_text)).write_bytes(path.read_bytes())
    done = subprocess.run([TROTH, "measure", "--format", "policy", no_text], capture_output=True, check=False)
    expect(done.returncode == 0 and b'  "_":' in done.stdout, done)


@case("standard input is a file like others, and a pipe is none")
def of_standard_input():
    path = image()
    with open(path, "rb") as file:
        file.read(5)
        done = troth("measure", "--json", "-", stdin=file)
    expect(json.loads(done.stdout) == as_json(path), done)
    done = subprocess.run(f"cat {path} | {TROTH} measure -", shell=True, capture_output=True, text=True, check=False)
    expect(done.returncode == 2 and "standard input: is no file" in done.stderr, done)


@case("what cannot be measured: status 2, and an object where JSON was asked for")
def of_errors():
    damaged = bytearray(writer.make(writer.USUAL))
    damaged[-1] ^= 1
    for path, words in ((FOLDER, "is no file"), (Path(FOLDER) / "none", "no such file"),
                        (image(content=b""), "eif.header"), (image(content=b"x" * 1000), "eif.magic"),
                        (image(content=bytes(damaged)), "is damaged")):
        done = troth("measure", path)
        expect(done.returncode == 2 and not done.stdout and words in done.stderr, done)
        said = as_json(path, 2)
        expect(said["measured"] is False and said["error"], said)


@case("a name cannot move a terminal")
def of_escapes():
    for name in ("a\x1b[2J.eif", "\u202e.eif"):
        for format in ("text", "policy", "json"):
            done = troth("measure", "--format", format, image(name))
            expect(done.returncode == 0 and "\x1b" not in done.stdout and "\u202e" not in done.stdout, done)


@case("a signature that is not good: told, and status 1")
def of_bad_signature():
    if not shutil.which("openssl"):
        raise Skip("no openssl program")
    key, certificate = writer.make_key(Path(FOLDER), "signer", "secp384r1")
    pcr0 = bytes.fromhex(values(image())["nitro.pcr0"])
    for good, signed in ((True, pcr0), (False, bytes(48))):
        content = writer.make([*writer.USUAL, ("signature", writer.signature(key, certificate, signed))])
        path = image(content=content)
        said = as_json(path, 0 if good else 1)
        expect(said["signed"] and said["signature_good"] is good, said)
        page = troth("measure", path)
        expect(page.returncode == (0 if good else 1), page)
        expect(re.search(r"^  signature +" + ("good" if good else "BAD"), page.stdout, re.M), page.stdout)


if __name__ == "__main__":
    TROTH = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = folder
        sys.exit(tap.run())
