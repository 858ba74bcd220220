#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Policies in many spellings, and the digests that their meanings have.

usage: policy_peer.py COUNT

A line each: a policy as JSON, in hex; the SHA-256 of the canonical JSON of what it means,
which json.dumps() writes here (documents are ASCII). Both have the shape of
docs/policy.schema.json.
"""
import hashlib
import json
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "cli"))
import schema  # noqa: E402

KINDS = ["nitro", "sgx", "snp", "tdx"]
CODE = {
    "nitro": {"pcr0": 48, "pcr1": 48, "pcr2": 48},
    "sgx": {"mr_enclave": 32, "attributes": 16, "config_id": 64},
    "snp": {"measurement": 48},
    "tdx": {"mr_td": 48, "rtmr0": 48, "rtmr1": 48, "rtmr2": 48, "mr_config_id": 48},
}
MORE = {"nitro": {"pcr3": 48, "pcr8": 48}, "sgx": {"mr_signer": 32},
        "snp": {"host_data": 32, "id_key_digest": 48}, "tdx": {"rtmr3": 48, "mr_owner": 48}}
MACHINE = {"sgx": 16, "snp": 64, "tdx": 16}
FINDINGS = {"nitro": ["debug"], "sgx": ["debug", "sgx.xfrm.bit4"],
            "snp": ["debug", "migrate_ma", "provisional", "snp.policy.bit30"],
            "tdx": ["debug", "service_td", "tdx.td_attributes.bit29"]}
NUMBERS = {"nitro": [], "sgx": ["sgx.isv_svn", "sgx.isv_prod_id"],
           "snp": ["snp.guest_svn", "snp.version"], "tdx": ["tdx.quote_version"]}
STATUSES = ["SWHardeningNeeded", "ConfigurationNeeded", "OutOfDateConfigurationNeeded"]
PARTS = ["bootloader", "fmc", "microcode", "snp", "tee"]
RULES = ["debug == false", "size(nonce) > 0", "kind != 'snp' || snp.vmpl < 2 // \"low\"",
         "kind in ['tdx', 'sgx'] ? tcb.status == \"UpToDate\" : !debug\n  || size(nonce) == 64",
         "now > timestamp('2026-01-01T00:00:00Z')\t&& !debug"]


class Maker:
    """One policy: `said` is how it is written, `meant` what the canonical form says."""

    def __init__(self, rnd):
        self.rnd, self.said, self.meant = rnd, {}, {}
        self.kinds = sorted(rnd.sample(KINDS, rnd.randint(1, 4)))

    def maybe(self):
        return self.rnd.random() < 0.5

    def some(self, things, least=1):
        return self.rnd.sample(things, self.rnd.randint(min(least, len(things)), len(things)))

    def shuffled(self, things):
        return self.rnd.sample(things, len(things))

    def hex(self, size):
        """The same bytes, with capitals and without."""
        text = self.rnd.randbytes(size).hex()
        return "".join(c.upper() if self.maybe() else c for c in text), text

    def number(self, limit):
        value = self.rnd.randrange(limit)
        return (str(value) if self.maybe() else value), value

    def length(self):
        value = self.rnd.randint(1, 40) * 86400
        return self.rnd.choice([value, f"{value}s", f"{value // 60}m", f"{value // 3600}h", f"{value // 86400}d"]), value

    def say(self, key, said, meant, default):
        """A default may be left out."""
        self.meant[key] = meant
        if meant != default or self.maybe():
            self.said[key] = said

    def basics(self):
        name = self.rnd.choice(["p", "a name with spaces", "quotes \" and \\ more", "x" * 128])
        self.say("policy", name, name, None)
        self.say("accept", self.shuffled(self.kinds), self.kinds, None)
        nonce = self.rnd.choice(["required", "any"])
        self.say("nonce", nonce, nonce, "required")
        said, meant = self.length() if self.maybe() else ("any", "any")
        self.say("max_age", said, meant, "any")
        self.say("vocabulary", self.rnd.choice([1, "1"]), 1, 1)

    def findings(self):
        meant = {k: sorted(self.some(FINDINGS[k])) for k in self.kinds if self.maybe()}
        said = {k: self.shuffled(v) for k, v in meant.items()}
        if self.maybe():
            said = ["debug"]
            meant = {k: ["debug"] for k in self.kinds}
        self.say("allow", said or "none", meant or "none", "none")

    def claims(self):
        said, meant = {}, {}
        for kind in self.kinds:
            for claim in self.some(NUMBERS[kind], 0):
                said[claim], meant[claim] = self.number(2**40)
        if self.maybe():
            meant["debug"] = self.maybe()
            said["debug"] = meant["debug"] if self.maybe() else str(meant["debug"]).lower()
        self.say("expect", said or "none", meant or "none", "none")
        any_claims = ["snp.vmpl"] if "snp" in self.kinds and self.maybe() else []
        self.say("any", any_claims or "none", any_claims or "none", "none")

    def intel(self):
        grace, grace_s = self.length() if self.maybe() else ("0", 0)
        tcb = self.some(STATUSES, 0) + ["UpToDate"]
        advisories = [f"INTEL-SA-{n:05}" for n in self.rnd.sample(range(99999), self.rnd.randint(1, 5))]
        said = {"grace": grace, "tcb": self.shuffled(tcb), "advisories": self.shuffled(advisories)}
        meant = {"grace": grace_s, "tcb": sorted(tcb), "advisories": sorted(advisories)}
        if self.maybe():
            said["advisories"] = meant["advisories"] = "any"
        said["min_evaluation"], meant["min_evaluation"] = self.number(2**32)
        default = {"grace": 0, "tcb": ["UpToDate"], "advisories": "any", "min_evaluation": 0}
        for key in [k for k in said if meant[k] == default[k] and self.maybe()]:
            del said[key]
        if {"sgx", "tdx"} & set(self.kinds):
            self.meant["intel"] = meant
            if said:
                self.said["intel"] = said

    def amd(self):
        said, meant = {}, {"distrust": "none", "min_tcb": "none"}
        if self.maybe():
            said["distrust"] = ["Milan"]
            meant["distrust"] = ["Milan"]
        if self.maybe():
            said["min_tcb"], meant["min_tcb"] = {}, {}
            for product in self.some(["Genoa", "Turin"]):
                parts = {p: self.number(256 if product == "Turin" or p != "fmc" else 1) for p in self.some(PARTS)}
                said["min_tcb"][product] = {p: v[0] for p, v in parts.items()}
                meant["min_tcb"][product] = {p: parts[p][1] if p in parts else 0 for p in PARTS}
        if "snp" in self.kinds:
            self.meant["amd"] = meant
            if said:
                self.said["amd"] = said

    def image(self, kind):
        said, meant = {}, {}
        claims = {**CODE[kind], **{c: MORE[kind][c] for c in self.some(list(MORE[kind]), 0)}}
        for label in self.shuffled(list(claims)):
            value, canonical = self.hex(claims[label]) if self.maybe() else ("any", "any")
            said[label if self.maybe() else f"{kind}.{label}"] = value
            meant[f"{kind}.{label}"] = canonical
        return said, meant

    def images(self):
        if self.rnd.random() < 0.2:
            self.say("images", "any", "any", None)
            return
        said, meant = {}, {}
        for name in self.shuffled(["release-1", "Release 2", "a.b", "\"z\""])[:self.rnd.randint(1, 4)]:
            kinds = self.kinds if not said else self.some(self.kinds)
            pairs = {k: self.image(k) for k in kinds}
            said[name] = {k: p[0] for k, p in pairs.items()}
            meant[name] = {k: p[1] for k, p in pairs.items()}
        self.say("images", said, meant, None)

    def machines(self):
        said, meant = {}, {}
        for kind in self.kinds:
            said[kind] = meant[kind] = "any"
            if kind in MACHINE and self.maybe():
                ids = [self.hex(MACHINE[kind]) for _ in range(self.rnd.randint(1, 3))]
                said[kind] = [i[0] for i in ids]
                meant[kind] = sorted(i[1] for i in ids)
        default = {kind: "any" for kind in self.kinds}
        self.say("machines", "any" if meant == default and self.maybe() else said, meant, default)

    def rules(self):
        rules = [{f"rule {i}": source} for i, source in enumerate(self.some(RULES[:2] + RULES[4:], 0))]
        if {"snp", "tdx"} <= set(self.kinds):
            rules += [{"more": source} for source in RULES[2:4] if self.maybe()][:1]
        self.say("rules", [{k: v + self.rnd.choice(["", " ", "\n"]) for k, v in r.items()} for r in rules] or "none",
                 rules or "none", "none")

    def make(self):
        for part in (self.basics, self.findings, self.claims, self.intel, self.amd, self.images, self.machines,
                     self.rules):
            part()
        return ({k: self.said[k] for k in self.shuffled(list(self.said))}, self.meant)


def main(count):
    rnd = random.Random(4)
    shape = json.loads((ROOT / "docs" / "policy.schema.json").read_text())
    for _ in range(int(count)):
        said, meant = Maker(rnd).make()
        for policy in (said, meant):
            complaints = list(schema.check(policy, shape))
            assert not complaints, complaints
        document = json.dumps(said, indent=rnd.choice([None, 1, 4]))
        canonical = json.dumps(meant, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(b"troth/policy/v1\0" + canonical.encode()).hexdigest()
        print(document.encode().hex(), digest)


main(*sys.argv[1:])
