# SPDX-License-Identifier: Apache-2.0
"""An image that troth-sim boots, for as long as a test speaks to it."""
import socket
import subprocess
import threading
import time
from pathlib import Path

from tap import expect

PATIENCE_S = 240  # some seconds where nothing else runs


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Machine:
    """One that boots, until the block ends; what clients of it need is in `folder`."""

    def __init__(self, build, modules, image, *options):
        self.address, self.folder = f"127.0.0.1:{free_port()}", Path(image).with_suffix(".machine")
        self.said, self.began = "", time.monotonic()
        self.process = subprocess.Popen(
            [build / "sim/troth-sim", "boot", "--listen", self.address, "--modules", modules, "--write", self.folder,
             "--verbose", *options, image],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace")
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.said += line

    def await_ready(self):
        line = self.process.stdout.readline()
        expect(line == f"ready: {self.address}\n", line, self.said[-3000:])
        return time.monotonic() - self.began

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()
        self.reader.join()
        self.process.stderr.close()
