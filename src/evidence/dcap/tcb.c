/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/dcap/tcb.h"

#include "base/memory.h"
#include "base/span.h"

/* The words that Intel states: all up to "Revoked". */
#define STATED (TROTH_TCB_REVOKED + 1)

/* TEE_TCB_SVN begins with the TDX module's own security version and its version. */
enum { MODULE_VERSION = 1, BEHIND_MODULE = 2 };

const char *troth_tcb_status_text(enum troth_tcb_status status)
{
    static const char *const texts[TROTH_TCB_STATUS_COUNT] = {NULL,
#define X(id, text) text,
                                                              TROTH_TCB_STATUSES(X)
#undef X
    };

    return (size_t)status < TROTH_TCB_STATUS_COUNT ? texts[status] : NULL;
}

enum troth_tcb_status troth_tcb_status_parse(struct troth_span text)
{
    static const struct {
        const char *text;
        size_t len;
    } words[TROTH_TCB_STATUS_COUNT] = {{NULL, 0},
#define X(id, text) {text, sizeof(text) - 1},
                                       TROTH_TCB_STATUSES(X)
#undef X
    };

    for (size_t i = TROTH_TCB_UP_TO_DATE; i < STATED; i++)
        if (words[i].len == text.len && memcmp(words[i].text, text.ptr, text.len) == 0)
            return (enum troth_tcb_status)i;
    return TROTH_TCB_NONE;
}

/* Are all of them, from the first-th on, at least those of a level? */
static bool reaches(const uint8_t *versions, const uint8_t *level, size_t first)
{
    for (size_t i = first; i < TROTH_TCB_COMPONENTS; i++)
        if (versions[i] < level[i])
            return false;
    return true;
}

struct troth_tcb_standing troth_tcb_match(const struct troth_tcb_level *levels,
                                          size_t count, const struct troth_pck *pck,
                                          const uint8_t *tdx_svn)
{
    /* A module with a version of its own is judged by its identity instead. */
    const size_t first = tdx_svn && tdx_svn[MODULE_VERSION] > 0 ? BEHIND_MODULE : 0;

    for (size_t i = 0; i < count; i++) {
        const struct troth_tcb_level *level = &levels[i];

        if (reaches(pck->components, level->sgx, 0) && pck->pce_svn >= level->pce_svn &&
            (!tdx_svn || reaches(tdx_svn, level->tdx, first)))
            return (struct troth_tcb_standing){level->status, level->date_s,
                                               level->advisories};
    }
    return (struct troth_tcb_standing){TROTH_TCB_NONE, 0, {NULL, 0}};
}

struct troth_tcb_standing troth_isv_match(const struct troth_isv_level *levels,
                                          size_t count, unsigned isv_svn)
{
    for (size_t i = 0; i < count; i++)
        if (levels[i].isv_svn <= isv_svn)
            return (struct troth_tcb_standing){levels[i].status, levels[i].date_s,
                                               levels[i].advisories};
    return (struct troth_tcb_standing){TROTH_TCB_NONE, 0, {NULL, 0}};
}

/* Short names, so that the table below can be one. */
enum {
    U = TROTH_TCB_UP_TO_DATE,
    S = TROTH_TCB_SW_HARDENING,
    C = TROTH_TCB_CONFIGURATION,
    B = TROTH_TCB_CONFIGURATION_SW_HARDENING, /* both */
    O = TROTH_TCB_OUT_OF_DATE,
    P = TROTH_TCB_OUT_OF_DATE_CONFIGURATION, /* out of date plus configuration */
    R = TROTH_TCB_REVOKED
};

/* clang-format off */
/*
 * Rows: the platform; columns: its part; both in the order of TROTH_TCB_STATUSES. The
 * columns U, O and R are [QVL]'s. The others, which [QVL] leaves without effect, add what
 * they say. There is no word for out of date and software hardening: the worse stands
 * alone, as [QVL] has it.
 */
static const uint8_t convergence[STATED - 1][STATED - 1] = {
    /*          U  S  C  B  O  P  R */
    [U - 1] = { U, S, C, B, O, P, R },
    [S - 1] = { S, S, B, B, O, P, R },
    [C - 1] = { C, B, C, B, P, P, R },
    [B - 1] = { B, B, B, B, P, P, R },
    [O - 1] = { O, O, P, P, O, P, R },
    [P - 1] = { P, P, P, P, P, P, R },
    [R - 1] = { R, R, R, R, R, R, R },
};
/* clang-format on */

static bool is_stated(enum troth_tcb_status status)
{
    return status >= TROTH_TCB_UP_TO_DATE && status <= TROTH_TCB_REVOKED;
}

enum troth_tcb_status troth_tcb_converge(enum troth_tcb_status platform,
                                         enum troth_tcb_status part)
{
    if (!is_stated(platform) || !is_stated(part))
        return TROTH_TCB_NONE;
    return (enum troth_tcb_status)convergence[platform - 1][part - 1];
}

static bool needs_configuration(enum troth_tcb_status status)
{
    return status == TROTH_TCB_CONFIGURATION ||
           status == TROTH_TCB_CONFIGURATION_SW_HARDENING ||
           status == TROTH_TCB_OUT_OF_DATE_CONFIGURATION;
}

enum troth_tcb_status troth_tcb_relaunch(enum troth_tcb_status launch,
                                         enum troth_tcb_status current)
{
    const bool was_old = launch == TROTH_TCB_OUT_OF_DATE ||
                         launch == TROTH_TCB_OUT_OF_DATE_CONFIGURATION;
    const bool is_new = current >= TROTH_TCB_UP_TO_DATE &&
                        current <= TROTH_TCB_CONFIGURATION_SW_HARDENING;

    if (!was_old || !is_new)
        return launch;
    return needs_configuration(launch) || needs_configuration(current)
               ? TROTH_TCB_RELAUNCH_CONFIGURATION
               : TROTH_TCB_RELAUNCH;
}

int troth_tcb_level_compare(const struct troth_tcb_level *a,
                            const struct troth_tcb_level *b)
{
    const int sgx = memcmp(a->sgx, b->sgx, sizeof a->sgx);
    const int pce = (a->pce_svn > b->pce_svn) - (a->pce_svn < b->pce_svn);

    if (sgx || pce)
        return sgx ? sgx : pce;
    return memcmp(a->tdx, b->tdx, sizeof a->tdx);
}

/* Where the next quote is; the end if there is none. */
static size_t to_quote(struct troth_span list)
{
    size_t at = 0;

    while (at < list.len && list.ptr[at] != '"')
        at++;
    return at;
}

struct troth_span troth_advisory_next(struct troth_span *list)
{
    const size_t opening = to_quote(*list);
    const struct troth_span rest = troth_span_slice(*list, opening + 1, list->len);
    const size_t len = to_quote(rest);

    *list = troth_span_slice(rest, len + 1, rest.len);
    return troth_span_slice(rest, 0, len);
}
