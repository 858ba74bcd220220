#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth policy`: from evidence to a policy, and what it says of evidence. Output is TAP.

usage: policy_test.py PROGRAM MINT
"""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
import schema
import tap
from tap import Skip, case, expect

SOURCE = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("TROTH_VECTORS", SOURCE.parent / "shared/vectors"))
SCHEMAS = {c: json.loads((SOURCE / f"docs/{c}.schema.json").read_text())
           for c in ("policy-check", "policy-test", "verify")}
NOW = 1767225600

program, mint = map(os.path.abspath, sys.argv[1:])
folder = None


def troth(*words, status=0, stdin="", cwd=None):
    env = {"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(Path(folder, "cache"))}
    done = subprocess.run([program, *map(str, words)], input=stdin.encode(), capture_output=True, check=False,
                          timeout=120, cwd=cwd, env=env)
    out, err = done.stdout.decode(), done.stderr.decode()
    expect("Sanitizer" not in err and "runtime error" not in err, err)
    expect(done.returncode == status, f"status {done.returncode}, wanted {status}", *words, out, err)
    return out, err


def checked(name, text):
    value = json.loads(text)
    complaints = list(schema.check(value, SCHEMAS[name]))
    expect(not complaints, *complaints)
    return value


def write(name, text):
    path = Path(folder, name)
    path.write_text(text)
    return path


class Evidence:
    """A file, and the words that ask about it."""

    def __init__(self, file, *words):
        self.file, self.words = file, ["--offline", *words]
        claims = json.loads(troth("show", "--json", file)[0])["claims"]
        self.nonce = claims["nonce"]

    def init(self, *words, status=0):
        return troth("policy", "init", *self.words, *words, self.file, status=status)

    def verify(self, policy, status=0):
        return troth("verify", "--policy", policy, "--nonce", self.nonce, *self.words, self.file, status=status)[0]

    def explain(self, policy, *words, status=0):
        return troth("policy", "explain", *self.words, "--nonce", self.nonce, *words, policy, self.file,
                     status=status)[0]


def minted(kind, *options):
    where = Path(folder, "-".join([kind, *options]).replace("/", "_"))
    if not where.exists():
        subprocess.run([mint, kind, "--time", str(NOW), *options, where], check=True, stdout=subprocess.DEVNULL)
    words = ["--root", where / "root.pem", "--time", NOW]
    for name in ("collateral.json", "vek.pem", "ask.pem", "crl.pem"):
        if (where / name).exists():
            words += ["--collateral", where / name]
    return Evidence(where / "evidence.bin", *words)


def genuine():
    file, collateral = VECTORS / "tdx/phala_tdx_v4_quote.bin", VECTORS / "tdx/phala_tdx_v4_collateral.json"
    if not file.exists():
        raise Skip("no vectors here")
    return Evidence(file, "--collateral", collateral, "--time", 1751624191)


KINDS = [("nitro", "--set", "nonce=00010203"), ("snp-milan",), ("snp-genoa", "--debug"), ("snp-turin",),
         ("sgx",), ("sgx", "--old"), ("tdx",), ("tdx", "--debug"), ("tdx-1.5", "--old", "--debug")]

for kind in KINDS:
    @case(f"{' '.join(kind)}: the first policy passes the check and accepts what it is of")
    def _(kind=kind):
        evidence = minted(*kind)
        text, _ = evidence.init()
        policy = write("first.yaml", text)
        troth("policy", "check", policy)
        evidence.verify(policy)
        out = evidence.explain(policy)
        expect(out.startswith("accepted") and "this-image matches" in out, out)
        as_json = write("first.json", evidence.init("--json")[0])
        expect(troth("policy", "digest", policy) == troth("policy", "digest", as_json), "another digest")
        evidence.verify(as_json)


def lines_of(text):
    """Each claim of the image, its line and where its value starts."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.fullmatch(r"      (\w+): ([0-9a-f]{64,})", line)
        if found:
            yield found[1], number, line


def hold_every_measurement(evidence, count):
    """A hex digit changed in one measurement after the other."""
    text, _ = evidence.init("--name", "exactly this")
    policy = write("exact.yaml", text)
    evidence.verify(policy)
    rows = list(lines_of(text))
    expect(len(rows) == count, rows)
    for claim, number, line in rows:
        for at in (-1, -len(line.split()[1]), -17):
            lines = text.splitlines()
            lines[number - 1] = line[:at] + ("1" if line[at] == "0" else "0") + (line[at + 1:] if at != -1 else "")
            changed = write("changed.yaml", "\n".join(lines) + "\n")
            out = evidence.verify(changed, status=1)
            expect(f"line {number} of the policy" in out, claim, out)
            out = evidence.explain(changed, status=1)
            said = re.sub(r"\s+", " ", out)
            expect(out.startswith("refused  by exactly this"), out)
            expect(f"{changed}:{number}: measurement: " in said and f".{claim}: another value" in said, claim, out)
            expect(f"this-image is nearest: 1 of its {count} claims differs" in said, out)
            value = checked("verify", evidence.explain(changed, "--json", status=1))
            failed, = (c for c in value["checks"] if c["outcome"] == "failed")
            expect(failed["policy_line"] == number and failed["subject"].endswith(claim), failed)


@case("a genuine TDX quote: one digit of any measurement refuses, and explain points at the line")
def _():
    hold_every_measurement(genuine(), 5)


@case("the same of minted SGX, SEV-SNP and Nitro")
def _():
    hold_every_measurement(minted("snp-genoa"), 1)
    hold_every_measurement(minted("nitro", "--set", "nonce=00010203"), 3)


@case("init refuses what does not verify, and prints no policy")
def _():
    good = minted("tdx")
    broken = Path(folder, "broken.bin")
    raw = bytearray(Path(good.file).read_bytes())
    raw[200] ^= 1
    broken.write_bytes(raw)
    out, err = troth("policy", "init", *good.words, broken, status=1)
    expect(not out and "troth: refused: signature: " in err, out, err)
    out, err = troth("policy", "init", "--offline", "--root", good.words[2], "--time", NOW, good.file, status=2)
    expect(not out and "troth: undetermined: " in err and "troth: hint: " in err, out, err)
    out, err = troth("policy", "init", "--offline", "--time", NOW, "--collateral", good.words[-1], good.file, status=1)
    expect(not out and "anchor" in err, out, err)
    value = checked("verify", troth("policy", "init", "--json", *good.words, broken, status=1)[0])
    expect(value["verdict"] == "refused", value)
    out, err = troth("policy", "init", *good.words, "--nonce", "00", good.file, status=1)
    expect(not out and "troth: refused: nonce: " in err, out, err)


@case("init says what it had to allow, and of a root of one's own")
def _():
    text, _ = minted("tdx-1.5", "--old", "--debug").init()
    expect("WARNING: the platform is OutOfDate" in text and "  - debug # the host can read" in text, text)
    expect("rests on a root of --root" in text, text)
    text, _ = minted("tdx").init()
    expect("\nallow:" not in text and "tcb: [UpToDate]\n" in text, text)


@case("a name that cannot be one is refused")
def _():
    evidence = minted("tdx")
    for name in ("", "a\nb", " a", "x" * 129):
        out, err = evidence.init("--name", name, status=2)
        expect(not out and "troth: error: " in err, out, err)
    expect('policy: "pay: #1"\n' in evidence.init("--name", "pay: #1")[0], "not quoted")


ONLY_MR_TD = "policy: p\naccept: [tdx]\nimages:\n  r:\n    tdx:\n      mr_td: " + "0" * 96 + "\n"


@case("a policy that names mr_td alone is refused, and the missing claims are named")
def _():
    path = write("mr_td.yaml", ONLY_MR_TD)
    out, err = troth("policy", "check", path, status=1)
    expect(f"{path}:5:5" in out, out)
    expect("rtmr0, rtmr1, rtmr2, mr_config_id are missing" in re.sub(r"\s+", " ", out), out)
    expect("troth: hint: name each, or say any" in err, err)
    issue = checked("policy-check", troth("policy", "check", "--json", path, status=1)[0])["policies"][0]["issue"]
    expect(issue["line"] == 5 and issue["column"] == 5 and "rtmr0, rtmr1, rtmr2, mr_config_id" in issue["text"], issue)
    evidence = minted("tdx")
    out, err = troth("verify", "--policy", path, *evidence.words, evidence.file, status=2)
    expect(f"{path}:5:5" in err and not out, err)


RICH = """policy: rich
accept: [tdx, snp]
nonce: any
max_age: 90m
any: [snp.vmpl]
allow: {tdx: [debug]}
intel: {tcb: [UpToDate, SWHardeningNeeded], grace: 30d}
images:
  r:
    snp: {measurement: any}
    tdx: {mr_td: any, rtmr0: any, rtmr1: any, rtmr2: any, mr_config_id: any}
machines:
  snp: any
  tdx: [00112233445566778899aabbccddeeff]
rules:
  - not debugged: kind != 'tdx' || !tdx.td_attributes.debug
  - recent: |
      kind != 'tdx' ||
      tcb.date > timestamp('2020-01-01T00:00:00Z')
"""


@case("check tells what is demanded, what it costs and what is left open")
def _():
    path = write("rich.yaml", RICH)
    out, _ = troth("policy", "check", path)
    said = re.sub(r"\s+", " ", out)
    for part in ("policy rich", "accepts snp, tdx", "nonce any", "max age 90m", "image r: tdx, by 5 claims (line 9)",
                 "machines tdx: 1 machine (line 14)", "rule not debugged: at most ",
                 "nonce: any: an old answer would do", "images.r.tdx.rtmr0: any: ", "machines.snp: any: ",
                 "allow.debug: the host can read", "intel.tcb.SWHardeningNeeded: ", "intel.grace: ",
                 "intel.advisories: any", "intel.min_evaluation: 0", "amd.min_tcb: none", "any.snp.vmpl: any"):
        expect(part in said, part, out)
    value = checked("policy-check", troth("policy", "check", "--json", path)[0])["policies"][0]
    expect([r["name"] for r in value["rules"]] == ["not debugged", "recent"], value["rules"])
    expect(all(0 < r["cost"] < 1000 for r in value["rules"]), value["rules"])
    expect(value["max_age"] == 5400 and value["accept"] == ["snp", "tdx"], value)
    expect({p["path"] for p in value["open"]} >= {"nonce", "machines.snp", "amd.min_tcb"}, value["open"])


@case("several files, one of them wrong, one of them missing")
def _():
    good, bad = write("rich.yaml", RICH), write("bad.yaml", RICH.replace("rich", "[rich]", 1))
    out, _ = troth("policy", "check", good, bad, status=1)
    expect(out.startswith("usable") and f"unusable  {bad}:1:9" in out, out)
    value = checked("policy-check", troth("policy", "check", "--json", good, bad, status=1)[0])["policies"]
    expect([p["usable"] for p in value] == [True, False], value)
    troth("policy", "check", good, Path(folder, "none.yaml"), status=2)
    value = json.loads(troth("policy", "check", "--json", good, Path(folder, "none.yaml"), status=2)[0])
    expect(value["error"]["name"] == "IO", value)
    for text, place in (("policy: p\npolicy: q\n", ":2:1"), ("policy: [", ":"), ("{\"policy\": null}", ":1:"),
                        ("", ""), (RICH + "  - never: 1 == 2\n", ":20:")):
        out, _ = troth("policy", "check", "-", status=1, stdin=text)
        expect(out.startswith("unusable  standard input" + place), text, out)
    troth("policy", "check", "-", stdin=RICH)


@case("a digest is of the meaning, and names the policy in tokens")
def _():
    path = write("rich.yaml", RICH)
    digest = troth("policy", "digest", path)[0]
    expect(re.fullmatch(r"sha-256:[0-9a-f]{64}\n", digest), digest)
    turned = RICH.replace("accept: [tdx, snp]", "accept:\n- snp # first\n- tdx").replace("max_age: 90m", "max_age: 5400")
    expect(troth("policy", "digest", "-", stdin=turned)[0] == digest, "another digest")
    expect(troth("policy", "digest", "-", stdin=RICH.replace("90m", "91m"))[0] != digest, "the same digest")
    canonical = troth("policy", "digest", "--canonical", path)[0]
    expect(troth("policy", "digest", "-", stdin=canonical)[0] == digest, canonical)
    expect(json.loads(canonical)["policy"] == "rich" and not canonical.endswith("\n"), canonical)
    value = json.loads(troth("policy", "digest", "--json", path)[0])
    expect(value == {"policy": "rich", "digest": digest.strip()}, value)
    troth("policy", "digest", "-", stdin=ONLY_MR_TD, status=2)


@case("explain: a rule that is false, by its part, and lines of settings")
def _():
    evidence = minted("tdx", "--debug")
    text = RICH.replace("00112233445566778899aabbccddeeff", "aa" * 16).replace("accept: [tdx, snp]", "accept: [snp, tdx]")
    path = write("rich.yaml", text)
    out = evidence.explain(path, status=1)
    said = re.sub(r"\s+", " ", out)
    for part in (f"failed {path}:14: machine: hardware_id: not one of", f"allowed {path}:6: debug",
                 f"does not {path}:16: rule not debugged: false", "kind != 'tdx' is false kind = 'tdx' tdx.td_attributes.debug is true", f"holds {path}:18: rule recent",
                 f"image {path}:9: r matches"):
        expect(part in said, part, out)
    value = checked("verify", evidence.explain(path, "--json", status=1))
    expect(value["explanations"][0]["rule"] == "not debugged", value["explanations"])


@case("explain: settings of vendors by their line")
def _():
    old = minted("tdx", "--old")
    text, _ = old.init()
    strict = re.sub(r"tcb: \[.*\]", "tcb: [UpToDate]", text).replace("min_evaluation: 18", "min_evaluation: 99")
    path = write("strict.yaml", strict)
    where = {key: strict.splitlines().index(next(l for l in strict.splitlines() if l.strip().startswith(key))) + 1
             for key in ("tcb:", "min_evaluation:")}
    out = re.sub(r"\s+", " ", old.explain(path, status=1))
    expect(f"{path}:{where['tcb:']}: tcb_status: " in out, out)
    expect(f"{path}:{where['min_evaluation:']}: floor: " in out, out)
    snp = minted("snp-genoa")
    text, _ = snp.init()
    lines = text.splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("      microcode: "))
    lines[number] = "      microcode: 255"
    path = write("newer.yaml", "\n".join(lines) + "\n")
    expect(f"{path}:{number + 1}: floor: " in re.sub(r"\s+", " ", snp.explain(path, status=1)), "no line")
    other = re.sub(r"\s+", " ", snp.explain(write("tdx.yaml", minted("tdx").init()[0]), status=1))
    expect(re.search(r"tdx.yaml:\d+: kind: snp: the policy does not accept", other), other)


@case("explain: command lines that say too little or too much")
def _():
    evidence = minted("tdx")
    path = write("rich.yaml", RICH)
    expect("FILE is missing" in troth("policy", "explain", status=2)[1], "no word")
    expect("EVIDENCE is missing" in troth("policy", "explain", path, status=2)[1], "no word")
    expect("one file too many" in troth("policy", "explain", path, evidence.file, "x", status=2)[1], "no word")
    expect("only once" in troth("policy", "explain", "-", "-", status=2, stdin=RICH)[1], "read twice")
    out, _ = troth("policy", "explain", *evidence.words, "-", evidence.file, status=1, stdin=RICH)
    expect("standard input:14: machine" in re.sub(r"\s+", " ", out), out)
    troth("policy", "explain", "--time", "document", path, evidence.file, status=2)


@case("tests that a policy carries: paths from where it lies, no cache, TAP and JSON")
def _():
    where = Path(folder, "suite")
    (where / "evidence").mkdir(parents=True)
    good, debug = minted("tdx"), minted("tdx", "--debug")
    (where / "evidence/good.bin").write_bytes(Path(good.file).read_bytes())
    (where / "evidence/debug.bin").write_bytes(Path(debug.file).read_bytes())
    (where / "evidence/bundle.json").write_bytes(Path(good.words[-1]).read_bytes())
    (where / "evidence/debug.json").write_bytes(Path(debug.words[-1]).read_bytes())
    at = "2026-01-01T00:00:00Z"

    def document(*tests):
        return good.init()[0] + "tests:\n" + "".join(f"  - {json.dumps(t)}\n" for t in tests)

    genuine_one = {"name": "the release", "evidence": "evidence/good.bin", "collateral": ["evidence/bundle.json"],
                   "time": at, "nonce": good.nonce, "expect": "accepted"}
    debugged = {**genuine_one, "name": "debugging # SKIP", "evidence": "evidence/debug.bin",
                "collateral": ["evidence/debug.json"], "nonce": debug.nonce, "expect": "refused", "rule": "debug"}
    bare = {**genuine_one, "name": "no collateral", "expect": "undetermined"}
    del bare["collateral"]
    (where / "p.yaml").write_text(document(genuine_one, debugged, bare))
    root = ["--root", good.words[2]]
    out, _ = troth("policy", "test", *root, where / "p.yaml")
    expect(out == "1..3\nok 1 - the release\nok 2 - debugging \\# SKIP\nok 3 - no collateral\n", out)
    troth("policy", "test", *root, "p.yaml", cwd=where)
    value = checked("policy-test", troth("policy", "test", "--json", *root, where / "p.yaml")[0])
    expect([t["outcome"] for t in value["tests"]] == ["as expected"] * 3, value)

    (where / "p.yaml").write_text(document({**genuine_one, "expect": "refused"}, {**debugged, "rule": "nonce"}))
    out, _ = troth("policy", "test", *root, where / "p.yaml", status=1)
    expect("not ok 1 - the release\n# accepted, and expected is refused\n" in out, out)
    expect("not ok 2 - debugging \\# SKIP\n# refused, and expected is refused by nonce\n#   failed: debug: " in out, out)

    (where / "p.yaml").write_text(document(genuine_one, {**genuine_one, "name": "gone", "evidence": "gone.bin"}))
    out, _ = troth("policy", "test", *root, where / "p.yaml", status=2)
    expect("not ok 2 - gone\n# could not be run: cannot open '" in out and "gone.bin': no such file" in out.lower(), out)
    value = checked("policy-test", troth("policy", "test", "--json", *root, where / "p.yaml", status=2)[0])
    expect(value["tests"][1]["outcome"] == "not run" and value["tests"][1]["verdict"] is None, value)
    expect("carries no tests" in troth("policy", "test", "-", stdin=RICH, status=2)[1], "no word")
    value = checked("policy-test", troth("policy", "test", "--json", "-", stdin=RICH, status=2)[0])
    expect(value["error"]["name"] == "USAGE", value)


@case("a policy that names a log: what is said of it, its tests, and connections")
def _():
    where = Path(folder, "logged")
    where.mkdir()
    evidence = minted("nitro", "--set", "nonce=00010203")
    claims = json.loads(troth("show", "--json", evidence.file)[0])["claims"]
    release = {"nitro": {f"pcr{i}": claims[f"nitro.pcr{i}"] for i in range(3)}}
    (where / "release.json").write_text(json.dumps(release))
    (where / "evidence.bin").write_bytes(Path(evidence.file).read_bytes())
    key = troth("log", "init", "--origin", "example.com/releases", where / "log")[0].strip()
    troth("log", "append", "--record", "release", "--field", "name=hello", "--field", "version=1", "--field",
          f"measurements=@{where}/release.json", where / "log")
    troth("log", "prove", "--index", "0", "-o", where / "release.tlog-proof", where / "log")
    test = {"name": "logged", "evidence": "evidence.bin", "time": "2026-01-01T00:00:00Z", "nonce": evidence.nonce,
            "expect": "accepted", "log_proof": "release.tlog-proof"}
    bare = {k: v for k, v in test.items() if k != "log_proof"} | {"name": "bare", "expect": "undetermined"}
    policy = where / "p.yaml"
    policy.write_text(f"policy: p\naccept: [nitro]\nimages: any\nmachines: {{nitro: any}}\nlog: {{key: {key}}}\n"
                      f"tests:\n  - {json.dumps(test)}\n  - {json.dumps(bare)}\n")

    out, _ = troth("policy", "check", policy)
    expect("log       example.com/releases: 0 of 0 witnesses, max age any (line 5)" in out, out)
    for point in ("images: any: every release in the log would do", "log.witnesses: none", "log.max_age: any"):
        expect(f"open      {point}" in out, point, out)
    value = checked("policy-check", troth("policy", "check", "--json", policy)[0])["policies"][0]["log"]
    expect(value == {"origin": "example.com/releases", "witnesses": [], "needed": 0, "max_age": None, "line": 5}, value)

    out, _ = troth("policy", "test", *evidence.words[1:3], policy)
    expect(out == "1..2\nok 1 - logged\nok 2 - bare\n", out)
    proof = ["--log-proof", where / "release.tlog-proof"]
    out = evidence.explain(policy, *proof)
    expect(f"log         {policy}:5: hello is a release in it" in out, out)
    _, err = troth("policy", "explain", *evidence.words, "--nonce", evidence.nonce, policy, evidence.file, status=2)
    expect("hint: --log-proof FILE gives the bundle" in err, err)
    for wrong in (policy, os.devnull):
        _, err = troth("verify", "--policy", policy, *evidence.words, "--log-proof", wrong, evidence.file, status=2)
        expect(err.startswith(f"troth: error: {wrong}: proof.version: "), err)
    _, err = troth("connect", "--stdio", "--policy", policy, "127.0.0.1:1", status=2)
    expect(f"{policy}:5: log: a connection carries no proof from a log" in err, err)


@case("each verb has help, and the words that stand in it are true")
def _():
    for verb in ("check", "digest", "explain", "test", "init"):
        out, _ = troth("policy", verb, "--help")
        expect(out.startswith(f"usage: troth policy {verb} [--"), out)
        expect(f"example: troth policy {verb} " in out, out)
    expect("did you mean 'troth policy check'" in troth("policy", "chek", status=2)[1], "no hint")


with tempfile.TemporaryDirectory() as folder:
    result = tap.run()
sys.exit(result)
