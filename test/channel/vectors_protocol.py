# SPDX-License-Identifier: Apache-2.0
"""docs/protocol.md in Python: frames, transcript, commitments, and one side of a channel.

Written from that page. Evidence is the page's stand-in; all else is as it says.
"""
import hashlib
import hmac

import vectors_keys as keys

ROLES = {"client": 1, "server": 2}
LEVELS = {"none": 0, "epoch": 1, "strict": 2}
TYPES = {"HELLO": 1, "PROOF": 2, "DONE": 3, "REFUSE": 4, "DATA": 5, "END": 6}
LONGEST = {"HELLO": 165, "PROOF": 136192, "DONE": 1, "REFUSE": 1, "DATA": 16380, "END": 0}
REASONS = ("none frame version role order early nothing level cannot busy unknown evidence undetermined key "
           "signature stale future checkpoint name lapsed peer tls slow closed internal").split()
LABEL = b"EXPORTER-troth/1"
STAND_IN = b"stand-in evidence: "


class Refused(Exception):
    def __init__(self, reason, field=None):
        super().__init__(reason, field)
        self.reason, self.field = reason, field


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def number(value, size):
    return value.to_bytes(size, "big")


def lp(part):
    return number(len(part), 8) + part


def name_of(table, value):
    return next((name for name, code in table.items() if code == value), None)


# ---- frames ----

class Reader:
    def __init__(self, data, whole):
        self.data, self.whole = data, whole

    def take(self, size, field):
        if len(self.data) < size:
            raise Refused("frame", field)
        taken, self.data = self.data[:size], self.data[size:]
        return taken

    def uint(self, size, field):
        return int.from_bytes(self.take(size, field), "big")

    def word(self, table, field, least=0):
        value = self.uint(1, field)
        demand(value >= least and name_of(table, value), field)
        return name_of(table, value)

    def counted(self, width, least, most, field):
        size = self.uint(width, field + "_len")
        demand(least <= size <= most, field + "_len")
        return self.take(size, field)

    def end(self):
        demand(not self.data, self.whole)


def demand(holds, field, reason="frame"):
    if not holds:
        raise Refused(reason, field)


def frame(kind, body=b""):
    return number(TYPES[kind], 1) + number(len(body), 3) + body


def parse_frame(data):
    r = Reader(data, "frame")
    kind = name_of(TYPES, r.uint(1, "frame.type"))
    demand(kind, "frame.type")
    size = r.uint(3, "frame.length")
    demand(size <= LONGEST[kind], "frame.length")
    body = r.take(size, "frame.body")
    demand(kind != "DATA" or body, "data.bytes")
    r.end()
    return kind, body


def parse_hello(body):
    r = Reader(body, "hello")
    demand(r.uint(1, "hello.version") == 1, "hello.version", "version")
    says = {"role": r.word(ROLES, "hello.role"), "asks": r.word(LEVELS, "hello.asks")}
    is_epoch = says["asks"] == "epoch"
    flags = r.uint(1, "hello.flags")
    demand(flags <= (1 if is_epoch else 0), "hello.flags")
    count = r.uint(1, "hello.held_count")
    demand(count <= (4 if is_epoch else 0), "hello.held_count")
    challenge = r.take(32, "hello.challenge")
    held = r.take(32 * count, "hello.held")
    r.end()
    return says | {"takes_checkpoint": bool(flags), "challenge": challenge,
                   "held": [held[i:i + 32] for i in range(0, len(held), 32)]}


def write_hello(says):
    return frame("HELLO", bytes([1, ROLES[says["role"]], LEVELS[says["asks"]], says["takes_checkpoint"],
                                 len(says["held"])]) + says["challenge"] + b"".join(says["held"]))


def parse_proof(body):
    r = Reader(body, "proof")
    says = {"role": r.word(ROLES, "proof.role"), "level": r.word(LEVELS, "proof.level", 1)}
    form = r.uint(1, "proof.form")
    demand(form <= 1 and (form or says["level"] == "epoch"), "proof.form")
    says["form"] = "sent" if form else "held"
    if says["level"] == "epoch":
        says["digest"] = r.take(32, "proof.digest")
        if form:
            says["epoch"] = r.uint(8, "proof.epoch")
            says["nonce"] = r.counted(1, 0, 32, "proof.nonce")
            demand(len(says["nonce"]) in (0, 32), "proof.nonce_len")
            says["checkpoint"] = r.counted(2, 0, 4096, "proof.checkpoint")
            demand(bool(says["nonce"]) != bool(says["checkpoint"]), "proof.checkpoint_len")
            says["key"] = r.counted(2, 1, 256, "proof.key")
    if form:
        says["evidence"] = r.counted(4, 1, 65536, "proof.evidence")
        says["collateral"] = r.counted(4, 0, 65536, "proof.collateral")
    if says["level"] == "epoch":
        says["signature"] = r.take(64, "proof.signature")
    r.end()
    return says


def write_proof(says):
    def counted(width, field):
        return number(len(says[field]), width) + says[field]

    is_sent = says["form"] == "sent"
    body = bytes([ROLES[says["role"]], LEVELS[says["level"]], is_sent]) + says.get("digest", b"")
    if "epoch" in says:
        body += number(says["epoch"], 8) + counted(1, "nonce") + counted(2, "checkpoint") + counted(2, "key")
    if is_sent:
        body += counted(4, "evidence") + counted(4, "collateral")
    return frame("PROOF", body + says.get("signature", b""))


def parse_body(kind, body):
    """What a frame says, as a dictionary."""
    if kind == "HELLO":
        return parse_hello(body)
    if kind == "PROOF":
        return parse_proof(body)
    r = Reader(body, kind.lower())
    if kind == "DONE":
        says = {"role": r.word(ROLES, "done.role")}
    elif kind == "REFUSE":
        code = r.uint(1, "refuse.code")
        says = {"reason": REASONS[code] if 0 < code < len(REASONS) else "internal"}
    else:
        says = {"bytes": r.take(len(body), "data.bytes")} if kind == "DATA" else {}
    r.end()
    return says


def write_body(kind, says):
    if kind in ("HELLO", "PROOF"):
        return write_hello(says) if kind == "HELLO" else write_proof(says)
    body = {"DONE": lambda: number(ROLES[says["role"]], 1),
            "REFUSE": lambda: number(REASONS.index(says["reason"]), 1),
            "DATA": lambda: says["bytes"], "END": lambda: b""}[kind]()
    return frame(kind, body)


# ---- what is committed to ----

def transcript_add(transcript, sender, whole_frame):
    return sha256(transcript, lp(number(ROLES[sender], 1)), lp(whole_frame))


def exporter(secret, context):
    """[RFC8446] 7.5 with SHA-256."""
    def expand_label(key, label, data):
        info = number(32, 2) + number(6 + len(label), 1) + b"tls13 " + label + number(32, 1) + data
        return hmac.new(key, info + b"\x01", hashlib.sha256).digest()

    return expand_label(expand_label(secret, LABEL, sha256()), b"exporter", sha256(context))


def commitment(domain, fields):
    """Fields in their order; a text, a number or bytes each."""
    def encoded(value):
        return value.encode() if isinstance(value, str) else number(value, 8) if isinstance(value, int) else value

    parts = [f"troth/{domain}/v1".encode(), *map(encoded, fields.values())]
    return hashlib.sha512(b"".join(map(lp, parts))).digest()


def commitment_text(domain, fields):
    """The same for a command line."""
    return domain + ":" + ",".join(f"{name}={value.hex() if isinstance(value, bytes) else value}"
                                   for name, value in fields.items())


def key_fields(role, proof):
    note = proof["checkpoint"]
    return {"key": proof["key"], "role": role, "epoch": proof["epoch"], "nonce": proof["nonce"],
            "checkpoint": sha256(note) if note else b""}


def connection_fields(role, level, transcript, certificates, exported, digest):
    hashes = {side: sha256(der) if der else b"" for side, der in certificates.items()}
    return {"role": role, "level": level, "frames": transcript, "client_certificate": hashes["client"],
            "server_certificate": hashes["server"], "exporter": exported,
            "evidence": digest if level == "epoch" else b""}


# ---- one side ----

class Side:
    """`settings`: role, asks, gives, challenge, certificates, exporter_secret, now, and, where they differ from
    what is below, the others. `private` is its attestation key; `kept` what of its own evidence it would send
    again; `known` by digest what it accepted before; `witnessed` gives a note's instant."""

    def __init__(self, **settings):
        defaults = {"takes_checkpoint": False, "held": [], "longest_age": 3600, "epoch": None, "private": None,
                    "kept": None, "known": {}, "checkpoint": b"", "collateral": b"", "witnessed": lambda note: None}
        for name, value in (defaults | settings).items():
            setattr(self, name, value)
        self.peer = "server" if self.role == "client" else "client"
        self.transcript, self.peer_hello, self.sent = bytes(32), None, []
        self.accepted = self.asks == "none"
        self.has_sent_done = self.has_done = self.has_end = False
        self.hello = {"role": self.role, "asks": self.asks, "takes_checkpoint": self.takes_checkpoint,
                      "challenge": self.challenge, "held": self.held}
        if self.role == "client":
            self.send("HELLO", self.hello)

    def is_open(self):
        return self.has_sent_done and self.has_done

    def send(self, kind, says):
        whole = write_body(kind, says)
        self.transcript = transcript_add(self.transcript, self.role, whole)
        self.sent.append(whole)

    def receive(self, whole):
        kind, body = parse_frame(whole)
        says = parse_body(kind, body)
        if kind == "REFUSE":
            raise Refused("peer")
        if kind in ("DATA", "END") and not self.is_open():
            raise Refused("early")
        if not self.is_due(kind):
            raise Refused("order")
        getattr(self, "take_" + kind.lower())(says, whole)

    def is_due(self, kind):
        if self.is_open():
            return kind in ("DATA", "END") and not self.has_end
        if self.peer_hello is None:
            return kind == "HELLO"
        return kind == ("DONE" if self.accepted and not self.has_done else "PROOF" if not self.accepted else None)

    def take_hello(self, says, whole):
        demand(says["role"] == self.peer, "hello.role", "role")
        demand(self.asks != "none" or says["asks"] != "none", "hello.asks", "nothing")
        demand(says["asks"] in ["none", *self.gives], "hello.asks", "cannot")
        self.peer_hello = says
        self.transcript = transcript_add(self.transcript, self.peer, whole)
        if self.role == "server":
            self.send("HELLO", self.hello)
            self.prove()
            self.done(self.asks == "none")
        elif self.accepted:
            self.prove()
            self.done(True)

    def take_proof(self, says, whole):
        self.verify(says)
        self.accepted = True
        self.transcript = transcript_add(self.transcript, self.peer, whole)
        if self.role == "client":
            self.prove()
            self.done(self.peer_hello["asks"] != "none")

    def take_done(self, says, whole):
        demand(says["role"] == self.peer, "done.role", "role")
        self.has_done = True
        self.transcript = transcript_add(self.transcript, self.peer, whole)
        self.done(not self.has_sent_done)

    def take_data(self, says, whole):
        pass

    def take_end(self, says, whole):
        self.has_end = True

    def done(self, is_due):
        if is_due:
            self.has_sent_done = True
            self.send("DONE", {"role": self.role})

    # ---- proofs ----

    def fields(self, prover, level, challenge, digest):
        return connection_fields(prover, level, self.transcript, self.certificates,
                                 exporter(self.exporter_secret, challenge), digest)

    def prove(self):
        level = self.peer_hello["asks"]
        if level == "none":
            return
        says = {"role": self.role, "level": level, "form": "sent", "collateral": self.collateral}
        challenge = self.peer_hello["challenge"]
        if level == "strict":
            says["evidence"] = STAND_IN + commitment("strict", self.fields(self.role, level, challenge, b""))
        else:
            kept = self.kept if self.kept and self.kept["digest"] in self.peer_hello["held"] else None
            says = {"role": self.role, "level": level, "form": "held", "digest": kept["digest"]} if kept else \
                says | self.new_evidence(challenge)
            fields = self.fields(self.role, level, challenge, says["digest"])
            says["signature"] = keys.p256_sign(self.private, commitment("strict", fields))
        self.send("PROOF", says)

    def new_evidence(self, challenge):
        by_note = self.peer_hello["takes_checkpoint"] and self.checkpoint
        says = {"epoch": self.epoch, "nonce": b"" if by_note else challenge, "checkpoint": by_note or b"",
                "key": keys.p256_public(self.private)}
        says["evidence"] = STAND_IN + commitment("aik", key_fields(self.role, says))
        says["digest"] = sha256(says["evidence"])
        self.kept = says
        return says

    def verify(self, says):
        demand(says["role"] == self.peer, "proof.role", "role")
        demand(says["level"] == self.asks, "proof.level", "level")
        if says["level"] == "strict":
            wanted = commitment("strict", self.fields(self.peer, "strict", self.challenge, b""))
            demand(says["evidence"] == STAND_IN + wanted, "proof.evidence", "evidence")
            return
        if says["form"] == "held":
            demand(says["digest"] in self.held and says["digest"] in self.known, "proof.digest", "unknown")
            entry = self.known[says["digest"]]
            self.check_ages(entry["epoch"], entry["fresh"])
        else:
            entry = self.verify_sent(says)
        demand(keys.p256_point(entry["key"]), "proof.key", "key")
        signed = commitment("strict", self.fields(self.peer, "epoch", self.challenge, says["digest"]))
        demand(keys.p256_verify(entry["key"], signed, says["signature"]), "proof.signature", "signature")
        self.known[says["digest"]] = entry

    def verify_sent(self, says):
        demand(says["digest"] == sha256(says["evidence"]), "proof.digest")
        if says["nonce"]:
            demand(says["nonce"] == self.challenge, "proof.nonce", "stale")
            fresh = self.now
        else:
            fresh = self.witnessed(says["checkpoint"]) if self.takes_checkpoint else None
            demand(fresh is not None, "proof.checkpoint", "checkpoint")
        self.check_ages(says["epoch"], fresh)
        wanted = STAND_IN + commitment("aik", key_fields(self.peer, says))
        demand(says["evidence"] == wanted, "proof.evidence", "evidence")
        return {"key": says["key"], "epoch": says["epoch"], "fresh": fresh}

    def check_ages(self, *instants):
        demand(max(instants) <= self.now + 60, "proof.epoch", "future")
        demand(self.now - min(instants) <= self.longest_age, "proof.epoch", "stale")
