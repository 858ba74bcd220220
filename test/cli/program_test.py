#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What transcripts cannot hold: JSON, terminals, binary files, genuine evidence. Output is TAP.

usage: program_test.py PROGRAM MINT
"""
import base64
import fcntl
import hashlib
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

sys.dont_write_bytecode = True
import schema
import tap
from tap import Skip, case, expect

SOURCE = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("TROTH_VECTORS") or SOURCE.parent / "shared/vectors")
SCHEMAS = {c: json.loads((SOURCE / f"docs/{c}.schema.json").read_text()) for c in ("verify", "show")}
AT = "1755506509"
ANY = ["--any", "measurement", "--any", "nonce"]

program = mint = None


def troth(*words, status=0, data=b"", env=None):
    """Standard output and error; `status` is what it must end with."""
    done = subprocess.run([program, *map(str, words)], input=data, capture_output=True, check=False,
                          env={**os.environ, "TERM": "xterm", "XDG_CACHE_HOME": folders, **(env or {})})
    out, err = done.stdout.decode(), done.stderr.decode()
    expect(done.returncode == status, f"status {done.returncode}, wanted {status}", out, err)
    expect("Sanitizer" not in err and "runtime error" not in err, err)
    return out, err


def as_json(command, *words, status=0, data=b""):
    out, err = troth(command, "--json", *words, status=status, data=data)
    value = json.loads(out)
    complaints = list(schema.check(value, SCHEMAS[command]))
    expect(not complaints, *complaints)
    expect(out.isascii() and "\x7f" not in out, "JSON that could move a terminal")
    return value, err


def minted(kind, *options):
    """A folder of evidence, minted once."""
    folder = Path(folders, "-".join([kind, *options]).replace("--", ""))
    if not folder.exists():
        subprocess.run([mint, kind, "--time", AT, *options, folder], check=True)
    return folder


def nitro(*options):
    folder = minted("nitro", *options)
    return ["--time", AT, "--root", folder / "root.pem", *ANY, folder / "evidence.bin"]


def snp(kind="snp-genoa"):
    folder = minted(kind)
    return ["--time", AT, "--root", folder / "root.pem", *ANY, "--collateral", folder / "vek.pem",
            "--collateral", folder / "ask.pem", "--collateral", folder / "crl.pem",
            folder / "evidence.bin"]


def vector(name):
    path = VECTORS / name
    if not path.exists():
        raise Skip(f"no vectors: {name} is not here")
    return path


def der(pem):
    return base64.b64decode("".join(line for line in pem.read_text().splitlines() if line[0] != "-"))


def write(name, content):
    path = Path(folders, name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# ---- JSON ----

@case("JSON: accepted, by the schema")
def _():
    for words in (nitro(), snp("snp-milan"), snp("snp-genoa"), snp("snp-turin")):
        value, err = as_json("verify", *words)
        expect(value["verdict"] == "accepted" and value["simulated"], value)
        expect(re.fullmatch("custom:[0-9a-f]{64}", value["anchor"]), value["anchor"])
        expect(all(c["outcome"] in ("passed", "not applicable") for c in value["checks"]), value)
        expect(err == "", err)


@case("JSON: refused and undetermined, by the schema, with values in full")
def _():
    value, err = as_json("verify", *nitro(), "--expect", "nitro.pcr4=00", status=1)
    failed = [c for c in value["checks"] if c["outcome"] == "failed"]
    expect([c["name"] for c in failed] == ["claim"], failed)
    expect(len(failed[0]["seen"]) == 96 and failed[0]["wanted"] == "00", failed)
    value, err = as_json("verify", *nitro("--debug"), status=1)
    failed = [c for c in value["checks"] if c["outcome"] == "failed"]
    expect([(c["flag"], c["flag_argument"]) for c in failed] == [("--allow", "debug")], failed)
    expect("--allow debug" in err, err)
    value, err = as_json("verify", "--time", AT, *ANY, minted("snp-milan") / "evidence.bin", status=2)
    expect(value["verdict"] == "undetermined" and value["anchor"] is None, value)


def event_log(name, events):
    """The file of a log of these, and the register that they make, by docs/event-log.md."""
    def prefixed(data):
        return len(data).to_bytes(8, "big") + data
    value = bytes(48)
    for event, data in events:
        digest = hashlib.sha384(prefixed(b"troth/event/v1") + prefixed(event.encode()) + prefixed(data)).digest()
        value = hashlib.sha384(value + digest).digest()
    rows = [{"name": event, "data": data.hex()} for event, data in events]
    return write(name, json.dumps({"register": "nitro.pcr16", "events": rows},
                                  separators=(",", ":"))), value.hex()


@case("JSON: events, by the schema, and those of the largest log")
def _():
    few = [("a", b""), ("b/c", b"\x01"), ("sealed", b""), ("a", b"\x02")]
    many = [("event", bytes(107))] * 4095 + [("sealed", b"")]
    for name, events in (("few.json", few), ("many.json", many)):
        path, value = event_log(name, events)
        words = nitro("--set", f"nitro.pcr16={value}")
        value, _ = as_json("verify", *words, "--event-log", path)
        counted = [(e["name"], bytes.fromhex(e["data"])) for e in value["events"]["counted"]]
        expect(counted == events[:events.index(("sealed", b""))], counted[:10])
        expect(value["events"]["uncounted"] == len(events) - len(counted) - 1, value["events"]["uncounted"])
        value, _ = as_json("verify", *nitro(), "--event-log", path, status=1)
        expect(value["events"] is None, value["events"])


@case("JSON: clocks")
def _():
    words = nitro()
    value, _ = as_json("verify", *words)
    expect(value["clock"] == {"kind": "given", "at": "2025-08-18T08:41:49Z"}, value["clock"])
    words[1] = "document"
    value, _ = as_json("verify", *words)
    expect(value["clock"]["kind"] == "document" and value["archival"], value["clock"])
    words[1] = "now"
    value, _ = as_json("verify", *words, status=1)
    expect(value["clock"]["kind"] == "now" and not value["archival"], value["clock"])


@case("JSON: an error is an object, too")
def _():
    for words, name in ((["missing"], "IO"), (["--nonse"], "USAGE"), ([], "USAGE"), (["/dev/null"], "KIND"),
                        (["--expect", "debug=1", *nitro()], "USAGE")):
        value, err = as_json("verify", *words, status=2)
        expect(value["verdict"] == "undetermined" and value["error"]["name"] == name, value)
        expect(err.startswith("troth: error: "), err)
    value, _ = as_json("show", "-", data=minted("nitro").joinpath("evidence.bin").read_bytes()[:99], status=2)
    expect(value["error"] == {"name": "SHORT", "text": "input ends before the field", "field": "cose.payload",
                              "subject": "standard input", "offset": 7}, value)


@case("JSON: show, and that its claims are those of verify")
def _():
    for words in (nitro(), snp()):
        shown, _ = as_json("show", words[-1])
        judged, _ = as_json("verify", *words)
        expect(shown["claims"].keys() == judged["claims"].keys(), shown, judged)


@case("JSON: the schema refuses what it should")
def _():
    value, _ = as_json("verify", *nitro())
    for broken in ({**value, "verdict": "yes"}, {**value, "more": 1}, {k: value[k] for k in value if k != "kind"},
                   {**value, "valid_until": "tomorrow"}, {**value, "checks": []}, {"verdict": "refused", "error": {}}):
        expect(list(schema.check(broken, SCHEMAS["verify"])), broken)


# ---- options and files ----

@case("options before, behind and around FILE, with and without =")
def _():
    *words, file = nitro()
    troth("verify", file, *words)
    troth("verify", *words[:4], file, *words[4:])
    joined = [f"{a}={b}" for a, b in zip(words[::2], words[1::2])]
    troth("verify", *joined, "--", file)
    troth("verify", *words, "-", data=file.read_bytes())


@case("every option of --help is read, and its example runs")
def _():
    for command, more, file in (("verify", ["--root", minted("nitro") / "root.pem"], minted("nitro") / "evidence.bin"),
                                ("show", [], minted("nitro") / "evidence.bin")):
        help_text, _ = troth(command, "--help")
        for option in re.findall(r"^  --([a-z-]+)", help_text, re.M):
            _, err = troth(command, f"--{option}", status=0 if option == "help" else 2)
            expect("no such option" not in err, err)
        example = re.search(r"^example: troth (.*)$", help_text, re.M)[1].split()
        expect(example[-1] == "evidence.bin", example)
        troth(*example[:-1], *more, file)
    version, _ = troth("--version")
    expect(re.fullmatch(r"troth \d+\.\d+\.\d+\n", version), version)


@case("the example of --help on genuine evidence, as it stands")
def _():
    example = re.search(r"^example: troth (.*)$", troth("verify", "--help")[0], re.M)[1].split()
    troth(*example[:-1], vector("nitro/anjuna_prod_doc.cose"))


@case("--collateral and --root as DER, hex, base64, and PEM with both in one file")
def _():
    folder = minted("snp-genoa")
    names = ("vek", "ask", "crl")
    raw = [der(folder / f"{name}.pem") for name in names]
    root = write("root.der", der(folder / "root.pem"))
    one_by_one = {"der": lambda b: b, "hex": lambda b: b"0x" + b.hex().encode(), "base64": base64.encodebytes,
                  "base64url": lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")}
    for ending, encode in one_by_one.items():
        files = [write(f"{n}.{ending}", encode(r)) for n, r in zip(names, raw)]
        troth("verify", "--time", AT, *ANY, "--root", root, *(w for f in files for w in ("--collateral", f)),
              folder / "evidence.bin")
    bundle = write("bundle.pem", "".join((folder / f"{n}.pem").read_text() for n in names))
    troth("verify", "--time", AT, *ANY, f"--root={root}", f"--collateral={bundle}", folder / "evidence.bin")
    troth("verify", "--time", AT, *ANY, f"--root={root}", "--collateral", "-", folder / "evidence.bin",
          data=bundle.read_bytes())


@case("files up to the limit and one byte beyond")
def _():
    *words, file = snp()
    evidence = file.read_bytes()
    out, _ = troth("verify", *words, write("most", evidence.ljust(1 << 20, b"\0")))
    expect("zero bytes follow" in out, out)
    _, err = troth("verify", *words, write("more", evidence.ljust((1 << 20) + 1, b"\0")), status=2)
    expect("longer than 1048576 bytes" in err, err)
    _, err = troth("verify", *words, "--collateral", write("more", b"\0" * ((1 << 20) + 1)), file, status=2)
    expect("longer than 1048576 bytes" in err, err)


@case("a folder with too many files, and an empty one")
def _():
    folder = Path(folders, "many")
    folder.mkdir()
    troth("verify", *nitro(), "--collateral", folder)
    for i in range(65):
        (folder / str(i)).write_bytes(b"")
    _, err = troth("verify", *nitro(), "--collateral", folder, status=2)
    expect("more than 64 files" in err, err)


@case("more expectations than there may be")
def _():
    many = [w for i in range(65) for w in ("--expect", f"x{i}=y")]
    _, err = troth("verify", *nitro(), *many, status=2)
    expect("more than 64 times" in err, err)
    _, err = troth("verify", *nitro(), *many[2:], status=1)


@case("any changed byte of evidence is never accepted")
def _():
    for words in (nitro(), snp()):
        evidence = words[-1].read_bytes()
        for at in range(0, len(evidence), max(1, len(evidence) // 40)):
            broken = bytearray(evidence)
            broken[at] ^= 0x20
            done = subprocess.run([program, "verify", *map(str, words[:-1]), "-"], input=bytes(broken),
                                  capture_output=True, check=False)
            expect(done.returncode in (1, 2), f"byte {at}: status {done.returncode}", done.stdout.decode())
            expect(b"Sanitizer" not in done.stderr, done.stderr.decode())


# ---- terminals ----

HOSTILE = "i-\x1b[2J\x07\x9b31m\u202e\x7f\\x1b"


def cbor(value):
    """Enough of CBOR to write a document that nobody signed."""
    def head(major, n):
        small = [(24, None), (256, "B"), (65536, "H")]
        for i, (limit, code) in enumerate(small):
            if n < limit:
                return bytes([major << 5 | n]) if not code else bytes([major << 5 | 23 + i]) + struct.pack(">" + code, n)
        return bytes([major << 5 | 27]) + struct.pack(">Q", n)
    if isinstance(value, int):
        return head(0, value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())


def hostile_document():
    payload = cbor({"module_id": HOSTILE, "digest": "SHA384", "timestamp": int(AT) * 1000,
                    "pcrs": {i: bytes([i + 1]) * 48 for i in range(3)}, "certificate": b"no", "cabundle": [b"no"]})
    return write("hostile.bin", cbor([b"\xa1\x01\x38\x22", {}, payload, bytes(96)]))


@case("what evidence, files and options hold cannot move a terminal")
def _():
    file = hostile_document()
    escaped = r"i-\x1b[2J\x07\xc2\x9b31m\xe2\x80\xae\x7f\\x1b"
    runs = [troth("show", file),
            troth("verify", file, "--expect", f"nitro.module_id={HOSTILE}x", "--expect", "a\x1bb=\x1bc", status=1),
            troth("verify", "--time", "\x1b]0;x\x07", file, status=2), troth("verify", "no\x1b[2J\nfile", status=2),
            troth("no\x1bcommand", status=2), troth("verify", "--no\x1b", status=2),
            troth("verify", "--any", "\x1b", file, status=2), troth("verify", "--allow", "\x1b", file, status=2),
            troth("verify", "--expect", "debug=\x1b", file, status=2),
            troth("verify", "--nonce", "\x1b", file, status=2)]
    for out, err in runs:
        for text in (out, err):
            expect(all(c == "\n" or " " <= c <= "~" for c in text), repr(text))
    expect(escaped in runs[0][0] and escaped in runs[1][0], *runs[:2])
    value, _ = as_json("show", file)
    expect(value["claims"]["nitro.module_id"] == HOSTILE, value)
    as_json("verify", "no\x1b[2J\nfile", status=2)


def on_terminal(words, columns=100, **env):
    """What the program writes to a terminal of so many columns."""
    try:
        ours, theirs = pty.openpty()
    except OSError as problem:
        raise Skip(f"no terminal can be made here: {problem}") from None
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    with subprocess.Popen([program, *map(str, words)], stdin=subprocess.DEVNULL, stdout=theirs,
                          stderr=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm", **env}) as running:
        os.close(theirs)
        text = b""
        try:
            while piece := os.read(ours, 65536):
                text += piece
        except OSError:  # the other end is closed
            pass
        running.wait()
    os.close(ours)
    return text.decode().replace("\r\n", "\n")


@case("colour on a terminal, unless NO_COLOR or TERM forbid it")
def _():
    words = ["verify", *nitro("--debug")]
    coloured = on_terminal(words)
    expect("\x1b[31mrefused\x1b[0m" in coloured, coloured)
    for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}):
        expect("\x1b" not in on_terminal(words, **env), env)
    expect("\x1b" in on_terminal(words, NO_COLOR=""), "an empty NO_COLOR")
    expect("\x1b" not in troth(*words, status=1)[0], "no terminal")
    plain, _ = troth(*words, status=1)
    stripped = re.sub(r"\x1b\[\d+m", "", on_terminal(words, columns=90))
    expect(stripped == plain, stripped, plain)


@case("lines keep to the terminal; meanings stand where there is room")
def _():
    for columns in (40, 60, 90, 140, 1000):
        text = re.sub(r"\x1b\[\d+m", "", on_terminal(["verify", *snp()], columns=columns))
        longest = max((line for line in text.splitlines() if " " in line.strip()[40:]), key=len, default="")
        expect(len(longest) <= max(columns, 74), columns, longest)
        expect(all(line == line.rstrip() for line in text.splitlines()), text)
    shown = on_terminal(["show", nitro()[-1]], columns=140)
    expect("identity of the chip" in shown, shown)
    expect("identity of the chip" not in on_terminal(["show", nitro()[-1]], columns=80), "narrow")
    expect("identity of the chip" not in troth("show", nitro()[-1])[0], "no terminal")


# ---- genuine evidence ----

def case_genuine(name, words, status, *said):
    @case(f"genuine: {name}: {' '.join(words)}")
    def _():
        resolved = [vector(w[1:]) if w.startswith("@") else w for w in words]
        out, err = troth("verify", *resolved, vector(name), status=status)
        for text in said:
            expect(text in " ".join((out + err).split()), text, out, err)


DOCUMENT = ["--time", "document", *ANY]
AMD = ["--time", "2026-06-01T00:00:00Z", *ANY, "--collateral"]
case_genuine("nitro/anjuna_prod_doc.cose", DOCUMENT, 0, "rests on AWS Nitro Enclaves Root-G1")
case_genuine("nitro/anjuna_prod_doc.cose", ANY, 1, "certificate has expired", "--time document judges it")
case_genuine("nitro/anjuna_prod_doc.cose", ["--time", "2021-03-17T23:00:00Z"], 1, "--any measurement", "--any nonce")
case_genuine("nitro/blocky_nitro_attestation.b64", DOCUMENT, 0)
case_genuine("nitro/blocky_nitro_attestation_debug.b64", DOCUMENT, 1, "failed debug", "--allow debug")
case_genuine("nitro/blocky_nitro_attestation_debug.b64", [*DOCUMENT, "--allow", "debug"], 0, "allowed debug")
case_genuine("nitro/blocky_selfsigned_attestation.b64", DOCUMENT, 2, "cose.unprotected")
case_genuine("snp/ms_milan_report_v3.bin", [*AMD, "@snp/ms_milan_vcek.pem"], 0, "rests on AMD SEV-Milan")
case_genuine("snp/ms_genoa_report_v3.bin", [*AMD, "@snp/ms_genoa_vcek.pem"], 0, "rests on AMD SEV-Genoa")
case_genuine("snp/ms_turin_report_v5.bin", [*AMD, "@snp/ms_turin_vcek.pem"], 0, "rests on AMD SEV-Turin")
case_genuine("snp/ms_turin_report_v5.bin", [*AMD, "@snp/ms_milan_vcek.pem"], 1, "failed")
case_genuine("snp/ms_turin_report_v5.bin", ["--offline", *ANY], 2, "'troth collateral get ")
case_genuine("snp/virtee_milan_report_v2.hex", [*AMD, "@snp/virtee_vcek_milan.der"], 1, "--allow alias_check")
case_genuine("snp/virtee_milan_report_v2.hex",
             [*AMD, "@snp/virtee_vcek_milan.der", "--allow", "alias_check"], 0, "allowed platform_bits")
case_genuine("snp/mssidecar_report_v2.bin",
             [*AMD, "@snp/mssidecar_host_amd_cert.json", "--allow", "alias_check"], 0)


@case("genuine: what a report needs, and where AMD has it")
def _():
    out, _ = troth("collateral", "show", vector("snp/ms_turin_report_v5.bin"), status=2)
    expect("https://kdsintf.amd.com/vcek/v1/Turin/" in out and "?fmcSPL=01&blSPL=01" in out, out)


@case("genuine: a changed byte of a document is never accepted")
def _():
    evidence = bytearray(vector("nitro/anjuna_prod_doc.cose").read_bytes())
    evidence[200] ^= 1
    done = subprocess.run([program, "verify", *DOCUMENT, "-"], input=bytes(evidence), capture_output=True, check=False)
    expect(done.returncode in (1, 2), done.returncode, done.stdout.decode())


program, mint = sys.argv[1:]
with tempfile.TemporaryDirectory() as folders:
    result = tap.run()
sys.exit(result)
