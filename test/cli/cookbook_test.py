#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the examples of a page: its policies, its commands, what they print. Output is TAP.

usage: cookbook_test.py [--print] PROGRAM MINT PAGE

What of the page is an example, and how it is read:
  - A block of yaml is a file of the name in its first line, "# NAME.yaml". 'troth policy check'
    has to find it usable, unless the page itself shows what that says.
  - A comment "<!-- evidence", with lines "NAME: KIND [OPTION]..." and "-->", mints files that
    commands name, by troth-mint; of --count N the last. It stands for a while: of one name the
    latest counts.
  - In a block of console "$ troth ..." is run, with what the evidence needs to be verified put
    behind; what stands below has to be in its output or its complaints, in that order, blanks
    aside. "…" is whatever is not shown.
  - The status is what the first word says (accepted 0, refused 1, undetermined 2; usable,
    unusable), or what stands behind "$ echo $?", or 0.
--print shows whole outputs, for whoever writes the page.
"""
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

NOW = 1767225600
NONCE = "5f1c" + "a7" * 60 + "09e2"
STATUSES = {"accepted": 0, "refused": 1, "undetermined": 2, "usable": 0, "unusable": 1}
VERDICTS = ("verify",)  # what has to show its reasons


class Evidence:
    """Files that were minted, and the words that go with them."""

    def __init__(self, mint, folder, name, words):
        self.time = int(words[words.index("--time") + 1]) if "--time" in words else NOW
        count = int(words[words.index("--count") + 1]) if "--count" in words else 1
        where = Path(folder, "minted", name)
        where.mkdir(parents=True, exist_ok=True)
        words = [NONCE.join(w.split("$NONCE")) for w in words]
        subprocess.run([mint, "--time", str(self.time), *words, where], check=True)
        suffix = f"-{count - 1}" if count > 1 else ""
        Path(folder, name).parent.mkdir(exist_ok=True)
        Path(folder, name).write_bytes((where / f"evidence{suffix}.bin").read_bytes())
        self.root = ["--root", str(where / "root.pem")]
        self.words = ["--offline", *self.root]
        for file in ("collateral.json", f"vek{suffix}.pem", "ask.pem", "crl.pem"):
            if (where / file).exists():
                self.words += ["--collateral", str(where / file)]


def blocks(text):
    """Pairs of what a part of the page is and its lines."""
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$|^<!-- evidence\n(.*?)^-->$", text, re.S | re.M):
        language, fenced, comment = match.groups()
        yield language or "evidence", (fenced if language else comment).splitlines()


def commands(lines):
    """Triples of a command, the lines shown of its output, and its status."""
    parts = []
    for line in lines:
        if line.startswith("$ "):
            parts.append((line[2:], []))
        elif parts:
            parts[-1][1].append(line)
    for at, (command, shown) in enumerate(parts):
        if command == "echo $?":
            continue
        word = shown[0].split()[0] if shown else ""
        status = STATUSES.get(word, 0)
        if at + 1 < len(parts) and parts[at + 1][0] == "echo $?":
            status = int(parts[at + 1][1][0])
        yield command, shown, status


def plain(line):
    return " ".join(line.split())


def missing(shown, output):
    """The first line shown that is not in the output behind those before it."""
    rest = iter([plain(line) for line in output])
    for line in shown:
        pattern = ".*".join(re.escape(part) for part in plain(line).split("…"))
        if pattern != ".*" and not any(re.fullmatch(pattern, seen) for seen in rest):
            return line
    return None


def reasons(lines):
    """What failed or was not made, in turn."""
    return re.findall(r"^  (failed|not made)  +(\w+)", "\n".join(lines), re.M)


class Page:
    def __init__(self, program, mint, folder):
        self.program, self.mint, self.folder = program, mint, folder
        self.evidence = {}

    def mint_all(self, lines):
        for line in lines:
            name, words = line.split(":", 1)
            self.evidence[name.strip()] = Evidence(self.mint, self.folder, name.strip(), shlex.split(words))

    def words_of(self, command):
        """The words to run, and where the output goes, if to a file."""
        words = [NONCE if w == "$NONCE" else w for w in shlex.split(command)]
        target = None
        if len(words) > 2 and words[-2] == ">":
            words, target = words[:-2], words[-1]
        for evidence in [self.evidence[w] for w in words if w in self.evidence]:
            words += evidence.words
            words += [] if "--time" in words else ["--time", str(evidence.time)]
        if words[1:3] == ["policy", "test"]:
            carried = Path(self.folder, words[-1]).read_text()
            words += [w for name, e in self.evidence.items() if name in carried for w in e.root]
        return words[1:], target

    def run(self, words, target=None):
        """The status and the lines of a command."""
        env = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
        env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        done = subprocess.run([self.program, *words], cwd=self.folder, env=env, check=False, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if target:
            Path(self.folder, target).write_text(done.stdout)
        return done.returncode, ([] if target else done.stdout.splitlines()) + done.stderr.splitlines()


def write_policy(page, lines):
    name = lines[0].removeprefix("# ")
    Path(page.folder, name).write_text("\n".join(lines) + "\n")
    return name


def check_policy(page, name):
    status, output = page.run(["policy", "check", name])
    return f"{name} is usable", status == 0, output


def objections(words, shown, output):
    """What is wrong with what a page shows of an output."""
    lost = missing(shown, output)
    if lost is not None:
        yield f"not there: {lost}"
    if words[0] in VERDICTS and not (shown and shown[0].split()[0] in STATUSES):
        yield "the page does not say what comes out"
    if words[0] in VERDICTS and reasons(shown) != reasons(output):
        yield "the page shows other reasons than there are"


def check_command(page, command, shown, status):
    words, target = page.words_of(command)
    seen, output = page.run(words, target)
    wrong = list(objections(words, shown, output))
    if seen != status:
        wrong.append(f"status {seen}, wanted {status}")
    return command, not wrong, wrong + output


def cases(page, text):
    for kind, lines in blocks(text):
        if kind == "evidence":
            page.mint_all(lines)
        elif kind == "yaml":
            name = write_policy(page, lines)
            if f"policy check {name}" not in text:
                yield check_policy(page, name)
        elif kind == "console":
            for command, shown, status in commands(lines):
                yield check_command(page, command, shown, status)


def promises(text):
    """What a page of recipes has to have."""
    recipes = re.findall(r"^## (\d+)\. (.*?)(?=^## |\Z)", text, re.S | re.M)
    yield "there are ten recipes", len(recipes) >= 10
    for number, recipe in recipes:
        both = all(re.search(f"^{word}  ", recipe, re.M) for word in ("accepted", "refused"))
        yield f"recipe {number} is met by one and broken by another", both


def main(arguments):
    shows = "--print" in arguments
    program, mint, path = [str(Path(a).resolve()) for a in arguments if a != "--print"]
    text = Path(path).read_text()
    number = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for why, good, output in cases(Page(program, mint, folder), text):
            number += 1
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} - {why}".replace("#", ""))
            if shows or not good:
                print("".join(f"#   {line}\n" for line in output), end="")
            sys.stdout.flush()
    for why, good in promises(text):
        number += 1
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {why}")
    print(f"1..{number}")
    return failed > 0


sys.exit(main(sys.argv[1:]))
