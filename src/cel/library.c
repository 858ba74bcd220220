/* SPDX-License-Identifier: Apache-2.0 */
#include "cel/macro.h"
#include "cel/operators.h"
#include "cel/standard.h"

static const struct troth_cel_overload standard[] = {
    TROTH_CEL_OPERATOR_ROWS TROTH_CEL_STANDARD_ROWS};

const struct troth_cel_library troth_cel_standard = {
    .name = "standard",
    .overloads = standard,
    .overload_count = sizeof standard / sizeof standard[0],
    .macros = troth_cel_standard_macros,
    .macro_count = TROTH_CEL_STANDARD_MACROS,
};

const struct troth_cel_library troth_cel_bindings = {
    .name = "bindings",
    .macros = troth_cel_binding_macros,
    .macro_count = TROTH_CEL_BINDING_MACROS,
};

const struct troth_cel_library troth_cel_two_variables = {
    .name = "two_variables",
    .macros = troth_cel_two_variable_macros,
    .macro_count = TROTH_CEL_TWO_VARIABLE_MACROS,
};

const struct troth_cel_library *const troth_cel_all_libraries[TROTH_CEL_LIBRARIES] = {
    &troth_cel_strings,      &troth_cel_math,    &troth_cel_encoders,
    &troth_cel_bindings,     &troth_cel_network, &troth_cel_optionals,
    &troth_cel_two_variables};
