#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the commands of transcripts and hold what they print against what stands there.

usage: transcripts.py [--update] PROGRAM MINT TRANSCRIPT…

PROGRAM is troth, MINT is troth-mint. In a transcript, what is not indented is prose. Indented
by two blanks, "$ COMMAND" is run by sh in a folder of the transcript's own; behind it stands
what goes to standard output, then, each line behind "! ", what goes to standard error, and
last "[STATUS]" unless it is 0. --update writes what was seen. Output is TAP.
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

INDENT = "  "


def run(command, folder, programs):
    """What a transcript would say of this command, as lines without their indent."""
    env = {"PATH": f"{programs}:/usr/bin:/bin", "LC_ALL": "C", "TERM": "xterm"}
    env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=env, check=False, text=True,
                          errors="backslashreplace", stdin=subprocess.DEVNULL, capture_output=True)
    lines = done.stdout.splitlines() + [f"! {line}" for line in done.stderr.splitlines()]
    return lines + ([f"[{done.returncode}]"] if done.returncode else [])


def indented(line):
    return (INDENT + line).rstrip()


def parse(text):
    """Pairs of prose or None, and of a command and the lines behind it."""
    parts = []
    for line in text.splitlines():
        if line.startswith(f"{INDENT}$ "):
            parts.append((line[len(INDENT) + 2:], []))
        elif parts and parts[-1][0] is not None and (line.startswith(INDENT) or not line):
            parts[-1][1].append(line)
        else:
            if not parts or parts[-1][0] is not None:
                parts.append((None, []))
            parts[-1][1].append(line)
    return parts


def without_end(lines):
    """Lines without the empty ones at their end, and how many those were."""
    kept = list(lines)
    while kept and not kept[-1]:
        kept.pop()
    return kept, len(lines) - len(kept)


def play(path, programs, update):
    """Whether each command of one transcript said what it should."""
    written = []
    with tempfile.TemporaryDirectory() as folder:
        for command, lines in parse(path.read_text()):
            if command is None:
                written += lines
                continue
            wanted, empty = without_end(lines)
            seen = [indented(line) for line in run(command, folder, programs)]
            written += [f"{INDENT}$ {command}", *seen, *[""] * empty]
            yield command, wanted, seen
    if update:
        path.write_text("\n".join(written) + "\n")


def main(arguments):
    update = "--update" in arguments
    program, mint, *paths = [a for a in arguments if a != "--update"]
    number = failed = 0
    with tempfile.TemporaryDirectory() as programs:
        Path(programs, "troth").symlink_to(Path(program).resolve())
        Path(programs, "troth-mint").symlink_to(Path(mint).resolve())
        for path in map(Path, paths):
            for command, wanted, seen in play(path, programs, update):
                number += 1
                good = update or wanted == seen
                failed += not good
                print(f"{'ok' if good else 'not ok'} {number} - {path.stem}: {command}".replace("#", ""))
                if not good:
                    print("# wanted:", *wanted, "seen:", *seen, sep="\n#   ")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1:]))
