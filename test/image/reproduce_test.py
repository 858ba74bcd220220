#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""troth reproduce: what runs somewhere, held against a build of its source. TAP.

usage: reproduce_test.py TROTH MINT [WORDS]     those cases whose name has these words
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import build_world as world
import launch_made
import schema
import tap
from tap import case, expect

FIRMWARE = """\
firmware:
  tdx: {file: firmware.fd, memory: 2G}
  snp: {file: firmware.fd, vcpus: 2, vcpu: EPYC-v4}
"""
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs/reproduce.schema.json").read_text())
NONCE = "00112233445566778899aabbccddeeff"


def run(*words, **more):
    return subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False,
                          env={"PATH": os.environ["PATH"], "TMPDIR": str(FOLDER / "tmp")}, **more)


def fresh(name):
    """The source as it was locked."""
    shutil.copytree(SOURCE, FOLDER / name, symlinks=True)
    return FOLDER / name


def mint(name, *options, kind="nitro", **claims):
    """Evidence of a machine with these claims, and where it is."""
    folder = FOLDER / name
    if not folder.exists():
        folder.mkdir()
        family = kind.partition("-")[0]
        sets = [word for claim, value in claims.items() for word in ("--set", f"{family}.{claim}={value}")]
        done = run(MINT, kind, *sets, *options, folder)
        expect(done.returncode == 0, done.stderr)
    return folder


def pcrs(**others):
    return {**{claim.removeprefix("nitro."): value for claim, value in BUILT.items()}, **others}


def lock(source):
    """Locked and built; what it measures, by family."""
    done = run(TROTH, "build", "--lock", "--json", "--store", FOLDER / "store", "--runtime", FOLDER / "runtime",
               "--output", FOLDER / "out", source)
    expect(done.returncode == 0, done.stderr)
    return json.loads(done.stdout)["measurements"]


def guest_source(name):
    """The same, for machines that start the kernel themselves."""
    source = FOLDER / name
    shutil.copytree(SOURCE, source, symlinks=True)
    (source / "vmlinuz").write_bytes(launch_made.kernel())
    (source / "firmware.fd").write_bytes(launch_made.firmware())
    build = (source / "build.yaml").read_text().replace("name: small", f"name: {name}")
    (source / "build.yaml").write_text(build + FIRMWARE)
    return source


def reproduce(machine, source, *options, nonce=True, root=None):
    """Its JSON, which is as the schema says; its page has the same status."""
    words = [TROTH, "reproduce", "--offline", "--root", root or machine / "root.pem", "--store", FOLDER / "store",
             "--runtime", FOLDER / "runtime", *(["--any", "nonce"] if nonce else []), *options]
    told = run(*words, "--json", machine / "evidence.bin", source)
    page = run(*words, machine / "evidence.bin", source)
    for done in (told, page):
        expect("Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr)
    value = json.loads(told.stdout)
    complaints = list(schema.check(value, SCHEMA, SCHEMA, "reproduce"))
    expect(not complaints, *complaints)
    expect(page.returncode == told.returncode, page.returncode, told.returncode, page.stdout, page.stderr)
    expect(not list((FOLDER / "tmp").iterdir()), "something is left behind")
    return told.returncode, value, page


def registers(value):
    return {row["claim"]: row["state"] for row in value["registers"]}


def checks(value, outcome):
    return [c["name"] for c in value["verdict"]["checks"] if c["outcome"] == outcome]


@case("what this source makes: yes, by every register")
def same():
    status, value, page = reproduce(mint("same", **pcrs()), SOURCE)
    expect(status == 0 and value["reproduced"] == "yes", value, page.stderr)
    expect(registers(value) == {f"nitro.{p}": "same" for p in ("pcr0", "pcr1", "pcr2")}, value["registers"])
    expect(value["differing"] == [] and value["since_locked"] == [], value)
    expect(value["verdict"]["verdict"] == "accepted" and "measurement" in checks(value, "passed"), value["verdict"])
    expect(page.stdout.startswith("reproduced "), page.stdout)


@case("one changed line: no, where it was changed and which part differs")
def changed_line():
    source = fresh("changed")
    (source / "files/etc/greeting").write_text("hallo\n")
    status, value, page = reproduce(mint("same", **pcrs()), source)
    expect(status == 1 and value["reproduced"] == "no", value)
    expect(value["since_locked"] == [{"change": "changed", "name": "files/etc/greeting"}], value["since_locked"])
    expect(registers(value) == {"nitro.pcr0": "differs", "nitro.pcr1": "same", "nitro.pcr2": "differs"}, value)
    expect(value["differing"] == ["application ramdisk"], value["differing"])
    expect(value["verdict"]["verdict"] == "refused" and set(checks(value, "failed")) == {"measurement"}, value["verdict"])
    for said in ("not reproduced", "changed since it was locked: files/etc/greeting", "differs: application ramdisk"):
        expect(said in page.stdout, said, page.stdout)


@case("a file that was added or taken away is named")
def added():
    source = fresh("added")
    (source / "files/new").write_text("")
    (source / "files/usr/share/a-b").unlink()
    status, value, page = reproduce(mint("same", **pcrs()), source)
    expect(status == 1 and {row["name"]: row["change"] for row in value["since_locked"]} == {
        "files/new": "added", "files/usr/share/a-b": "missing"}, value["since_locked"])


@case("another command line: the base differs, and the application does not")
def changed_base():
    source = fresh("base")
    path = source / "build.yaml"
    path.write_text('cmdline: "console=ttyS1"\n' + path.read_text())
    status, value, page = reproduce(mint("same", **pcrs()), source)
    expect(status == 1 and value["differing"] == ["kernel, command line or base ramdisk"], value["differing"])
    expect(registers(value)["nitro.pcr2"] == "same", value["registers"])
    (source / "files/etc/greeting").write_text("hallo\n")
    expect(len(reproduce(mint("same", **pcrs()), source)[1]["differing"]) == 2)


@case("a foreign input that is not the locked one is no build at all")
def foreign():
    source = fresh("foreign")
    (source / "vmlinuz").write_bytes(b"another kernel\n")
    status, value, page = reproduce(mint("same", **pcrs()), source)
    expect(status == 2 and value["reproduced"] == "undetermined" and "vmlinuz" in page.stderr, value, page.stderr)


@case("each register alone differs: no")
def each_register():
    for claim in ("pcr0", "pcr1", "pcr2"):
        status, value, _ = reproduce(mint(f"other-{claim}", **pcrs(**{claim: "ab" * 48})), SOURCE)
        expect(status == 1 and registers(value)[f"nitro.{claim}"] == "differs", claim, value["registers"])


@case("a machine that its host may debug: no, even where that is allowed")
def debug():
    machine = mint("debug", "--debug")
    status, value, _ = reproduce(machine, SOURCE)
    expect(status == 1 and value["reproduced"] == "no" and "debug" in checks(value, "failed"), value["verdict"])
    status, value, _ = reproduce(machine, SOURCE, "--allow", "debug")
    expect(status == 1 and set(registers(value).values()) == {"differs"}, value["registers"])


@case("evidence that rests on nobody's root: no")
def wrong_root():
    other = mint("elsewhere", "--seed", "7")
    status, value, page = reproduce(mint("same", **pcrs()), SOURCE, root=other / "root.pem")
    expect(status == 1 and "anchor" in checks(value, "failed") and set(registers(value).values()) == {"same"}, value)
    expect(page.stdout.startswith("not reproduced"), page.stdout)


@case("the challenge has to be named, or waved through, before anything is built")
def nonce():
    machine = mint("fresh", "--set", f"nonce={NONCE}", **pcrs())
    status, value, page = reproduce(machine, FOLDER / "nowhere", nonce=False)
    expect(status == 2 and "no --nonce is given" in page.stderr and "--any nonce" in page.stderr, page.stderr)
    expect(reproduce(machine, SOURCE, "--nonce", NONCE, nonce=False)[0] == 0)
    expect(reproduce(machine, SOURCE, "--nonce", NONCE[::-1], nonce=False)[0] == 1)


@case("the code cannot be waved through: it is what is compared")
def not_any():
    machine = mint("same", **pcrs())
    for words in (["--any", "measurement"], ["--any", "nitro.pcr0"], ["--expect", "nitro.pcr1=" + "00" * 48]):
        status, _, page = reproduce(machine, SOURCE, *words)
        expect(status == 2 and "what is compared" in page.stderr, words, page.stderr)


@case("with a policy, the policy judges, and every register has to be the same, too")
def policy():
    path = FOLDER / "policy.yaml"
    path.write_text("policy: any-nitro\naccept: [nitro]\nnonce: any\nimages: any\nmachines: any\n")
    machine, other = mint("same", **pcrs()), mint("other-pcr2", **pcrs(pcr2="ab" * 48))
    words = ["--policy", path]
    expect(reproduce(machine, SOURCE, *words, nonce=False)[0] == 0)
    status, value, _ = reproduce(other, SOURCE, *words, nonce=False)
    expect(status == 1 and value["verdict"]["verdict"] == "accepted" and value["reproduced"] == "no", value)
    path.write_text("policy: no-nitro\naccept: [tdx]\nnonce: any\nimages: any\nmachines: any\n")
    expect(reproduce(machine, SOURCE, *words, nonce=False)[0] == 1)


@case("with a policy that names a log: by the bundle, undetermined without it")
def logged():
    log, path, bundle = FOLDER / "log", FOLDER / "logged.yaml", FOLDER / "small.tlog-proof"
    machine = mint("same", **pcrs())
    (FOLDER / "measured.json").write_text(json.dumps({"nitro": pcrs()}))
    key = run(TROTH, "log", "init", "--origin", "example.com/log", log).stdout.strip()
    for words in (["append", "--record", "release", "--field", "name=small", "--field", "version=1", "--field",
                   f"measurements=@{FOLDER / 'measured.json'}", log], ["prove", "--index", "0", "-o", bundle, log]):
        done = run(TROTH, "log", *words)
        expect(done.returncode == 0, done.stderr)
    path.write_text("policy: any-nitro\naccept: [nitro]\nnonce: any\nimages: any\nmachines: any\n"
                    f"log: {{key: {key}}}\n")
    status, value, page = reproduce(machine, SOURCE, "--policy", path, "--log-proof", bundle, nonce=False)
    expect(status == 0 and "log" in checks(value, "passed"), value, page.stderr)
    status, value, page = reproduce(machine, SOURCE, "--policy", path, nonce=False)
    expect(status == 2 and "log" in checks(value, "not made") and "--log-proof" in page.stderr, value, page.stderr)


@case("with the deployed image: which file differs, and how")
def deployed():
    source = fresh("deployed")
    (source / "files/etc/greeting").write_text("hello, you\n")
    machine = mint("same", **pcrs())
    status, value, page = reproduce(machine, source, "--image", FOLDER / "out/small.eif")
    expect(status == 1, value)
    ramdisk = [s for s in value["sections"] if s["section"] == "ramdisk 2"][0]
    expect([m["path"] for m in ramdisk["members"]] == ["rootfs/etc/greeting"], ramdisk)
    expect("rootfs/etc/greeting" in page.stdout and "6 bytes, then 11" in page.stdout, page.stdout)
    # An image that is not what runs there says nothing of it.
    status, _, page = reproduce(mint("other-pcr0", **pcrs(pcr0="ab" * 48)), source, "--image", FOLDER / "out/small.eif")
    expect(status == 2 and "is not what the evidence is of" in page.stderr, page.stderr)
    # Nor one that nobody signed, of what was signed.
    status, _, page = reproduce(mint("signed", **pcrs(pcr8="cd" * 48)), SOURCE, "--image", FOLDER / "out/small.eif")
    expect(status == 2 and "is not what the evidence is of: nitro.pcr8" in page.stderr, page.stderr)


@case("what was signed is compared by the registers that a build has")
def signed():
    status, value, page = reproduce(mint("signed", **pcrs(pcr8="cd" * 48)), SOURCE)
    expect(status == 0 and "nitro.pcr8 is of the certificate" in page.stdout, value, page.stdout)


@case("evidence of a machine that the build file says nothing of")
def other_kind():
    machine = mint("guest", kind="tdx")
    status, _, page = reproduce(machine, SOURCE, "--collateral", machine / "collateral")
    expect(status == 2 and "of kind tdx" in page.stderr and "firmware" in page.stderr, page.stderr)


@case("a machine with TDX: what no source tells has to be named, or waved through")
def tdx():
    source = guest_source("tdx-guest")
    built = {claim.removeprefix("tdx."): value for claim, value in lock(source)["tdx"].items() if value}
    expect({"mr_td", "rtmr1", "rtmr2"} <= set(built) and "rtmr0" not in built, built)
    machine = mint("tdx", kind="tdx", **built)
    words = ["--collateral", machine / "collateral"]
    status, _, page = reproduce(machine, source, *words)
    expect(status == 2 and "tdx.rtmr0 cannot be computed from source" in page.stderr, page.stderr)
    opened = [word for claim in ("rtmr0", "mr_config_id") if claim not in built for word in ("--any", f"tdx.{claim}")]
    status, value, page = reproduce(machine, source, *words, *opened)
    expect(status == 0 and registers(value)["tdx.rtmr1"] == "same", value, page.stderr)
    expect(registers(value).get("tdx.rtmr0") == "not compared", value["registers"])
    (source / "files/etc/greeting").write_text("hallo\n")
    status, value, _ = reproduce(machine, source, *words, *opened)
    expect(status == 1 and registers(value)["tdx.rtmr2"] == "differs" and registers(value)["tdx.mr_td"] == "same", value)
    expect(len(value["differing"]) == 1 and "command line" in value["differing"][0], value["differing"])


@case("a machine with SEV-SNP: one register of all of it")
def snp():
    source = guest_source("snp-guest")
    machine = mint("snp", kind="snp-milan", measurement=lock(source)["snp"]["snp.measurement"])
    words = [word for name in ("vek.pem", "ask.pem", "crl.pem") for word in ("--collateral", machine / name)]
    status, value, page = reproduce(machine, source, *words)
    expect(status == 0 and registers(value) == {"snp.measurement": "same"}, value, page.stdout, page.stderr)
    (source / "files/etc/greeting").write_text("hallo\n")
    status, value, _ = reproduce(machine, source, *words)
    expect(status == 1 and registers(value) == {"snp.measurement": "differs"}, value)


@case("what is no evidence, no source, or too little of either")
def nothing():
    machine = mint("same", **pcrs())
    for words in ((machine / "root.pem", SOURCE), (FOLDER / "none", SOURCE), (machine / "evidence.bin", FOLDER / "none"),
                  (machine / "evidence.bin",)):
        done = run(TROTH, "reproduce", "--any", "nonce", "--json", *words)
        expect(done.returncode == 2 and json.loads(done.stdout)["reproduced"] == "undetermined", words, done)


def prepare():
    """One source, locked and built; what it measures."""
    (FOLDER / "tmp").mkdir()
    (FOLDER / "out").mkdir()
    world.runtime(FOLDER / "runtime")
    source = world.source(FOLDER / "source")
    return source, lock(source)["nitro"]


if __name__ == "__main__":
    TROTH, MINT = (Path(p).resolve() for p in sys.argv[1:3])
    tap.cases[:] = [row for row in tap.cases if " ".join(sys.argv[3:]) in row[0]]
    with tempfile.TemporaryDirectory(prefix="troth-reproduce-") as made:
        FOLDER = Path(made)
        SOURCE, BUILT = prepare()
        failed = tap.run()
    sys.exit(failed)
