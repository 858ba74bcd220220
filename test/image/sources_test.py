#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""File systems from archives, layers, packages and folders, beside what Python's tarfile, GNU's tools and dpkg make of the
same. Output is TAP.

usage: sources_test.py SOURCES_OURS
"""
import gzip
import hashlib
import io
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True
sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "cli")]
import tap
from tap import Skip, case, expect

sys.path[:0] = [str(Path(__file__).resolve().parent)]
import archives
import layout
from archives import FILE, FOLDER, HARD, LINK, entry, file_, folder_, hard_, link_, make

OURS = sys.argv[1]
FOLDER_OF_ALL = Path(tempfile.mkdtemp(prefix="troth-sources-"))
SPOOL = FOLDER_OF_ALL / "spool"
KINDS = {"file": FILE, "folder": FOLDER, "symbolic link": LINK}


def run(*words):
    done = subprocess.run([OURS, *map(str, words)], capture_output=True, text=True, errors="replace", check=False,
                          env={**os.environ, "TMPDIR": str(SPOOL)})
    expect(done.returncode in (0, 1), "it ended with", done.returncode, done.stderr[-2000:])
    expect(not any(SPOOL.iterdir()), "it left behind", *SPOOL.iterdir())
    return done


def listing(*words):
    """What the sources make a tree of: rows as archives.tree() has them."""
    done = run(*words)
    expect(done.returncode == 0, done.stdout.splitlines()[-1:])
    out = []
    for line in done.stdout.splitlines():
        kind, mode, user, group, size, digest, path, target = line.split("\t")
        out.append((bytes.fromhex(path), KINDS[kind], int(mode, 8), int(user), int(group),
                    (int(size), digest) if KINDS[kind] == FILE else None, bytes.fromhex(target)))
    return out


def problem(*words):
    """Why the sources make nothing."""
    done = run(*words)
    expect(done.returncode == 1, "it was taken:", done.stdout)
    return done.stdout.splitlines()[-1]


def same(seen, wanted):
    expect(seen == wanted, "only seen:", sorted(set(seen) - set(wanted)), "only wanted:",
           sorted(set(wanted) - set(seen)), "" if set(seen) != set(wanted) else "another order")


def refused(words, *texts):
    said = problem(*words)
    expect(all(text in said for text in texts), said)


COUNTER = iter(range(1 << 30))


def kept(data, suffix=".tar"):
    path = FOLDER_OF_ALL / f"{next(COUNTER)}{suffix}"
    path.write_bytes(data)
    return path


# ---- tar

MANY = [
    folder_("d", 0o700, 3, 4), file_("d/f", b"hello", 0o4755, 1000, 1000), file_("empty"), link_("l", "../outside/./x"),
    hard_("d/h", "d/f"), file_("d/" + "n" * 120, b"x" * 511), file_("d/sub/y", b"y" * 513),
    file_("/".join(["part" * 10] * 6) + "/end", b"z" * 100000), link_("far", "t" * 300), file_("ä/ö", "ü".encode()),
    file_("big-owner", b"1", 0o644, 3000000, 4000000000), file_("spaces in it", b"s"), file_("sticky", b"", 0o1777),
]
USTAR = [e for e in MANY if len(e.path) < 100 and len(e.target) < 100 and e.user < 2000000] + [file_("p" * 90 + "/" + "q" * 90, b"x")]


def test_formats(name, form, entries):
    @case(f"what tarfile writes as {name}")
    def _():
        same(listing("tar", kept(make(entries, form))), archives.tree(entries))

    @case(f"the same as {name}, packed")
    def _():
        same(listing("gzip", kept(gzip.compress(make(entries, form)))), archives.tree(entries))


test_formats("ustar", tarfile.USTAR_FORMAT, USTAR)
test_formats("gnu", tarfile.GNU_FORMAT, MANY)
test_formats("pax", tarfile.PAX_FORMAT, MANY)


def test_gnu_tar(form):
    @case(f"what GNU tar writes as {form}")
    def _():
        root = FOLDER_OF_ALL / f"gnu-{form}"
        root.mkdir()
        entries = [folder_("d", 0o750), file_("d/f", b"hello" * 1000, 0o755), link_("d/l", "f"), file_("e", b"")]
        if form not in ("v7", "ustar"):
            entries += [file_("d/" + "n" * 150, b"x"), link_("d/m", "t" * 150)]
        archives.unpack(root, entries)
        words = ["tar", "--format", form, "--owner=5", "--group=6", "--numeric-owner", "-C", root, "-cf", "-", "."]
        data = subprocess.run(words, capture_output=True, check=True).stdout
        same(listing("tar", kept(data)), archives.tree([e._replace(user=5, group=6) for e in entries]))


for FORM in ("v7", "oldgnu", "gnu", "ustar", "posix"):
    test_gnu_tar(FORM)


@case("times, comments and names of users change nothing")
def _():
    data = make([file_("a", b"x")], tarfile.PAX_FORMAT, {"comment": "0123", "mtime": "1.5", "uname": "me"},
                {"atime": "1", "SCHILY.dev": "3", "VENDOR.x": "y"})
    same(listing("tar", kept(data)), archives.tree([file_("a", b"x")]))


@case("paths as archives write them")
def _():
    data = make([file_("./a//b/", b"x")._replace(path="./a//./b"), folder_("./"), folder_("/c/"), file_("//d", b"")])
    same(listing("tar", kept(data)), archives.tree([file_("a/b", b"x"), folder_("c"), file_("d", b"")]))


@case("several gzip members are one stream")
def _():
    data = make([file_("a", b"x" * 5000)])
    packed = b"".join(gzip.compress(data[i:i + 1000]) for i in range(0, len(data), 1000)) + gzip.compress(b"")
    same(listing("gzip", kept(packed)), archives.tree([file_("a", b"x" * 5000)]))


def hostile(why, data, *texts, kind="tar"):
    @case(f"refused: {why}")
    def _():
        refused([kind, kept(data() if callable(data) else data)], *texts)


GOOD = make([file_("a", b"x" * 600), file_("b", b"y")])
for WHY, PATH in [("above the root", "../a"), ("above, further in", "a/../../b"), ("dots alone", ".."), ("dots at the end", "a/..")]:
    hostile(WHY, make([file_(PATH, b"x")]), "tar.path", "forbids")
    hostile(f"{WHY}, as a hard link's target", make([file_("x", b"x"), hard_("y", PATH)]), "tar.linkpath", "forbids")
hostile("a line's end in a name", make([file_("a\nb", b"x")]), "tar.path", "forbids")
hostile("a name with a zero", make([file_("a", b"x")], tarfile.PAX_FORMAT, None, {"path": "a\0b"}), "tar.path", "forbids")
hostile("a name that is too long", make([file_("a/" * 600 + "b", b"x")]), "tar.path", "limit")
hostile("a name of 256 bytes", make([file_("n" * 256, b"x")]), "tar.path", "limit")
hostile("a link that is too long", make([link_("a", "t" * 1024)]), "tar.linkpath", "limit")
hostile("an empty link", make([link_("a", "")]), "tar.linkpath", "forbids")
hostile("a hard link to nothing", make([hard_("a", "b")]), "a\tis a hard link to what is not there", "it comes from")
hostile("a hard link to a folder", make([folder_("b"), hard_("a", "b")]), "no file")
hostile("a hard link to what comes later", make([hard_("a", "b"), file_("b", b"x")]), "not there")
hostile("a character device", make([entry("dev/null", archives.CHARACTER)]), "dev/null\tis a device")
hostile("a block device", make([entry("dev/sda", archives.BLOCK)]), "is a device")
hostile("a pipe", make([entry("p", archives.PIPE)]), "is a named pipe")
hostile("a file twice", make([file_("a", b"x"), file_("a", b"y")]), "a\tis there already")
hostile("a file below a file", make([file_("a", b"x"), file_("a/b", b"y")]), "a\tis a file, but")
hostile("a root that is a file", make([file_("./", b"x")._replace(path=".")]), "tar.path")
hostile("a file with a slash at its end", archives.with_type(make([folder_("a")]), b"0"), "tar.path")
hostile("a capability", make([file_("a", b"x")], tarfile.PAX_FORMAT, None, {"SCHILY.xattr.security.capability": "x"}),
        "a\tcarries the attribute security.capability")
hostile("the same in another spelling",
        make([file_("a", b"x")], tarfile.PAX_FORMAT, None, {"LIBARCHIVE.xattr.security.capability": "x"}), "carries")
hostile("a path for all", make([file_("a", b"x")], tarfile.PAX_FORMAT, {"path": "z"}), "tar.path", "not use")
hostile("an owner for all", make([file_("a", b"x")], tarfile.PAX_FORMAT, {"uid": "0"}), "tar.uid", "not use")
hostile("sparse, as pax", make([file_("a", b"x")], tarfile.PAX_FORMAT, None, {"GNU.sparse.major": "1"}), "tar.sparse")
hostile("sparse, as GNU", archives.with_type(GOOD, b"S"), "tar.type")
hostile("several volumes", archives.with_type(GOOD, b"M"), "tar.type")
hostile("an unknown kind", archives.with_type(GOOD, b"Z"), "tar.type")
hostile("a folder with content", archives.with_type(GOOD, b"5"), "tar.size")
hostile("a symbolic link with content", archives.with_type(archives.with_field(GOOD, 157, b"t"), b"2"), "tar.size")
hostile("a hard link with content", archives.with_type(archives.with_field(GOOD, 157, b"t"), b"1"), "tar.size")
hostile("a size below zero", archives.with_field(GOOD, 124, b"\xff" * 12), "tar.size")
hostile("a size beyond all", archives.with_field(GOOD, 124, b"\x80" + b"\x7f" * 11), "tar.size", "limit")
hostile("a size that is no number", archives.with_field(GOOD, 124, b"12x45678901\0"), "tar.size", "forbids")
hostile("a size of 8 GiB less one", archives.with_field(GOOD, 124, b"77777777777\0"), "ends in the middle of a file")
hostile("an owner beyond all", archives.with_field(GOOD, 108, b"\x80\0\0\xff\xff\xff\xff\xff"), "tar.uid", "limit")
hostile("a wrong sum", GOOD[:10] + b"!" + GOOD[11:], "tar.checksum")
hostile("a wrong sum in the second", GOOD[:1536 + 10] + b"!" + GOOD[1536 + 11:], "tar.checksum", "byte 1536")
hostile("no archive", b"hello" * 1000, "tar.checksum")
hostile("nothing", b"", "ends before the archive does")
hostile("cut in a header", GOOD[:100], "ends before the archive does")
hostile("cut in a file", GOOD[:1000], "ends in the middle of a file")
hostile("without its end", GOOD[:2560], "ends before the archive does")
hostile("with half of its end", GOOD[:3072], "ends before the archive does")
hostile("something after one block of zeros", GOOD[:1536] + bytes(512) + GOOD[1536:], "tar.end")
hostile("an extended header for nothing", lambda: archives.raw_pax(b"9 path=b\n") + bytes(1024), "tar.pax")
for WHY, TEXT, *TEXTS in [
        ("no length", b"path=b\n", "tar.pax"), ("too short a length", b"8 path=b\n", "tar.pax"),
        ("too long a length", b"11 path=b\n", "tar.pax"), ("a length beyond all", b"99999999999999999999999 a=b\n", "tar.pax"),
        ("no equals sign", b"8 pathb\n", "tar.pax"), ("no key", b"5 =b\n", "tar.pax"), ("an empty path", b"8 path=\n", "tar.path"),
        ("a path twice", b"9 path=b\n9 path=b\n", "tar.path", "twice"), ("a size that is none", b"11 size=-1\n", "tar.size"),
        ("another alphabet", b"21 hdrcharset=KOI8-R\n", "tar.hdrcharset"), ("a line's end missing", b"9 path=bX", "tar.pax")]:
    hostile(f"an extended header with {WHY}", lambda text=TEXT: archives.raw_pax(text) + GOOD, *TEXTS)
hostile("an extended header beyond all", lambda: archives.raw_pax(b"x" * 70000) + GOOD, "tar.size", "limit")
hostile("two long names for one", lambda: archives.raw_pax(b"a\0", b"L") * 2 + GOOD, "tar.path", "twice")

PACKED = gzip.compress(GOOD)
hostile("gzip with something behind it", PACKED + b"!" * 100, "no gzip, or a damaged one", kind="gzip")
hostile("gzip with zeros behind it", PACKED + bytes(512), "no gzip, or a damaged one", kind="gzip")
hostile("gzip that is cut", PACKED[:-5], "ends before its gzip data does", kind="gzip")
hostile("gzip with a wrong sum", PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], "damaged", kind="gzip")
hostile("no gzip", GOOD, "no gzip", kind="gzip")
hostile("a bomb", lambda: gzip.compress(make([file_("a", bytes(80 << 20))])), "too large once unpacked", kind="gzip")
hostile("a bomb behind the end", lambda: gzip.compress(GOOD + bytes(80 << 20)), "too large once unpacked", kind="gzip")


# ---- layers

def layers(why, below, above, wanted):
    @case(f"layers: {why}")
    def _():
        words = [word for part in (below, above) for word in ("layer", kept(make(part)))]
        if isinstance(wanted, str):
            refused(words, wanted)
        else:
            same(listing(*words), archives.tree(wanted))


A, B = file_("d/a", b"a"), file_("d/b", b"b")
layers("a whiteout removes", [A, B], [file_("d/.wh.a")], [B])
layers("a whiteout removes a folder", [A, B, file_("e")], [file_(".wh.d")], [file_("e")])
layers("a whiteout of what is not there", [A], [file_("d/.wh.z"), file_("x/.wh.y")], [A])
layers("a whiteout spares what its own layer brings", [A], [file_("d/.wh.a"), file_("d/a", b"new")], [file_("d/a", b"new")])
layers("also where that comes first", [A], [file_("d/a", b"new"), file_("d/.wh.a")], [file_("d/a", b"new")])
layers("an opaque folder", [folder_("d", 0o700), A, B], [file_("d/.wh..wh..opq"), file_("d/c", b"c")],
       [folder_("d", 0o700), file_("d/c", b"c")])
layers("also where that comes last", [A, B], [file_("d/c", b"c"), file_("d/.wh..wh..opq")], [file_("d/c", b"c")])
layers("an opaque root", [A, B], [file_(".wh..wh..opq"), file_("e")], [file_("e")])
layers("a file replaces a folder", [A, B], [file_("d", b"x")], [file_("d", b"x")])
layers("a folder replaces a link", [folder_("x"), link_("d", "x")], [folder_("d"), A], [folder_("x"), folder_("d"), A])
layers("the later folder's mode counts", [folder_("d", 0o700)], [folder_("d", 0o711)], [folder_("d", 0o711)])
layers("below a link of the lower layer", [folder_("usr/bin"), link_("bin", "usr/bin")], [file_("bin/x", b"x")],
       [link_("bin", "usr/bin"), file_("usr/bin/x", b"x")])
layers("below a link from the root", [link_("bin", "/usr/bin")], [file_("bin/x", b"x")],
       [link_("bin", "/usr/bin"), file_("usr/bin/x", b"x")])
layers("below a link that leads above the root", [link_("up", "../../../../etc")], [file_("up/passwd", b"x")],
       [link_("up", "../../../../etc"), file_("etc/passwd", b"x")])
layers("below a link of a link", [link_("a", "b/c"), folder_("x/c"), link_("b", "x")], [file_("a/f", b"1")],
       [link_("a", "b/c"), link_("b", "x"), file_("x/c/f", b"1")])
layers("below a link with dots", [link_("x/y/a", "../b/./c//d")], [file_("x/y/a/f")], [link_("x/y/a", "../b/./c//d"), file_("x/b/c/d/f")])
layers("a whiteout below a link", [folder_("usr/bin"), file_("usr/bin/x"), link_("bin", "usr/bin")], [file_("bin/.wh.x")],
       [folder_("usr/bin"), link_("bin", "usr/bin")])
layers("a whiteout of a link, not of what it leads to", [A, link_("l", "d")], [file_(".wh.l")], [A])
layers("an opaque folder that is a link", [A, link_("l", "d")], [file_("l/.wh..wh..opq")], [folder_("d"), link_("l", "d")])
layers("a hard link to what the lower layer has", [A], [hard_("h", "d/a")], [A, A._replace(path="h")])
layers("and to what is away since", [A], [hard_("h", "d/a"), file_("d/.wh.a")], [folder_("d"), A._replace(path="h")])
layers("a hard link to a symbolic one", [link_("l", "d")], [hard_("h", "l")], [link_("l", "d"), link_("h", "d")])
layers("a hard link below a link", [A, link_("l", "d")], [hard_("h", "l/a")], [A, link_("l", "d"), A._replace(path="h")])
layers("set-user-id stays", [file_("su", b"x", 0o4755)], [], [file_("su", b"x", 0o4755)])
layers("a circle of links", [link_("a", "b"), link_("b", "a")], [file_("a/x")], "lead in a circle")
layers("links that grow", [link_("a", "a/" + "b/" * 400)], [file_("a/x")], "lead in a circle, or too far")
layers("a file twice in one", [A], [B, B._replace(data=b"other")], "d/b\tcomes twice in one layer")
layers("what is reserved", [A], [file_("d/.wh..wh.plnk")], "keep for themselves")
layers("a whiteout of nothing", [A], [file_("d/.wh.")], "keep for themselves")
layers("a whiteout of what is above", [A], [file_("d/.wh...")], "keep for themselves")
layers("something in a whiteout", [A], [file_(".wh.d/x")], "keep for themselves")
layers("a whiteout with content", [A], [file_("d/.wh.a", b"x")], "is a whiteout, but no empty file")
layers("a whiteout that is a link", [A], [link_("d/.wh.a", "x")], "is a whiteout, but no empty file")
layers("a hard link to what is hidden", [A], [file_("d/.wh.a"), hard_("h", "d/a")], "not there")


@case("whiteouts are names like others outside of layers")
def _():
    same(listing("tar", kept(make([file_("d/.wh.a")]))), archives.tree([file_("d/.wh.a")]))


# ---- OCI layouts

def image(change=None, **words):
    root = FOLDER_OF_ALL / f"layout-{next(COUNTER)}"
    return layout.write(root, [make([A, B]), make([file_("d/.wh.a"), link_("l", "d")])], change, **words)


WANTED = archives.tree([B, link_("l", "d")])


def images(why, wanted, reference="", change=None, **words):
    @case(f"OCI: {why}")
    def _():
        root = image(change, **words)
        if isinstance(wanted, str):
            refused(["oci", root, reference], wanted)
        else:
            same(listing("oci", root, reference), wanted)


images("two layers", WANTED)
images("packed", WANTED, packed=True)
images("in Docker's own words", WANTED, docker=True, packed=True)
images("behind another index", WANTED, nested=1)
images("by its name", WANTED, "v1", names=["v1", "v0"])
images("of one machine among several", WANTED, machines=["arm64", "amd64"])
images("a name it has not", "has no image of this name", "v2", names=["v1"])
images("a machine it has not", "has no image for this architecture", machines=["arm64"])
images("several, and no name", "has several images", names=["v1", "v0"])
images("indexes without end", "too many other indexes", nested=5)
images("of another version", "oci.imageLayoutVersion", change=lambda d: d["oci-layout"].update(imageLayoutVersion="2.0.0"))
images("digests of another kind", "feature this format does not use",
       change=lambda d: d["manifest"]["layers"][0].update(digest="sha512:" + "0" * 128))
images("a digest that leads away", "oci.digest",
       change=lambda d: d["manifest"]["layers"][0].update(digest="sha256:../../../../../etc/passwd"))
images("a digest in capitals", "oci.digest", change=lambda d: d["manifest"]["layers"][0].update(
    digest="sha256:" + d["manifest"]["layers"][0]["digest"][7:].upper().replace("0", "A")))
images("a layer of another size", "not as long", change=lambda d: d["manifest"]["layers"][0].update(size=1))
images("zstd", "zstd", change=lambda d: d["manifest"]["layers"][0].update(mediaType="application/vnd.oci.image.layer.v1.tar+zstd"))
images("a layer of an unknown kind", "oci.layers.mediaType",
       change=lambda d: d["manifest"]["layers"][0].update(mediaType="text/plain"))
images("a layer that is another once unpacked", "not, once unpacked",
       change=lambda d: d["config"]["rootfs"]["diff_ids"].reverse())
images("fewer layers than there are", "not as many layers", change=lambda d: d["config"]["rootfs"]["diff_ids"].pop())
images("of another system", "oci.os", change=lambda d: d["config"].update(os="windows"))
images("a configuration for another machine", "oci.architecture", change=lambda d: d["config"].update(architecture="s390x"))


def spoilt(why, spoil, *texts):
    @case(f"OCI: {why}")
    def _():
        root = image()
        blobs = sorted((root / "blobs/sha256").iterdir(), key=lambda p: p.stat().st_size)
        spoil(root, blobs)
        refused(["oci", root, ""], *texts)


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


spoilt("a changed layer", lambda root, blobs: flip(blobs[-1]), "is not what its digest says")
spoilt("a changed document", lambda root, blobs: flip(blobs[0]), "is not what its digest says")
spoilt("a missing layer", lambda root, blobs: blobs[-1].unlink(), "cannot be read")
spoilt("a layer that is a link", lambda root, blobs: (shutil.move(blobs[-1], root / "away"), blobs[-1].symlink_to(root / "away")),
       "cannot be read")
spoilt("no layout", lambda root, blobs: (root / "oci-layout").unlink(), "oci-layout\tcannot be read")
spoilt("an index that is no JSON", lambda root, blobs: (root / "index.json").write_text("{"), "index.json")
spoilt("an index beyond all", lambda root, blobs: (root / "index.json").write_text(" " * (5 << 20)), "index.json\tcannot be read")


# ---- packages

def package(entries, name="x"):
    root = FOLDER_OF_ALL / f"package-{next(COUNTER)}"
    archives.unpack(root, entries)
    (root / "DEBIAN").mkdir(parents=True)
    (root / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: A <a@example.org>\nDescription: none\n")
    done = subprocess.run(["dpkg-deb", "--root-owner-group", "-b", root, f"{root}.deb"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Skip(f"no package: {done.stderr}")
    return Path(f"{root}.deb")


MERGED = [folder_("usr/bin"), folder_("usr/sbin"), folder_("usr/lib"), link_("bin", "usr/bin"), link_("lib", "usr/lib"),
          link_("sbin", "usr/sbin")]


@case("a package, with /usr merged")
def _():
    deb = package([file_("bin/sh", b"#", 0o755), folder_("sbin"), file_("lib64/ld.so", b"l", 0o755), file_("etc/su", b"x", 0o4711),
                   file_("usr/share/doc/x", b"doc"), link_("bin/link", "sh"), hard_("usr/bin/hard", "bin/sh"), file_("library/x")])
    wanted = [*MERGED, folder_("usr/lib64"), link_("lib64", "usr/lib64"), file_("usr/bin/sh", b"#", 0o755),
              file_("usr/lib64/ld.so", b"l", 0o755), file_("etc/su", b"x", 0o4711), file_("usr/share/doc/x", b"doc"),
              link_("usr/bin/link", "sh"), file_("usr/bin/hard", b"#", 0o755), file_("library/x")]
    same(listing("package", deb, "merged"), archives.tree(wanted))
    same(listing("merged", "package", deb, "merged"), archives.tree(wanted))


@case("packages for a merged system, and for one that is not")
def _():
    new = package([folder_("usr/bin"), link_("bin", "usr/bin"), file_("usr/bin/a", b"a", 0o755)])
    old = package([file_("bin/b", b"b", 0o755)])
    wanted = archives.tree([folder_("usr/bin"), link_("bin", "usr/bin"), file_("usr/bin/a", b"a", 0o755), file_("usr/bin/b", b"b", 0o755)])
    same(listing("package", new, "package", old), wanted)
    same(listing("package", old, "package", new), wanted)


@case("a package below another one's link")
def _():
    one = package([folder_("usr/share/real"), link_("usr/share/link", "real")])
    two = package([file_("usr/share/link/x", b"x")])
    same(listing("package", one, "package", two),
         archives.tree([folder_("usr/share/real"), link_("usr/share/link", "real"), file_("usr/share/real/x", b"x")]))


@case("refused: two packages with one file")
def _():
    one, two = package([file_("etc/x", b"1")]), package([file_("etc/x", b"2")])
    refused(["package", one, "package", two], "etc/x\tis there already", f"it comes from {two}")


@case("refused: what is no package")
def _():
    refused(["package", kept(b"hello" * 100, ".deb")], "is no Debian package: dpkg-deb ended with status 2")


@case("refused: a package that is cut")
def _():
    deb = package([file_("x", os.urandom(300000))])
    refused(["package", kept(deb.read_bytes()[:200000], ".deb")], "dpkg-deb ended with status 2")


@case("refused: a package with a device, however much follows")
def _():
    deb = package([file_("zz", os.urandom(2 << 20))])
    tar = make([entry("dev/null", archives.CHARACTER), file_("zz", os.urandom(2 << 20))])
    members = FOLDER_OF_ALL / "device"
    members.mkdir()
    subprocess.run(["ar", "x", deb], cwd=members, check=True)
    (members / "data.tar").write_bytes(tar)
    subprocess.run(["ar", "rc", "x.deb", "debian-binary", next(members.glob("control.tar*")).name, "data.tar"], cwd=members,
                   check=True)
    refused(["package", members / "x.deb"], "dev/null\tis a device")


# ---- folders

@case("a folder on disk, with normal modes, whoever owns it")
def _():
    root = FOLDER_OF_ALL / "folder"
    archives.unpack(root, [file_("a", b"x", 0o600), file_("b/run", b"y" * 70000, 0o4711), link_("b/l", "/etc/passwd"), folder_("c", 0o700),
                           link_("up", "..")])
    wanted = [file_("a", b"x"), file_("b/run", b"y" * 70000, 0o755), link_("b/l", "/etc/passwd"), folder_("c"), link_("up", "..")]
    same(listing("folder", root), archives.tree(wanted))


@case("a folder, deeper than there are descriptors for")
def _():
    path = "/".join(["d"] * 500)
    root = FOLDER_OF_ALL / "deep"
    archives.unpack(root, [file_(path + "/f", b"x")])
    same(listing("folder", root), archives.tree([file_(path + "/f", b"x")]))


def odd(why, spoil, *texts):
    @case(f"refused: {why} in a folder")
    def _():
        root = FOLDER_OF_ALL / f"odd-{next(COUNTER)}"
        root.mkdir()
        spoil(root)
        refused(["folder", root], *texts)


def bind(root):
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(f"{root}/s")


odd("a pipe", lambda root: os.mkfifo(root / "p"), "/p\tis a named pipe")
odd("a socket", bind, "/s\tis a socket")
odd("a line's end", lambda root: (root / "a\nb").touch(), "has a name that an image cannot hold")
odd("what is no text", lambda root: open(os.fsencode(root) + b"/\xff", "w").close(), "has a name that an image cannot hold")
odd("a link that is too long", lambda root: os.symlink("x" * 1024, root / "l"), "leads further")


# ---- what is made of it

@case("a cpio archive is the same as one written by hand, and GNU cpio reads it")
def _():
    entries = [e for e in MANY if e.user < 2**32]
    path = FOLDER_OF_ALL / "ours.cpio"
    same(listing("--write-cpio", path, "tar", kept(make(entries))), archives.tree(entries))
    wanted = archives.newc(entries, 1000000000)
    expect(path.read_bytes() == wanted, "lengths:", path.stat().st_size, len(wanted))
    if not shutil.which("cpio"):
        raise Skip("no GNU cpio here")
    named = subprocess.run(["cpio", "-t", "--quiet"], input=wanted, capture_output=True, check=True).stdout
    expect(named.split(b"\n")[:-1] == [row[0] for row in archives.tree(entries)], named)


@case("the same, however often and in whatever order it came")
def _():
    sums = set()
    for entries in (MANY, MANY[::-1][:8] + MANY[:5]):
        hard = [e for e in entries if e.kind == HARD]
        data = make([e for e in entries if e.kind != HARD] + hard)
        path = FOLDER_OF_ALL / f"order-{next(COUNTER)}.cpio"
        run("--write-cpio", path, "tar", kept(data))
        sums.add(hashlib.sha256(path.read_bytes()).hexdigest())
    expect(len(sums) == 1, sums)


# ---- programs

def programs(why, data, *texts):
    @case(f"a program {why}")
    def _():
        path = kept(data, ".elf")
        if texts:
            refused(["program", path, "/usr/bin/x"], *texts)
        else:
            same(listing("program", path, "/usr/bin/x"), archives.tree([file_("usr/bin/x", data, 0o755)]))


ELF = archives.elf()
programs("that is static", ELF)
programs("that is static and can lie anywhere", archives.elf(kind=3, extra=[(2, archives.words(4, 0, 0, 0))]))
programs("that asks for a loader", archives.elf(extra=[(3, b"/lib64/ld-linux-x86-64.so.2\0")]), "asks for a loader", "-static")
programs("that needs libraries", archives.elf(kind=3, extra=[(2, archives.words(1, 5, 0, 0))]), "needs shared libraries")
programs("for another machine", archives.elf(machine=183), "is no program for x86_64")
programs("that is but an object", archives.elf(kind=1), "but no program")
programs("that is a core dump", archives.elf(kind=4), "but no program")
programs("that starts nowhere", archives.elf(start=0), "cannot be started")
programs("of 32 bits", ELF[:4] + b"\1" + ELF[5:], "no ELF program of 64 bits")
programs("that is none", b"#!/bin/sh\n" * 20, "no ELF program")
programs("that is empty", b"", "no ELF program")
programs("that is cut", ELF[:100], "damaged")
programs("with segments beyond its end", ELF[:32] + b"\xff" * 8 + ELF[40:], "damaged")
programs("without segments", ELF[:56] + b"\0\0" + ELF[58:], "damaged")
programs("with more segments than can be", ELF[:56] + b"\xff\xff" + ELF[58:], "damaged")


@case("this machine's own dynamic program is refused")
def _():
    refused(["program", sys.executable if not Path("/bin/ls").exists() else "/bin/ls", "x"], "asks for a loader")


SPOOL.mkdir()
try:
    FAILED = tap.run(2)
finally:
    shutil.rmtree(FOLDER_OF_ALL)
sys.exit(FAILED)
