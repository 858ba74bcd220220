#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What real shells make of `troth completion`.

usage: completion_test.py TROTH

Every word that --help knows has to be there, and nothing else. Output is TAP.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "cli"))
from tap import Skip, case, expect, run  # noqa: E402

TROTH = Path(sys.argv[1]).resolve()
FOLDER = tempfile.TemporaryDirectory()
SCRIPTS = Path(FOLDER.name, "scripts")
PATIENCE_S = 60
# A folder to type in, with names that need care.
AT = Path(FOLDER.name, "here")
FILES = ("quote.bin", "two words.bin", "folder/inside.bin")
# As bash itself does: words, and which of them is being typed.
ASK = """
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_troth
printf '%s\\n' "${COMPREPLY[@]}"
"""


def troth(*words):
    return subprocess.run([TROTH, *words], text=True, capture_output=True, check=True).stdout


def rows(text):
    """Of --help: "  verify      …" and "  --policy FILE   …" are one row each."""
    return re.findall(r"^  (-{0,2}[a-z][a-z-]*)(?: +([^ ]+))?", text, re.M)


def commands():
    """Each command with its own options: (words, {option: argument or ""})."""
    for name, _ in rows(troth("--help")):
        said = troth(name, "--help")
        verbs = re.match(rf"usage: troth {name} ([a-z|]+) \.\.\.\n", said)
        for words in [(name, v) for v in verbs[1].split("|")] if verbs else [(name,)]:
            usage = troth(*words, "--help").split("\n\n")[0]
            found = re.findall(r"\[(--?[a-z][a-z-]*)(?: ([^]]+))?\]", usage)
            yield words, dict(found) | {"--help": ""}


def bash(*words):
    done = subprocess.run(["bash", "--norc", "--noprofile", "-c", ASK, "bash", SCRIPTS / "bash", *words],
                          cwd=AT, text=True, capture_output=True, check=False)
    expect(done.returncode == 0, done.stderr)
    return sorted(filter(None, done.stdout.split("\n")))


@case("bash: commands, and the verbs of those that have some")
def bash_commands():
    names = [name for name, _ in rows(troth("--help"))]
    expect(bash("troth", "") == sorted([*names, "--help", "--version"]), bash("troth", ""))
    expect(bash("troth", "ver") == ["verify"], bash("troth", "ver"))
    expect(bash("troth", "collateral", "") == ["--help", "export", "get", "refresh", "show"],
           bash("troth", "collateral", ""))
    expect(bash("troth", "nonsense", "") == [], bash("troth", "nonsense", ""))


@case("bash: every option of every command, as --help has them")
def bash_options():
    seen = 0
    for words, options in commands():
        said = bash("troth", *words, "-")
        expect(said == sorted(options), " ".join(words), said, sorted(options))
        seen += len(options)
    expect(seen > 60, seen)


@case("bash: an option's value: files, folders, its own words, or nothing that one could know")
def bash_values():
    wanted = {"FILE": ["folder", "quote.bin", "two words.bin"], "DIR": ["folder"]}
    wanted |= dict.fromkeys(("PATH", "KEY", "PUB", "OUT"), wanted["FILE"])
    for words, options in commands():
        for option, argument in options.items():
            if not argument:
                continue
            fixed = sorted(w for w in argument.split("|") if w[0].islower())
            right = fixed if "|" in argument else wanted.get(argument, [])
            for typed in ((option, ""), (option, "="), (option, "=", "")):
                said = bash("troth", *words, *typed)
                expect(said == right, " ".join(words), typed, said[:9])


@case("bash: operands: files, a shell, or options where there are none")
def bash_operands():
    files = ["folder", "quote.bin", "two words.bin"]
    expect(bash("troth", "show", "") == files, bash("troth", "show", ""))
    expect(bash("troth", "show", "--", "q") == ["quote.bin"])
    expect(bash("troth", "show", "two") == ["two words.bin"])
    expect(bash("troth", "verify", "--json", "folder/") == ["folder/inside.bin"])
    expect(bash("troth", "completion", "") == ["bash", "zsh"])
    expect("--within" in bash("troth", "collateral", "refresh", ""))


@case("bash: behind the -- of `troth run` another program's words begin")
def bash_program():
    expect("bash" in bash("troth", "run", "--", "bas"), bash("troth", "run", "--", "bas"))
    expect(bash("troth", "run", "--", "bash", "q") == ["quote.bin"])
    expect("--listen" in bash("troth", "run", "--li"), bash("troth", "run", "--li"))
    expect("--listen" in bash("troth-run", "--li"), bash("troth-run", "--li"))
    expect("bash" in bash("/usr/bin/troth-run", "--", "bas"))


class Zsh:
    """A shell at a terminal; ^X prints what has been typed so far."""

    SETUP = """
        PS1= PS2= RPS1=; unsetopt prompt_cr prompt_sp
        fpath=(%s $fpath); autoload -Uz compinit; compinit -u -d %s
        zstyle ':completion:*' insert-tab false
        unsetopt auto_list auto_menu auto_remove_slash auto_param_slash beep
        told() { print -r -- "<$BUFFER>"; BUFFER=; zle redisplay }
        zle -N told; bindkey '^X' told; bindkey '^I' complete-word
        print ready""" % (SCRIPTS, SCRIPTS / "dump")

    def __enter__(self):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(AT)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**os.environ, "TERM": "dumb"})
        os.write(self.terminal, self.SETUP.replace("\n", "; ").encode().strip(b"; ") + b"\n")
        self._read(rb"ready\r\n")
        return self

    def __exit__(self, *_):
        os.close(self.terminal)
        os.kill(self.child, 9)
        os.waitpid(self.child, 0)

    def _read(self, wanted):
        said, until = b"", time.monotonic() + PATIENCE_S
        while not (found := re.search(wanted, said)):
            ready, _, _ = select.select([self.terminal], [], [], until - time.monotonic())
            expect(ready, said)
            said += os.read(self.terminal, 4096)
        return found

    def type(self, keys):
        os.write(self.terminal, keys.encode() + b"\x18")
        return self._read(rb"<([^<>]*)>\r*\n")[1].decode()


@case("zsh: the script is one, has every option, and finishes words at a terminal")
def zsh():
    if not shutil.which("zsh"):
        raise Skip("no zsh")
    script = (SCRIPTS / "_troth").read_text()
    subprocess.run(["zsh", "-n", SCRIPTS / "_troth"], check=True)
    for words, options in commands():
        body = re.search(rf"^_troth_{'_'.join(words)}\(\) {{\n(.*?)^}}$", script, re.M | re.S)[1]
        said = re.findall(r"^        '(?:\*|\(- : \*\))?(--?[a-z-]+)=?\[", body, re.M)
        expect(sorted(said) == sorted(options), " ".join(words), said)
    with Zsh() as shell:
        for keys, wanted in (("troth ver\t", "troth verify "),
                             ("troth coll\tre\t", "troth collateral refresh "),
                             ("troth verify --pol\t", "troth verify --policy="),
                             ("troth verify --time d\t", "troth verify --time document "),
                             ("troth verify --time=n\t", "troth verify --time=now "),
                             ("troth verify --json q\t", "troth verify --json quote.bin "),
                             ("troth show tw\t", "troth show two\\ words.bin "),
                             ("troth collateral get --cache f\t", "troth collateral get --cache folder"),
                             ("troth completion z\t", "troth completion zsh "),
                             ("troth verify --nonce q\t", "troth verify --nonce q")):
            said = shell.type(keys)
            expect(said.rstrip(" /") == wanted.rstrip(), repr(keys), repr(said))


@case("zsh: sourced, it registers itself")
def zsh_sourced():
    if not shutil.which("zsh"):
        raise Skip("no zsh")
    text = f"autoload -Uz compinit; compinit -u -D; source {SCRIPTS / '_troth'}; print $_comps[troth] $_comps[troth-run]"
    done = subprocess.run(["zsh", "-f", "-c", text], cwd=AT, text=True, capture_output=True, check=False)
    expect(done.stdout == "_troth _troth\n" and not done.stderr, done.stdout, done.stderr)


for name in FILES:
    path = AT / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
SCRIPTS.mkdir()
(SCRIPTS / "bash").write_text(troth("completion", "bash"))
(SCRIPTS / "_troth").write_text(troth("completion", "zsh"))
sys.exit(run())
