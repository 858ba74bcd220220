#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The test vectors of troth/1, by a second implementation of docs/protocol.md. Output is TAP.

usage: vectors_peer.py FILE           is this what it should be?
       vectors_peer.py --write FILE   make it
"""
import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
SOURCE = Path(__file__).resolve().parent
sys.path.insert(0, str(SOURCE.parent / "cli"))
import vectors_keys as keys
from tap import Failure, Skip, case, expect, run
from vectors_protocol import (LABEL, Refused, Side, commitment, commitment_text, connection_fields, exporter, frame,
                              key_fields, number, parse_body, parse_frame, sha256, transcript_add, write_body)

EPOCH = 1767225600  # 2026-01-01T00:00:00Z
NOW = EPOCH + 100
WITNESSES_NEEDED = 2


def word(name):
    """Bytes that nobody would guess, had they not been told."""
    return sha256(b"troth/1 vector: " + name.encode())


PRIVATE = {role: word(f"{role} attestation key") for role in ("client", "server")}
OTHER_KEY = word("another attestation key")
CERTIFICATES = {role: f"stand-in certificate: {role}".encode() for role in ("client", "server")}
ALONE = {"client": b"", "server": CERTIFICATES["server"]}
COLLATERAL = b"stand-in collateral"


# ---- a checkpoint and its witnesses ([C2SP] signed-note, tlog-checkpoint, tlog-cosignature) ----

LOG, WITNESSES = "log.example/troth", [("witness.example/a", -60), ("witness.example/b", -90), ("witness.example/c", -30)]


def note_key(name, kind):
    public = keys.ed25519_public(word(name))
    key_id = sha256(name.encode(), b"\n", number(kind, 1), public)[:4]
    return key_id, f"{name}+{key_id.hex()}+{base64.b64encode(number(kind, 1) + public).decode()}"


def checkpoint():
    text = f"{LOG}\n7\n{base64.b64encode(word('root of the log')).decode()}\n"
    lines = [(LOG, note_key(LOG, 1)[0] + keys.ed25519_sign(word(LOG), text.encode()))]
    for name, ahead in WITNESSES:
        at = NOW + ahead
        signed = keys.ed25519_sign(word(name), f"cosignature/v1\ntime {at}\n{text}".encode())
        lines.append((name, note_key(name, 4)[0] + number(at, 8) + signed))
    return (text + "\n" + "".join(f"— {name} {base64.b64encode(sig).decode()}\n" for name, sig in lines)).encode()


NOTE = checkpoint()
WITNESSED = sorted((NOW + ahead for _, ahead in WITNESSES), reverse=True)[WITNESSES_NEEDED - 1]


def witnessed(note):
    return WITNESSED if note == NOTE else None


# ---- whole connections ----

def settings(role, name, asks, peer_asks, **more):
    return {"role": role, "asks": asks, "gives": [peer_asks], "challenge": word(f"{name}: {role} challenge"),
            "certificates": ALONE, "exporter_secret": word(f"{name}: exporter secret"), "now": NOW, "epoch": EPOCH,
            "private": PRIVATE[role], "collateral": COLLATERAL, "witnessed": witnessed} | more


def proof_facts(step, says, before, made):
    """What a PROOF commits to."""
    peer = "server" if step["from"] == "client" else "client"
    challenge = made["sides"][peer]["challenge"]
    digest = says.get("digest", b"")
    fields = connection_fields(says["role"], says["level"], before, made["certificates"],
                               exporter(made["exporter_secret"], challenge), digest)
    facts = {"fields": fields, "text": commitment_text("strict", fields), "commitment": commitment("strict", fields)}
    if says["level"] == "epoch":
        facts["signed_by"] = keys.p256_public(PRIVATE[says["role"]])
    if "epoch" in says:
        of_key = key_fields(says["role"], says)
        facts |= {"key_text": commitment_text("aik", of_key), "key_commitment": commitment("aik", of_key)}
    return facts


def converse(client, server, behind):
    """Every frame of both, as they go over the wire."""
    sides, frames, seen = {"client": client, "server": server}, [], {"client": 0, "server": 0}
    moved = True
    while moved:
        moved = False
        for role, side in sides.items():
            for whole in side.sent[seen[role]:]:
                frames.append((role, whole))
                sides[side.peer].receive(whole)
                moved = True
            seen[role] = len(side.sent)
    expect(client.is_open() and server.is_open(), "both should be open")
    for role, kind, says in behind:
        whole = write_body(kind, says)
        frames.append((role, whole))
        if kind != "REFUSE":
            sides[sides[role].peer].receive(whole)
    return frames


def connection(name, client, server, behind=()):
    made = {"name": name, "certificates": client["certificates"], "exporter_secret": client["exporter_secret"],
            "sides": {s["role"]: {"asks": s["asks"], "challenge": s["challenge"]} for s in (client, server)}}
    pair = Side(**client), Side(**server)
    transcript, made["steps"] = bytes(32), []
    for role, whole in converse(*pair, behind):
        kind, body = parse_frame(whole)
        says = parse_body(kind, body)
        step = {"from": role, "type": kind, "frame": whole, "says": says}
        if kind == "PROOF":
            step["proof"] = proof_facts(step, says, transcript, made)
        if kind in ("HELLO", "PROOF"):
            transcript = step["transcript"] = transcript_add(transcript, role, whole)
        made["steps"].append(step)
    made["exporters"] = [{"context": s["challenge"], "value": exporter(made["exporter_secret"], s["challenge"])}
                         for s in made["sides"].values()]
    return made, pair


def two(name, asks, server_asks, client_more=None, server_more=None):
    return (settings("client", name, asks, server_asks, **(client_more or {})),
            settings("server", name, server_asks, asks, **(server_more or {})))


def connections():
    both = {"certificates": CERTIFICATES}
    talk = [("client", "DATA", {"bytes": b"ping"}), ("server", "DATA", {"bytes": b"pong"}),
            ("client", "END", {}), ("server", "END", {})]
    name = "epoch: the client asks, new evidence for its challenge"
    first, (client, server) = connection(name, *two(name, "epoch", "none"), talk)
    known, kept = client.known, server.kept
    held = {"known": known, "held": [word("evidence of another"), kept["digest"]]}
    made = [first]

    def add(name, asks, server_asks, client_more=None, server_more=None, behind=()):
        made.append(connection(name, *two(name, asks, server_asks, client_more, server_more), behind)[0])

    add("epoch: the client asks, and holds the evidence of the first connection", "epoch", "none", held,
        {"kept": kept}, [("server", "REFUSE", {"reason": "lapsed"})])
    add("epoch: the client asks, and takes a checkpoint", "epoch", "none", {"takes_checkpoint": True},
        {"checkpoint": NOTE})
    add("epoch: the server asks a client with a certificate", "none", "epoch", both, both)
    add("epoch: both ask", "epoch", "epoch", both, both)
    add("strict: the client asks", "strict", "none", {}, {"collateral": b""})
    add("strict: the server asks", "none", "strict")
    add("strict: both ask", "strict", "strict", both, both)
    add("the client asks strict, the server epoch by checkpoint", "strict", "epoch",
        both | {"checkpoint": NOTE}, both | {"takes_checkpoint": True})
    return made


# ---- what is refused ----

def changed(data, at, new):
    return data[:at] + new + data[at + len(new):]


def refused_frames():
    steps = {}
    for made in connections():
        for step in made["steps"]:
            says = step["says"]
            steps.setdefault((step["type"], says.get("level"), says.get("form"), bool(says.get("checkpoint"))),
                             step["frame"])
    hello, done = steps["HELLO", None, None, False], steps["DONE", None, None, False]
    strict, held = steps["PROOF", "strict", "sent", False], steps["PROOF", "epoch", "held", False]
    sent, noted = steps["PROOF", "epoch", "sent", False], steps["PROOF", "epoch", "sent", True]
    asks_strict = changed(hello, 6, b"\x02")
    rows = [
        ("nothing", b""), ("a type alone", b"\x03"), ("no such type", b"\x07\0\0\0"), ("type 0", bytes(4)),
        ("a body that ends before its length", done[:-1]), ("a byte behind the frame", done + b"\0"),
        ("a DONE too long", frame("DONE", b"\x01\x01")), ("an empty DONE", frame("DONE")),
        ("a DONE of a third role", frame("DONE", b"\x03")), ("an empty REFUSE", frame("REFUSE")),
        ("an empty DATA", frame("DATA")), ("a DATA too long", frame("DATA", bytes(16381))[:64]),
        ("an END with a byte", frame("END", b"\0")),
        ("version 0", changed(hello, 4, b"\0")), ("version 2", changed(hello, 4, b"\x02")),
        ("version 2, and nothing else that is known", frame("HELLO", b"\x02\xff")),
        ("HELLO: role 0", changed(hello, 5, b"\0")), ("HELLO: role 3", changed(hello, 5, b"\x03")),
        ("HELLO: asks 3", changed(hello, 6, b"\x03")), ("HELLO: an unknown flag", changed(hello, 7, b"\x02")),
        ("HELLO: a checkpoint for strict", changed(asks_strict, 7, b"\x01")),
        ("HELLO: five held", frame("HELLO", changed(hello[4:], 4, b"\x05") + bytes(128))),
        ("HELLO: one held for strict", frame("HELLO", changed(asks_strict[4:], 4, b"\x01") + bytes(32))),
        ("HELLO: fewer held than it says", changed(hello, 8, b"\x01")),
        ("HELLO: a challenge too short", frame("HELLO", hello[4:-1])),
        ("HELLO: a byte behind it", frame("HELLO", hello[4:] + b"\0")),
        ("PROOF: role 0", changed(strict, 4, b"\0")), ("PROOF: level 0", changed(strict, 5, b"\0")),
        ("PROOF: level 3", changed(strict, 5, b"\x03")), ("PROOF: strict and held", changed(strict, 6, b"\0")),
        ("PROOF: form 2", changed(held, 6, b"\x02")),
        ("PROOF: strict without evidence", frame("PROOF", strict[4:7] + bytes(8))),
        ("PROOF: strict, evidence of 64 KiB and a byte", changed(strict, 7, number(65537, 4))),
        ("PROOF: strict, evidence of 4 GiB", changed(strict, 7, b"\xff" * 4)),
        ("PROOF: strict, signed", frame("PROOF", strict[4:] + bytes(64))),
        ("PROOF: held, without a signature", frame("PROOF", held[4:-64])),
        ("PROOF: held, a byte behind it", frame("PROOF", held[4:] + b"\0")),
        ("PROOF: a nonce of 31 bytes", changed(sent, 47, b"\x1f")),
        ("PROOF: a nonce of 33 bytes", changed(sent, 47, b"\x21")),
        ("PROOF: neither nonce nor checkpoint", frame("PROOF", sent[4:47] + b"\0" + sent[80:])),
        ("PROOF: nonce and checkpoint", changed(sent, 80, b"\0\x01")),
        ("PROOF: a checkpoint of 4097 bytes", changed(noted, 48, number(4097, 2))),
        ("PROOF: without a key", frame("PROOF", sent[4:82] + bytes(2) + sent[175:])),
        ("PROOF: a key of 257 bytes", changed(sent, 82, number(257, 2))),
        ("PROOF: epoch without evidence", frame("PROOF", sent[4:175] + bytes(8) + sent[-64:])),
        ("PROOF: a signature too short", frame("PROOF", sent[4:-1])),
    ]
    return [{"why": why, "frame": data} | judged(data) for why, data in rows]


def judged(data):
    try:
        parse_body(*parse_frame(data))
    except Refused as refused:
        return {"reason": refused.reason, "field": refused.field}
    raise Failure(f"{data.hex()} is read")


def refused_connections():
    """One side, and what it receives until it refuses. Nothing here takes a judgement of evidence."""
    hello = {asks: write_body("HELLO", {"role": role, "asks": asks, "takes_checkpoint": False, "held": [],
                                        "challenge": word(f"a {role}'s challenge")})
             for asks, role in (("none", "server"), ("epoch", "client"), ("strict", "client"))}
    hello["client"] = write_body("HELLO", {"role": "client", "asks": "none", "takes_checkpoint": False, "held": [],
                                           "challenge": word("a client's challenge")})
    done = {role: write_body("DONE", {"role": role}) for role in ("client", "server")}
    data, end = write_body("DATA", {"bytes": b"secret"}), write_body("END", {})

    def side(role, asks, gives, name, **more):
        gives = [gives] if gives else []
        return settings(role, name, asks, None) | {"gives": gives, "held": []} | more

    def proof(name, level="epoch", role="server", **more):
        says = {"role": role, "level": level, "form": "sent", "collateral": b"", "evidence": b"stand-in"}
        if level == "epoch":
            says |= {"epoch": EPOCH, "nonce": word(f"{name}: client challenge"), "checkpoint": b"",
                     "key": keys.p256_public(PRIVATE["server"]), "signature": bytes(64),
                     "digest": sha256(b"stand-in")}
        return write_body("PROOF", says | more)

    def held(digest):
        return write_body("PROOF", {"role": "server", "level": "epoch", "form": "held", "digest": digest,
                                    "signature": bytes(64)})

    ask = ("client", "epoch", None)
    rows = [
        ("nothing", "neither asks: the client's view", ("client", "none", None), lambda n: [hello["none"]]),
        ("nothing", "neither asks: the server's view", ("server", "none", None), lambda n: [hello["client"]]),
        ("version", "a HELLO of version 2", ask, lambda n: [changed(hello["none"], 4, b"\x02")]),
        ("role", "the client's own HELLO comes back", ask, lambda n: [hello["client"]]),
        ("role", "a HELLO of a server reaches a server", ("server", "none", "epoch"), lambda n: [hello["none"]]),
        ("cannot", "the server cannot prove strict", ("server", "none", "epoch"), lambda n: [hello["strict"]]),
        ("cannot", "the server cannot prove epoch", ("server", "none", "strict"), lambda n: [hello["epoch"]]),
        ("order", "DONE in place of a HELLO", ask, lambda n: [done["server"]]),
        ("order", "a second HELLO", ask, lambda n: [hello["none"], hello["none"]]),
        ("order", "DONE before the proof", ask, lambda n: [hello["none"], done["server"]]),
        ("early", "END before the proof", ask, lambda n: [hello["none"], end]),
        ("order", "DONE in place of the client's proof", ("server", "epoch", None),
         lambda n: [hello["client"], done["client"]]),
        ("order", "a PROOF that nobody asked for", ("server", "none", "strict"),
         lambda n: [hello["strict"], proof(n, role="client")]),
        ("order", "a second DONE", ("server", "none", "strict"),
         lambda n: [hello["strict"], done["client"], done["client"]]),
        ("order", "DATA behind END", ("server", "none", "strict"),
         lambda n: [hello["strict"], done["client"], end, data]),
        ("early", "DATA in place of a HELLO", ask, lambda n: [data]),
        ("early", "DATA before the proof", ask, lambda n: [hello["none"], data]),
        ("early", "DATA of a client that did not say DONE", ("server", "none", "strict"),
         lambda n: [hello["strict"], data]),
        ("role", "DONE of the wrong role", ("server", "none", "strict"), lambda n: [hello["strict"], done["server"]]),
        ("role", "a PROOF of the wrong role", ask, lambda n: [hello["none"], proof(n, role="client")]),
        ("level", "strict in place of epoch", ask, lambda n: [hello["none"], proof(n, "strict")]),
        ("level", "epoch in place of strict", ("client", "strict", None), lambda n: [hello["none"], proof(n)]),
        ("unknown", "evidence held that was not offered", ask, lambda n: [hello["none"], held(word("evidence"))]),
        ("frame", "a digest of other evidence", ask, lambda n: [hello["none"], proof(n, digest=word("other"))]),
        ("future", "an epoch that begins in 61 seconds", ask, lambda n: [hello["none"], proof(n, epoch=NOW + 61)]),
        ("future", "an epoch at the end of time", ask, lambda n: [hello["none"], proof(n, epoch=2**64 - 1)]),
        ("future", "an epoch that a signed number cannot hold", ask,
         lambda n: [hello["none"], proof(n, epoch=2**63)]),
        ("stale", "an epoch of an hour and a second ago", ask,
         lambda n: [hello["none"], proof(n, epoch=NOW - 3601)]),
        ("stale", "an epoch of 1970", ask, lambda n: [hello["none"], proof(n, epoch=0)]),
        ("stale", "the nonce of another connection", ask,
         lambda n: [hello["none"], proof(n, nonce=word("an old challenge"))]),
        ("checkpoint", "a checkpoint that was not asked for", ask,
         lambda n: [hello["none"], proof(n, nonce=b"", checkpoint=NOTE)]),
        ("peer", "a REFUSE in place of a HELLO", ask, lambda n: [write_body("REFUSE", {"reason": "busy"})]),
        ("peer", "a REFUSE of a reason to come", ask, lambda n: [hello["none"], frame("REFUSE", b"\xc8")]),
    ]
    return [refused_connection(reason, why, side(*who, why), received(why)) for reason, why, who, received in rows]


def refused_connection(reason, why, one, received):
    made = {"why": why, "side": {name: one[name] for name in ("role", "asks", "gives", "challenge", "now",
                                                              "certificates", "exporter_secret")},
            "receives": received, "reason": reason}
    side = Side(**one)
    for number_, whole in enumerate(received, 1):
        try:
            side.receive(whole)
        except Refused as refused:
            expect(refused.reason == reason and number_ == len(received), why, refused)
            return made
    raise Failure(f"{why}: nothing is refused")


def wrong_signatures():
    """The first proof of each kind, had a field of what was signed been another."""
    rows = []
    for made in connections():
        for step in made["steps"]:
            if step["type"] == "PROOF" and step["says"]["level"] == "epoch":
                rows.append((made, step))
    made, step = rows[0]
    other = rows[1][1]["proof"]["fields"]
    right, fields, private = step["proof"]["commitment"], step["proof"]["fields"], PRIVATE["server"]
    changes = [
        ("reflected: signed in the other role", {"role": "client"}), ("signed for strict", {"level": "strict"}),
        ("frames were changed on the way", {"frames": word("frames")}),
        ("a client's certificate that the verifier does not see", {"client_certificate": word("certificate")}),
        ("relayed: the certificate of another server", {"server_certificate": word("certificate")}),
        ("relayed: the exporter of another connection", {"exporter": other["exporter"]}),
        ("other evidence of the same key", {"evidence": word("evidence")}),
        ("no evidence", {"evidence": b""}),
        ("replayed: a signature of another connection", other),
    ]
    signatures = [(why, keys.p256_sign(private, commitment("strict", fields | change))) for why, change in changes]
    good = step["says"]["signature"]
    signatures += [
        ("another key", keys.p256_sign(OTHER_KEY, right)), ("the commitment's hash signed", keys.p256_sign(
            private, sha256(right))), ("one bit changed", changed(good, 63, bytes([good[63] ^ 1]))),
        ("s before r", good[32:] + good[:32]), ("r zero", bytes(32) + good[32:]), ("s zero", good[:32] + bytes(32)),
        ("r and s zero", bytes(64)),
        ("r is the order", number(keys.P256["n"], 32) + good[32:]),
    ]
    return {"connection": made["name"], "key": step["proof"]["signed_by"], "commitment": right, "signature": good,
            "wrong": [{"why": why, "signature": signature} for why, signature in signatures]}


# ---- the file ----

def all_vectors():
    witnesses = [{"name": name, "seed": word(name), "verifier": note_key(name, 4)[1]} for name, _ in WITNESSES]
    return {
        "protocol": "troth/1", "exporter_label": LABEL.decode(), "now": NOW, "longest_age": 3600,
        "keys": {"attestation": {role: {"private": PRIVATE[role], "public": keys.p256_public(PRIVATE[role])}
                                 for role in PRIVATE},
                 "log": {"name": LOG, "seed": word(LOG), "verifier": note_key(LOG, 1)[1]},
                 "witnesses": witnesses, "witnesses_needed": WITNESSES_NEEDED},
        "checkpoint": {"note": NOTE.decode(), "sha256": sha256(NOTE), "witnessed": WITNESSED},
        "connections": connections(), "refused_frames": refused_frames(),
        "refused_connections": refused_connections(), "wrong_signatures": wrong_signatures()}


def written():
    return json.dumps(all_vectors(), indent=1, ensure_ascii=False, default=bytes.hex) + "\n"


def main(path):
    text = Path(path).read_text()
    read = json.loads(text)

    @case("the file is what this implementation writes")
    def _():
        expect(text == written(), f"make it anew: {Path(__file__).name} --write {path}")

    def connection_case(made):
        @case(f"read back: {made['name']}")
        def _():
            read_back(made)

    for made in read["connections"]:
        connection_case(made)

    @case("signatures that fit no proof")
    def _():
        rows = read["wrong_signatures"]
        key, signed = bytes.fromhex(rows["key"]), bytes.fromhex(rows["commitment"])
        expect(keys.p256_verify(key, signed, bytes.fromhex(rows["signature"])), "the right one")
        for row in rows["wrong"]:
            expect(not keys.p256_verify(key, signed, bytes.fromhex(row["signature"])), row["why"])

    @case("the exporter beside OpenSSL's")
    def _():
        expect(openssl_exporter(word("secret"), word("context")) == exporter(word("secret"), word("context")))

    return run()


def read_back(made):
    """Frames say what the file says, are written as they were, and are signed by whom it names."""
    transcript = bytes(32)
    for step in made["steps"]:
        whole = bytes.fromhex(step["frame"])
        kind, body = parse_frame(whole)
        says = parse_body(kind, body)
        expect(json.loads(json.dumps(says, default=bytes.hex)) == step["says"], step["type"])
        expect(kind == step["type"] and write_body(kind, says) == whole, step["type"])
        if kind == "PROOF":
            expect(step["proof"]["fields"]["frames"] == transcript.hex(), "frames")
        if "signature" in says:
            proof = step["proof"]
            expect(keys.p256_verify(bytes.fromhex(proof["signed_by"]), bytes.fromhex(proof["commitment"]),
                                    says["signature"]), "signature")
        if "transcript" in step:
            transcript = transcript_add(transcript, step["from"], whole)
            expect(transcript.hex() == step["transcript"], "transcript")


def openssl_exporter(secret, context):
    if not shutil.which("openssl"):
        raise Skip("there is no openssl")

    def expand(key, label, data):
        options = {"digest": "SHA2-256", "mode": "EXPAND_ONLY", "hexkey": key.hex(), "prefix": "tls13 ",
                   "label": label, "hexdata": data.hex()}
        command = ["openssl", "kdf", "-keylen", "32", "-binary"]
        for name, value in options.items():
            command += ["-kdfopt", f"{name}:{value}"]
        done = subprocess.run([*command, "TLS13-KDF"], capture_output=True, check=False)
        if done.returncode:
            raise Skip("this openssl has no TLS13-KDF")
        return done.stdout

    return expand(expand(secret, LABEL.decode(), sha256()), "exporter", sha256(context))


if sys.argv[1] == "--write":
    Path(sys.argv[2]).write_text(written())
else:
    sys.exit(main(sys.argv[1]))
