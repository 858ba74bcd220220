# SPDX-License-Identifier: Apache-2.0
"""The part of JSON Schema 2020-12 that docs/*.schema.json use; other keywords are an error."""
import re

TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int}
SAYS_NOTHING = {"$schema", "$defs", "title", "description"}


def has_type(value, name):
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def check_object(value, schema, root, where):
    known = schema.get("properties", {})
    rest = schema.get("additionalProperties", True)
    for name in schema.get("required", []):
        if name not in value:
            yield f"{where}: no {name}"
    for name, member in value.items():
        if name in known:
            yield from check(member, known[name], root, f"{where}.{name}")
        elif rest is False:
            yield f"{where}: unknown {name}"
        elif rest is not True:
            yield from check(member, rest, root, f"{where}.{name}")


def check_one_of(value, schemas, root, where):
    complaints = [list(check(value, schema, root, where)) for schema in schemas]
    if sum(not c for c in complaints) != 1:
        yield f"{where}: not exactly one of {len(schemas)}: {complaints}"


def check_keyword(word, value, schema, root, where):
    wanted = schema[word]
    if word == "$ref":
        assert wanted.startswith("#/$defs/")
        yield from check(value, root["$defs"][wanted.rpartition("/")[2]], root, where)
    elif word == "type":
        if not any(has_type(value, t) for t in ([wanted] if isinstance(wanted, str) else wanted)):
            yield f"{where}: {value!r} is no {wanted}"
    elif word in ("enum", "const"):
        if value not in (wanted if word == "enum" else [wanted]):
            yield f"{where}: {value!r} is not {wanted}"
    elif word == "oneOf":
        yield from check_one_of(value, wanted, root, where)
    elif word == "pattern":
        if isinstance(value, str) and not re.search(wanted, value):
            yield f"{where}: {value!r} is not like {wanted}"
    elif word == "minimum":
        if isinstance(value, int) and value < wanted:
            yield f"{where}: {value} is less than {wanted}"
    elif word == "maximum":
        if isinstance(value, int) and value > wanted:
            yield f"{where}: {value} is more than {wanted}"
    elif word == "minItems":
        if isinstance(value, list) and len(value) < wanted:
            yield f"{where}: fewer than {wanted}"
    elif word == "items":
        for i, item in enumerate(value if isinstance(value, list) else []):
            yield from check(item, wanted, root, f"{where}[{i}]")
    elif word in ("required", "properties", "additionalProperties"):
        pass  # check_object()
    elif word not in SAYS_NOTHING:
        raise ValueError(f"{where}: keyword {word}")


def check(value, schema, root=None, where="$"):
    """What is wrong with `value`, one line each."""
    root = root or schema
    for word in schema:
        yield from check_keyword(word, value, schema, root, where)
    if isinstance(value, dict):
        yield from check_object(value, schema, root, where)
