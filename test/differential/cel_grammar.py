# SPDX-License-Identifier: Apache-2.0
"""CEL expressions by a grammar of types: each has the type that was asked for, unless it may not."""
import random

# How tightly an expression's outermost operator binds; 7 is what needs no parentheses.
CHOICE, OR, AND, RELATION, SUM, PRODUCT, SIGN, ATOM = range(8)

VARIABLES = {"int": ["i", "j", "big"], "uint": ["u", "v"], "double": ["d", "nan"], "string": ["s", "t"],
             "bytes": ["x"], "bool": ["p", "q"], "ints": ["li"], "strings": ["ls"], "byText": ["ms"],
             "byInt": ["mi"], "time": ["now"], "span": ["ago"]}
ELEMENTS = {"ints": "int", "strings": "string"}
KEYS = {"byText": ("string", "int"), "byInt": ("int", "string")}
ORDERED = ["int", "uint", "double", "string", "bytes", "bool", "time", "span"]

INTS = [0, 1, -1, 2, 3, 7, -7, 10, 42, 59, 255, 86400, 2**31, 2**32, -2**31, 2**53, 2**53 + 1, 2**62,
        2**63 - 1, 2**63 - 2, -2**63, -2**63 + 1]
UINTS = [0, 1, 2, 3, 10, 255, 2**32, 2**53, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, 2**64 - 2]
DOUBLES = ["0.0", "-0.0", "1.0", "-1.5", "2.5", "0.1", "0.3", "3.0", "42.0", "1e300", "1e308", "-1e308", "5e-324", "1e-7",
           "4503599627370496.5", "9007199254740993.0", "9223372036854775807.0", "-9223372036854775808.0",
           "18446744073709551615.0", "1e21", "123456.789", ".5", "1e-5"]
STRINGS = ["''", "'a'", "'b'", "'ab'", "'abc'", "'Grüße'", "'ä'", "'😀'", "'a😀b'", "'\\u00e9\\U0001F600'", "'\\uffff'", "' x '",
           "'42'", "'-7'", "'1.5'", "'true'", "'b b b'", "'\\n\\t'", "'\\'\\\"'", "\"it's\"", "r'\\d'", "'a,b,,c'", "'A-Z'"]
BYTES = ["b''", "b'a'", "b'ab'", "b'\\xff\\x00'", "b'ä'", "b'\\303\\244'", "b'\\x80'", "br'\\x'"]
NUMERALS = ["'0'", "'42'", "'-42'", "'007'", "'9223372036854775807'", "'9223372036854775808'", "'-9223372036854775808'",
            "'18446744073709551615'", "'18446744073709551616'", "'1.5'", "'-0.0'", "'1e3'", "'.5'", "'NaN'", "'-Infinity'",
            "'1e400'", "'4.9e-324'"]
WORDS = ["'abc'", "'1_000'", "'--1'", "'- 1'", "'4 2'"]
BOOLS = ["'true'", "'false'", "'True'", "'TRUE'", "'t'", "'1'", "'f'", "'0'", "'False'", "'FALSE'", "'tRUE'", "'yes'", "''"]
TIMES = ["'2026-01-01T00:00:00Z'", "'2024-02-29T23:59:59.999Z'", "'1969-12-31T23:59:59.5Z'", "'0001-01-01T00:00:00Z'",
         "'9999-12-31T23:59:59.999999999Z'", "'1972-01-01T10:00:20.021-05:00'", "'2026-12-31T23:30:00+05:45'",
         "'2023-02-32T00:00:00Z'", "'2026-01-01'", "'2026-06-30T23:59:60Z'", "'1900-03-01T00:00:00Z'"]
SPANS = ["'0s'", "'1s'", "'-1.5h'", "'90m'", "'1h30m15.5s'", "'1ns'", "'-1us'", "'999ms'", "'86400s'", "'1000000h'", "'300000h'",
         "'2562047h47m16.854775807s'", "'9000000000s'", "'1'", "'1d'", "'.5s'", "'1.s'", "'+3s'", "'0'"]
ZONES = ["", "", "'UTC'", "'+05:45'", "'-08:00'", "'02:00'", "'-00:30'"]
GETTERS = ["getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear", "getHours", "getMinutes",
           "getSeconds", "getMilliseconds"]
PATTERNS = ["'a'", "'^a'", "'b$'", "'[a-c]+'", "'^[^b]*$'", "'(a|b){2}'", "'\\\\d+'", "'^.$'", "'^..?$'", "'(?i)AB'", "'\\\\bb\\\\b'",
            "'^[[:alpha:]]+$'", "'ü|ä'", "'('", "''"]
FORMATS = [("'%s'", ["string"]), ("'%d'", ["int"]), ("'%d'", ["uint"]), ("'%x'", ["int"]), ("'%X'", ["bytes"]),
           ("'%x'", ["string"]), ("'%o'", ["uint"]), ("'%b'", ["int"]), ("'%s/%s'", ["int", "bool"]),
           ("'%s %%'", ["ints"]), ("'%s'", ["byInt"]), ("'%d'", ["string"]), ("'%.2f'", ["tame"]),
           ("'%.1e'", ["tame"]), ("'%s'", [])]


class Grammar:
    def __init__(self, seed, looseness=0.0):
        self.random = random.Random(seed)
        self.looseness = looseness  # how often a part is of another type than it should be
        self.scope = []             # (name, type) of the macros around

    def pick(self, rows):
        return self.random.choice(rows)

    def expression(self):
        return self.make(self.pick(["bool", "bool", "bool", *VARIABLES]), self.random.randint(1, 5))[0]

    def make(self, kind, depth):
        """The text of an expression of that type, and how tightly it binds."""
        if kind == "tame":
            return self.literal(kind), SIGN
        if self.random.random() < self.looseness:
            kind = self.pick(list(VARIABLES))
        if depth <= 0 or self.random.random() < 0.1:
            return self.leaf(kind)
        makers = [getattr(self, "_" + kind), getattr(self, "_" + kind), getattr(self, "_" + kind), self.anything]
        made = self.pick(makers)(kind, depth - 1)
        return (f"({made[0]})", ATOM) if self.random.random() < 0.05 else made

    def part(self, kind, depth, binds=ATOM):
        """The same as an operand."""
        text, power = self.make(kind, depth)
        return text if power >= binds else f"({text})"

    def loosely(self, kind, depth):
        """As an argument: nothing needs parentheses."""
        return self.part(kind, depth, CHOICE)

    def leaf(self, kind):
        named = [name for name, of in self.scope if of == kind] * 3 + VARIABLES[kind]
        if self.random.random() < 0.45:
            return self.pick(named), ATOM
        text = self.literal(kind)
        return text, SIGN if text.startswith("-") else ATOM

    def literal(self, kind):
        simple = {"int": lambda: str(self.pick(INTS)) if self.random.random() < 0.9 else hex(self.pick([0, 31, 2**63 - 1])),
                  "uint": lambda: f"{self.pick(UINTS)}u", "double": lambda: self.pick(DOUBLES),
                  "string": lambda: self.pick(STRINGS), "bytes": lambda: self.pick(BYTES),
                  "bool": lambda: self.pick(["true", "false"]), "time": lambda: f"timestamp({self.pick(TIMES[:8])})",
                  "tame": lambda: self.pick(["1.5", "3.5", "-2.5", "100.0"]),
                  "span": lambda: f"duration({self.pick(SPANS[:12])})"}
        if kind in simple:
            return simple[kind]()
        if kind in ELEMENTS:
            return "[" + ", ".join(self.literal(ELEMENTS[kind]) for _ in range(self.random.randint(0, 3))) + "]"
        key, value = KEYS[kind]
        return "{" + ", ".join(f"{self.literal(key)}: {self.literal(value)}" for _ in range(self.random.randint(0, 3))) + "}"

    def operate(self, left, operator, right, power, depth):
        return f"{self.part(left, depth, power)} {operator} {self.part(right, depth, power + 1)}", power

    def anything(self, kind, depth):
        """What there is of every type."""
        which = self.random.randint(0, 5)
        if which < 3:
            return (f"{self.part('bool', depth, OR)} ? {self.part(kind, depth, OR)} : "
                    f"{self.part(kind, depth, CHOICE)}", CHOICE)
        if which == 3:
            return f"[{self.loosely(kind, depth)}, {self.loosely(kind, depth)}][{self.pick('00012')}]", ATOM
        if which == 4:
            key, access = self.pick(["k", "a"]), self.pick([".k", ".k", "['a']"])
            return f"{{'{key}': {self.loosely(kind, depth)}}}{access}", ATOM
        return (f"dyn({self.loosely(kind, depth)})", ATOM) if self.random.random() < 0.5 else self.leaf(kind)

    def _int(self, _, depth):
        which = self.random.randint(0, 9)
        if which < 3:
            return self.operate("int", self.pick("+-"), "int", SUM, depth)
        if which < 5:
            return self.operate("int", self.pick("*/%"), "int", PRODUCT, depth)
        if which == 5:
            return f"-{self.part('int', depth)}", SIGN
        if which == 6:
            of = self.pick(["int", "uint", "double", "time", None])
            return f"int({self.loosely(of, depth) if of else self.pick(NUMERALS + WORDS)})", ATOM
        if which == 7:
            of = self.pick(["string", "bytes", "ints", "strings", "byText"])
            return (f"{self.part(of, depth)}.size()" if self.random.random() < 0.5 else f"size({self.loosely(of, depth)})"), ATOM
        if which == 8:
            return self.pick([self._found, self._element])(depth)
        return self._clock(depth)

    def _found(self, depth):
        start = self.pick(["", "", ", 0", ", 1", ", 3", ", -1"])
        return (f"{self.part('string', depth)}.{self.pick(['indexOf', 'lastIndexOf'])}"
                f"({self.loosely('string', depth)}{start})", ATOM)

    def _element(self, depth):
        if self.random.random() < 0.5:
            return f"{self.part('ints', depth)}[{self.loosely('int', depth)}]", ATOM
        return f"{self.part('byText', depth)}[{self.loosely('string', depth)}]", ATOM

    def _clock(self, depth):
        if self.random.random() < 0.7:
            getter = self.pick(GETTERS)
            if getter == "getMilliseconds":
                return f"timestamp({self.pick(TIMES[:2])}).{getter}()", ATOM
            return f"{self.part('time', depth)}.{getter}({self.pick(ZONES)})", ATOM
        return f"{self.part('span', depth)}.{self.pick(GETTERS[6:])}()", ATOM

    def _uint(self, _, depth):
        which = self.random.randint(0, 6)
        if which < 2:
            return self.operate("uint", self.pick("+-"), "uint", SUM, depth)
        if which < 4:
            return self.operate("uint", self.pick("*/%"), "uint", PRODUCT, depth)
        of = self.pick(["int", "uint", "double", None])
        return f"uint({self.loosely(of, depth) if of else self.pick(NUMERALS + WORDS)})", ATOM

    def _double(self, _, depth):
        which = self.random.randint(0, 7)
        if which < 3:
            return self.operate("double", self.pick("+-"), "double", SUM, depth)
        if which < 5:
            return self.operate("double", self.pick("*/"), "double", PRODUCT, depth)
        if which == 5:
            return f"-{self.part('double', depth)}", SIGN
        of = self.pick(["int", "uint", "double", None])
        return f"double({self.loosely(of, depth) if of else self.pick(NUMERALS)})", ATOM

    def _string(self, _, depth):
        which = self.random.randint(0, 9)
        if which < 3:
            return self.operate("string", "+", "string", SUM, depth)
        if which < 5:
            of = self.pick(["int", "uint", "double", "bool", "bytes", "string"])
            return f"string({self.loosely(of, depth)})", ATOM
        if which == 5:
            return (f"{self.part('strings', depth)}[{self.loosely('int', depth)}]" if self.random.random() < 0.6
                    else f"{self.part('byInt', depth)}[{self.loosely('int', depth)}]"), ATOM
        if which == 6:
            text, of = self.pick(FORMATS)
            return f"{text}.format([{', '.join(self.loosely(kind, depth) for kind in of)}])", ATOM
        if which == 7:
            return f"{self.part('strings', depth)}.join({self.pick(['', self.literal('string')])})", ATOM
        return self._edited(depth)

    def _edited(self, depth):
        first, second = self.pick([0, 0, 1, 2, 3, 9, -1]), self.pick([0, 1, 2, 3, 5, -1])
        old, new = self.pick(STRINGS[1:]), self.literal("string")
        call = self.pick([f"charAt({first})", "lowerAscii()", "upperAscii()", "trim()", f"substring({first})",
                          f"substring({first}, {second})", f"replace({old}, {new})", f"replace({old}, {new}, {abs(second)})"])
        return f"{self.part('string', depth)}.{call}", ATOM

    def _bytes(self, _, depth):
        if self.random.random() < 0.6:
            return self.operate("bytes", "+", "bytes", SUM, depth)
        return f"bytes({self.loosely(self.pick(['string', 'bytes']), depth)})", ATOM

    def _bool(self, _, depth):
        which = self.random.randint(0, 15)
        if which < 3:
            return self.operate("bool", "&&", "bool", AND, depth)
        if which < 6:
            return self.operate("bool", "||", "bool", OR, depth)
        if which == 6:
            return f"!{self.part('bool', depth)}", SIGN
        if which < 9:
            kind = self.pick(ORDERED)
            return self.operate(kind, self.pick(["<", "<=", ">", ">="]), kind, RELATION, depth)
        if which < 11:
            kind = self.pick(list(VARIABLES))
            return self.operate(kind, self.pick(["==", "!="]), kind, RELATION, depth)
        return self.pick([self._mixed, self._member, self._text, self._macro, self._type, self._has])(depth)

    def _mixed(self, depth):
        """Kinds that are compared with each other only where types are not known before."""
        numbers = ["int", "uint", "double"]
        operator = self.pick(["==", "!=", "<", "<=", ">", ">="])
        kinds = (self.pick(numbers), self.pick(numbers))
        if operator in ("==", "!="):
            kinds = self.pick([kinds, (self.pick(list(VARIABLES)), self.pick(list(VARIABLES)))])
        return (f"dyn({self.loosely(kinds[0], depth)}) {operator} "
                f"{self.part(kinds[1], depth, SUM)}", RELATION)

    def _member(self, depth):
        of = self.pick([*ELEMENTS, *KEYS])
        element = ELEMENTS[of] if of in ELEMENTS else KEYS[of][0]
        if self.random.random() < 0.2:
            return f"dyn({self.loosely(self.pick(['uint', 'double', 'bool']), depth)}) in {self.part(of, depth, SUM)}", RELATION
        return self.operate(element, "in", of, RELATION, depth)

    def _text(self, depth):
        which = self.random.randint(0, 4)
        if which == 0:
            return f"bool({self.pick(BOOLS)})", ATOM
        if which == 1:
            return f"{self.part('string', depth)}.matches({self.pick(PATTERNS)})", ATOM
        return (f"{self.part('string', depth)}.{self.pick(['startsWith', 'endsWith', 'contains'])}"
                f"({self.loosely('string', depth)})", ATOM)

    def within(self, kind, depth, make):
        """An expression that may use one more variable: its name, and what `make` makes."""
        name = self.pick(["a", "b", "c", "i"])
        outer, self.scope = self.scope, [row for row in self.scope if row[0] != name] + [(name, kind)]
        shadowed = {of: rows for of, rows in VARIABLES.items() if name in rows and of != kind}
        for of, rows in shadowed.items():
            VARIABLES[of] = [row for row in rows if row != name]
        made = make(depth)
        VARIABLES.update(shadowed)
        self.scope = outer
        return name, made

    def _macro(self, depth):
        of = self.pick([*ELEMENTS, *KEYS])
        kind = ELEMENTS[of] if of in ELEMENTS else KEYS[of][0]
        name, test = self.within(kind, depth, lambda depth: self.loosely("bool", depth))
        return f"{self.part(of, depth)}.{self.pick(['all', 'exists', 'exists_one'])}({name}, {test})", ATOM

    def _type(self, depth):
        kind = self.pick(["int", "uint", "double", "string", "bytes", "bool"])
        return f"type({self.loosely(self.pick([*ORDERED, kind]), depth)}) == {kind}", RELATION

    def _has(self, depth):
        return f"has({self.part('byText', depth)}.{self.pick(['a', 'b', 'k'])})", ATOM

    def _listed(self, kind, depth):
        element = ELEMENTS[kind]
        which = self.random.randint(0, 5)
        if which == 0:
            return self.operate(kind, "+", kind, SUM, depth)
        if which == 1:
            of = self.pick([*ELEMENTS, *KEYS])
            held = ELEMENTS[of] if of in ELEMENTS else KEYS[of][0]
            name, made = self.within(held, depth, lambda depth: self.loosely(element, depth))
            return f"{self.part(of, depth)}.map({name}, {made})", ATOM
        if which == 2:
            name, made = self.within(element, depth, lambda depth: self.loosely("bool", depth))
            return f"{self.part(kind, depth)}.filter({name}, {made})", ATOM
        if which == 3:
            name, made = self.within(element, depth, lambda depth: (self.loosely("bool", depth), self.loosely(element, depth)))
            return f"{self.part(kind, depth)}.map({name}, {made[0]}, {made[1]})", ATOM
        return "[" + ", ".join(self.loosely(element, depth) for _ in range(self.random.randint(0, 3))) + "]", ATOM

    _ints = _listed

    def _strings(self, kind, depth):
        if self.random.random() < 0.3:
            limit = self.pick(["", "", ", 0", ", 1", ", -1"])
            return f"{self.part('string', depth)}.split({self.pick(STRINGS[1:4] + STRINGS[-3:])}{limit})", ATOM
        return self._listed(kind, depth)

    def _mapped(self, kind, depth):
        key, value = KEYS[kind]
        rows = [f"{self.literal(key)}: {self.loosely(value, depth)}" if self.looseness else
                f"{self.loosely(key, depth)}: {self.loosely(value, depth)}" for _ in range(self.random.randint(0, 3))]
        return "{" + ", ".join(rows) + "}", ATOM

    _byText = _byInt = _mapped

    def _time(self, _, depth):
        which = self.random.randint(0, 5)
        if which < 2:
            return f"timestamp({self.pick(TIMES)})", ATOM
        if which == 2:
            return f"timestamp({self.loosely('time', depth)})", ATOM
        if which == 3:
            return self.operate("span", "+", "time", SUM, depth)
        return self.operate("time", self.pick("+-"), "span", SUM, depth)

    def _span(self, _, depth):
        which = self.random.randint(0, 4)
        if which < 2:
            return f"duration({self.pick(SPANS)})", ATOM
        if which == 2:
            return self.operate("time", "-", "time", SUM, depth)
        return self.operate("span", self.pick("+-"), "span", SUM, depth)
