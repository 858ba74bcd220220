# SPDX-License-Identifier: Apache-2.0
"""A small server for load_test.py: the first four bytes of a connection say what it does. Standard library alone.

usage: crowd_server.py PORT
"""
import asyncio
import contextlib
import hashlib
import resource
import socket
import sys

PIECE = 1 << 16
digests = {}


async def echo(reader, writer):
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()


async def pour(_, writer):
    """Numbers of eight bytes, for ever."""
    number = 0
    while True:
        writer.write(b"".join((number + i).to_bytes(8, "big") for i in range(PIECE // 8)))
        number += PIECE // 8
        await writer.drain()


async def deaf(reader, writer):
    """Reads nothing more; the transport's own buffer is small."""
    writer.transport.pause_reading()
    await asyncio.sleep(3600)


async def late(reader, writer):
    """Once it has heard the end, the digest of all, and as much again."""
    heard = await reader.read()
    writer.write(hashlib.sha256(heard).hexdigest().encode() + heard[::-1])


async def soon(reader, writer):
    """Ends its own side first, then listens to the end; `what` says what came."""
    name = await reader.readexactly(8)
    writer.write(hashlib.sha256(name).hexdigest().encode() * 1000)
    writer.write_eof()
    digests[name] = asyncio.get_running_loop().create_future()
    digests[name].set_result(hashlib.sha256(await reader.read()).hexdigest())


async def what(reader, writer):
    name = await reader.readexactly(8)
    while name not in digests:
        await asyncio.sleep(0.01)
    writer.write((await digests[name]).encode())


async def grab(reader, writer):
    """Can it have that many bytes?"""
    size = int(await reader.readexactly(12))
    try:
        writer.write(b"has %d" % len(bytearray(size)))
    except MemoryError:
        writer.write(b"has not")


WORDS = {b"echo": echo, b"pour": pour, b"deaf": deaf, b"late": late, b"soon": soon, b"what": what, b"grab": grab}


async def serve(reader, writer):
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        await WORDS[await reader.readexactly(4)](reader, writer)
        await writer.drain()
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def accept(listener):
    """The next one, as soon as there is a descriptor for it."""
    while True:
        try:
            return (await asyncio.get_running_loop().sock_accept(listener))[0]
        except OSError:
            await asyncio.sleep(0.1)


async def main(port):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    listener = socket.create_server(("127.0.0.1", port), backlog=4096)
    listener.setblocking(False)
    tasks = set()
    while True:
        task = asyncio.create_task(serve(*await asyncio.open_connection(sock=await accept(listener))))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


asyncio.run(main(int(sys.argv[1])))
