#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An image of a root file system of 1 GiB, written and measured, beside the sums that it cannot do without.

usage: python3 bench/image BUILD [ROUNDS [MIB]]     the folder of troth's programs; 5 rounds, 1024 MiB

The floor is SHA-384 twice (PCR0, PCR2), SHA-256 once (the file) and CRC-32 once over as many bytes in memory, on two
processors at once. What is compared runs one after the other in each round; a figure is the median over the rounds, and
what is said of two is the median of their ratio round by round. "At work" is the same by processor time, which others on
this machine change less; what is waited for is not in it. Files are in the page cache: a disk is not measured.
"""
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.dont_write_bytecode = True

MIB = 1 << 20
KERNEL = 12 * MIB
MEMORY_GOAL = 64 * MIB
GOALS = {"build": 0.70, "measure": 0.90}
BUILD_FILE = """name: bench
version: "1"
kernel: {file: kernel}
rootfs: [{directory: root}]
run: {program: [/usr/bin/none]}
"""

# As packages have them: most files are small, most bytes are in large ones. Share of the bytes, and sizes.
SHARES = ((0.06, 200, 8_000), (0.14, 8_000, 64_000), (0.30, 64_000, 1_000_000), (0.30, 1 * MIB, 16 * MIB),
          (0.20, 60 * MIB, 100 * MIB))
A_FOLDER = 40  # files


def write_file(path, size, chance):
    with open(path, "wb") as file:
        while size > 0:
            piece = chance.randbytes(min(size, MIB))
            file.write(piece)
            size -= len(piece)


def make_root(root, size):
    """Always the same files for the same size; how many there are."""
    chance, count = random.Random(1), 0
    for share, least, most in SHARES:
        left = int(size * share)
        while left > 0:
            folder = root / "usr" / f"lib-{least}" / f"part-{count // A_FOLDER}"
            folder.mkdir(parents=True, exist_ok=True)
            length = min(left, chance.randint(least, most))
            write_file(folder / f"file-{count}", length, chance)
            left -= length
            count += 1
    return count


def timed(command, **options):
    """Seconds of wall, of processors, and the memory of one process."""
    start = time.monotonic()
    child = subprocess.Popen(command, **options)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"bench image: {command[0]} ends with {child.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def floor_of(parts, mib):
    said = subprocess.run([parts, "floor", str(mib)], check=True, text=True, capture_output=True).stdout
    rows = (line.split() for line in said.splitlines())
    return {(name, int(threads)): (float(wall), float(cpu)) for name, threads, wall, cpu in rows}


def peer_of(root, out):
    """cpio and one digest of what it wrote: less than an image needs."""
    if not shutil.which("cpio"):
        return None
    line = f"find . | cpio --quiet -o -H newc > {out} && sha384sum {out}"
    return timed(["sh", "-c", line], cwd=root, stdout=subprocess.DEVNULL)


def run_round(programs, folder, mib):
    root, image = folder / "root", folder / "image.eif"
    image.unlink(missing_ok=True)
    found = {"floor": floor_of(programs / "bench/image/image_parts", mib)}
    found["write"] = timed([programs / "bench/image/image_parts", "write", root, folder / "kernel", image])
    found["build"] = timed([programs / "troth", "build", "--output", folder / "out", folder],
                           stdout=subprocess.DEVNULL)
    found["measure"] = timed([programs / "troth", "measure", image], stdout=subprocess.DEVNULL)
    peer = folder / "peer.cpio"
    found["peer"] = peer_of(root, peer)
    peer.unlink(missing_ok=True)
    return found


def median_of(rounds, value):
    return median(value(r) for r in rounds)


def line(name, text):
    print(f"  {name:<34}{text}")


def print_floor(rounds, mib):
    print(f"the floor, for {mib} MiB in memory:")
    for name, title in (("sha384", "SHA-384"), ("sha256", "SHA-256"), ("crc32", "CRC-32")):
        one, two = (mib * MIB / 1e9 / median_of(rounds, lambda r, n=n, name=name: r["floor"][name, n][0]) for n in (1, 2))
        line(title, f"{one:.2f} GB/s on one processor, {two:.2f} on two")
    line("all of them, on two", f"{median_of(rounds, lambda r: r['floor']['image', 2][0]):.2f} s")


def print_job(rounds, name, title):
    wall, cpu, memory = (median_of(rounds, lambda r, i=i: r[name][i]) for i in range(3))
    share = median_of(rounds, lambda r: r["floor"]["image", 2][0] / r[name][0])
    at_work = median_of(rounds, lambda r: r["floor"]["image", 2][1] / r[name][1])
    goal = GOALS.get(name)
    judged = f" (goal {goal:.0%}{'' if share >= goal else ': missed'})" if goal else ""
    print(f"{title}:")
    line("time", f"{wall:.2f} s, processors {cpu:.2f} s")
    line("of the floor", f"{share:.0%}, at work {at_work:.0%}{judged}")
    line("memory", f"{memory / MIB:.0f} MiB (goal {MEMORY_GOAL // MIB}{'' if memory <= MEMORY_GOAL else ': missed'})")


def main():
    programs = Path(sys.argv[1]).resolve()
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    mib = int(sys.argv[3]) if len(sys.argv) > 3 else 1024
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory(prefix="troth-bench-") as name:
        folder = Path(name)
        files = make_root(folder / "root", mib * MIB)
        write_file(folder / "kernel", KERNEL, random.Random(2))
        (folder / "build.yaml").write_text(BUILD_FILE)
        (folder / "out").mkdir()
        subprocess.run([programs / "troth", "build", "--lock", "--output", folder / "out", folder], check=True,
                       stdout=subprocess.DEVNULL)
        run_round(programs, folder, mib)  # memory that a machine has never used costs more to use
        rounds = [run_round(programs, folder, mib) for _ in range(count)]
        size = (folder / "image.eif").stat().st_size
        print(f"an image of {size / MIB:.0f} MiB, of {files} files; {count} rounds")
    print_floor(rounds, mib)
    print_job(rounds, "build", "troth build, every input against its lock")
    print_job(rounds, "write", "the writing alone, from a folder")
    print_job(rounds, "measure", "troth measure")
    if rounds[0]["peer"]:
        wall = median_of(rounds, lambda r: r["peer"][0])
        ratio = median_of(rounds, lambda r: r["peer"][0] / r["build"][0])
        print("find | cpio, then sha384sum (no image, one digest of four):")
        line("time", f"{wall:.2f} s; the image takes {1 / ratio:.2f} of that")


main()
