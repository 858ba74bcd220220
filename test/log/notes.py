# SPDX-License-Identifier: Apache-2.0
"""Logs, checkpoints and cosignatures made and read by nothing of ours: hashlib, and openssl to sign."""
import base64
import hashlib
import http.client
import subprocess
import tempfile
import threading
import urllib.parse
from pathlib import Path


def sha256(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


# ---- RFC 6962 2.1, as it is written there ----


def leaf(entry):
    return sha256(b"\x00" + entry)


def split(size):
    k = 1
    while k * 2 < size:
        k *= 2
    return k


def root(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:]))


def consistency(older, leaves):
    def subproof(m, rest, complete):
        if m == len(rest):
            return [] if complete else [root(rest)]
        k = split(len(rest))
        if m <= k:
            return subproof(m, rest[:k], complete) + [root(rest[k:])]
        return subproof(m - k, rest[k:], False) + [root(rest[:k])]

    return subproof(older, leaves, True) if 0 < older < len(leaves) else []


# ---- keys and notes ----


class Key:
    """An Ed25519 key in a file; `kind` is what it signs: 1 notes, 4 cosignatures."""

    def __init__(self, folder, name, kind=1):
        self.name, self.kind, self.lock = name, kind, threading.Lock()
        self.path = Path(tempfile.mkdtemp(dir=folder)) / "key.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.path], check=True)
        self.path.chmod(0o600)
        self.read()

    def read(self):
        der = subprocess.run(["openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER"], check=True,
                             capture_output=True).stdout
        self.public = der[-32:]
        self.id = sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]

    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def sign_bytes(self, data):
        with tempfile.NamedTemporaryFile() as message:
            message.write(data)
            message.flush()
            return subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.path, "-in", message.name],
                                  check=True, capture_output=True).stdout

    def line(self, text):
        return f"— {self.name} {b64(self.id + self.sign_bytes(text.encode()))}\n"

    def cosign(self, text, time_s):
        message = f"cosignature/v1\ntime {time_s}\n{text}".encode()
        return f"— {self.name} {b64(self.id + time_s.to_bytes(8, 'big') + self.sign_bytes(message))}\n"


def verify_bytes(public, data, signature):
    head = bytes.fromhex("302a300506032b6570032100")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", head + public), ("message", data), ("signature", signature)):
            (Path(folder) / name).write_bytes(content)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", f"{folder}/key",
                               "-rawin", "-in", f"{folder}/message", "-sigfile", f"{folder}/signature"],
                              capture_output=True, check=False).returncode == 0


def cosignature_time(line, name, public, text):
    """When a witness's line was made, or None if it is no good line of this key."""
    dash, said, encoded = line.split(" ")
    blob = base64.b64decode(encoded)
    time_s = int.from_bytes(blob[4:12], "big")
    good = (dash == "—" and said == name and len(blob) == 76
            and blob[:4] == sha256(name.encode() + b"\n\x04" + public)[:4]
            and verify_bytes(public, f"cosignature/v1\ntime {time_s}\n{text}".encode(), blob[12:]))
    return time_s if good else None


def text_of(origin, leaves, size=None, hashed=None):
    size = len(leaves) if size is None else size
    return f"{origin}\n{size}\n{b64(hashed or root(leaves[:size]))}\n"


def signed(key, text):
    return f"{text}\n{key.line(text)}"


# ---- a log in a folder, as any web server would show it ----


def tile_path(index):
    parts = [f"{index % 1000:03d}"]
    while index >= 1000:
        index //= 1000
        parts.insert(0, f"x{index % 1000:03d}")
    return "/".join(parts)


def write_log(folder, entries, key, origin=None, lines=lambda text: ""):
    """Tiles, bundles of entries and a checkpoint of all entries. Returns the note."""
    folder = Path(folder)
    hashes, level = [leaf(entry) for entry in entries], 0

    def put(prefix, items, index, width):
        path = folder / "tile" / prefix / (tile_path(index) + (f".p/{width}" if width < 256 else ""))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(items))

    for at in range(0, len(entries), 256):
        some = entries[at:at + 256]
        put("entries", [len(e).to_bytes(2, "big") + e for e in some], at // 256, len(some))
    text = text_of(origin or key.name, hashes)
    while hashes:
        for at in range(0, len(hashes), 256):
            put(str(level), hashes[at:at + 256], at // 256, len(hashes[at:at + 256]))
        hashes = [root(hashes[at:at + 256]) for at in range(0, len(hashes) // 256 * 256, 256)]
        level += 1
    note = signed(key, text) + lines(text)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(note)
    return note


# ---- HTTP ----


def ask(url, method="GET", body=None, headers=None, timeout=20):
    """Status, headers, body."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
    try:
        connection.request(method, parts.path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        connection.close()
