/* tsm_fault.h - ways in which a simulated device misbehaves, for who must bear with it.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_FAULT_H
#define TROTH_SIM_TSM_FAULT_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define SIM_TSM_FAULTS(X)                                                       \
    /* word     what becomes of a report, or of a register that is extended */  \
    X(EINTR,    "eintr",   "interrupted before it is made")                     \
    X(EBUSY,    "ebusy",   "refused, for somebody else is served")              \
    X(RACE,     "race",    "somebody else asks in the same folder meanwhile")   \
    X(HANG,     "hang",    "never comes, nor does an error")                    \
    X(TRICKLE,  "trickle", "comes a few bytes at a time")                       \
    X(SHORT,    "short",   "ends before its end")                               \
    X(BIG,      "big",     "is longer than any report")                         \
    X(OTHER,    "other",   "answers another question")                   \
    X(ABSENT,   "absent",  "is asked of an interface with nobody behind it")    \
    X(STRANGER, "stranger", "is another kind's, by its provider's name")
/* clang-format on */

enum sim_tsm_fault_kind {
    SIM_TSM_SOUND,
#define X(name, word, meaning) SIM_TSM_##name,
    SIM_TSM_FAULTS(X)
#undef X
};

struct sim_tsm_fault {
    enum sim_tsm_fault_kind kind;
    uint64_t left; /* how often it still happens */
};

/* "eintr", "eintr:3"; anything else ends the program. */
struct sim_tsm_fault sim_tsm_fault_parse(const char *option, const char *text);

/* Does this happen now? If so, it happens once less. */
bool sim_tsm_fault_strikes(struct sim_tsm_fault *fault, enum sim_tsm_fault_kind kind);

#endif
