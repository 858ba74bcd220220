# SPDX-License-Identifier: Apache-2.0
"""A reader of tiled logs by the words of RFC 6962 and C2SP's tlog-tiles: over HTTP alone, with hashlib, and openssl
for signatures. It shares nothing with what it reads, and keeps the whole tree in memory."""
import base64
import hashlib
import http.client
import subprocess
import tempfile
import urllib.parse
from pathlib import Path

WIDTH, HASH = 256, 32
LEAF, NODE = hashlib.sha256(b"\0"), hashlib.sha256(b"\1")  # copied each time


class Wrong(Exception):
    """The log is not what it says it is."""


def must(holds, *said):
    if not holds:
        raise Wrong(" ".join(str(s) for s in said))


def leaf_of(entry):
    state = LEAF.copy()
    state.update(entry)
    return state.digest()


def node_of(left, right):
    state = NODE.copy()
    state.update(left + right)
    return state.digest()


def tile_name(index):
    """1234067 is x001/x234/067."""
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    parts = [digits[i:i + 3] for i in range(0, len(digits), 3)]
    return "/".join(["x" + part for part in parts[:-1]] + parts[-1:])


def ed25519_holds(public, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        key, said, signed = (Path(folder) / name for name in ("key", "message", "signature"))
        key.write_bytes(bytes.fromhex("302a300506032b6570032100") + public)  # RFC 8410
        said.write_bytes(message)
        signed.write_bytes(signature)
        return subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", key,
                               "-in", said, "-sigfile", signed], capture_output=True, check=False).returncode == 0


def open_note(note, vkey):
    """Size and root of a checkpoint that this key has signed."""
    name, key_id, encoded = vkey.split("+", 2)
    key = base64.b64decode(encoded, validate=True)
    must(key[0] == 1 and len(key) == 33, "no Ed25519 key:", vkey)
    must(hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() == key_id, "another key's hash:", vkey)
    text, signatures = note.decode().split("\n\n")
    origin, size, root = (text + "\n").split("\n")[:3]
    must(origin == name and size == str(int(size)), "the checkpoint says:", text)
    for line in signatures.splitlines():
        dash, signer, blob = line.split(" ")
        must(dash == "\u2014", "no line of a signature:", line)
        blob = base64.b64decode(blob, validate=True)
        if signer == name and blob[:4].hex() == key_id:
            must(ed25519_holds(key[1:], (text + "\n").encode(), blob[4:]), "its signature is not good")
            return int(size), base64.b64decode(root, validate=True)
    raise Wrong("the log has not signed its checkpoint")


# ---- proofs, as RFC 9162 2.1.3.2 and 2.1.4.2 check them ----


def root_by_inclusion(index, size, leaf, path):
    at, last, found = index, size - 1, leaf
    for step in path:
        must(last > 0, "a hash too many")
        if at & 1 or at == last:
            found = node_of(step, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_of(found, step)
        at, last = at >> 1, last >> 1
    must(last == 0, "a hash too few")
    return found


def roots_by_consistency(first, second, first_root, path):
    """Roots of both trees, of 0 < first < second."""
    path = list(path)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = path[0]
    for step in path[1:]:
        must(last > 0, "a hash too many")
        if at & 1 or at == last:
            older, newer = node_of(step, older), node_of(step, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_of(newer, step)
        at, last = at >> 1, last >> 1
    must(last == 0, "a hash too few")
    return older, newer


# ---- the tree ----


def split(size):
    """The largest power of two below it."""
    return 1 << (size - 1).bit_length() - 1


class Tree:
    def __init__(self, leaves):
        self.size, self.ragged = len(leaves), {}
        self.levels = [leaves]
        while len(self.levels[-1]) > 1:
            below = self.levels[-1]
            self.levels.append([node_of(below[i], below[i + 1]) for i in range(0, len(below) - 1, 2)])

    def root(self, start, end):
        """MTH(D[start:end])."""
        width = end - start
        if width == 0:
            return hashlib.sha256(b"").digest()
        if width & (width - 1) == 0:
            return self.levels[width.bit_length() - 1][start // width]
        if (start, end) not in self.ragged:
            middle = start + split(width)
            self.ragged[start, end] = node_of(self.root(start, middle), self.root(middle, end))
        return self.ragged[start, end]

    def inclusion(self, index, size):
        """PATH(index, D[0:size]), nearest the leaf first."""
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + split(end - start)
            if index < middle:
                path.append(self.root(middle, end))
                end = middle
            else:
                path.append(self.root(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first, second):
        """PROOF(first, D[0:second])."""
        start, end, path = 0, second, []
        while first != end:
            middle = start + split(end - start)
            if first <= middle:
                path.append(self.root(middle, end))
                end = middle
            else:
                path.append(self.root(start, middle))
                start = middle
        return ([self.root(start, end)] if start else []) + path[::-1]


class Reader:
    """Of the log at `url`, that `vkey` signs."""

    def __init__(self, url, vkey):
        parts = urllib.parse.urlsplit(url)
        self.door = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        self.prefix, self.vkey, self.fetched = parts.path, vkey, 0

    def get(self, path):
        self.door.request("GET", f"{self.prefix}/{path}")
        answer = self.door.getresponse()
        body = answer.read()
        must(answer.status == 200, path, "is answered by", answer.status)
        self.fetched += 1
        return body

    def tiles(self, level, count):
        """Each tile of a level with so many hashes (or entries): its place, its width, its bytes."""
        for start in range(0, count, WIDTH):
            width = min(WIDTH, count - start)
            name = f"tile/{level}/{tile_name(start // WIDTH)}" + (f".p/{width}" if width < WIDTH else "")
            yield start, width, self.get(name)

    def entries(self, size):
        found = []
        for start, width, bundle in self.tiles("entries", size):
            at = 0
            while at < len(bundle):
                length = int.from_bytes(bundle[at:at + 2], "big")
                must(at + 2 + length <= len(bundle), "an entry is cut in the bundle at", start)
                found.append(bundle[at + 2:at + 2 + length])
                at += 2 + length
            must(len(found) == start + width, "the bundle at", start, "has another number of entries")
        return found

    def audit(self):
        """Everything there is, hashed once more. Size, root, entries and the tree."""
        self.note = self.get("checkpoint")
        size, root = open_note(self.note, self.vkey)
        entries = self.entries(size)
        tree = Tree([leaf_of(entry) for entry in entries])
        must(tree.root(0, size) == root, "the entries do not make the root that was signed")
        for level in range(8):
            hashes = tree.levels[8 * level] if 8 * level < len(tree.levels) else []
            for start, width, tile in self.tiles(level, len(hashes)):
                must(len(tile) == HASH * width, "the tile", level, start, "has another length")
                must(tile == b"".join(hashes[start:start + width]), "the tile", level, start, "has other hashes")
        return size, root, entries, tree
