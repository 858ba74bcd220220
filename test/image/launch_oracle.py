# SPDX-License-Identifier: Apache-2.0
"""What SEV-SNP and TDX machines measure, written a second time from the descriptions that
docs/SPECS.md names, with the standard library and nothing of Troth.

usage: launch_oracle.py FIRMWARE     prints what can be said of it
"""
import hashlib
import struct
import sys
import uuid

PAGE = 4096
FOUR_GIB = 1 << 32


def sha256(data):
    return hashlib.sha256(data).digest()


def sha384(data):
    return hashlib.sha384(data).digest()


def guid(text):
    return uuid.UUID(text).bytes_le


class Firmware:
    """The table at an image's end, as a dictionary of GUIDs."""

    def __init__(self, data):
        self.data = data
        self.table = {}
        end = len(data) - 32
        if data[end - 16:end] != guid("96b582de-1fb2-45f7-baea-a366c55a082d"):
            raise ValueError("no table")
        start = end - struct.unpack_from("<H", data, end - 18)[0]
        end -= 18
        while end > start:
            size = struct.unpack_from("<H", data, end - 18)[0]
            self.table[data[end - 16:end]] = data[end - size:end - 18]
            end -= size

    def entry(self, text):
        return self.table.get(guid(text))

    def descriptor(self, text, magic, row):
        found = self.entry(text)
        if found is None:
            return []
        at = len(self.data) - struct.unpack("<I", found)[0]
        assert self.data[at:at + 4] == magic
        count = struct.unpack_from("<I", self.data, at + 12)[0]
        size = struct.calcsize(row)
        return [struct.unpack_from(row, self.data, at + 16 + size * i) for i in range(count)]

    def snp_sections(self):
        return self.descriptor("dc886566-984a-4798-a75e-5585a7bf67cc", b"ASEV", "<III")

    def tdx_sections(self):
        return self.descriptor("e47a6535-984a-4798-865e-4685a7bf8ec2", b"TDVF", "<IIQQII")

    def reset_address(self):
        found = self.entry("00f771de-1a7e-4fcb-890e-68c77e2fb44e")
        return struct.unpack("<I", found)[0] if found else None

    def hashes_table(self):
        found = self.entry("7255371f-3a3b-4b04-927b-1da6efa8d454")
        return struct.unpack("<I", found[:4])[0] if found else 0


def hashes_page(firmware, kernel, initrd, cmdline):
    entries = b"".join(
        guid(name) + struct.pack("<H", 50) + sha256(value)
        for name, value in (("97d02dd8-bd20-4c94-aa78-e7714d36ab2a", cmdline + b"\0"),
                            ("44baf731-3a2f-4bd7-9af1-41e29169781d", initrd),
                            ("4de79437-abd2-427f-b835-d5b172d2045b", kernel)))
    table = guid("9438d606-4f22-4cc9-b479-a793d411fd21") + struct.pack("<H", 168) + entries
    return (bytes(firmware.hashes_table() % PAGE) + table).ljust(PAGE, b"\0")


def save_area(start, vmm, signature, features):
    page = bytearray(PAGE)

    def segment(at, selector, attributes, base=0):
        struct.pack_into("<HHIQ", page, at, selector, attributes, 0xffff, base)

    ec2, qemu = vmm == "ec2", vmm == "qemu"
    segment(0x00, 0, 0x93)
    segment(0x10, 0xf000, 0x9a if ec2 and start == 0xfffffff0 else 0x9b, start & 0xffff0000)
    segment(0x20, 0, 0x92 if ec2 else 0x93)
    for at in (0x30, 0x40, 0x50):
        segment(at, 0, 0x93)
    segment(0x60, 0, 0)
    segment(0x70, 0, 0x82)
    segment(0x80, 0, 0)
    segment(0x90, 0, 0x83 if ec2 else 0x8b)
    for at, value in ((0xd0, 0x1000), (0x148, 0x40), (0x158, 0x10), (0x160, 0x400),
                      (0x168, 0xffff0ff0), (0x170, 2), (0x178, start & 0xffff),
                      (0x268, 0x70106 if vmm == "gce" else 0x7040600070406),
                      (0x310, signature if qemu else 0x600), (0x3b0, features), (0x3e8, 1)):
        struct.pack_into("<Q", page, at, value)
    if qemu:
        struct.pack_into("<I", page, 0x408, 0x1f80)
        struct.pack_into("<H", page, 0x410, 0x37f)
    return bytes(page)


def snp(data, cpus=1, signature=0x800f12, vmm="qemu", features=1, boot=None):
    """MEASUREMENT; `boot` is (kernel, initrd, cmdline) as bytes."""
    firmware = Firmware(data)
    digest = bytes(48)

    def page(kind, address, contents=None):
        nonlocal digest
        digest = sha384(digest + (sha384(contents) if contents is not None else bytes(48)) +
                        struct.pack("<HBBIQ", 0x70, kind, 0, 0, address))

    for at in range(0, len(data), PAGE):
        page(1, FOUR_GIB - len(data) + at, data[at:at + PAGE])
    late = []
    for address, size, kind in firmware.snp_sections():
        pages = range(address, address + size, PAGE)
        if kind == 0x10 and boot:
            page(1, address, hashes_page(firmware, *boot))
        elif kind == 3 and vmm == "ec2":
            late += pages
        else:
            for at in pages:
                page({1: 4 if vmm == "gce" else 3, 2: 5, 3: 6, 4: 3, 0x10: 3}[kind], at)
    for at in late:
        page(6, at)
    for i in range(cpus):
        start = firmware.reset_address() if i else 0xfffffff0
        page(2, 0xfffffffff000, save_area(start, vmm, signature, features))
    return digest


def mrtd(data, order="single"):
    log = hashlib.sha384()

    def block(name, address):
        log.update(name.ljust(16, b"\0") + struct.pack("<Q", address) + bytes(104))

    def add(page):
        if not attributes & 2:
            block(b"MEM.PAGE.ADD", page)

    def extend(page):
        if attributes & 1:
            for chunk in range(page, page + PAGE, 256):
                at = raw + chunk - address
                block(b"MR.EXTEND", chunk)
                log.update(data[at:at + 256])

    for raw, _, address, size, _, attributes in Firmware(data).tdx_sections():
        pages = range(address, address + size, PAGE)
        if attributes & 2:
            continue
        if order == "single":
            for page in pages:
                add(page)
                extend(page)
        else:
            for page in pages:
                add(page)
            for page in pages:
                extend(page)
    return log.digest()


def patch(kernel, initrd_size, memory):
    head = bytearray(kernel)
    head[0x210] = 0xb0
    head[0x211] |= 0x80
    struct.pack_into("<H", head, 0x224, 0xfe00)
    struct.pack_into("<I", head, 0x228, 0x20000)
    if initrd_size:
        low = min(memory, 0xb0000000 if memory < 0xb0000000 else 0x80000000) - 0x28000
        protocol, flags = (struct.unpack_from("<H", head, at)[0] for at in (0x206, 0x236))
        top = struct.unpack_from("<I", head, 0x22c)[0] if protocol >= 0x203 else 0x37ffffff
        if protocol >= 0x20c and flags & 2:
            top = 0xffffffff
        if top >= low:
            top = low - 1
        struct.pack_into("<II", head, 0x218, (top - initrd_size) & ~0xfff, initrd_size)
    return bytes(head)


def authenticode(pe):
    start = struct.unpack_from("<I", pe, 0x3c)[0]
    optional = start + 24
    count, optional_size = (struct.unpack_from("<H", pe, start + at)[0] for at in (6, 20))
    headers = struct.unpack_from("<I", pe, optional + 60)[0]
    directories = struct.unpack_from("<I", pe, optional + 108)[0]
    signatures = optional + 112 + 4 * 8
    out = pe[:optional + 64]
    signed = 0
    if directories > 4:
        signed = struct.unpack_from("<I", pe, signatures + 4)[0]
        out += pe[optional + 68:signatures] + pe[signatures + 8:headers]
    else:
        out += pe[optional + 68:headers]
    rows = [struct.unpack_from("<II", pe, optional + optional_size + 40 * i + 16)
            for i in range(count)]
    total = headers
    for size, at in sorted(rows, key=lambda row: row[1]):
        out += pe[at:at + size]
        total += size
    if len(pe) > total:
        out += pe[total:len(pe) - signed]
    return sha384(out)


def replay(digests):
    register = bytes(48)
    for digest in digests:
        register = sha384(register + digest)
    return register


EVENTS = (b"Calling EFI Application from Boot Option", bytes(4),
          b"Exit Boot Services Invocation", b"Exit Boot Services Returned with Success")


def rtmr1(kernel, initrd_size=0, memory=2 << 30, plain=False):
    image = kernel if plain else patch(kernel, initrd_size, memory)
    return replay([authenticode(image)] + [sha384(event) for event in EVENTS])


def rtmr2(cmdline, initrd=None, first=False):
    if initrd is not None:
        cmdline = "initrd=initrd " + cmdline if first else cmdline + " initrd=initrd"
    digests = [sha384((cmdline + "\0").encode("utf-16-le"))] if cmdline else []
    return replay(digests + ([sha384(initrd)] if initrd is not None else []))


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        image = file.read()
    if Firmware(image).snp_sections():
        print("snp.measurement", snp(image).hex())
    if Firmware(image).tdx_sections():
        for name in "single", "two":
            print("tdx.mr_td", name, mrtd(image, name).hex())
