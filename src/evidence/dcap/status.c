/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/span.h"
#include "base/writer.h"
#include "evidence/dcap/case.h"

#define ID TROTH_CHECK_TCB_STATUS

/* What a status other than "UpToDate" means, for people. */
static const char *const meanings[TROTH_TCB_STATUS_COUNT] = {
    [TROTH_TCB_SW_HARDENING] = "the software has to be hardened against known attacks",
    [TROTH_TCB_CONFIGURATION] = "the platform has to be configured otherwise",
    [TROTH_TCB_CONFIGURATION_SW_HARDENING] =
        "the platform has to be configured otherwise, and the software hardened against "
        "known attacks",
    [TROTH_TCB_OUT_OF_DATE] = "the platform's firmware lacks security updates",
    [TROTH_TCB_OUT_OF_DATE_CONFIGURATION] =
        "the platform's firmware lacks security updates, and it has to be configured "
        "otherwise",
    [TROTH_TCB_REVOKED] = "the vendor no longer trusts platforms with this firmware",
    [TROTH_TCB_RELAUNCH] =
        "the platform was updated since launch: the trust domain has to be launched anew",
    [TROTH_TCB_RELAUNCH_CONFIGURATION] = "the platform was updated since launch: the "
                                         "trust domain has to be launched anew, "
                                         "and the platform configured otherwise",
};

/* Platform, quoting enclave, module; NULL where one has no part in it. */
enum { PLATFORM, QE, MODULE, PARTS };

struct parts {
    const struct troth_tcb_standing *of[PARTS];
};

static bool holds(struct troth_span list, struct troth_span word)
{
    while (list.len > 0)
        if (troth_span_equal(troth_span_next_item(&list, ','), word))
            return true;
    return false;
}

static void write_new(struct troth_writer *w, struct troth_span list)
{
    for (struct troth_span id; (id = troth_advisory_next(&list)).len > 0;) {
        if (holds(troth_writer_span(w), id))
            continue;
        if (w->len > 0)
            troth_write_u8(w, ',');
        troth_write_bytes(w, id);
    }
}

/* The identifiers of all parts, each once, with commas between them. */
static enum troth_err join(struct troth_span *out, const struct parts *parts,
                           struct troth_arena *arena)
{
    size_t size = 1;
    struct troth_writer w;
    uint8_t *room;

    *out = (struct troth_span){NULL, 0};
    for (size_t i = 0; i < PARTS; i++)
        if (parts->of[i])
            size += parts->of[i]->advisories.len;
    room = troth_arena_take(arena, size);
    if (!room)
        return TROTH_ERR_MEMORY;
    w = troth_writer_over(room, size);
    for (size_t i = 0; i < PARTS; i++)
        if (parts->of[i])
            write_new(&w, parts->of[i]->advisories);
    *out = (struct troth_span){room, w.len};
    return w.full ? TROTH_ERR_MEMORY : TROTH_OK;
}

/* All parts as one: statuses converged, the earliest date. NONE with anything is NONE. */
static enum troth_err combine(struct troth_tcb_standing *out, const struct parts *parts,
                              struct troth_arena *arena)
{
    const struct troth_tcb_standing *platform = parts->of[PLATFORM];

    *out = (struct troth_tcb_standing){platform->status, platform->date_s, {NULL, 0}};
    for (size_t i = QE; i < PARTS; i++) {
        const struct troth_tcb_standing *part = parts->of[i];

        if (!part)
            continue;
        out->status = troth_tcb_converge(out->status, part->status);
        if (part->date_s < out->date_s)
            out->date_s = part->date_s;
    }
    if (out->status == TROTH_TCB_NONE)
        out->date_s = 0;
    return join(&out->advisories, parts, arena);
}

/* A module whose version is zero has no identity, so no status of its own. */
static bool has_module_level(const uint8_t *tcb_svn)
{
    return tcb_svn && tcb_svn[1] > 0;
}

/* Where the platform stands by other versions than those at launch, and its module. */
static enum troth_err stand_now(struct troth_dcap_case *c)
{
    const struct troth_tcb_info *info = c->d->tcb_info;
    const uint8_t *svn = c->tee->tcb_svn2;
    struct troth_tcb_standing platform = troth_tcb_match(info->levels, info->level_count,
                                                         &c->d->pck, svn);
    struct troth_tcb_standing module = {TROTH_TCB_NONE, 0, {NULL, 0}};
    const struct parts parts = {
        {&platform, &c->d->qe, has_module_level(svn) ? &module : NULL}};
    const struct troth_tdx_module_identity *identity = NULL;

    if (has_module_level(svn))
        identity = troth_tcb_info_module(info, svn[1]);
    if (identity)
        module = troth_isv_match(identity->levels, identity->level_count, svn[0]);
    return combine(&c->d->current, &parts, c->j->input->arena);
}

static enum troth_err evaluate(struct troth_dcap_case *c)
{
    struct troth_dcap *d = c->d;
    const struct troth_tcb_info *info = d->tcb_info;
    const struct parts parts = {
        {&d->platform, &d->qe, has_module_level(c->tee->tcb_svn) ? &d->module : NULL}};
    struct troth_tcb_standing all;
    enum troth_err err;

    d->platform = troth_tcb_match(info->levels, info->level_count, &d->pck,
                                  c->tee->tcb_svn);
    err = combine(&all, &parts, c->j->input->arena);
    if (!err && c->tee->tcb_svn2)
        err = stand_now(c);
    if (err)
        return err;
    d->status = c->tee->tcb_svn2 ? troth_tcb_relaunch(all.status, d->current.status)
                                 : all.status;
    d->date_s = all.date_s;
    d->advisories = all.advisories;
    return TROTH_OK;
}

/* From Intel's spelling, as it stands in the JSON, to the claims'. */
static enum troth_err spell_advisories(struct troth_dcap_case *c)
{
    struct troth_tcb_standing *standings[] = {&c->d->platform, &c->d->qe, &c->d->module};
    enum troth_err err = TROTH_OK;

    for (size_t i = 0; !err && i < sizeof standings / sizeof standings[0]; i++) {
        const struct parts one = {{standings[i], NULL, NULL}};
        struct troth_span joined;

        err = join(&joined, &one, c->j->input->arena);
        standings[i]->advisories = joined;
    }
    return err;
}

static enum troth_err judge(struct troth_dcap_case *c)
{
    enum troth_tcb_status status = c->d->status;
    const char *word = troth_tcb_status_text(status);
    struct troth_check row = {
        .id = ID,
        .outcome = TROTH_FAILED,
        .subject = word,
        .why = meanings[status],
        .seen = troth_value_text(word),
        .wanted = troth_value_text(troth_tcb_status_text(TROTH_TCB_UP_TO_DATE)),
    };

    if (status == TROTH_TCB_NONE) {
        row.subject = "tcb.status";
        row.why =
            c->d->platform.status == TROTH_TCB_NONE
                ? "no level of the TCB info fits the platform's firmware"
                : "no level that Intel lists fits the quoting enclave or the module";
    } else if (status != TROTH_TCB_REVOKED) {
        return troth_dcap_judge_tolerated(c, row);
    }
    troth_judge(c->j, row);
    return TROTH_OK;
}

enum troth_err troth_dcap_judge_status(struct troth_dcap_case *c)
{
    const struct troth_dcap *d = c->d;
    enum troth_err err = TROTH_OK;
    bool is_known = d->has_pck && d->tcb_info && d->qe_identity;

    if (is_known)
        err = evaluate(c);
    if (!err)
        err = spell_advisories(c);
    if (err)
        return err;
    if (is_known)
        return judge(c);
    troth_dcap_judge_missing(c, ID, NULL,
                             "nothing genuine at hand says how good the firmware is",
                             d->tcb_info ? TROTH_DCAP_QE_IDENTITY : TROTH_DCAP_TCB_INFO);
    return TROTH_OK;
}
