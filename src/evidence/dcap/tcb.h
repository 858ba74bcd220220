/*
 * tcb.h - Intel's words for how good a platform's firmware is, and how they combine.
 *
 * Pure tables and comparisons over what pck.h, tcb_info.h and qe_identity.h read.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_EVIDENCE_DCAP_TCB_H
#define TROTH_EVIDENCE_DCAP_TCB_H

#include "evidence/dcap/pck.h"

/* clang-format off */
/* The last two are never stated: they come of comparing launch with now ([QVL] TD 1.5). */
#define TROTH_TCB_STATUSES(X)                                                            \
    X(UP_TO_DATE,                  "UpToDate")                                           \
    X(SW_HARDENING,                "SWHardeningNeeded")                                  \
    X(CONFIGURATION,               "ConfigurationNeeded")                                \
    X(CONFIGURATION_SW_HARDENING,  "ConfigurationAndSWHardeningNeeded")                  \
    X(OUT_OF_DATE,                 "OutOfDate")                                          \
    X(OUT_OF_DATE_CONFIGURATION,   "OutOfDateConfigurationNeeded")                       \
    X(REVOKED,                     "Revoked")                                            \
    X(RELAUNCH,                    "TDRelaunchAdvised")                                  \
    X(RELAUNCH_CONFIGURATION,      "TDRelaunchAdvisedConfigurationNeeded")
/* clang-format on */

enum troth_tcb_status {
    TROTH_TCB_NONE = 0, /* unknown: no level was found, or nothing to find it in */
#define X(id, text) TROTH_TCB_##id,
    TROTH_TCB_STATUSES(X)
#undef X
        TROTH_TCB_STATUS_COUNT
};

/* "UpToDate"; NULL for TROTH_TCB_NONE. */
const char *troth_tcb_status_text(enum troth_tcb_status status);

/* Exactly one of the words Intel states (not the last two), else TROTH_TCB_NONE. */
enum troth_tcb_status troth_tcb_status_parse(struct troth_span text);

/* One level of a TCB info: all versions at least these. */
struct troth_tcb_level {
    uint8_t sgx[TROTH_TCB_COMPONENTS];
    uint8_t tdx[TROTH_TCB_COMPONENTS]; /* zero in an SGX TCB info */
    uint16_t pce_svn;
    enum troth_tcb_status status;
    int64_t date_s;
    struct troth_span advisories; /* between the brackets of advisoryIDs, checked; empty:
                                     none */
};

/* One level of a module's or a quoting enclave's. */
struct troth_isv_level {
    uint16_t isv_svn;
    enum troth_tcb_status status;
    int64_t date_s;
    struct troth_span advisories;
};

/* Where one part of the platform stands. */
struct troth_tcb_standing {
    enum troth_tcb_status status; /* NONE: no level fits */
    int64_t date_s;
    struct troth_span advisories;
};

/*
 * The first level that the versions reach, levels being sorted from the highest down.
 * `tdx_svn` is TEE_TCB_SVN, or NULL for SGX; its first two bytes are the module's own and
 * are compared only where the second, the module's version, is zero.
 */
struct troth_tcb_standing troth_tcb_match(const struct troth_tcb_level *levels,
                                          size_t count, const struct troth_pck *pck,
                                          const uint8_t *tdx_svn);

/* The first level whose isv_svn is not above `isv_svn`, from the highest down. */
struct troth_tcb_standing troth_isv_match(const struct troth_isv_level *levels,
                                          size_t count, unsigned isv_svn);

/*
 * One status for a platform and one of its parts (quoting enclave or module): [QVL]'s
 * table, and stricter than it where a part needs configuration. NONE, or what is never
 * stated, with anything is NONE.
 */
enum troth_tcb_status troth_tcb_converge(enum troth_tcb_status platform,
                                         enum troth_tcb_status part);

/* A TD's status at launch beside what its platform has now: relaunch advised, or `launch`
 * as it is. */
enum troth_tcb_status troth_tcb_relaunch(enum troth_tcb_status launch,
                                         enum troth_tcb_status current);

/* Greater than zero if `a` sorts before `b`, the higher first: SGX components, PCESVN,
 * TDX components. Zero: they are duplicates. */
int troth_tcb_level_compare(const struct troth_tcb_level *a,
                            const struct troth_tcb_level *b);

/*
 * The next identifier of a list of advisories, or {NULL, 0} at its end; `*list` moves on.
 * They are ASCII letters, digits and hyphens between quotes.
 */
struct troth_span troth_advisory_next(struct troth_span *list);

#endif
