/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_rows.h"

#define NOT_A_NUMBER D((double)__builtin_nanf(""))
#define INFINITE     D((double)__builtin_inff())

static const struct cel_row rows[] = {
    {"of one", "math.@max", {I(-5)}, I(-5)},
    {"of two", "math.@max", {I(3), I(-3)}, I(3)},
    {"the first of equal ones", "math.@max", {D(1.0), U(1)}, D(1.0)},
    {"of two kinds", "math.@max", {I(-3), U(3)}, U(3)},
    {"of ends", "math.@max", {U(UINT64_MAX), D(1.797693e308)}, D(1.797693e308)},
    {"of a list", "math.@max", {L(D(5.4), I(10), U(3), D(-5.0))}, I(10)},
    {"of a list of one", "math.@max", {L(I(INT64_MIN))}, I(INT64_MIN)},
    {"of an empty list", "math.@max", {EMPTY}, E(ARGUMENT)},
    {"of texts", "math.@max", {L(S("a"), S("b"))}, E(OVERLOAD)},
    {"of no number", "math.@max", {L(D(1), NOT_A_NUMBER)}, E(ARGUMENT)},
    {"of no number first", "math.@max", {NOT_A_NUMBER, D(1)}, E(ARGUMENT)},
    {"of two", "math.@min", {I(5), I(-7)}, I(-7)},
    {"of two kinds", "math.@min", {U(1), D(1.0)}, U(1)},
    {"of ends", "math.@min", {I(INT64_MIN), D(0)}, I(INT64_MIN)},
    {"of a list", "math.@min", {L(D(5.4), I(10), U(3), D(-5.0))}, D(-5.0)},
    {"of one uint", "math.@min", {U(5)}, U(5)},
    {"of an empty list", "math.@min", {EMPTY}, E(ARGUMENT)},

    {"up", "math.ceil", {D(-1.2)}, D(-1.0)},
    {"of an int", "math.ceil", {I(1)}, {.kind = TROTH_CEL_NONE}},
    {"down", "math.floor", {D(-1.2)}, D(-2.0)},
    {"half away from zero", "math.round", {D(-1.5)}, D(-2.0)},
    {"of no number", "math.round", {NOT_A_NUMBER}, NOT_A_NUMBER},
    {"towards zero", "math.trunc", {D(-1.9)}, D(-1.0)},
    {"of a double", "math.sqrt", {D(2.25)}, D(1.5)},
    {"of an int", "math.sqrt", {I(49)}, D(7.0)},
    {"of a uint", "math.sqrt", {U(81)}, D(9.0)},
    {"below zero", "math.sqrt", {I(-1)}, NOT_A_NUMBER},

    {"of an int", "math.abs", {I(-11)}, I(11)},
    {"of a uint", "math.abs", {U(1)}, U(1)},
    {"of a double", "math.abs", {D(-11.5)}, D(11.5)},
    {"of minus zero", "math.abs", {D(-0.0)}, D(0.0)},
    {"of the least int", "math.abs", {I(INT64_MIN)}, E(OVERFLOW)},
    {"of an int", "math.sign", {I(-11)}, I(-1)},
    {"of zero", "math.sign", {I(0)}, I(0)},
    {"of a uint", "math.sign", {U(100)}, U(1)},
    {"of a double", "math.sign", {D(-32)}, D(-1)},
    {"of no number", "math.sign", {NOT_A_NUMBER}, NOT_A_NUMBER},

    {"no number", "math.isNaN", {NOT_A_NUMBER}, B(true)},
    {"infinity", "math.isNaN", {INFINITE}, B(false)},
    {"infinity", "math.isInf", {INFINITE}, B(true)},
    {"no number", "math.isInf", {NOT_A_NUMBER}, B(false)},
    {"a number", "math.isInf", {D(1)}, B(false)},
    {"a number", "math.isFinite", {D(1.5)}, B(true)},
    {"infinity", "math.isFinite", {INFINITE}, B(false)},

    {"of ints", "math.bitAnd", {I(1), I(-1)}, I(1)},
    {"of uints", "math.bitAnd", {U(6), U(3)}, U(2)},
    {"of ints", "math.bitOr", {I(4), I(-2)}, I(-2)},
    {"of uints", "math.bitOr", {U(1), U(4)}, U(5)},
    {"of ints", "math.bitXor", {I(4), I(-2)}, I(-6)},
    {"of uints", "math.bitXor", {U(1), U(3)}, U(2)},
    {"of an int", "math.bitNot", {I(1)}, I(-2)},
    {"of a uint", "math.bitNot", {U(0)}, U(UINT64_MAX)},
    {"of an int", "math.bitShiftLeft", {I(1), I(2)}, I(4)},
    {"into the sign", "math.bitShiftLeft", {I(1), I(63)}, I(INT64_MIN)},
    {"all out", "math.bitShiftLeft", {I(-1), I(64)}, I(0)},
    {"of a uint", "math.bitShiftLeft", {U(1), I(63)}, U(UINT64_C(1) << 63)},
    {"backwards", "math.bitShiftLeft", {U(1), I(-1)}, E(ARGUMENT)},
    {"of an int", "math.bitShiftRight", {I(1024), I(2)}, I(256)},
    {"zeros come in", "math.bitShiftRight", {I(-1024), I(3)}, I(2305843009213693824)},
    {"all out", "math.bitShiftRight", {I(-1024), I(64)}, I(0)},
    {"of a uint", "math.bitShiftRight", {U(1024), I(200)}, U(0)},
    {"backwards", "math.bitShiftRight", {I(1), I(-1)}, E(ARGUMENT)},
};

static const struct cel_expression expressions[] = {
    {"math.greatest(1, 2u, 2.5) == 2.5 && math.least([3, 1, 2]) == 1"},
    {"math.greatest(7) == 7 && math.least(1, 2) == 1"},
    {"math.greatest('a', 'b') == 'b'", IS_REFUSED},
    {"math.greatest([]) == 1", FAILS(ARGUMENT)},
    {"math.greatest(0.0 / 0.0, 1.0) == 1.0", FAILS(ARGUMENT)},
    {"math.abs(-9223372036854775808) == 1", FAILS(OVERFLOW)},
    {"math.bitAnd(0xff, 0x0f) == 15 && math.bitShiftRight(-1, 63) == 1"},
    {"math.ceil(1) == 1.0", IS_REFUSED},
    {"math.sqrt(49) == 7.0 && math.sign(-2.5) == -1.0"},
};

int main(void)
{
    cel_rows_check(&troth_cel_math, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
