#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Our CEL and another one, on expressions by a grammar: the same values, and errors where errors are. Output is TAP.

usage: cel_test.py CEL_OURS BUILD_DIRECTORY [COUNT [SEED]]
"""
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.dont_write_bytecode = True
SOURCE = Path(__file__).resolve().parent
sys.path.insert(0, str(SOURCE.parent / "cli"))
import npm
from cel_grammar import VARIABLES, Grammar

PEER = "@bufbuild/cel@0.6.1"
COUNT, SEED = 20000, 20260101
EXCUSED_MAX = 0.01  # of all expressions
SHOWN = 10
ERROR = ["error"]

# Where the peer is wrong, or the language does not say. Each: why; an expression that shows it, and what ours must be; what
# expressions are excused by it, if any, the grammar keeping away from the others; whether only where types need not be right.
DIFFERENCES = [
    ("positions are code points, the peer's are UTF-16 units", "'a😀b'.indexOf('b')", ["int", "2"],
     r"(\bt\b|😀|U0001F600).*\.(charAt|substring|split|indexOf|lastIndexOf)\(|"
     r"\.(charAt|substring|split|indexOf|lastIndexOf)\(.*(\bt\b|😀|U0001F600)", False),
    ("texts are ordered by code points, the peer's by UTF-16 units", "'\\uffff' < '😀'", True, r"uffff", False),
    ("years before 100 are not of the twentieth century", "timestamp('0001-01-01T00:00:00Z').getFullYear()", ["int", "1"],
     r"'0001-.*\.get", False),
    ("fractions of milliseconds are not rounded", "timestamp('9999-12-31T23:59:59.999999999Z').getFullYear()", ["int", "9999"],
     r"'9999-.*\.get", False),
    ("nothing is found from the end on: the peer calls that an error", "'a'.lastIndexOf('b', 1)", ["int", "-1"],
     r"ndexOf\(.*, [013]\)", False),
    ("a uint may be divided into more than an int can hold", "v / 1u", ["uint", str(2**64 - 1)], r"u[) ].*/|v.*/", False),
    ("a number has no fields, and has() of one is an error", "has(dyn(1).a)", ERROR, r"has\(", True),
    ("what cannot be a key is not in a map", "dyn([1]) in {1: 2}", False, r" in ", True),
    ("the language does not speak of zeros after a fraction", "string(ago)", ["string", b"-5400.25s".hex()],
     r"(string|format)\(.*(ago|now|duration|timestamp)", True),
    ("negative zero keeps its sign", "string(-0.0)", ["string", b"-0".hex()], r"(string|format)\(.*(0\.0|-\()|0\.0.*format", False),
    ("midnight is no hour 24", "timestamp('2026-01-01T00:00:00Z').getDate('UTC')", ["int", "1"], r"'UTC'", False),
    ("two signs do not undo each other before they are looked at", "!!dyn(1)", ERROR, r"!\(*!|-\(+-", False),
    ("the least int has no remainder by -1, as it has no quotient", "-9223372036854775808 % -1", ERROR, r"-9223372036854775808.*% -1",
     False),
    ("a duration is no int", "int(ago)", ERROR, r"int\(.*(ago|duration|now)", True),
    ("a position is no bool", "dyn(ls)[false]", ERROR, r"\[(true|false|p|q)\]", True),
    ("a timestamp's int is of seconds", "timestamp(1)", ["timestamp", "1", 0], r"timestamp\((?!')", True),
    ("the last piece has all that is left", "'a,b,c'.split(',', 2)", ["list", ["string", "61"], ["string", "622c63"]], None, False),
    ("a negative limit is none", "'aa'.replace('a', 'b', -1)", ["string", "6262"], None, False),
    ("nothing is replaced between any two characters", "'ab'.replace('', '-')", ["string", b"-a-b-".hex()], None, False),
    ("a key is no double", "{1.0: 1}", ERROR, None, False),
    ("February has no day 29 in 2023", "timestamp('2023-02-29T00:00:00Z')", ERROR, None, False),
    ("a day has no hour 24", "timestamp('2000-01-01T24:00:00Z')", ERROR, None, False),
    ("nothing is no duration", "duration('')", ERROR, None, False),
    ("nothing is no number", "int('')", ERROR, None, False),
    ("a numeral has no spaces", "int(' 1')", ERROR, None, False),
    ("a numeral has no base", "uint('0x10')", ERROR, None, False),
    ("a word is no number, not even NaN", "double('abc')", ERROR, r"double\(", True),
    ("the language does not speak of a plus before numerals", "int('+1')", ERROR, None, False),
    ("%.2f is exact however large", "'%.2f'.format([1e23])", ["string", b"99999999999999991611392.00".hex()], None, False),
    ("%e has at least two digits in its exponent", "'%.1e'.format([0.5])", ["string", b"5.0e-01".hex()], None, False),
]
# The first use of its elements says of what an empty collection is, and may say it wrong.
EMPTY = re.compile(r"\{\}|\[\]")


def answers(command, expressions):
    done = subprocess.run(command, input="".join(f"{e}\n" for e in expressions).encode(), capture_output=True, check=False,
                          env={**os.environ, "TZ": "UTC"})
    if done.returncode or done.stderr:
        raise SystemExit(f"Bail out! {command[0]}: {done.stderr.decode()[:4000]}")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def canonical(value):
    """With the entries of maps in one order."""
    if not isinstance(value, list):
        return value
    if value[:1] == ["map"]:
        return ["map", *sorted(([canonical(part) for part in entry] for entry in value[1:]), key=repr)]
    return [canonical(part) for part in value]


def is_excused(expression, is_typed):
    return any(pattern and not (loose and is_typed) and re.search(pattern, expression) for _, _, _, pattern, loose in DIFFERENCES)


class Judge:
    def __init__(self):
        self.number = 0
        self.failed = 0

    def case(self, why, complaints):
        self.number += 1
        self.failed += bool(complaints)
        print(f"{'not ok' if complaints else 'ok'} {self.number} - {why}")
        for line in complaints[:SHOWN] + ([f"… and {len(complaints) - SHOWN} more"] if len(complaints) > SHOWN else []):
            print(f"# {line}")
        sys.stdout.flush()


def judge_expressions(judge, rows, is_typed):
    """Rows of an expression, ours (what is wrong with its types, the value with types, without) and theirs."""
    untyped, unlike, differ, counts = [], [], [], Counter()
    for expression, (issue, typed, value), other in rows:
        value, other = canonical(value), canonical(other)
        if issue and is_typed and not EMPTY.search(expression):
            untyped.append(f"{expression}: {issue}")
        if not issue and canonical(typed) != value:
            unlike.append(f"{expression}: {typed} checked, {value} not")
        counts["errors" if value == ERROR else "values"] += 1
        if value != other:
            excused = is_excused(expression, is_typed)
            counts["excused"] += excused
            if not excused:
                differ.append(f"{expression}: ours {value}, theirs {other}")
    kind = "of right types" if is_typed else "of any types"
    if is_typed:
        judge.case(f"expressions {kind} are taken by the checker", untyped)
    judge.case(f"expressions {kind}: checked or not, the same value", unlike)
    judge.case(f"expressions {kind}: both say the same ({counts['values']} values, {counts['errors']} errors, "
               f"{counts['excused']} excused)", differ)
    judge.case(f"expressions {kind}: few are excused", ["too many"] if counts["excused"] > EXCUSED_MAX * len(rows) else [])


def main():
    ours, build, *rest = sys.argv[1:]
    count, seed = (int(rest[0]) if rest else COUNT), (int(rest[1]) if len(rest) > 1 else SEED)
    where, lacks = npm.install(Path(build).resolve(), PEER)
    if lacks:
        print(f"ok 1 - expressions beside {PEER} # SKIP {lacks}\n1..1")
        return 0
    typed, loose = Grammar(seed), Grammar(seed + 1, 0.05)
    expressions = [row[1] for row in DIFFERENCES] + [name for names in VARIABLES.values() for name in names]
    fixed = len(expressions)
    expressions += [typed.expression() for _ in range(count)] + [loose.expression() for _ in range(count // 2)]
    rows = list(zip(expressions, answers([ours], expressions), answers(["node", SOURCE / "cel_theirs.mjs", where], expressions)))

    print(f"# seed {seed}, {count} expressions of right types, {count // 2} of any")
    judge = Judge()
    for (why, expression, right, _, _), (_, mine, theirs) in zip(DIFFERENCES, rows):
        complaints = [] if canonical(mine[2]) == right else [f"{expression}: {mine[2]} instead of {right}"]
        if canonical(theirs) == right:
            complaints.append("the peer says so too: this needs no excuse any longer")
        judge.case(why, complaints)
    judge.case("the variables are the same",
               [f"{e}: ours {m[1]}, theirs {t}" for e, m, t in rows[len(DIFFERENCES):fixed] if m[0] or canonical(m[1]) != canonical(t)])
    judge_expressions(judge, rows[fixed:fixed + count], True)
    judge_expressions(judge, rows[fixed + count:], False)
    print(f"1..{judge.number}")
    return judge.failed > 0


sys.exit(main())
