#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Patterns and texts, and what Python's re says of them: one line each, for regex_test.c.

usage: regex_peer.py COUNT     patterns

A line is the pattern and the text in hexadecimal, "-" where there is nothing, and 1 or 0.
Where the two languages differ, a pattern is written twice: for us and for re.
"""
import random
import re
import sys

WORD, SPACE = "0-9A-Z_a-z", r" \t\n\r\f"
EDGE = f"(?-i:(?<![{WORD}])(?=[{WORD}])|(?<=[{WORD}])(?![{WORD}]))"
NO_EDGE = f"(?-i:(?<![{WORD}])(?![{WORD}])|(?<=[{WORD}])(?=[{WORD}]))"
LETTERS = ["a", "b", "c", "A", "B", "_", "-", "0", "7", " ", "\n", "\v", "é", "É", "я", "Я", "σ",
           "ς", "Σ", "€", "😀", "{", "]", "."]
ESCAPED = {c: "\\" + c for c in "-{].|"}
# In brackets: for us, for re.
MEMBERS = [("a", "a"), ("c", "c"), ("é", "é"), ("я", "я"), ("😀", "😀"), ("a-c", "a-c"), ("A-B", "A-B"),
           ("0-9", "0-9"), ("à-ü", "à-ü"), ("а-я", "а-я"), (r"\-", r"\-"), (r"\]", r"\]"),
           (r"\n", r"\n"), (r"\x41", "A"), (r"\x{e9}", "é"), (r"\d", "0-9"), (r"\w", WORD),
           (r"\s", SPACE), ("[:alpha:]", "A-Za-z"), ("[:punct:]", r"!-/:-@\[-`{-~"),
           ("[:upper:]", "A-Z"), ("[:space:]", SPACE + r"\v")]
ATOMS = [(".", "."), (r"\d", "[0-9]"), (r"\D", "[^0-9]"), (r"\w", f"[{WORD}]"), (r"\W", f"[^{WORD}]"),
         (r"\s", f"[{SPACE}]"), (r"\S", f"[^{SPACE}]"), (r"\Qa.\E", r"(?:a\.)"), ("\\x{1F600}", "😀")]
PLACES = [("^", "^"), (r"\A", r"\A"), (r"\z", r"\Z"), (r"\b", EDGE), (r"\B", NO_EDGE)]
REPEATS = ["*", "+", "?", "*?", "+?", "??", "{2}", "{0}", "{1,}", "{0,2}", "{1,3}", "{2,3}?"]
FLAGS = ["i", "s", "m", "im", "sm", "-i", "-s", "-m", "i-s", "s-im"]


def bracket(dice):
    members = [dice.choice(MEMBERS) for _ in range(dice.randint(1, 3))]
    start = dice.choice(["[", "[", "[^"])
    return tuple(start + "".join(m[side] for m in members) + "]" for side in (0, 1))


def atom(dice, depth, lines):
    kind = dice.randrange(12 if depth else 8)
    if kind < 4:
        letter = ESCAPED.get(c := dice.choice(LETTERS), c)
        return letter, letter
    if kind == 4:
        return dice.choice(ATOMS)
    if kind == 5:
        return bracket(dice)
    if kind == 6:
        return dice.choice(PLACES)
    if kind == 7:
        return "$", "$" if lines else r"\Z"
    if kind < 11:
        parts = [sequence(dice, depth - 1, lines) for _ in range(dice.randint(1, 3))]
        start = dice.choice(["(", "(?:"])
        return tuple(start + "|".join(p[side] for p in parts) + ")" for side in (0, 1))
    flags = dice.choice(FLAGS)
    on, _, off = flags.partition("-")
    lines = ("m" in on) or (lines and "m" not in off)
    ours, theirs = sequence(dice, depth - 1, lines)
    return f"(?{flags}:{ours})", f"(?{flags}:{theirs})"


def sequence(dice, depth, lines):
    ours = theirs = ""
    for _ in range(dice.choice([0, 1, 1, 2, 2, 3])):
        a, b = atom(dice, depth, lines)
        if dice.random() < 0.4:
            repeat = dice.choice(REPEATS)
            a, b = f"(?:{a}){repeat}", f"(?:{b}){repeat}"
        ours, theirs = ours + a, theirs + b
    return ours, theirs


def field(text):
    return text.encode().hex() or "-"


def main(count):
    dice = random.Random(1)
    for _ in range(int(count)):
        ours, theirs = sequence(dice, 3, False)
        compiled = re.compile(theirs)
        for _ in range(6):
            text = "".join(dice.choice(LETTERS) for _ in range(dice.choice([0, 1, 2, 3, 5, 7])))
            print(field(ours), field(text), int(bool(compiled.search(text))))


main(*sys.argv[1:])
