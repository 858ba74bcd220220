#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`troth image`, of images that nothing of Troth's made, hostile ones among them. TAP.

usage: image_test.py TROTH [WORDS]     those cases whose name has these words
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import eif_reader
import eif_writer as writer
import schema
import tap
from eif import Ramdisk
from tap import case, expect

FOLDER_MODE, FILE_MODE, LINK_MODE = 0o040755, 0o100644, 0o120777
RUN = b"program: [/usr/bin/hello]\nlisten: vsock:8443\nupstream: 127.0.0.1:80\noutbound: [api.example:443]\n"
SCHEMAS = {verb: json.loads((Path(__file__).resolve().parents[2] / f"docs/image-{verb}.schema.json").read_text())
           for verb in ("show", "diff")}


def base():
    return Ramdisk().file("init", b"\x7fELF init").finish()


def application(hello=b"\x7fELF hello", more=lambda ramdisk: ramdisk):
    folders = ("rootfs", "rootfs/etc", "rootfs/etc/troth", "rootfs/usr", "rootfs/usr/bin")
    ramdisk = Ramdisk().folder(*folders)
    ramdisk.file("rootfs/etc/troth/run.yaml", RUN, FILE_MODE).file("rootfs/usr/bin/hello", hello)
    return more(ramdisk).finish()


def image(ramdisks=None, cmdline=b"console=ttyS0", kernel=b"KERNEL" * 1000, metadata=b'{"ImageName":"hello"}'):
    ramdisks = [base(), application()] if ramdisks is None else ramdisks
    return writer.make([("kernel", kernel), ("cmdline", cmdline), ("metadata", metadata),
                        *[("ramdisk", ramdisk) for ramdisk in ramdisks]])


def call(*words):
    done = subprocess.run([TROTH, "image", *[str(w) for w in words]], capture_output=True, check=False, text=True,
                          errors="backslashreplace", env={"PATH": os.environ["PATH"]})
    expect("Sanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr)
    return done.returncode, done.stdout, done.stderr


def refused(said, *words):
    status, out, complaint = call(*words)
    expect(status == 2 and said in complaint, status, out, complaint)


class Place:
    """A folder with images in it."""

    def __enter__(self):
        self.made = tempfile.TemporaryDirectory(prefix="troth-image-")
        self.path = Path(self.made.name)
        return self

    def __exit__(self, *failure):
        self.made.cleanup()

    def __truediv__(self, name):
        return self.path / name

    def write(self, name, content):
        (self.path / name).write_bytes(content)
        return self.path / name

    def names(self):
        return sorted(p.name for p in self.path.iterdir())


def told(verb, *words, status=0):
    """Its JSON, which is as the schema says."""
    seen, out, complaint = call(verb, "--json", *words)
    expect(seen == status, seen, out, complaint)
    value = json.loads(out)
    complaints = list(schema.check(value, SCHEMAS[verb], SCHEMAS[verb], verb))
    expect(not complaints, *complaints)
    return value


# ---- show ----

@case("show: sections, what covers them, registers as an independent reader has them")
def show_sections():
    with Place() as place:
        content = image()
        value, read = told("show", place.write("a.eif", content)), eif_reader.read(content)
        expect(value["registers"] == {**{k: v.hex() for k, v in read["pcrs"].items()}, "pcr8": None}, value["registers"])
        expect([(s["offset"], s["size"]) for s in value["sections"]] ==
               [(s["offset"], s["size"]) for s in read["sections"]], value["sections"])
        expect({s["section"]: s["registers"] for s in value["sections"]} == {
            "kernel": ["pcr0", "pcr1"], "command line": ["pcr0", "pcr1"], "metadata": [],
            "ramdisk 1": ["pcr0", "pcr1"], "ramdisk 2": ["pcr0", "pcr2"]}, value["sections"])
        expect(value["sha256"] == hashlib.sha256(content).hexdigest() and value["size"] == len(content))
        expect(value["command_line"] == "console=ttyS0" and value["signature"] is None)
        expect(value["metadata"] == {"measured": False, "text": '{"ImageName":"hello"}'}, value["metadata"])
        expect(value["header"]["measured"] is False and value["header"]["crc32"] == zlib.crc32(
            content[548:], zlib.crc32(content[:544])), value["header"])
        expect(value["ramdisks"][1]["files"] == 2 and value["ramdisks"][1]["folders"] == 5, value["ramdisks"])
        expect(value["run"]["listen"] == "vsock:8443" and value["run"]["outbound"] == ["api.example:443"], value["run"])


@case("show: what is not measured is called so, on the page as well")
def show_page():
    with Place() as place:
        status, out, _ = call("show", place.write("a.eif", image()))
        expect(status == 0 and re.search(r"metadata +\d+ +\d+ +not measured\n", out), out)
        expect("not measured: whoever holds the file can change it" in out and "ImageName" in out, out)
        expect(re.search(r"ramdisk 2 +\d+ +\d+ +pcr0, pcr2\n", out), out)


@case("show: the attack surface")
def show_surface():
    def more(ramdisk):
        ramdisk.file("rootfs/usr/bin/bash", b"\x7fELF").file("rootfs/usr/bin/su", b"\x7fELF", 0o104755)
        ramdisk.file("rootfs/usr/bin/sh", b"bash", LINK_MODE).file("rootfs/usr/bin/python3.11", b"\x7fELF")
        ramdisk.file("rootfs/usr/bin/script", b"#!/bin/sh\n").file("rootfs/etc/open", b"", 0o100666)
        return ramdisk.file("rootfs/etc/tls.key", b"-----BEGIN PRIVATE KEY-----\n", 0o100600)

    with Place() as place:
        surface = told("show", place.write("a.eif", image([base(), application(more=more)])))["surface"]
        wanted = {"set_user": ["rootfs/usr/bin/su"], "shells": ["rootfs/usr/bin/bash", "rootfs/usr/bin/sh"],
                  "interpreters": ["rootfs/usr/bin/python3.11"], "writable": ["rootfs/etc/open"],
                  "private_keys": ["rootfs/etc/tls.key"], "compilers": [], "modules": []}
        for kind, paths in wanted.items():
            expect(surface[kind] == {"count": len(paths), "paths": paths}, kind, surface[kind])
        expect(surface["complete"] and surface["programs"] == 5 and surface["scripts"] == 1, surface)


@case("show: a compressed ramdisk's contents are not known, and it says so")
def show_compressed():
    with Place() as place:
        path = place.write("a.eif", image([base(), zlib.compress(application(), wbits=31)]))
        value = told("show", path)
        expect("gzip" in value["ramdisks"][1]["unknown_because"] and not value["surface"]["complete"], value)
        expect("not complete" in call("show", path)[1])
        refused("gzip", "extract", "--files", path, place / "out")
        expect(call("extract", path, place / "out")[0] == 0 and place.names() == ["a.eif", "out"])


@case("show: which run file there would be, once Linux has unpacked all")
def show_run():
    def folders():
        return Ramdisk().folder("rootfs", "rootfs/etc", "rootfs/etc/troth")

    def run(name="rootfs/etc/troth/run.yaml", content=RUN.replace(b"hello", b"other"), mode=FILE_MODE):
        return folders().file(name, content, mode).finish()

    unknown = "a ramdisk's contents are not known"
    packed = zlib.compress(base(), wbits=31)
    packed += b"\0" * (-len(packed) % 4)
    swapped = (Ramdisk().folder("rootfs", "rootfs/a", "rootfs/a/troth", "rootfs/b", "rootfs/b/troth")
               .file("rootfs/etc", b"a", LINK_MODE).file("rootfs/etc/troth/run.yaml", RUN, FILE_MODE)
               .file("rootfs/b/troth/run.yaml", b"evil", FILE_MODE).file("rootfs/etc", b"b", LINK_MODE).finish())
    rows = [
        ("one", [base(), application()], "/usr/bin/hello", None),
        ("a later one", [base(), application(), run()], "/usr/bin/other", None),
        ("a later link", [base(), application(), run(content=b"/x", mode=LINK_MODE)], None,
         "is reached by a link, which is not followed"),
        ("a link for a folder", [base(), Ramdisk().folder("rootfs").file("rootfs/etc", b"/x", LINK_MODE).finish()], None,
         "is reached by a link, which is not followed"),
        ("a later one too long", [base(), application(), run(content=b"#" * 1000000)], None, "is too long"),
        ("through links that change", [base(), swapped], None, unknown),
        ("an archive behind the end", [base(), application() + run()], None, unknown),
        ("a packed ramdisk behind it", [base(), application(), zlib.compress(run(), wbits=31)], None, unknown),
        ("a packed ramdisk before it", [packed, application()], "/usr/bin/hello", None),
        ("a packed ramdisk of an odd size before it", [packed + b"\0", application()], None, unknown),
    ]
    with Place() as place:
        for why, ramdisks, program, unknown_because in rows:
            value = told("show", place.write("a.eif", image(ramdisks)))["run"]
            expect(value["unknown_because"] == unknown_because, why, value)
            expect(value["program"] == ([program] if program else []), why, value)


@case("show: what a stranger wrote moves no terminal")
def show_escapes():
    with Place() as place:
        path = place.write("a.eif", image(metadata=b'{"ImageName":"\x1b[2Jhello"}', cmdline=b"a\x1b[31mb"))
        status, out, _ = call("show", path)
        expect(status == 0 and "\x1b" not in out and "\\x1b[2J" in out, out)
        expect(told("show", path)["command_line"] == "a\x1b[31mb")
        path = place.write("b.eif", image(cmdline=b"\x80" * 4000 + b"init=/evil"))
        expect("init=/evil" in call("show", path)[1], "the end of a long word is hidden")


@case("show: files that are no strict image")
def show_refuses():
    whole = image()
    with Place() as place:
        for why, content in (("empty", b""), ("text", b"no image\n" * 100), ("cut", whole[:-1]),
                             ("longer", whole + b"\0"), ("CRC", whole[:600] + b"X" + whole[601:])):
            path = place.write("a.eif", content)
            status, out, said = call("show", path)
            expect(status == 2 and not out and "a.eif" in said, why, status, out, said)
            expect(told("show", path, status=2)["image"] is None)
        refused("no such file", "show", place / "none")
        refused("directory", "show", place.path)
        refused("FILE", "show")


# ---- diff ----

def sections(value):
    return {s["section"]: s["difference"] for s in value["sections"] if s["difference"] != "same"}


@case("diff: the same, and the same but for what is not measured")
def diff_same():
    with Place() as place:
        one, other = place.write("a.eif", image()), place.write("b.eif", image(metadata=b'{"ImageName":"other"}'))
        expect(told("diff", one, one)["same"] is True)
        value = told("diff", one, other)
        expect(value["same"] and sections(value) == {"metadata": "changed"}, value)
        expect("metadata          changed (not measured)" in call("diff", one, other)[1])


@case("diff: one section at a time, and the registers that see it")
def diff_sections():
    rows = [("kernel", {"kernel": b"OTHER"}, ["pcr0", "pcr1"]),
            ("command line", {"cmdline": b"console=ttyS1"}, ["pcr0", "pcr1"]),
            ("ramdisk 1", {"ramdisks": [Ramdisk().file("init", b"other").finish(), application()]}, ["pcr0", "pcr1"]),
            ("ramdisk 2", {"ramdisks": [base(), application(b"\x7fELF hallo")]}, ["pcr0", "pcr2"])]
    with Place() as place:
        one = place.write("a.eif", image())
        for section, change, registers in rows:
            value = told("diff", one, place.write("b.eif", image(**change)), status=1)
            expect(sections(value) == {section: "changed"}, section, value["sections"])
            expect([r["register"] for r in value["registers"] if not r["same"]] == registers, section, value)
        value = told("diff", one, place.write("b.eif", image([base(), application(), base()])), status=1)
        expect(sections(value) == {"ramdisk 3": "added"}, value["sections"])


@case("diff: files added, removed and changed, and in what")
def diff_files():
    def first(ramdisk):
        ramdisk.file("rootfs/gone", b"1", FILE_MODE).file("rootfs/mode", b"2", 0o100644)
        return ramdisk.file("rootfs/link", b"a", LINK_MODE).file("rootfs/kind", b"", FILE_MODE)

    def second(ramdisk):
        ramdisk.file("rootfs/mode", b"2", 0o104755).file("rootfs/link", b"b", LINK_MODE)
        return ramdisk.folder("rootfs/kind").file("rootfs/new", b"3", FILE_MODE)

    with Place() as place:
        paths = [place.write(name, image([base(), application(hello, more)])) for name, hello, more in
                 (("a.eif", b"\x7fELF hello", first), ("b.eif", b"\x7fELF hallo", second))]
        value = told("diff", *paths, status=1)
        section = [s for s in value["sections"] if s["section"] == "ramdisk 2"][0]
        expect({m["path"]: m["difference"] for m in section["members"]} == {
            "rootfs/gone": "removed", "rootfs/kind": "changed", "rootfs/link": "changed", "rootfs/mode": "changed",
            "rootfs/new": "added", "rootfs/usr/bin/hello": "changed"}, section["members"])
        expect((section["added"], section["removed"], section["changed"]) == (1, 1, 4), section)
        expect(value["surface"]["set_user"] == [0, 1], value["surface"])
        page = call("diff", *paths)[1]
        for said in ("mode 0644, then 4755", "leads elsewhere", "file, then folder", "other bytes, 10 of them",
                     "set-user-id       0, then 1"):
            expect(said in page, said, page)


@case("diff: more files than are named are counted")
def diff_many():
    def more(ramdisk):
        for number in range(1500):
            ramdisk.file(f"rootfs/{number:05}", b"", FILE_MODE)
        return ramdisk

    with Place() as place:
        paths = place.write("a.eif", image()), place.write("b.eif", image([base(), application(more=more)]))
        section = told("diff", *paths, status=1)["sections"][-1]
        expect(section["added"] == 1500 and len(section["members"]) == 1000, section["added"])
        expect("and 500 more" in call("diff", *paths)[1])


@case("diff: what cannot be told")
def diff_refuses():
    with Place() as place:
        one = place.write("a.eif", image())
        refused("no such file", "diff", one, place / "none")
        refused("FIRST and SECOND", "diff", one)
        expect(told("diff", one, place.write("b", b"x"), status=2)["same"] is None)


# ---- extract ----

@case("extract: every part, byte for byte")
def extract_parts():
    with Place() as place:
        ramdisks = [base(), application()]
        status, out, said = call("extract", place.write("a.eif", image(ramdisks)), place / "out")
        expect(status == 0 and not out and not said, status, out, said)
        wanted = {"kernel": b"KERNEL" * 1000, "cmdline": b"console=ttyS0", "metadata.json": b'{"ImageName":"hello"}',
                  "ramdisk-1.cpio": ramdisks[0], "ramdisk-2.cpio": ramdisks[1], "initrd": b"".join(ramdisks)}
        expect({p.name: p.read_bytes() for p in (place / "out").iterdir()} == wanted)
        expect(place.names() == ["a.eif", "out"], place.names())


@case("extract: files, without rights that only the image should have")
def extract_files():
    def more(ramdisk):
        ramdisk.file("rootfs/su", b"su", 0o106777).file("rootfs/to", b"/etc/passwd", LINK_MODE)
        return ramdisk.file("rootfs/null", b"", 0o020666).file("rootfs/pipe", b"", 0o010666)

    with Place() as place:
        path = place.write("a.eif", image([base(), application(more=more)]))
        status, _, said = call("extract", "--files", path, place / "out")
        expect(status == 0 and "2 devices, pipes and sockets are left out" in said, status, said)
        root = place / "out/ramdisk-2/rootfs"
        expect((root / "usr/bin/hello").read_bytes() == b"\x7fELF hello")
        expect((place / "out/ramdisk-1/init").read_bytes() == b"\x7fELF init")
        expect((root / "su").stat().st_mode & 0o7777 == 0o755, oct((root / "su").stat().st_mode))
        expect(os.readlink(root / "to") == "/etc/passwd" and not (root / "null").exists())


@case("extract: into an empty folder, and into nothing else")
def extract_where():
    with Place() as place:
        path = place.write("a.eif", image())
        (place / "empty").mkdir()
        expect(call("extract", path, place / "empty/")[0] == 0 and (place / "empty/kernel").exists())
        refused("not empty", "extract", path, place / "empty")
        refused("a.eif", "extract", path, path)
        refused("no such file", "extract", path, place / "none/out")
        refused("FILE and DIR", "extract", path)
        os.symlink("empty", place / "link")
        refused("not empty", "extract", path, place / "link")
        expect(place.names() == ["a.eif", "empty", "link"], place.names())


def hostile(ramdisk, said, place):
    """Nothing of it is written, here or elsewhere."""
    path = place.write("a.eif", image([base(), ramdisk]))
    before = {p: p.lstat().st_mtime_ns for p in place.path.rglob("*")}
    status, _, complaint = call("extract", "--files", path, place / "deep/out")
    expect(status == 2 and said in complaint, status, complaint)
    expect({p: p.lstat().st_mtime_ns for p in place.path.rglob("*")} == before, "something was written")
    return path


@case("extract: archives that lead elsewhere write nothing at all")
def extract_hostile():
    def out(name, mode=FILE_MODE):
        return Ramdisk().file(name, b"evil", mode).finish()

    deep = "/".join(["d" * 200] * 6)
    rows = [
        ("upwards", out("../evil"), "archive"),
        ("upwards in the middle", Ramdisk().folder("a").file("a/../../evil", b"evil").finish(), "archive"),
        ("absolute", out("/tmp/troth-evil"), "before its folder"),
        ("the folder itself", out("."), "archive"),
        ("a control character", out("a\nb"), "archive"),
        ("below a link", Ramdisk().file("a", b"../..", LINK_MODE).file("a/evil", b"evil").finish(), "below what is no folder"),
        ("a link, then a folder of its name", Ramdisk().file("a", b"..", LINK_MODE).folder("a").file("a/evil", b"")
         .finish(), "comes twice"),
        ("a file that is a folder's", Ramdisk().file("a", b"", FILE_MODE).file("a/evil", b"").finish(),
         "below what is no folder"),
        ("twice", Ramdisk().file("a", b"1").file("a", b"2").finish(), "comes twice"),
        ("no folder", out("a/evil"), "before its folder"),
        ("a path too long", out(deep), "archive"),
        ("larger than the archive", bytes(out("a")).replace(b"%08x" % 4, b"ffffffff", 1), "ends in the middle"),
        ("a number that is none", bytes(out("a")).replace(b"%08x" % 4, b"0000000g", 1), "archive"),
        ("something behind its end", out("a") + out("b"), "behind its end"),
        ("no end", bytes(out("a"))[:116], ""),
    ]
    with Place() as place:
        (place / "deep").mkdir()
        for why, ramdisk, said in rows:
            try:
                path = hostile(ramdisk, said, place)
                # It can still be looked at; what is in it is not known, or is what is written there.
                expect(call("show", path)[0] == 0, "show")
            except Exception as error:
                raise tap.Failure(f"{why}: {error}") from error


@case("extract: what fails half-way leaves nothing")
def extract_half_way():
    def more(ramdisk):
        return ramdisk.folder("rootfs/data").file("rootfs/data/large", bytes(4 << 20), FILE_MODE)

    with Place() as place:
        path = place.write("a.eif", image([base(), application(more=more)]))
        words = f"ulimit -f 4096; exec '{TROTH}' image extract --files '{path}' '{place / 'out'}'"
        done = subprocess.run(["bash", "-c", f"trap '' XFSZ; {words}"], capture_output=True, text=True, check=False)
        expect(done.returncode == 2 and "too large" in done.stderr, done)
        expect(place.names() == ["a.eif"], place.names())


# ---- sign ----

@case("sign: registers stay, and the openssl program agrees with the signature")
def sign():
    with Place() as place:
        for curve in ("secp384r1", "prime256v1"):
            key, certificate = writer.make_key(place.path, f"of-{curve}", curve)
            key.chmod(0o600)
            plain = place.write("plain.eif", image())
            status, out, said = call("sign", "--key", key, "--certificate", certificate, "--output",
                                     place / "signed.eif", plain)
            expect(status == 0, said)
            read = eif_reader.read((place / "signed.eif").read_bytes())
            expect(read["crc"]["good"] and read["signature"]["value"] == read["pcrs"]["pcr0"], read)
            expect(writer.is_signed_by(read, certificate, place.path), "openssl refuses it")
            expect(read["pcrs"]["pcr8"].hex() in out, out)
            expect({k: read["pcrs"][k] for k in ("pcr0", "pcr1", "pcr2")} == eif_reader.read(image())["pcrs"])
            value = told("show", place / "signed.eif")
            expect(value["signature"]["good"] and value["signature"]["certificate"]["common_name"] == f"of-{curve}", value)
            expect(value["signature"]["certificate"]["checked"] is False)
            expect("was not checked" in call("show", place / "signed.eif")[1])
            changed = sections(told("diff", plain, place / "signed.eif", status=1))
            expect(changed == {"signature": "added"}, changed)
            expect(plain.read_bytes() == image(), "the image itself was changed")


@case("sign: in place, and what is refused leaves it as it was")
def sign_in_place():
    with Place() as place:
        key, certificate = writer.make_key(place.path, "one", "secp384r1")
        other_key, other = writer.make_key(place.path, "other", "secp384r1")
        for path in (key, other_key):
            path.chmod(0o600)
        path = place.write("a.eif", image())
        names = place.names()
        refused("", "sign", "--key", key, "--certificate", other, path)
        refused("", "sign", "--key", certificate, "--certificate", certificate, path)
        refused("--key and --certificate", "sign", "--key", key, path)
        refused("", "sign", "--key", key, "--certificate", key, path)
        key.chmod(0o644)
        refused("", "sign", "--key", key, "--certificate", certificate, path)
        key.chmod(0o600)
        expect(path.read_bytes() == image() and place.names() == names, place.names())
        expect(call("sign", "--key", key, "--certificate", certificate, path)[0] == 0 and place.names() == names)
        expect(told("show", path)["signature"]["good"])
        refused("signed already", "sign", "--key", key, "--certificate", certificate, path)


@case("show: a signature over something else, status 1")
def bad_signature():
    with Place() as place:
        key, certificate = writer.make_key(place.path, "one", "secp384r1")
        section = writer.signature(key, certificate, bytes(48))
        parts = [("kernel", b"K"), ("cmdline", b"c"), ("metadata", b"{}"), ("ramdisk", base()), ("ramdisk", application()),
                 ("signature", section)]
        path = place.write("a.eif", writer.make(parts))
        expect(told("show", path, status=1)["signature"]["good"] is False)
        expect("BAD" in call("show", path)[1])


if __name__ == "__main__":
    TROTH = Path(sys.argv[1]).resolve()
    tap.cases[:] = [row for row in tap.cases if " ".join(sys.argv[2:]) in row[0]]
    sys.exit(tap.run())
