# SPDX-License-Identifier: Apache-2.0
"""Firmware and kernels that launch tests make: as test/unit/image/firmware.c and kernel.c do,
byte for byte, where nothing else is asked for."""
import struct

import launch_oracle as oracle

SNP = [(0x800000, 0x9000, 1), (0x80a000, 0x3000, 1), (0x80d000, 0x1000, 2), (0x80e000, 0x1000, 3),
       (0x80f000, 0x1000, 4), (0x810000, 0x1000, 0x10), (0x811000, 0xf000, 1)]
TDX = [(0x2000, 0xe000, 0xffff2000, 0xe000, 0, 1), (0, 0x2000, 0xffff0000, 0x2000, 1, 0),
       (0, 0, 0x810000, 0x10000, 3, 0), (0, 0, 0x80b000, 0x2000, 3, 0),
       (0, 0, 0x809000, 0x2000, 2, 0), (0, 0, 0x1000000, 0x4000, 4, 2)]
PE, OPTIONAL, ROWS = 0x40, 0x58, 0x58 + 160


def put(data, at, value, width):
    data[at:at + width] = value.to_bytes(width, "little")


def firmware(size=0x10000, snp=SNP, tdx=TDX, seed=0):
    data = bytearray((i * 7 + i // 251 + seed) & 255 for i in range(size))
    at = size - 32

    def entry(guid, content):
        nonlocal at
        raw = content + struct.pack("<H", len(content) + 18) + oracle.guid(guid)
        at -= len(raw)
        data[at:at + len(raw)] = raw

    def descriptor(before_end, magic, row, rows):
        raw = magic + struct.pack("<III", 16 + struct.calcsize(row) * len(rows), 1, len(rows))
        raw += b"".join(struct.pack(row, *r) for r in rows)
        data[size - before_end:size - before_end + len(raw)] = raw

    entry("96b582de-1fb2-45f7-baea-a366c55a082d", b"")
    entry("00f771de-1a7e-4fcb-890e-68c77e2fb44e", struct.pack("<I", 0x80b004))
    entry("7255371f-3a3b-4b04-927b-1da6efa8d454", struct.pack("<II", 0x810c00, 0x400))
    entry("dc886566-984a-4798-a75e-5585a7bf67cc", struct.pack("<I", 1024))
    entry("e47a6535-984a-4798-865e-4685a7bf8ec2", struct.pack("<I", 2048))
    put(data, size - 50, size - 32 - at, 2)
    descriptor(1024, b"ASEV", "<III", snp)
    descriptor(2048, b"TDVF", "<IIQQII", tdx)
    return bytes(data)


def kernel(behind=0x18, signature=0x40, flags=0x7f, seed=0):
    """A bzImage whose four sections are out of order, with bytes behind them and a signature."""
    size = 0x6000 + behind + signature
    data = bytearray((i * 11 + i // 241 + seed) & 255 for i in range(size))
    data[0x202:0x206] = b"HdrS"
    for at, value, width in (
            (0, 0x5a4d, 2), (0x3c, PE, 4), (PE, 0x4550, 4), (PE + 4, 0x8664, 2), (PE + 6, 4, 2),
            (PE + 20, 160, 2), (OPTIONAL, 0x20b, 2), (OPTIONAL + 60, 0x1000, 4),
            (OPTIONAL + 64, 0x12345678, 4), (OPTIONAL + 108, 6, 4),
            (OPTIONAL + 144, size - signature, 4), (OPTIONAL + 148, signature, 4),
            (ROWS + 16, 0x1000, 4), (ROWS + 20, 0x3000, 4), (ROWS + 56, 0x2000, 4),
            (ROWS + 60, 0x1000, 4), (ROWS + 96, 0, 4), (ROWS + 100, 0xffffffff, 4),
            (ROWS + 136, 0x2000, 4), (ROWS + 140, 0x4000, 4), (0x1f1, 7, 1), (0x206, 0x20f, 2),
            (0x210, 0, 1), (0x211, 1, 1), (0x22c, 0x7fffffff, 4), (0x236, flags, 2)):
        put(data, at, value, width)
    return bytes(data)
