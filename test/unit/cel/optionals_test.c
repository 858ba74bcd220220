/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/cel_rows.h"

static const struct cel_row rows[] = {
    {"nothing", "optional.none", {{0}}, NOTHING},
    {"null is something", "optional.of", {N}, SOME(N)},
    {"something", "optional.ofNonZeroValue", {I(42)}, SOME(I(42))},
    {"null", "optional.ofNonZeroValue", {N}, NOTHING},
    {"false", "optional.ofNonZeroValue", {B(false)}, NOTHING},
    {"true", "optional.ofNonZeroValue", {B(true)}, SOME(B(true))},
    {"zero", "optional.ofNonZeroValue", {I(0)}, NOTHING},
    {"zero of uint", "optional.ofNonZeroValue", {U(0)}, NOTHING},
    {"minus zero", "optional.ofNonZeroValue", {D(-0.0)}, NOTHING},
    {"an empty text", "optional.ofNonZeroValue", {S("")}, NOTHING},
    {"no bytes", "optional.ofNonZeroValue", {Y("")}, NOTHING},
    {"a zero byte", "optional.ofNonZeroValue", {Y("\0")}, SOME(Y("\0"))},
    {"an empty list", "optional.ofNonZeroValue", {EMPTY}, NOTHING},
    {"an empty map",
     "optional.ofNonZeroValue",
     {{.kind = TROTH_CEL_MAP, .as.map = &(const struct troth_cel_map){NULL, 0}}},
     NOTHING},
    {"no time", "optional.ofNonZeroValue", {SPAN(0, 0)}, NOTHING},
    {"a nanosecond", "optional.ofNonZeroValue", {SPAN(0, 1)}, SOME(SPAN(0, 1))},
    {"the epoch", "optional.ofNonZeroValue", {TIME(0, 0)}, NOTHING},
    {"no optional", "optional.ofNonZeroValue", {NOTHING}, NOTHING},
    {"a type", "optional.ofNonZeroValue", {T(INT)}, SOME(T(INT))},

    {"something", ".hasValue", {SOME(N)}, B(true)},
    {"nothing", ".hasValue", {NOTHING}, B(false)},
    {"something", ".value", {SOME(I(1))}, I(1)},
    {"nothing", ".value", {NOTHING}, E(EMPTY)},
    {"something", ".or", {SOME(I(1)), SOME(I(2))}, SOME(I(1))},
    {"nothing", ".or", {NOTHING, SOME(I(2))}, SOME(I(2))},
    {"nothing twice", ".or", {NOTHING, NOTHING}, NOTHING},
    {"something", ".orValue", {SOME(I(1)), I(2)}, I(1)},
    {"nothing", ".orValue", {NOTHING, I(2)}, I(2)},
    {"of a list", ".first", {L(I(1), I(2))}, SOME(I(1))},
    {"of none", ".first", {EMPTY}, NOTHING},
    {"of a list", ".last", {L(I(1), I(2))}, SOME(I(2))},
    {"of none", ".last", {EMPTY}, NOTHING},
    {"those there are",
     "optional.unwrap",
     {L(SOME(I(1)), NOTHING, SOME(I(2)))},
     L(I(1), I(2))},
    {"as a method", ".unwrapOpt", {L(NOTHING)}, EMPTY},
    {"only optionals", ".unwrapOpt", {L(I(1))}, E(OVERLOAD)},
};

static const struct cel_expression expressions[] = {
    {"optional.of(1).or(optional.none()).value() == 1"},
    {"optional.none().orValue(42) == 42 && !optional.none().hasValue()"},
    {"{'a': 1}.?a.optMap(x, x + 1) == optional.of(2) && ![][?0].hasValue()"},
    {"[1, 2].first().value() + [1, 2].last().value() == 3"},
    {"[optional.of(1), optional.none()].unwrapOpt() == [1]"},
    {"optional.none().value() == 1", FAILS(EMPTY)},
    {"optional.of(1).or(1) == 1", IS_REFUSED},
};

int main(void)
{
    cel_rows_check(&troth_cel_optionals, rows, COUNT(rows));
    cel_expressions_check(expressions, COUNT(expressions));
    return test_finish();
}
