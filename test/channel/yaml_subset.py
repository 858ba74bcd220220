# SPDX-License-Identifier: Apache-2.0
"""The part of YAML that docs/*.openapi.yaml are written in; anything else is an error.

Block maps and lists, scalars plain or in single quotes, flow lists of scalars on one line, >- and
comments on lines of their own.
"""
import re

MEMBER = re.compile(r"('(?:[^']|'')*'|[^\s'#:\[\]{},&*!|>%@`-][^:#]*):(?: (.*))?$")


def scalar(text):
    if text.startswith("'"):
        if not re.fullmatch(r"'(?:[^']|'')*'", text):
            raise ValueError(f"a quote too few: {text}")
        return text[1:-1].replace("''", "'")
    if text.startswith("["):
        if not text.endswith("]"):
            raise ValueError(f"a list of several lines: {text}")
        return [scalar(part.strip()) for part in text[1:-1].split(",")]
    if text[0] in "\"{}&*!|>%@`" or ": " in text or " #" in text:
        raise ValueError(f"not of the subset: {text}")
    words = {"true": True, "false": False, "null": None}
    return words[text] if text in words else int(text) if re.fullmatch(r"-?\d+", text) else text


class Reader:
    def __init__(self, text):
        self.lines = [(len(line) - len(line.lstrip()), line.strip()) for line in text.splitlines()
                      if line.strip() and not line.lstrip().startswith("#")]
        self.at = 0

    def next_is(self, indent, dash=None):
        if self.at == len(self.lines) or self.lines[self.at][0] != indent:
            return False
        return dash is None or self.lines[self.at][1].startswith("- ") == dash

    def folded(self, indent):
        words = []
        while self.at < len(self.lines) and self.lines[self.at][0] > indent:
            words.append(self.lines[self.at][1])
            self.at += 1
        return " ".join(words)

    def value(self, text, indent):
        if text == ">-":
            return self.folded(indent)
        if text:
            return scalar(text)
        return self.block(self.lines[self.at][0], indent)

    def block(self, indent, above):
        if indent <= above:
            raise ValueError(f"nothing stands below, at line '{self.lines[self.at][1]}'")
        return self.items(indent) if self.next_is(indent, True) else self.members(indent)

    def items(self, indent):
        found = []
        while self.next_is(indent, True):
            text = self.lines[self.at][1][2:]
            if MEMBER.match(text):
                self.lines[self.at] = (indent + 2, text)
                found.append(self.members(indent + 2))
            else:
                self.at += 1
                found.append(scalar(text))
        return found

    def members(self, indent):
        found = {}
        while self.next_is(indent, False):
            member = MEMBER.match(self.lines[self.at][1])
            if not member:
                raise ValueError(f"no member: {self.lines[self.at][1]}")
            self.at += 1
            key = scalar(member[1])
            if key in found:
                raise ValueError(f"twice: {key}")
            found[key] = self.value(member[2], indent)
        return found


def load(text):
    reader = Reader(text)
    found = reader.block(0, -1)
    if reader.at != len(reader.lines):
        raise ValueError(f"left over: {reader.lines[reader.at]}")
    return found
