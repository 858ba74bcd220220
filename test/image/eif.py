# SPDX-License-Identifier: Apache-2.0
"""Images made without the builder: an independent hand that writes and measures them."""
import hashlib
import struct
import zlib

KERNEL, CMDLINE, RAMDISK, METADATA = 1, 2, 3, 5
HEADER = 548


class Ramdisk:
    """cpio, "newc"."""

    def __init__(self):
        self.bytes, self.made = bytearray(), 0

    def _add(self, name, mode, content):
        name = name.encode() + b"\0"
        self.made += 1
        fields = (self.made, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name), 0)
        self.bytes += b"070701" + b"".join(b"%08x" % field for field in fields) + name
        self.bytes += b"\0" * (-len(self.bytes) % 4) + content
        self.bytes += b"\0" * (-len(self.bytes) % 4)

    def folder(self, *names):
        for name in names:
            self._add(name, 0o040755, b"")
        return self

    def file(self, name, content, mode=0o100755):
        self._add(name, mode, content)
        return self

    def finish(self):
        self._add("TRAILER!!!", 0, b"")
        return bytes(self.bytes) + b"\0" * (-len(self.bytes) % 512)


def image(kernel, cmdline, ramdisks):
    """The file, and its registers by their names."""
    parts = [(KERNEL, kernel), (CMDLINE, cmdline.encode()), (METADATA, b"{}")]
    parts += [(RAMDISK, ramdisk) for ramdisk in ramdisks]
    offset, offsets, body = HEADER, [], b""
    for kind, content in parts:
        offsets.append(offset + len(body))
        body += struct.pack(">HHQ", kind, 0, len(content)) + content
    header = struct.pack(">4sHHQQHH", b".eif", 4, 0, 1 << 30, 2, 0, len(parts))
    header += struct.pack(">32Q", *offsets, *[0] * (32 - len(parts)))
    header += struct.pack(">32Q", *[len(content) for _, content in parts], *[0] * (32 - len(parts)))
    header += struct.pack(">I", 0)
    crc = zlib.crc32(body, zlib.crc32(header))
    return header + struct.pack(">I", crc) + body, registers(kernel, cmdline, ramdisks)


def registers(kernel, cmdline, ramdisks):
    base = kernel + cmdline.encode()
    return {"pcr0": register(base, *ramdisks), "pcr1": register(base, ramdisks[0]),
            "pcr2": register(*ramdisks[1:])}


def register(*contents):
    digest = hashlib.sha384()
    for content in contents:
        digest.update(content)
    return hashlib.sha384(bytes(48) + digest.digest()).hexdigest()
