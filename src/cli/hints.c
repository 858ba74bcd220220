/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hints.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"
#include "cli/brief.h"
#include "cli/flag_policy.h"
#include "cli/status.h"

/* More are no help to anybody. */
#define HINTS_MAX 16

/* One hint being written. */
struct hint {
    char *out;
    size_t size;
    const struct troth_result *result;
    const struct troth_check *check;
    const char *get; /* the command that gets collateral */
};

static bool is(const char *text, const char *wanted)
{
    return text && strcmp(text, wanted) == 0;
}

static const struct troth_value *value_of(const struct hint *h, const char *claim)
{
    static const struct troth_value none = {.type = TROTH_VALUE_NONE};
    const struct troth_claim *found = troth_claims_find(&h->result->claims,
                                                        troth_span_of_text(claim));

    return found ? &found->value : &none;
}

static void write_value(char *out, size_t size, const struct troth_value *value)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, size - 1);

    troth_brief_write_full(&w, value);
    out[w.len] = '\0';
}

static bool passed(const struct hint *h, enum troth_check_id id)
{
    const struct troth_check *check = troth_verdict_find(&h->result->verdict, id);

    return check && check->outcome == TROTH_PASSED;
}

/* A document says it, not flags: what would help is written there. */
static bool is_by_document(const struct hint *h)
{
    const struct troth_policy *policy = h->result->policy;

    return policy &&
           !troth_span_is_text(troth_policy_name(policy), TROTH_FLAG_POLICY_NAME);
}

/* A value that nobody vouches for is not offered as one to expect. */
static void hint_measurement(const struct hint *h)
{
    const char *claim = h->check->flag_argument;
    char value[1536], own[1600] = "";

    if (!is(h->check->flag, "--any"))
        return;
    if (passed(h, TROTH_CHECK_SIGNATURE) && passed(h, TROTH_CHECK_DEBUG)) {
        write_value(value, sizeof value, value_of(h, claim));
        (void)snprintf(own, sizeof own, " (this evidence has %s)", value);
    }
    (void)snprintf(h->out, h->size,
                   "--expect %s=VALUE names the code%s; --any %s takes any", claim, own,
                   claim);
}

static void hint_nonce(const struct hint *h)
{
    const struct troth_check *c = h->check;

    if (is(c->flag, "--nonce"))
        (void)snprintf(h->out, h->size,
                       "--nonce HEX or --binding SPEC holds it to your own challenge");
    else if (is(c->flag, "--any"))
        (void)snprintf(h->out, h->size,
                       "--nonce HEX or --binding SPEC holds it to your own challenge; "
                       "--any nonce takes any, so that it may be an old one");
    else if (c->seen.type == TROTH_VALUE_BYTES && c->wanted.type == TROTH_VALUE_BYTES &&
             c->seen.bytes.len != c->wanted.bytes.len)
        (void)snprintf(h->out, h->size,
                       "the field holds %zu bytes and %zu were given: --nonce compares "
                       "all of it, zeros at its end too",
                       c->seen.bytes.len, c->wanted.bytes.len);
}

static void hint_validity(const struct hint *h)
{
    const struct troth_value *signed_at = value_of(h, "time");
    char instant[64];

    if (h->result->clock.kind == TROTH_CLOCK_DOCUMENT)
        return;
    if (signed_at->type != TROTH_VALUE_INSTANT) {
        (void)snprintf(h->out, h->size,
                       "--time INSTANT judges it at another time, for audit only");
        return;
    }
    write_value(instant, sizeof instant, signed_at);
    (void)snprintf(h->out, h->size,
                   "--time document judges it at the time it was made (%s), for audit "
                   "only",
                   instant);
}

static void hint_time(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "is this machine's clock right? --time document judges it at its "
                       "own time, for audit only");
}

static void hint_anchor(const struct hint *h)
{
    if (is(h->check->flag, "--root"))
        (void)snprintf(h->out, h->size,
                       "--root FILE trusts a root of your own; the result then says that "
                       "no vendor vouches for it");
}

/* One for all that is missing. */
static void hint_collateral(const struct hint *h)
{
    (void)snprintf(h->out, h->size,
                   "'%s' gets what is missing; --collateral PATH takes it from files",
                   h->get);
}

/* "--allow debug" and "--any snp.vmpl" as a policy spells them. Intel's words for a
 * platform have a place of their own there. */
static void hint_document(const struct hint *h)
{
    if (h->check->id == TROTH_CHECK_TCB_STATUS)
        (void)snprintf(h->out, h->size,
                       "'intel: {tcb: [UpToDate, %s]}' in the policy would accept this",
                       h->check->flag_argument);
    else
        (void)snprintf(h->out, h->size, "'%s: [%s]' in the policy would accept this",
                       h->check->flag + strlen("--"), h->check->flag_argument);
}

static void hint_age(const struct hint *h)
{
    if (is(h->check->flag, "--nonce-made"))
        (void)snprintf(h->out, h->size,
                       "--nonce-made INSTANT says when your challenge was made");
    else if (h->check->flag)
        (void)snprintf(
            h->out, h->size,
            "only an answer to a challenge of your own has an age: --nonce HEX");
}

static void hint_requester(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "--expect snp.vmpl=%" PRIu64
                       " or --any snp.vmpl would accept this",
                       h->check->seen.number);
}

/* Expected of a claim that this evidence does not have. */
static void hint_claim(const struct hint *h)
{
    struct troth_nearest near = {NULL, 0};
    const struct troth_claims *claims = &h->result->claims;
    const char *name = h->check->subject;

    if (!name || troth_claims_find(claims, troth_span_of_text(name)))
        return;
    for (size_t i = 0; i < claims->count; i++)
        troth_nearest_offer(&near, troth_span_of_text(name), claims->rows[i].name);
    if (near.word)
        (void)snprintf(h->out, h->size, "no claim '%s' here: did you mean %s?", name,
                       near.word);
    else
        (void)snprintf(h->out, h->size,
                       "no claim '%s' here: 'troth show FILE' lists those there are",
                       name);
}

static void hint_log(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size,
                       "--log-proof FILE gives the bundle that 'troth log prove' makes");
}

static void hint_flag(const struct hint *h)
{
    if (h->check->flag)
        (void)snprintf(h->out, h->size, "%s %s would accept this", h->check->flag,
                       h->check->flag_argument);
}

/* Checks that a general word does not do for. */
static void (*const special[TROTH_CHECK_COUNT])(const struct hint *) = {
    [TROTH_CHECK_MEASUREMENT] = hint_measurement,
    [TROTH_CHECK_NONCE] = hint_nonce,
    [TROTH_CHECK_VALIDITY] = hint_validity,
    [TROTH_CHECK_TIME] = hint_time,
    [TROTH_CHECK_ANCHOR] = hint_anchor,
    [TROTH_CHECK_REQUESTER] = hint_requester,
    [TROTH_CHECK_CLAIM] = hint_claim,
    [TROTH_CHECK_AGE] = hint_age,
    [TROTH_CHECK_LOG] = hint_log,
};

void troth_hint_write(char out[static TROTH_HINT_ROOM], const struct troth_result *result,
                      const struct troth_check *check, const char *get)
{
    const struct hint h = {out, TROTH_HINT_ROOM, result, check, get};

    out[0] = '\0';
    /* One that was not made and names no flag waits for another check. */
    if (check->outcome != TROTH_FAILED &&
        (check->outcome != TROTH_NOT_MADE || !check->flag))
        return;
    if (is(check->flag, "--collateral"))
        hint_collateral(&h);
    else if (is_by_document(&h) &&
             (is(check->flag, "--allow") || is(check->flag, "--any")))
        hint_document(&h);
    else if (special[check->id])
        special[check->id](&h);
    else
        hint_flag(&h);
}

static bool is_among(char (*said)[TROTH_HINT_ROOM], size_t count, const char *text)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(said[i], text) == 0)
            return true;
    return false;
}

void troth_hints_print(const struct troth_result *result, const char *get)
{
    const struct troth_verdict *verdict = &result->verdict;
    char said[HINTS_MAX][TROTH_HINT_ROOM];
    size_t count = 0;

    for (unsigned id = 0; id < TROTH_CHECK_COUNT; id++)
        for (size_t i = 0; i < verdict->count && count < HINTS_MAX; i++) {
            if (verdict->checks[i].id != id)
                continue;
            troth_hint_write(said[count], result, &verdict->checks[i], get);
            if (!said[count][0] || is_among(said, count, said[count]))
                continue;
            troth_say("hint", said[count++]);
        }
}
