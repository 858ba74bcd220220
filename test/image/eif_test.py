#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth measure`, `troth image sign` and a reader of enclave images that shares nothing with
them agree. TAP.

usage: eif_test.py TROTH
"""
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import eif_reader
import eif_writer as writer
import tap
from tap import Skip, case, expect

KNOWN = {
    "pcr0": "61fd2b06210a933b3db5e15c5752e394894bb097f7f1d96ad1f55a7525d0d7aa2c63b235f44420b12d8376cc392bdefb",
    "pcr1": "a6d35ce3e7ba80048a2b23da9b15063726a7cea90e16e9d6934e92a15aa1896fd54de706310e2fbc585d9c37db9c1805",
    "pcr2": "5f699ae4300525c628f5c96fc521729dd6ca1a2c07cb07b69e7ae9e3fa935cfd7cc83b3e26d89201a486d9db2405c562",
}
NOTHING = "21b9efbc184807662e966d34f390821309eeac6802309798826296bf3e8bec7c10edb30948c90ba67310f7b964fc500a"


def measure(image):
    """What the program says of these bytes: registers by name, or None with its exit status."""
    with tempfile.NamedTemporaryFile(suffix=".eif", dir=FOLDER) as file:
        file.write(image)
        file.flush()
        done = subprocess.run([TROTH, "measure", "--format", "json", file.name], capture_output=True,
                              text=True, check=False)
    if "no such command" in done.stderr or "unknown command" in done.stderr:
        raise Skip("this build has no troth measure")
    if done.returncode:
        return None, done
    said = json.loads(done.stdout)
    expect(said["kind"] == "nitro", said)
    return {row["claim"].removeprefix("nitro."): row["value"] for row in said["measurements"]
            if row.get("value")}, done


def agree(image):
    """Both read it, and say the same."""
    mine = {name: value.hex() for name, value in eif_reader.read(image)["pcrs"].items()}
    theirs, done = measure(image)
    expect(theirs == mine, "the program:", theirs, done.stderr, "the reader:", mine)
    return mine


def refused(image, *words):
    """The program says why it will not measure these bytes."""
    theirs, done = measure(image)
    expect(theirs is None and done.returncode == 2, "measured:", theirs, done.returncode)
    expect(all(word in done.stderr for word in words), done.stderr)


@case("known registers, by the reader")
def known():
    read = eif_reader.read(writer.make(writer.USUAL))
    expect({name: value.hex() for name, value in read["pcrs"].items()} == KNOWN, read["pcrs"])
    expect(read["crc"]["good"])


@case("known registers, by the program")
def known_by_program():
    expect(agree(writer.make(writer.USUAL)) == KNOWN)


@case("one ramdisk: PCR0 is PCR1, PCR2 is of nothing")
def one_ramdisk():
    pcrs = agree(writer.make(writer.USUAL[:4]))
    expect(pcrs["pcr0"] == pcrs["pcr1"] and pcrs["pcr2"] == NOTHING, pcrs)


@case("images of every shape")
def shapes():
    numbers = random.Random(7)
    for _ in range(25):
        ramdisks = [("ramdisk", numbers.randbytes(numbers.choice((0, 1, 63, 4096, 70000))))
                    for _ in range(numbers.randint(1, 6))]
        sections = [("kernel", numbers.randbytes(numbers.randint(1, 5000))),
                    ("cmdline", b"console=ttyS0 " * numbers.randint(0, 9)), *ramdisks]
        sections.insert(numbers.randint(0, len(sections)), ("metadata", b'{"ImageName":"x"}'))
        agree(writer.make(sections, flags=numbers.randint(0, 1)))


@case("more than goes by at once")
def large():
    content = random.Random(8).randbytes(3 << 20)
    agree(writer.make([("kernel", content[:2 << 20]), ("cmdline", b"quiet"), ("metadata", b"{}"),
                       ("ramdisk", content), ("ramdisk", content[1:])]))


@case("older versions, with and without metadata")
def versions():
    sections = [row for row in writer.USUAL if row[0] != "metadata"]
    for version in (2, 3):
        agree(writer.make(sections, version=version))
        agree(writer.make(writer.USUAL, version=version))
    refused(writer.make(sections), "metadata")


@case("a signature: PCR8 is of its certificate, the others are as they were")
def signed():
    for curve in ("secp384r1", "prime256v1"):
        key, certificate = writer.make_key(FOLDER, curve, curve)
        before = eif_reader.read(writer.make(writer.USUAL))["pcrs"]
        section = writer.signature(key, certificate, before["pcr0"], curve)
        image = writer.make([*writer.USUAL, ("signature", section)])
        expect(writer.is_signed_by(eif_reader.read(image), certificate, FOLDER))
        pcrs = agree(image)
        expect(pcrs == {**KNOWN, "pcr8": pcrs["pcr8"]}, pcrs)


@case("every bit of the headers, with the right CRC: refused, or measured the same")
def flips():
    image = writer.make(writer.USUAL)
    numbers = random.Random(9)
    measured = 0
    for bit in sorted(numbers.sample(range(8 * 544), 60)) + [56]:
        flipped = bytearray(image)
        flipped[bit // 8] ^= 1 << bit % 8
        theirs, done = measure(writer.seal(bytes(flipped)))
        expect(theirs == KNOWN if theirs else done.returncode == 2, bit, theirs, done.stderr)
        measured += bool(theirs)
    expect(0 < measured < 61, measured)


@case("a CRC that is wrong")
def crc():
    image = bytearray(writer.make(writer.USUAL))
    image[-1] ^= 1
    refused(bytes(image))


@case("a gap between sections, which readers measure differently")
def gap():
    image = writer.make(writer.USUAL)
    at = eif_reader.HEADER.size + 12 + 6
    moved = bytearray(image[:at] + bytes(4) + image[at:])
    for index in range(1, len(writer.USUAL)):
        slot = 28 + 8 * index
        moved[slot:slot + 8] = (int.from_bytes(moved[slot:slot + 8], "big") + 4).to_bytes(8, "big")
    refused(writer.seal(bytes(moved)))


@case("bytes behind the end")
def behind():
    refused(writer.seal(writer.make(writer.USUAL) + b"\0"))


@case("every length but the right one")
def lengths():
    image = writer.make(writer.USUAL)
    for length in (0, 1, 4, 547, 548, 560, 600, len(image) - 1):
        refused(image[:length])


def sign(image, key, certificate):
    """The signed image, or None; and what the program did. Then the image is as it was."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        path, out = Path(folder, "a.eif"), Path(folder, "signed.eif")
        path.write_bytes(image)
        done = subprocess.run([TROTH, "image", "sign", "--key", key, "--certificate", certificate,
                               "--output", out, path], capture_output=True, text=True, check=False)
        if "no such command" in done.stderr:
            raise Skip("this build has no troth image")
        expect(path.read_bytes() == image, "the image was changed")
        expect(done.returncode in (0, 2) and out.exists() == (done.returncode == 0), done)
        return out.read_bytes() if out.exists() else None, done


@case("signed by the program, verified by openssl")
def sign_good():
    image = writer.make(writer.USUAL)
    for curve in ("secp384r1", "prime256v1"):
        key, certificate = writer.make_key(FOLDER, f"own-{curve}", curve)
        signed, done = sign(image, key, certificate)
        expect(signed, done.stderr)
        read = eif_reader.read(signed)
        expect(read["crc"]["good"] and read["sections"][-1]["kind"] == "signature", read["sections"])
        expect(signed[548:len(image)] == image[548:], "the sections before it were changed")
        expect(read["signature"]["register"] == 0 and read["signature"]["unprotected"] == {})
        expect(read["signature"]["value"].hex() == KNOWN["pcr0"], read["signature"]["value"])
        expect(writer.is_signed_by(read, certificate, FOLDER), "openssl refuses it")
        der = writer.run("openssl", "x509", "-in", certificate, "-outform", "DER")
        expect(agree(signed) == {**KNOWN, "pcr8": eif_reader.extend(der).hex()})


@case("what is not signed")
def sign_refusals():
    image = writer.make(writer.USUAL)
    key, certificate = writer.make_key(FOLDER, "first", "secp384r1")
    other_key, other = writer.make_key(FOLDER, "second", "secp384r1")
    long_key, long_one = writer.make_key(FOLDER, "third", "secp521r1")
    both, open_key = FOLDER / "both.pem", FOLDER / "open.key"
    both.write_bytes(certificate.read_bytes() + key.read_bytes())
    open_key.write_bytes(key.read_bytes())
    open_key.chmod(0o644)
    signed, _ = sign(image, key, certificate)
    for why, arguments, words in (
            ("another's certificate", (image, key, other), "is not the certificate of the key"),
            ("another's key", (image, other_key, certificate), "is not the certificate of the key"),
            ("P-521", (image, long_key, long_one), "is no private key that signs images"),
            ("a private key beside the certificate", (image, key, both), "something else than one certificate"),
            ("a key that others may read", (image, open_key, certificate), "others may read"),
            ("an image that is signed", (signed, key, certificate), "is signed already"),
            ("no image", (b"text", key, certificate), "eif.header")):
        nothing, done = sign(*arguments)
        expect(nothing is None and words in done.stderr, why, done.returncode, done.stderr)


if __name__ == "__main__":
    TROTH = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        FOLDER = Path(folder)
        sys.exit(tap.run())
