#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What surrounds the programs fits them: Debian's control files, systemd's units.

usage: package_test.py BUILD

test/deep/package builds the packages and installs them; this takes seconds. Output is TAP.
"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from tap import Skip, case, expect, run  # noqa: E402

HOME = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv[1]).resolve()
DEBIAN = HOME / "debian"
UNITS = ("troth-run", "troth-connect")
# Where a placeholder of meson's is in a package, as debian/rules configures it.
PLACES = {"{prefix}": "usr", "{bindir}": "usr/bin", "{datadir}": "usr/share", "{includedir}": "usr/include",
          "{libdir}": "usr/lib/x", "{libdir_shared}": "usr/lib/x", "{libdir_static}": "usr/lib/x",
          "{units}": "lib/systemd/system", "{zsh_functions}": "usr/share/zsh/vendor-completions"}


def introspect(what):
    said = subprocess.run(["meson", "introspect", what, BUILD], capture_output=True, text=True, check=True)
    return json.loads(said.stdout)


def packages():
    """Each binary package's paragraph of the control file, by name."""
    for text in (DEBIAN / "control").read_text().split("\n\n")[1:]:
        yield re.match(r"Package: (\S+)", text)[1], text


def installed():
    """What meson would install, as paths in a package."""
    for rows in introspect("--install-plan").values():
        for row in rows.values():
            place, rest = row["destination"].split("/", 1)
            path = f"{PLACES[place]}/{rest}" if place else rest
            yield path.replace("zsh/site-functions", "zsh/vendor-completions")


@case("the package has the version of the program")
def version():
    first = (DEBIAN / "changelog").read_text().splitlines()[0]
    expect(first.startswith(f"troth ({introspect('--projectinfo')['version']}) "), first)


@case("every file that meson installs is in one package, and no package wants another")
def files():
    # Links between a library's names are in no plan.
    here, used = [*installed(), "usr/lib/x/libtroth.so"], set()
    expect(len(here) > 20, here)
    wanted = {(name, pattern) for name, _ in packages()
              for pattern in (DEBIAN / f"{name}.install").read_text().split()}
    for path in here:
        takers = {(name, p) for name, p in wanted if fnmatch(path, p) or fnmatch(path, f"{p}/*")}
        expect(len({name for name, _ in takers}) == 1, path, takers)
        used |= takers
    # The simulator is installed for its package alone.
    missing = {(n, p) for n, p in wanted - used if n != "troth-sim"}
    expect(not missing, missing)


@case("what simulates says so, and nothing depends on it")
def simulator():
    texts = dict(packages())
    expect("proves nothing" in texts["troth-sim"], texts["troth-sim"])
    for name, text in texts.items():
        expect(name == "troth-sim" or not re.search(r"(Depends|Recommends):.*troth-sim", text), text)


@case("maintainer scripts are shell, and say nothing that a shell would not take")
def scripts():
    for path in (DEBIAN / "troth.postinst", DEBIAN / "troth.postrm"):
        subprocess.run(["sh", "-n", path], check=True)
        expect("#DEBHELPER#" in path.read_text(), path)
        if shutil.which("shellcheck"):
            done = subprocess.run(["shellcheck", path], text=True, capture_output=True, check=False)
            expect(done.returncode == 0, done.stdout)


@case("systemd takes the units")
def units():
    if not shutil.which("systemd-analyze"):
        raise Skip("no systemd-analyze")
    with tempfile.TemporaryDirectory() as folder:
        for name in UNITS:
            text = (HOME / f"deploy/systemd/{name}@.service.in").read_text()
            expect("@BINDIR@/" in text, name)
            # Manual pages are another test's.
            text = re.sub(r"^Documentation=.*\n", "", text.replace("@BINDIR@", str(BUILD)), flags=re.M)
            unit = Path(folder, f"{name}@.service")
            unit.write_text(text)
            done = subprocess.run(["systemd-analyze", "verify", unit.with_name(f"{name}@x.service")], text=True,
                                  capture_output=True, check=False)
            expect(done.returncode == 0 and not done.stderr, done.stdout, done.stderr)


@case("the options in the units are ones that the programs have")
def unit_options():
    for name, program, words in (("troth-run", "troth-run", []), ("troth-connect", "troth", ["connect"])):
        text = (HOME / f"deploy/systemd/{name}@.service.in").read_text()
        line = re.search(r"^ExecStart=@BINDIR@/(.*)$", text, re.M)[1]
        said = subprocess.run([BUILD / program, *words, "--help"], text=True, capture_output=True, check=True).stdout
        options = re.findall(r"--[a-z][a-z-]*", line)
        expect(options, line)
        for option in options:
            expect(option in said, option, said)


sys.exit(run())
