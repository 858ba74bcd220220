#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every command, verb and option of --help is in its manual page, and no page has others.

usage: man_test.py MAN PROGRAM…

MAN is the folder of pages, PROGRAM troth, troth-agent, …, each with a page of its name.
Output is TAP.
"""
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from tap import Skip, case, expect, run  # noqa: E402

MAN = Path(sys.argv[1])
PROGRAMS = {Path(p).name: Path(p).resolve() for p in sys.argv[2:]}
OPTION = r"(?<![\w-])--?[a-z][a-z-]*"


def page(name):
    found = list(MAN.glob(f"{name}.[0-9].scd"))
    expect(found, f"{name}: no page in {MAN}")
    return found[0].read_text()


def help_of(program, *words):
    done = subprocess.run([PROGRAMS[program], *words, "--help"], text=True, capture_output=True, check=False)
    expect(done.returncode == 0, program, words, done.stderr)
    return done.stdout


def options(said):
    """Those that have a line of their own in a --help."""
    return set(re.findall(rf"^  (--?[a-z][a-z-]*)", said, re.M))


def commands(said):
    """The words at the beginning of a --help's lines: "  nsm, sev-guest, tdx-guest [--] …"."""
    for line in re.findall(r"^  ([a-z][a-z-]*(?:, [a-z-]+)*)(?: |$)", said, re.M):
        yield from line.split(", ")


def sections(text):
    """What stands below each heading."""
    parts = re.split(r"^# (.*)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def terms(text):
    """The options that a page has a paragraph about, in one section only once."""
    heads = [line for line in text.splitlines() if re.match(r"\*-", line)]
    for name, body in sections(text).items():
        told = [line for line in body.splitlines() if re.match(r"\*-", line)]
        expect(len(told) == len(set(told)), name, "told twice", sorted(h for h in told if told.count(h) > 1))
    return {o for line in heads for o in re.findall(rf"\*({OPTION})\*", line)}


def check(text, wanted, why):
    """The page has every option, and paragraphs about no others."""
    named = set(re.findall(rf"\*({OPTION})\*", text))
    expect(wanted <= named, f"{why}: the page lacks", sorted(wanted - named))
    expect(terms(text) <= wanted, f"{why}: there is no such option", sorted(terms(text) - wanted))


def check_verb(text, verb, wanted):
    """Where verbs have sections of their own: all of its options are told there, or for several verbs."""
    own = sections(text).get(verb.upper())
    if own is None:
        return
    told = terms(f"# {verb}\n{own}")
    expect(told <= wanted, f"{verb}: there is no such option", sorted(told - wanted))
    wanted = wanted - told - terms(f"# all\n{sections(text).get('OPTIONS OF SEVERAL VERBS', '')}")
    expect(not wanted, f"{verb}: the page does not tell of", sorted(wanted))


@case("troth: every command has its line in troth(1), and a page with every verb and option")
def of_troth():
    first, count = page("troth"), 0
    for name in commands(help_of("troth")):
        text, said = page(f"troth-{name}"), help_of("troth", name)
        expect(f"*troth-{name}*(1)" in first, f"troth(1) does not name {name}")
        verbs = re.match(rf"usage: troth {name} ([a-z|]+) \.\.\.\n", said)
        wanted = options(said)
        for verb in verbs[1].split("|") if verbs else []:
            expect(re.search(rf"^\*troth {name} {verb}\*", text, re.M), f"no synopsis of {name} {verb}")
            of_verb = options(help_of("troth", name, verb))
            check_verb(text, verb, of_verb)
            wanted |= of_verb
        check(text, wanted, f"troth {name}")
        count += len(wanted)
    expect(count > 40, count)


@case("troth-sim: every command and option")
def of_sim():
    if "troth-sim" not in PROGRAMS:
        raise Skip("built without the simulator")
    text, wanted = page("troth-sim"), {"--help"}
    for name in commands(help_of("troth-sim")):
        expect(f"*{name}*" in text, f"no {name}")
        wanted |= options(help_of("troth-sim", name))
    named = set(re.findall(rf"\*({OPTION})\*", text))
    expect(wanted <= named, "the page lacks", sorted(wanted - named))
    # --force belongs to those who know what they do, and is in no table.
    expect(terms(text) <= wanted | {"--force"}, sorted(terms(text) - wanted))


def of_daemon(name):
    @case(f"{name}: every option")
    def one():
        check(page(name), options(help_of(name)), name)


@case("every page is named by troth(1), and those that pages name are there")
def references():
    for path in MAN.glob("*.scd"):
        name, section = path.name.split(".")[:2]
        for other, number in re.findall(r"\*(troth[a-z-]*)\*\(([0-9])\)", path.read_text()):
            expect((MAN / f"{other}.{number}.scd").exists(), f"{path.name} names {other}({number})")
        expect(name == "troth" or f"*{name}*({section})" in page("troth"), f"troth(1) does not name {name}")


@case("man shows every page without complaint")
def shows():
    if not shutil.which("scdoc") or not shutil.which("man"):
        raise Skip("no scdoc or no man")
    with tempfile.TemporaryDirectory() as folder:
        for path in MAN.glob("*.scd"):
            made = Path(folder, path.stem)
            made.write_bytes(subprocess.run(["scdoc"], input=path.read_bytes(), capture_output=True, check=True).stdout)
            done = subprocess.run(["man", "--warnings", "-l", made], text=True, capture_output=True, check=False,
                                  env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80"})
            expect(done.returncode == 0 and not done.stderr, path.name, done.stderr)
            expect(path.stem.split(".")[0] in done.stdout, path.name, done.stdout[:200])


for daemon in PROGRAMS:
    if daemon not in ("troth", "troth-sim", "troth-run"):
        of_daemon(daemon)
sys.exit(run())
