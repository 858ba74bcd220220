# SPDX-License-Identifier: Apache-2.0
"""Enclave image files, and signatures by the openssl program, made by nothing of Troth's."""
import subprocess
import zlib

import eif_reader

NUMBERS = {name: number for number, name in eif_reader.KINDS.items()}
USUAL = [("kernel", b"KERNEL"), ("cmdline", b"console=ttyS0"), ("metadata", b"{}"),
         ("ramdisk", b"RAMDISK0"), ("ramdisk", b"RAMDISK1")]


def seal(data):
    """The same with the right CRC."""
    end = eif_reader.HEADER.size
    crc = zlib.crc32(data[end:], zlib.crc32(data[:end - 4]))
    return data[:end - 4] + crc.to_bytes(4, "big") + data[end:]


def make(sections, version=4, flags=0):
    offsets, sizes, body, at = [], [], b"", eif_reader.HEADER.size
    for kind, content in sections:
        offsets.append(at)
        sizes.append(len(content))
        body += eif_reader.SECTION.pack(NUMBERS[kind], 0, len(content)) + content
        at += eif_reader.SECTION.size + len(content)
    unused = [0] * (32 - len(sections))
    return seal(eif_reader.HEADER.pack(b".eif", version, flags, 1 << 30, 2, 0, len(sections),
                                       *offsets, *unused, *sizes, *unused, 0, 0) + body)


def head(major, number):
    if number < 24:
        return bytes([major << 5 | number])
    width = 1 if number < 256 else 2
    return bytes([major << 5 | 23 + width]) + number.to_bytes(width, "big")


def numbers(data):
    return head(4, len(data)) + b"".join(head(0, byte) for byte in data)


def text(value):
    return head(3, len(value)) + value.encode()


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, **options).stdout


def make_key(folder, name, curve):
    """A key and a certificate of its own, as files; their paths."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    run("openssl", "ecparam", "-name", curve, "-genkey", "-noout", "-out", key)
    key.chmod(0o600)
    run("openssl", "req", "-x509", "-new", "-key", key, "-subj", f"/CN={name}", "-days", "3650",
        "-out", certificate)
    return key, certificate


def der_to_raw(der, width):
    """r and s behind one another, of a SEQUENCE of two short INTEGERs."""
    at, out = 2 if der[1] < 128 else 3, b""
    for _ in range(2):
        size = der[at + 1]
        out += int.from_bytes(der[at + 2:at + 2 + size], "big").to_bytes(width, "big")
        at += 2 + size
    return out


def raw_to_der(raw):
    half, body = len(raw) // 2, b""
    for number in (raw[:half], raw[half:]):
        value = number.lstrip(b"\0") or b"\0"
        value = (b"\0" if value[0] & 128 else b"") + value
        body += bytes([2, len(value)]) + value
    return (b"\x30" + bytes([len(body)]) if len(body) < 128 else b"\x30\x81" + bytes([len(body)])) + body


def signature(key, certificate, pcr0, curve="secp384r1", message=None):
    """A signature section over this register."""
    header, digest, width = ((b"\xa1\x01\x38\x22", "-sha384", 48) if curve == "secp384r1"
                             else (b"\xa1\x01\x26", "-sha256", 32))
    payload = head(5, 2) + text("register_index") + head(0, 0) + text("register_value") + numbers(pcr0)
    der = run("openssl", "dgst", digest, "-sign", key, input=message or eif_reader.preimage(header, payload))
    cose = (head(4, 4) + eif_reader.byte_string(header) + head(5, 0) + eif_reader.byte_string(payload) +
            eif_reader.byte_string(der_to_raw(der, width)))
    return (head(4, 1) + head(5, 2) + text("signing_certificate") + numbers(certificate.read_bytes()) +
            text("signature") + numbers(cose))


def is_signed_by(read, certificate, folder):
    """Does the openssl program take the signature of what was read?"""
    signed = read["signature"]
    public = folder / "public.pem"
    public.write_bytes(run("openssl", "x509", "-in", certificate, "-noout", "-pubkey"))
    (folder / "signature.der").write_bytes(raw_to_der(signed["raw"]))
    digest = {"ES256": "-sha256", "ES384": "-sha384"}[signed["algorithm"]]
    done = subprocess.run(["openssl", "dgst", digest, "-verify", public, "-signature",
                           folder / "signature.der"], capture_output=True, check=False,
                          input=eif_reader.preimage(signed["header"], signed["payload"]))
    return done.returncode == 0
