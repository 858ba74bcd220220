/*
 * cel_function.h - the functions that CEL expressions may call: ours and the host's own.
 *
 * A library is a table of overloads. The same rows drive the checker, the evaluator and
 * docs/cel.md.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_CEL_FUNCTION_H
#define TROTH_CEL_FUNCTION_H

#include "troth/arena.h"
#include "troth/cel_value.h"

#define TROTH_CEL_ARGUMENTS_MAX 4 /* a receiver counts */

/* What an implementation may use. Its budget is enforced by the functions below. */
struct troth_cel_call {
    struct troth_arena *arena; /* take nothing but by troth_cel_take() */
    uint64_t steps;            /* that are left */
    const void *host;          /* the overload's own */
    bool out_of_steps, out_of_memory;
};

/* Count `steps` more; false, and the evaluation ends, when there are not as many left. */
bool troth_cel_spend(struct troth_cel_call *call, uint64_t steps);

/* Memory for a result, not zeroed; NULL, and the evaluation ends, when there is none. */
void *troth_cel_take(struct troth_cel_call *call, size_t count, size_t size);

/*
 * An implementation. The kinds of `arguments` are those of the overload's types and
 * never ERROR, UNKNOWN or NONE; where the type is dyn or a parameter they may be any
 * other. It charges one step itself for each element or 16 bytes it looks at, beyond one.
 */
typedef struct troth_cel_value
troth_cel_function(struct troth_cel_call *call, const struct troth_cel_value *arguments);

struct troth_cel_overload {
    const char
        *name;      /* "startsWith", "math.abs", "_+_"; functions may be in a namespace */
    bool is_member; /* called as arguments[0].name(…) */
    uint8_t argument_count;
    const struct troth_cel_type *result;
    const struct troth_cel_type *arguments[TROTH_CEL_ARGUMENTS_MAX];
    troth_cel_function *call;
    const void *host;
};

/* Rewrites what the parser has read: has(), all(), cel.bind(), … Not for hosts. */
struct troth_cel_macro;

/*
 * The standard library comes first, then the environment's in their order. An overload
 * with the name and the arguments of an earlier one takes its place: so a host gives
 * getHours(timestamp, string) the zones by name that we do not know. Operators cannot be
 * replaced. A call of our own functions with nothing but literals is made when the
 * expression is compiled; a host's function is called whenever it is evaluated.
 */
struct troth_cel_library {
    const char *name; /* "strings" */
    const struct troth_cel_overload *overloads;
    size_t overload_count;
    const struct troth_cel_macro *macros;
    size_t macro_count;
};

/* Always there. */
extern const struct troth_cel_library troth_cel_standard;

/* Those to choose from; docs/cel.md says what is in each. */
extern const struct troth_cel_library troth_cel_strings;
extern const struct troth_cel_library troth_cel_math;
extern const struct troth_cel_library troth_cel_encoders; /* base64.*, hex.* */
extern const struct troth_cel_library troth_cel_bindings; /* cel.bind */
extern const struct troth_cel_library troth_cel_network;  /* ip(), cidr() */
extern const struct troth_cel_library troth_cel_optionals;
extern const struct troth_cel_library troth_cel_two_variables; /* all(i, v, …), … */

/* All seven. */
#define TROTH_CEL_LIBRARIES 7
extern const struct troth_cel_library *const troth_cel_all_libraries[TROTH_CEL_LIBRARIES];

#endif
