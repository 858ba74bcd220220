# SPDX-License-Identifier: Apache-2.0
"""What is asked of a set-up: many small pages by wrk, one big file down, one up, and many idle connections."""
import socket
import subprocess
import time
from pathlib import Path

from processes import find

PAGE_LEN = 1024
PIECE = 1 << 20


def wrk(port, connections, seconds):
    """Requests a second; p50 and p99 in µs."""
    words = [find("wrk"), "-t", "1", "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s",
             str(Path(__file__).with_name("report.lua")), f"http://127.0.0.1:{port}/page"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL).stdout
    line = next(line for line in said.splitlines() if line.startswith("measured "))
    requests, duration, wrong, p50, p99 = map(float, line.split()[1:])
    if wrong or not requests:
        raise RuntimeError(f"{int(requests)} requests, {int(wrong)} of them wrong")
    return requests / duration, p50, p99


def connect(port):
    peer = socket.create_connection(("127.0.0.1", port), 60)
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return peer


def ask(peer, what, more=""):
    peer.sendall(f"{what} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode())


def head(peer):
    """An answer's, and what came of the rest with it."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = peer.recv(4096)
        if not piece:
            raise RuntimeError(f"an answer ended early: {got[:200]}")
        got += piece
    said, _, rest = got.partition(b"\r\n\r\n")
    return said.decode().lower(), rest


def answer(peer, status):
    """Of a small request; its page is passed over."""
    said, rest = head(peer)
    if not said.startswith(f"http/1.1 {status} "):
        raise RuntimeError(f"wanted {status}: {said}")
    left = int(said.partition("content-length: ")[2].partition("\r\n")[0] or 0) - len(rest)
    while left > 0:
        left -= len(peer.recv(left))


def download(port, length):
    """Seconds. What comes is thrown away in the kernel, so that next to nothing of them is ours."""
    with connect(port) as peer:
        begun = time.monotonic()
        ask(peer, "GET /bulk")
        left, scratch = length - len(head(peer)[1]), bytearray(PIECE)
        while left > 0:
            got = peer.recv_into(scratch, PIECE, socket.MSG_TRUNC)
            if not got:
                raise RuntimeError(f"the file ended {left} bytes early")
            left -= got
        return time.monotonic() - begun


def upload(port, path):
    """Seconds, until a second request on the same connection is answered: so the first one's body was read."""
    with connect(port) as peer, open(path, "rb") as file:
        begun = time.monotonic()
        ask(peer, "POST /sink", f"Content-Length: {path.stat().st_size}\r\n")
        peer.sendfile(file)
        answer(peer, 204)
        ask(peer, "GET /page")
        answer(peer, 200)
        return time.monotonic() - begun


class Idle:
    """Connections, each of which had its page and stays open."""

    def __init__(self, port, count):
        self.peers = [connect(port) for _ in range(count)]

    def __enter__(self):
        for peer in self.peers:
            ask(peer, "GET /page")
        for peer in self.peers:
            answer(peer, 200)
        time.sleep(0.3)

    def __exit__(self, *failure):
        for peer in self.peers:
            peer.close()
