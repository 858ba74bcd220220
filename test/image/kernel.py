# SPDX-License-Identifier: Apache-2.0
"""Debian's newest 6.12 kernel, as files; nothing is installed."""
import os
import re
import subprocess
import tempfile
from pathlib import Path

NAME = r"^linux-image-6\.12\..*\+deb12-cloud-amd64$"


class Missing(Exception):
    """Something this machine lacks; what, for people."""


def run(command, **more):
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def newest():
    """The name of the package, by its version."""
    try:
        found = [line.split()[0] for line in run(["apt-cache", "search", "--names-only", NAME]).splitlines()]
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing("no apt-cache") from error
    if not found:
        raise Missing("apt knows no " + NAME)
    return max(found, key=lambda name: [int(n) for n in re.findall(r"\d+", name)])


def fetch(cache):
    """Its files, kept from run to run: those of $TROTH_KERNEL, where that is an unpacked package."""
    if os.environ.get("TROTH_KERNEL"):
        return Path(os.environ["TROTH_KERNEL"])
    name = newest()
    files = cache / name
    if not (files / "boot").is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            try:
                run(["apt-get", "download", name], cwd=folder)
            except subprocess.CalledProcessError as error:
                raise Missing(f"cannot download {name}") from error
            package = next(Path(folder).glob("*.deb"))
            run(["dpkg-deb", "-x", str(package), folder + "/files"])
            os.rename(folder + "/files", files)
    return files


def image(files):
    """The kernel itself."""
    return next((files / "boot").glob("vmlinuz-*"))


def module(files, path):
    """A module by its path below "kernel", without its ending: its file."""
    folder = next((files / "lib/modules").iterdir()) / "kernel"
    return next(folder.glob(path + ".ko*"))
