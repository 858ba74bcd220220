# SPDX-License-Identifier: Apache-2.0
"""Archives and trees for tests: what is to be in them, as rows; what they then hold."""
import hashlib
import io
import os
import struct
import tarfile
from collections import namedtuple
from pathlib import Path

FILE, FOLDER, LINK, HARD = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
CHARACTER, BLOCK, PIPE = tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE
BLOCK_SIZE = 512

Entry = namedtuple("Entry", "path kind data target mode user group")


def entry(path, kind, data=b"", target="", mode=0o644, user=0, group=0):
    return Entry(path, kind, data, target, mode, user, group)


def file_(path, data=b"", mode=0o644, user=0, group=0):
    return entry(path, FILE, data, "", mode, user, group)


def folder_(path, mode=0o755, user=0, group=0):
    return entry(path, FOLDER, b"", "", mode, user, group)


def link_(path, target):
    return entry(path, LINK, b"", target, 0o777)


def hard_(path, target):
    return entry(path, HARD, b"", target)


def make(entries, form=tarfile.PAX_FORMAT, for_all=None, for_each=None):
    """A tar, by Python's tarfile."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form, pax_headers=for_all) as archive:
        for row in entries:
            info = tarfile.TarInfo(row.path)
            info.type, info.mode, info.uid, info.gid = row.kind, row.mode, row.user, row.group
            info.size, info.linkname, info.mtime = len(row.data), row.target, 1
            info.pax_headers = dict(for_each or {})
            archive.addfile(info, io.BytesIO(row.data))
    return out.getvalue()


def with_sum(block):
    blank = block[:148] + b" " * 8 + block[156:]
    return block[:148] + b"%06o\0 " % sum(blank) + block[156:]


def with_field(tar, at, value):
    """Another value in the first header, and a sum that is right."""
    block = tar[:at] + value + tar[at + len(value):BLOCK_SIZE]
    return with_sum(block) + tar[BLOCK_SIZE:]


def with_type(tar, letter):
    return with_field(tar, 156, letter)


def raw_pax(text, letter=b"x"):
    """An extended header with this text in it, whatever it says."""
    head = make([file_("PaxHeader", b"x" * len(text))], tarfile.USTAR_FORMAT)[:BLOCK_SIZE]
    return with_type(head, letter) + text + bytes(-len(text) % BLOCK_SIZE)


def plain(path):
    return "/".join(part for part in path.split("/") if part not in ("", "."))


def tree(entries):
    """What a tree of these is to hold: rows of path, kind, mode, owner, group, size and digest, target; sorted."""
    rows = {}
    for row in entries:
        path, target = plain(row.path).encode(), row.target.encode()
        if row.kind == HARD:
            of = rows[plain(row.target).encode()]
            rows[path] = (path, *of[1:])
        elif path:
            said = (len(row.data), hashlib.sha256(row.data).hexdigest()) if row.kind == FILE else None
            rows[path] = (path, row.kind, row.mode, row.user, row.group, said, target)
    for path in list(rows):
        for i, byte in enumerate(path):
            if byte == ord("/") and path[:i] not in rows:
                rows[path[:i]] = (path[:i], FOLDER, 0o755, 0, 0, None, b"")
    return [rows[path] for path in sorted(rows)]


def unpack(root, entries):
    """On disk."""
    root.mkdir(parents=True, exist_ok=True)
    for row in entries:
        path = Path(root, plain(row.path))
        path.parent.mkdir(parents=True, exist_ok=True)
        if row.kind == FILE:
            path.write_bytes(row.data)
            path.chmod(row.mode)
        elif row.kind == FOLDER:
            path.mkdir(exist_ok=True)
            path.chmod(row.mode)
        elif row.kind == LINK:
            os.symlink(row.target, path)
        else:
            os.link(Path(root, row.target), path)


def newc(entries, mtime):
    """A cpio archive as the kernel's documentation of its initramfs has it."""
    types = {FILE: 0o100000, FOLDER: 0o040000, LINK: 0o120000}
    contents = {plain(e.path).encode(): e.data for e in entries}
    contents.update({plain(e.path).encode(): contents[plain(e.target).encode()] for e in entries if e.kind == HARD})
    out = b""

    def member(name, numbers, data):
        head = b"070701" + b"".join(b"%08X" % n for n in numbers) + name + b"\0"
        return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)

    for ino, (path, kind, mode, user, group, _, target) in enumerate(tree(entries), 1):
        data = contents[path] if kind == FILE else target
        out += member(path, (ino, types[kind] | mode, user, group, 1, mtime, len(data), 0, 0, 0, 0, len(path) + 1, 0), data)
    out += member(b"TRAILER!!!", (0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 11, 0), b"")
    return out + bytes(-len(out) % BLOCK_SIZE)


def words(*numbers):
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def elf(kind=2, machine=62, start=0x401000, extra=()):
    """A program with one segment of code, and others by type and content."""
    segments, contents = 1 + len(extra), b"\xc3" * 64
    at = 64 + 56 * segments
    table = struct.pack("<IIQQQQQQ", 1, 5, at, 0x401000, 0x401000, 64, 64, 4096)
    for number, data in extra:
        table += struct.pack("<IIQQQQQQ", number, 4, at + len(contents), 0, 0, len(data), len(data), 1)
        contents += data
    head = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", kind, machine, 1, start, 64, 0, 0, 64, 56, segments, 64, 0, 0)
    return head + table + contents
