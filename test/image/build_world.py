# SPDX-License-Identifier: Apache-2.0
"""Small sources of images, made without a network, and what is found in the images."""
import hashlib
import json
import os
import struct
import tarfile
from io import BytesIO
from pathlib import Path

RUNTIME = ("troth-init", "troth-agent", "troth-outbound", "troth-run")
TIME = 315532800  # 1980-01-01T00:00:00Z


def elf(text=b"", machine=62):
    """The least that is a static program: a header, a segment that is loaded and executed."""
    body = text + bytes(16)
    size = 64 + 56 + len(body)
    header = struct.pack("<4sBBBB8xHHIQQQIHHHHHH", b"\x7fELF", 2, 1, 1, 0, 2, machine, 1,
                         0x400000 + 120, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return header + struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, size, size, 0x1000) + body


def write(path, content, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)


def runtime(folder):
    for name in RUNTIME:
        write(folder / name, elf(name.encode()), 0o755)
    return folder


def blob(layout, content):
    digest = hashlib.sha256(content).hexdigest()
    write(layout / "blobs/sha256" / digest, content)
    return {"digest": f"sha256:{digest}", "size": len(content)}


def oci(layout, content=b"from a layer\n", reference=None):
    """A layout of one image of one layer, which holds one file."""
    tar = BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as out:
        entry = tarfile.TarInfo("opt/layer.txt")
        entry.size, entry.mode = len(content), 0o640
        entry.uid = entry.gid = 7
        out.addfile(entry, BytesIO(content))
    layer = tar.getvalue()
    config = json.dumps({"architecture": "amd64", "os": "linux", "config": {"Cmd": ["/ignored"]},
                         "rootfs": {"type": "layers",
                                    "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}}).encode()
    manifest = json.dumps({
        "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **blob(layout, config)},
        "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **blob(layout, layer)}]}).encode()
    index = {"schemaVersion": 2, "manifests": [{
        "mediaType": "application/vnd.oci.image.manifest.v1+json", **blob(layout, manifest),
        "platform": {"architecture": "amd64", "os": "linux"}}]}
    if reference:
        index["manifests"][0]["annotations"] = {"org.opencontainers.image.ref.name": reference}
    write(layout / "index.json", json.dumps(index))
    write(layout / "oci-layout", '{"imageLayoutVersion":"1.0.0"}')


BUILD = """\
name: small
version: "7"
kernel:
  file: vmlinuz
  module_files: [odd.ko]
rootfs:
  - directory: files
  - directory: more
    at: /srv/more
  - oci: layout
  - program: tool
run: run.yaml
"""

RUN = "program: [/usr/bin/tool]\nlisten: vsock:8443\nupstream: 127.0.0.1:8000\n"


def source(folder, build=BUILD):
    """All that BUILD names."""
    write(folder / "vmlinuz", b"a kernel, as far as anybody looks\n" * 100)
    write(folder / "odd.ko", b"a module\n")
    write(folder / "files/etc/greeting", "hello\n")
    write(folder / "files/usr/share/a-b", "dash sorts before slash\n")
    write(folder / "files/usr/share/a/b", "below\n")
    write(folder / "files/usr/share/a/c", "below, too\n")
    write(folder / "files/usr/share/script", "#!/bin/sh\n", 0o755)
    (folder / "files/empty").mkdir()
    os.symlink("etc/greeting", folder / "files/link")
    write(folder / "more/large", bytes(range(256)) * 1000)
    write(folder / "tool", elf(b"tool"), 0o755)
    write(folder / "run.yaml", RUN)
    oci(folder / "layout")
    write(folder / "build.yaml", build)
    return folder


def members(archive):
    """(path, mode, user, group, mtime, ino, links, content) of a newc archive, in its order."""
    at = 0
    while True:
        assert archive[at:at + 6] == b"070701", (at, archive[at:at + 6])
        ino, mode, uid, gid, links, mtime, size, *devices, name_len, check = (
            int(archive[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13))
        assert devices == [0, 0, 0, 0] and check == 0
        name = archive[at + 110:at + 110 + name_len - 1].decode()
        at = (at + 110 + name_len + 3) & ~3
        content = archive[at:at + size]
        at = (at + size + 3) & ~3
        if name == "TRAILER!!!":
            assert not any(archive[at:]) and len(archive) % 512 == 0
            return
        yield name, mode, uid, gid, mtime, ino, links, content
