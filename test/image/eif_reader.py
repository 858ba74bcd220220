#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What an enclave image file says and measures, read by nothing of Troth's.

usage: eif_reader.py FILE     prints JSON; exit 2 if it is not such a file
"""
import base64
import hashlib
import json
import struct
import sys
import zlib

KINDS = {1: "kernel", 2: "cmdline", 3: "ramdisk", 4: "signature", 5: "metadata"}
HEADER = struct.Struct(">4sHHQQHH32Q32QII")
SECTION = struct.Struct(">HHQ")
CRC_AT = HEADER.size - 4
ALGORITHMS = {-7: "ES256", -35: "ES384"}


class NotAnImage(ValueError):
    """It cannot be read, and why."""


def want(holds, why):
    if not holds:
        raise NotAnImage(why)


class Cbor:
    """Definite lengths; unsigned and negative numbers, strings, arrays, maps."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        want(self.at + count <= len(self.data), "CBOR ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def head(self):
        first = self.take(1)[0]
        kind, short = first >> 5, first & 31
        want(short < 28, "a CBOR head of no kind")
        return kind, short if short < 24 else int.from_bytes(self.take(1 << (short - 24)), "big")

    def item(self):
        kind, number = self.head()
        if kind == 0:
            return number
        if kind == 1:
            return -1 - number
        if kind == 2:
            return bytes(self.take(number))
        if kind == 3:
            return self.take(number).decode()
        if kind == 4:
            return [self.item() for _ in range(number)]
        want(kind == 5, "a tag, or a simple value")
        return {self.item(): self.item() for _ in range(number)}

    @classmethod
    def whole(cls, data):
        reader = cls(data)
        item = reader.item()
        want(reader.at == len(data), "bytes behind the CBOR")
        return item


def pem_to_der(text):
    begin, end = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
    want(text.count(begin) == 1 and text.count(end) == 1, "not one certificate")
    return base64.b64decode("".join(text.split(begin)[1].split(end)[0].split()), validate=True)


def extend(content):
    return hashlib.sha384(bytes(48) + hashlib.sha384(content).digest()).digest()


def read_signature(data):
    """Certificate, what was signed, and the pieces of the message."""
    entries = Cbor.whole(data)
    want(len(entries) == 1, "not one signature")
    pem = bytes(entries[0]["signing_certificate"]).decode()
    message = bytes(entries[0]["signature"])
    header, unprotected, payload, signature = Cbor.whole(message)
    signed = Cbor.whole(payload)
    return {
        "certificate_pem": pem,
        "certificate": pem_to_der(pem),
        "algorithm": ALGORITHMS.get(Cbor.whole(header).get(1)),
        "unprotected": unprotected,
        "register": signed["register_index"],
        "value": bytes(signed["register_value"]),
        "header": header,
        "payload": payload,
        "raw": signature,
    }


def byte_string(data):
    size = len(data)
    if size < 24:
        return bytes([0x40 | size]) + data
    return (bytes([0x58, size]) if size < 256 else b"\x59" + size.to_bytes(2, "big")) + data


def preimage(header, payload):
    """What is signed of a message with these."""
    return b"\x84\x6aSignature1" + byte_string(header) + byte_string(b"") + byte_string(payload)


def sections_of(data, offsets, sizes):
    """Every section, which have to lie one behind the other."""
    at, out = HEADER.size, []
    for offset, size in zip(offsets, sizes):
        want(offset == at, "a gap, or an overlap")
        want(at + SECTION.size <= len(data), "a section behind the end")
        kind, flags, own = SECTION.unpack_from(data, at)
        want(kind in KINDS and flags == 0 and own == size, "a section unlike the header")
        at += SECTION.size + size
        out.append({"kind": KINDS[kind], "offset": at - size, "size": size})
    want(at == len(data), "bytes missing, or too many")
    return out


def read(data):
    """All that there is to say, with bytes for everything that is bytes."""
    want(len(data) >= HEADER.size, "too short")
    magic, version, flags, memory, cpus, reserved, count, *tables, unused, crc = HEADER.unpack_from(data)
    offsets, sizes = tables[:32], tables[32:]
    want(magic == b".eif" and 2 <= version <= 4, "no image that anybody reads")
    want(flags in (0, 1) and reserved == 0 and unused == 0, "reserved bits")
    want(count <= 32 and not any(offsets[count:]) and not any(sizes[count:]), "slots that are in use")
    sections = sections_of(data, offsets[:count], sizes[:count])

    def content(*kinds):
        return [data[s["offset"]:s["offset"] + s["size"]] for s in sections if s["kind"] in kinds]

    base, ramdisks = b"".join(content("kernel", "cmdline")), content("ramdisk")
    want(len(content("kernel")) == len(content("cmdline")) == 1 and ramdisks, "a section is missing")
    signature = read_signature(content("signature")[0]) if content("signature") else None
    computed = zlib.crc32(data[HEADER.size:], zlib.crc32(data[:CRC_AT]))
    return {
        "version": version,
        "architecture": "aarch64" if flags & 1 else "x86_64",
        "memory": memory,
        "cpus": cpus,
        "crc": {"stored": crc, "computed": computed, "good": crc == computed},
        "sections": sections,
        "metadata": content("metadata")[0] if content("metadata") else None,
        "signature": signature,
        "pcrs": {
            "pcr0": extend(base + b"".join(ramdisks)),
            "pcr1": extend(base + ramdisks[0]),
            "pcr2": extend(b"".join(ramdisks[1:])),
            **({"pcr8": extend(signature["certificate"])} if signature else {}),
        },
    }


def printable(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): printable(item) for key, item in value.items()}
    return [printable(item) for item in value] if isinstance(value, list) else value


def main(path):
    with open(path, "rb") as file:
        data = file.read()
    try:
        print(json.dumps(printable(read(data)), indent=2))
    except (ValueError, KeyError, TypeError) as error:
        print(f"eif_reader: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
