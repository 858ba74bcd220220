# SPDX-License-Identifier: Apache-2.0
"""The few words that tests in Python are written in; their output is TAP."""
import sys
from concurrent.futures import ThreadPoolExecutor

cases = []


class Failure(Exception):
    """A case that does not hold."""


class Skip(Exception):
    """A case that cannot be made here, and why."""


def case(why):
    """The function below is a case of this name."""
    def take(function):
        cases.append((why, function))
        return function
    return take


def expect(holds, *said):
    if not holds:
        raise Failure("\n".join(str(s) for s in said))


def _run(numbered):
    number, (why, function) = numbered
    try:
        function()
        return f"ok {number} - {why}"
    except Skip as skip:
        return f"ok {number} - {why} # SKIP {skip}"
    except Exception as error:  # a broken case must not hide the others
        said = f"{type(error).__name__}: {error}".splitlines()
        return "\n#   ".join([f"not ok {number} - {why}", *said])


def run(threads=1):
    """Every case, several at once where they wait most of the time; did one fail?"""
    failed = 0
    with ThreadPoolExecutor(threads) as pool:
        for line in pool.map(_run, enumerate(cases, 1)):
            failed += line.startswith("not")
            print(line)
            sys.stdout.flush()
    print(f"1..{len(cases)}")
    return failed > 0
