/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/instant.h"
#include "base/span.h"
#include "base/writer.h"
#include "evidence/dcap/case.h"

static const struct troth_intel_settings *settings_of(const struct troth_dcap_case *c)
{
    return &c->j->input->requirements->intel;
}

/* Grace is for updates that are missing. A platform that needs configuration too would
 * still need it with the updates, so that has to be allowed by its own word. */
static bool has_grace(const struct troth_dcap_case *c)
{
    const enum troth_tcb_status status = c->d->status;

    if (settings_of(c)->grace_s <= 0)
        return false;
    return status == TROTH_TCB_OUT_OF_DATE ||
           (status == TROTH_TCB_OUT_OF_DATE_CONFIGURATION &&
            troth_judge_allows(c->j, troth_tcb_status_text(TROTH_TCB_CONFIGURATION)));
}

/* The last instant at which a platform of this date is accepted. */
static int64_t grace_end(const struct troth_dcap_case *c)
{
    const int64_t grace_s = settings_of(c)->grace_s;

    return c->d->date_s > INT64_MAX - grace_s ? INT64_MAX : c->d->date_s + grace_s;
}

static bool is_listed(const struct troth_names *listed, struct troth_span id)
{
    for (size_t i = 0; i < listed->count; i++)
        if (troth_span_equal(listed->rows[i], id))
            return true;
    return false;
}

/* The advisories that apply and are not listed, with commas between; empty if all are. */
static enum troth_err find_unlisted(struct troth_span *out, struct troth_dcap_case *c)
{
    struct troth_span rest = c->d->advisories;
    uint8_t *room = troth_arena_take(c->j->input->arena, rest.len + 1);
    struct troth_writer w = troth_writer_over(room, room ? rest.len + 1 : 0);

    *out = (struct troth_span){NULL, 0};
    if (!room)
        return TROTH_ERR_MEMORY;
    while (rest.len > 0) {
        const struct troth_span id = troth_span_next_item(&rest, ',');

        if (is_listed(&settings_of(c)->advisories, id))
            continue;
        if (w.len > 0)
            troth_write_u8(&w, ',');
        troth_write_bytes(&w, id);
    }
    *out = troth_writer_span(&w);
    return TROTH_OK;
}

/* Is it still accepted, and if for a while only, until when? */
static bool is_accepted(struct troth_dcap_case *c, struct troth_check *row)
{
    if (troth_judge_allows(c->j, row->flag_argument))
        return true;
    if (!has_grace(c))
        return false;
    if (c->j->at_s > grace_end(c)) {
        row->why = "the platform's firmware lacks security updates, and the grace for "
                   "them is over";
        return false;
    }
    troth_judge_valid_until(c->j, grace_end(c), "grace for firmware out of date");
    return true;
}

/* Fails an accepted row where an advisory applies that the caller does not list, or may
 * apply: a TCB info of version 2 states none. */
static enum troth_err judge_advisories(struct troth_dcap_case *c, struct troth_check *row)
{
    struct troth_span unlisted;
    enum troth_err err;

    if (row->outcome != TROTH_PASSED || !settings_of(c)->has_advisories)
        return TROTH_OK;
    err = find_unlisted(&unlisted, c);
    if (err)
        return err;
    if (c->d->tcb_info->version < TROTH_TCB_INFO_STATES_ADVISORIES) {
        row->outcome = TROTH_FAILED;
        row->why = "the TCB info is of a version that states no security advisories";
    } else if (unlisted.len > 0) {
        row->outcome = TROTH_FAILED;
        row->why = "security advisories apply that are not among those accepted";
        row->seen = troth_value_text_span(unlisted);
        row->wanted = troth_value_none();
    }
    if (row->outcome == TROTH_FAILED)
        row->flag = row->flag_argument = NULL;
    return TROTH_OK;
}

enum troth_err troth_dcap_judge_tolerated(struct troth_dcap_case *c,
                                          struct troth_check row)
{
    const bool is_best = c->d->status == TROTH_TCB_UP_TO_DATE;
    enum troth_err err;

    if (is_best) {
        row.outcome = TROTH_PASSED;
    } else {
        row.flag = "--allow";
        row.flag_argument = row.subject;
        row.outcome = is_accepted(c, &row) ? TROTH_PASSED : TROTH_FAILED;
    }
    err = judge_advisories(c, &row);
    if (err)
        return err;
    if (row.outcome == TROTH_PASSED && !is_best)
        troth_limits_add(&c->j->not_proven, TROTH_LIMIT_ALLOWED);
    troth_judge(c->j, row);
    return TROTH_OK;
}

/* Versions of statements, so that an old one cannot be played back. */
static void judge_floor(struct troth_dcap_case *c, const char *claim, const char *name,
                        const uint64_t *number)
{
    const uint64_t floor = settings_of(c)->min_evaluation;
    struct troth_check row = {
        .id = TROTH_CHECK_FLOOR,
        .subject = claim,
        .wanted = troth_value_uint(floor),
    };

    if (!number) {
        row.why = "nothing genuine at hand says which of Intel's recoveries it knows";
        row.flag = "--collateral";
        row.flag_argument = name;
    } else {
        row.outcome = *number < floor ? TROTH_FAILED : TROTH_PASSED;
        row.seen = troth_value_uint(*number);
        if (*number < floor)
            row.why = "an older statement of Intel's than is accepted";
    }
    troth_judge(c->j, row);
}

enum troth_err troth_dcap_judge_floors(struct troth_dcap_case *c)
{
    const struct troth_dcap *d = c->d;

    if (settings_of(c)->min_evaluation == 0)
        return TROTH_OK;
    judge_floor(c, "dcap.tcb_info.evaluation_number", TROTH_DCAP_TCB_INFO,
                d->tcb_info ? &d->tcb_info->evaluation_number : NULL);
    judge_floor(c, "dcap.qe_identity.evaluation_number", TROTH_DCAP_QE_IDENTITY,
                d->qe_identity ? &d->qe_identity->evaluation_number : NULL);
    return TROTH_OK;
}
