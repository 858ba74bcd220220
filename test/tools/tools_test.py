#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks in tools/ refuse what they are there to refuse. Output is TAP."""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SPDX = "/* SPDX-License-Identifier: Apache-2.0 */\n"
LAYERS = """troth : <stdint.h>
base :
codec : base
codec/leaf : base codec
codec/list.c : codec/leaf
---- the line
os : <*>
"""


def run(tool, *arguments, cwd, env=None):
    """Exit status and output of a tool of ours."""
    done = subprocess.run([str(TOOLS / tool), *map(str, arguments)], cwd=cwd, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout


def write(root, files):
    for name, text in files.items():
        path = Path(root, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def layers(root, name, text):
    write(root, {"src/LAYERS": LAYERS, f"src/{name}": text, "include/troth/x.h": ""})
    return run("check-layers", cwd=root)


def bans(root, name, text):
    write(root, {name: text})
    return run("check-bans", name.split("/")[0], cwd=root)


def pure(root, name, text):
    write(root, {name: text})
    subprocess.run(["cc", "-c", "-fPIC", "-fno-stack-protector", name], cwd=root, check=True)
    subprocess.run(["ar", "rcs", "libx.a", Path(name).with_suffix(".o").name], cwd=root, check=True)
    return run("check-pure", "libx.a", cwd=root)


def headers(root, name, text):
    write(root, {name: text, "src/x.h": "", "sim/x.h": "", "test/x.h": ""})
    return run("check-headers", cwd=root)


def size(root, name, text):
    write(root, {name: text})
    return run("check-size", "src", cwd=root)


def exports(root, name, text):
    write(root, {name: text})
    return run("list-exports", Path(name).parent, cwd=root)


def tests(root, name, text):
    """run-tests, where the one program that meson knows is the shell script `text`."""
    listing = json.dumps([{"name": name, "cmd": ["sh", "-c", text], "env": {}, "timeout": 30}])
    write(root, {"bin/meson": f"#!/bin/sh\ncat <<'END'\n{listing}\nEND\n"})
    Path(root, "bin/meson").chmod(0o755)
    return run("run-tests", "build", cwd=root, env={"PATH": f"{root}/bin:{os.environ['PATH']}"})


GUARD = "#ifndef X\n#define X\n{}\n#endif\n"
SKIP_THEN_PASS = "echo 'ok 1 - a # SKIP none here'; echo 'ok 2 - b'; echo 1..2"

# check, why, file, its text, exit status, words of the output
CASES = [
    (layers, "down is allowed", "codec/a.c", '#include "base/b.h"\n', 0, "rooms in order"),
    (layers, "up is not", "base/a.c", '#include "codec/b.h"\n', 1, "base may not include codec"),
    (layers, "public headers are", "base/a.c", '#include "troth/x.h"\n', 0, ""),
    (layers, "a leaf is not", "codec/a.c", '#include "codec/leaf/b.h"\n', 1, "may not include codec/leaf"),
    (layers, "but for the list", "codec/list.c", '#include "codec/leaf/b.h"\n', 0, ""),
    (layers, "freestanding headers are", "base/a.c", "#include <stdint.h>\n", 0, ""),
    (layers, "others are not", "base/a.c", "#include <stdio.h>\n", 1, "may not include <stdio.h>"),
    (layers, "but for os", "os/a.c", "#include <sys/stat.h>\n", 0, ""),
    (layers, "a folder of no room", "other/a.c", "\n", 1, "not in LAYERS"),
    (layers, "an include without a folder", "base/a.c", '#include "b.h"\n', 1, "does not say its folder"),
    (layers, "an include by macro", "base/a.c", "#include WHICH\n", 1, "not a plain name"),

    (pure, "arithmetic on arguments", "a.c", "int troth_a(int x){return x + 1;}", 0, "1 symbols"),
    (pure, "malloc", "a.c", "void *malloc(unsigned long);void *troth_a(void){return malloc(1);}", 1, "malloc"),
    (pure, "the clock", "a.c", "long time(long *);long troth_a(void){return time(0);}", 1, "time"),
    (pure, "a static counter", "a.c", "int troth_a(void){static int n; return ++n;}", 1, "writable globals"),
    (pure, "a global", "a.c", "int troth_n = 7; int troth_a(void){return troth_n;}", 1, "writable globals"),
    (pure, "a constant table of pointers", "a.c",
     'static const char *const t[]={"a","b"};const char *troth_a(int i){return t[i];}', 0, ""),
    (pure, "a name without the prefix", "a.c", "int other(void){return 1;}", 1, "without the prefix"),

    (bans, "an ordinary file", "src/codec/a.c", SPDX + "int troth_a(void);\n", 0, "kept"),
    (bans, "strcpy", "src/codec/a.c", SPDX + "void f(char *a){strcpy(a, a);}\n", 1, "a.c:2: strcpy("),
    (bans, "strcpy in a comment and a text", "src/codec/a.c", SPDX + '/* strcpy( */ char *s = "strcpy(";\n', 0, ""),
    (bans, "memcmp", "src/codec/a.c", SPDX + "int f(void){return memcmp(a, b, 1);}\n", 1, "memcmp("),
    (bans, "memcmp in a test", "test/a.c", SPDX + "int f(void){return memcmp(a, b, 1);}\n", 0, ""),
    (bans, "goto done", "src/os/a.c", SPDX + "void f(void){goto done; done:;}\n", 0, ""),
    (bans, "another goto", "src/os/a.c", SPDX + "void f(void){goto out; out:;}\n", 1, "goto out"),
    (bans, "#ifdef in the core", "src/codec/a.c", SPDX + "#ifdef X\n#endif\n", 1, "#ifdef"),
    (bans, "#ifdef in os", "src/os/a.c", SPDX + "#ifdef X\n#endif\n", 0, ""),
    (bans, "an include guard", "src/codec/a.h", "/* a.h - x */\n" + SPDX + GUARD.format(""), 0, ""),
    (bans, "printing outside cli", "src/os/a.c", SPDX + 'void f(void){printf("x");}\n', 1, "only cli/ prints"),
    (bans, "printing in cli", "src/cli/a.c", SPDX + 'void f(void){printf("x");}\n', 0, ""),
    (bans, "typedef of a struct", "src/codec/a.c", SPDX + "typedef struct a a;\n", 1, "typedef struct"),
    (bans, "unfinished work", "src/codec/a.c", SPDX + "/* TODO: x */\n", 1, "unfinished"),
    (bans, "no licence line", "src/codec/a.c", "int troth_a(void);\n", 1, "no SPDX"),
    (bans, "a header that does not say what it is", "src/codec/a.h", SPDX, 1, "what it is"),

    (headers, "a whole header", "include/troth/a.h", GUARD.format("#include <stddef.h>\nsize_t f(void);"), 0, ""),
    (headers, "one that leans on others", "include/troth/a.h", GUARD.format("size_t f(void);"), 1, "stand alone"),
    (headers, "one without a guard", "include/troth/a.h", "struct a { int x; };\n", 1, "stand alone"),

    (size, "sixty lines", "src/a.c", "int f(void)\n{\n" + "\n" * 57 + "}\n", 0, "longest function 60"),
    (size, "sixty-one", "src/a.c", "int f(void)\n{\n" + "\n" * 58 + "}\n", 1, "61 lines"),
    (size, "a long file", "src/a.c", "\n" * 401, 1, "401 lines"),

    (exports, "prototypes alone", "i/a.h",
     "/* troth_no(void); */\n#define M troth_no(\nstruct troth_s { int (*troth_no)(void); };\n"
     "MUST enum troth_err\ntroth_yes(int a,\n          int b);\n"
     "static inline int troth_no(void) { return troth_no(); }\nextern const int troth_no;\n", 0, "troth_yes\n"),

    (tests, "all pass", "x", "echo 'ok 1 - a'; echo 1..1", 0, "\n1 passed, 0 failed, 0 skipped\n"),
    (tests, "one fails", "x", "echo 'not ok 1 - a'; echo 1..1; exit 1", 1, "\n0 passed, 1 failed, 0 skipped\n"),
    (tests, "skips are listed by name", "x", SKIP_THEN_PASS, 0, "skipped x: a: none here\n1 passed, 0 failed, 1 skipped\n"),
    (tests, "a failure after a skip", "x", "echo 'ok 1 - a # SKIP b'; echo 'not ok 1 - a'; echo 1..1", 1, "0 passed, 1 failed, 0"),
    (tests, "one stops early", "x", "echo 'ok 1 - a'; echo 1..2", 1, "1 passed, 1 failed"),
    (tests, "one dies after the plan", "x", "echo 'ok 1 - a'; echo 1..1; kill -9 $$", 1, "1 passed, 1 failed"),
    (tests, "one dies in silence", "x", "exit 3", 1, "0 passed, 1 failed"),
    (tests, "a plan of none", "x", "echo 1..0", 1, "0 passed, 0 failed"),
]


def main():
    failed = 0
    for number, (check, why, name, text, status, words) in enumerate(CASES, 1):
        with tempfile.TemporaryDirectory() as root:
            seen, said = check(root, name, text)
        good = seen == status and words in said
        failed += not good
        print(f"{'ok' if good else 'not ok'} {number} - {check.__name__}: {why}")
        if not good:
            print(f"# status {seen}, wanted {status} and '{words}' in:")
            print("".join(f"#   {line}\n" for line in said.splitlines()), end="")
    print(f"1..{len(CASES)}")
    return failed > 0


sys.exit(main())
