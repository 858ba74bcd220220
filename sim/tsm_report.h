/*
 * tsm_report.h - what Linux's report interface does, as its ABI documents and its source
 * have it: attributes, generations and errors, without the file system around them.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_REPORT_H
#define TROTH_SIM_TSM_REPORT_H

#include "sim/machine.h"
#include "sim/tsm_fault.h"

/* Name, mode, who has it; the binary ones are written when they are closed. */
/* clang-format off */
#define SIM_TSM_ATTRIBUTES(X)                              \
    /*                name               mode  snp alone */ \
    X(GENERATION,      "generation",      0444, false)     \
    X(PROVIDER,        "provider",        0444, false)     \
    X(PRIVLEVEL,       "privlevel",       0200, true)      \
    X(PRIVLEVEL_FLOOR, "privlevel_floor", 0444, true)      \
    X(INBLOB,          "inblob",          0200, false)     \
    X(OUTBLOB,         "outblob",         0444, false)     \
    X(AUXBLOB,         "auxblob",         0444, true)
/* clang-format on */

enum sim_tsm_attribute {
#define X(name, text, mode, is_snp) SIM_TSM_##name,
    SIM_TSM_ATTRIBUTES(X)
#undef X
        SIM_TSM_ATTRIBUTE_COUNT
};

#define SIM_TSM_INBLOB_MAX 64

/* Who a file was given to; until then it is ours. */
struct sim_tsm_owner {
    bool is_given;
    uint32_t user, group;
};

/* One folder of the interface. */
struct sim_tsm_report {
    uint64_t serial; /* never used twice; 0: there is none here */
    char name[256];
    uint8_t inblob[SIM_TSM_INBLOB_MAX];
    size_t inblob_len;
    unsigned level;
    unsigned long write_generation, read_generation;
    bool is_made;
    struct sim_bytes outblob, auxblob;
    struct sim_tsm_owner owners[SIM_TSM_ATTRIBUTE_COUNT];
};

#define SIM_TSM_REPORTS_MAX 256
#define SIM_TSM_REGISTERS   8

struct sim_tsm {
    struct sim_machine *machine;
    struct sim_tsm_fault fault;
    uint64_t serial; /* of the latest */
    struct sim_tsm_owner registers[SIM_TSM_REGISTERS];
    struct sim_tsm_report reports[SIM_TSM_REPORTS_MAX];
};

/* No answer will come: neither 0 nor an errno. */
#define SIM_TSM_NO_ANSWER (-1)

/* All of these return 0 or an errno. */

int sim_tsm_make(struct sim_tsm *tsm, const char *name);
int sim_tsm_remove(struct sim_tsm *tsm, const char *name);

/* NULL: there is none, or none any more. */
struct sim_tsm_report *sim_tsm_find(struct sim_tsm *tsm, uint64_t serial);
struct sim_tsm_report *sim_tsm_find_name(struct sim_tsm *tsm, const char *name);

/* Has this machine's provider the attribute? */
bool sim_tsm_has(const struct sim_tsm *tsm, enum sim_tsm_attribute attribute);

/* All of an attribute; the caller frees it. SIM_TSM_NO_ANSWER, too. */
int sim_tsm_show(struct sim_tsm *tsm, struct sim_tsm_report *report,
                 enum sim_tsm_attribute attribute, struct sim_bytes *out);

int sim_tsm_store(struct sim_tsm_report *report, enum sim_tsm_attribute attribute,
                  struct troth_span content);

/* Extend an RTMR, as the file of sysfs does. SIM_TSM_NO_ANSWER, too. */
int sim_tsm_extend(struct sim_tsm *tsm, unsigned rtmr, struct troth_span digest);

#endif
