/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/channel.h"

#include <stdalign.h>

#include "base/instant.h"
#include "base/memory.h"
#include "channel/handlers.h"

_Static_assert(sizeof(struct troth_machine) <= sizeof(struct troth_channel),
               "what is opaque has room for what is inside");
_Static_assert(alignof(struct troth_machine) <= alignof(struct troth_channel),
               "and is aligned for it");

enum { EVENT_COUNT = TROTH_EVENT_SLOW + 1 };

static struct troth_channel_action wait(struct troth_step *s)
{
    (void)s;
    return (struct troth_channel_action){.type = TROTH_ACTION_WAIT};
}

/* While it waits for something the peer has to send. Until both sides are satisfied no
 * verdict can lapse: what is judged is judged by what counts then. */
#define WAITS_FOR_A_FRAME                                                                \
    [TROTH_EVENT_FRAME] = troth_channel_take_frame, [TROTH_EVENT_TIME] = wait,           \
    [TROTH_EVENT_CHANGED] = wait, [TROTH_EVENT_SLOW] = troth_channel_slow

/* While it waits for an answer: asked again, it asks the same. */
#define ASKS(asks, answer, takes)                                                        \
    [TROTH_EVENT_TIME] = (asks), [TROTH_EVENT_CHANGED] = (asks), [answer] = (takes)
#define SLOW [TROTH_EVENT_SLOW] = troth_channel_slow

/* Every state and every event; what is not here was not asked for. */
/* clang-format off */
static troth_channel_handler *const table[TROTH_CHANNEL_STATE_COUNT][EVENT_COUNT] = {
    [TROTH_CHANNEL_NEW] = {[TROTH_EVENT_GO_ON] = troth_channel_begin, SLOW},
    [TROTH_CHANNEL_SAID] = {[TROTH_EVENT_GO_ON] = troth_channel_go_on, SLOW},
    [TROTH_CHANNEL_WANTS_HELLO] = {WAITS_FOR_A_FRAME},
    [TROTH_CHANNEL_WANTS_PROOF] = {WAITS_FOR_A_FRAME},
    [TROTH_CHANNEL_WANTS_DONE] = {WAITS_FOR_A_FRAME},
    [TROTH_CHANNEL_WANTS_OWN_EXPORTER] = {
        ASKS(troth_channel_ask_own_exporter,
             TROTH_EVENT_EXPORTER, troth_channel_take_own_exporter), SLOW},
    [TROTH_CHANNEL_WANTS_OWN_PROOF] = {
        ASKS(troth_channel_ask_own_proof,
             TROTH_EVENT_PROOF, troth_channel_take_own_proof), SLOW},
    [TROTH_CHANNEL_WANTS_OWN_SIGNATURE] = {
        ASKS(troth_channel_ask_own_signature,
             TROTH_EVENT_SIGNATURE, troth_channel_take_own_signature), SLOW},
    [TROTH_CHANNEL_WANTS_EXPORTER] = {
        ASKS(troth_channel_ask_exporter,
             TROTH_EVENT_EXPORTER, troth_channel_take_exporter), SLOW},
    [TROTH_CHANNEL_WANTS_COLLATERAL] = {
        ASKS(troth_channel_weigh,
             TROTH_EVENT_COLLATERAL, troth_channel_take_collateral), SLOW},
    [TROTH_CHANNEL_OPEN] = {
        [TROTH_EVENT_FRAME] = troth_channel_take_open_frame,
        [TROTH_EVENT_GO_ON] = troth_channel_open, [TROTH_EVENT_TIME] = troth_channel_open,
        [TROTH_EVENT_CHANGED] = troth_channel_open, [TROTH_EVENT_SLOW] = troth_channel_open},
    [TROTH_CHANNEL_WANTS_KEPT] = {
        ASKS(troth_channel_ask_kept, TROTH_EVENT_KEPT, troth_channel_take_kept),
        [TROTH_EVENT_SLOW] = troth_channel_ask_kept},
    [TROTH_CHANNEL_WANTS_NEW_COLLATERAL] = {
        ASKS(troth_channel_weigh_again,
             TROTH_EVENT_COLLATERAL, troth_channel_take_new_collateral),
        [TROTH_EVENT_SLOW] = troth_channel_weigh_again},
    [TROTH_CHANNEL_REFUSING] = {
        [TROTH_EVENT_GO_ON] = troth_channel_refused, [TROTH_EVENT_CLOSED] = troth_channel_refused,
        [TROTH_EVENT_SLOW] = troth_channel_refused},
};
/* clang-format on */

static troth_channel_handler *find(const struct troth_machine *m,
                                   const struct troth_channel_event *event)
{
    troth_channel_handler *handler = NULL;

    if (m->state == TROTH_CHANNEL_REFUSED)
        return troth_channel_refused;
    if ((unsigned)event->type < EVENT_COUNT)
        handler = table[m->state][event->type];
    if (handler)
        return handler;
    if (m->state == TROTH_CHANNEL_REFUSING)
        return troth_channel_refused;
    return event->type == TROTH_EVENT_CLOSED ? troth_channel_closed
                                             : troth_channel_confused;
}

static enum troth_err note_leaf(struct troth_leaf *out, const struct troth_crypto *crypto,
                                struct troth_span der)
{
    if (!der.len)
        return TROTH_OK;
    out->len = sizeof out->sha256;
    return troth_digest(crypto, out->sha256, TROTH_SHA256, der);
}

static bool make_sense(const struct troth_channel_terms *terms)
{
    const bool has_role = terms->role == TROTH_CLIENT || terms->role == TROTH_SERVER;

    return has_role && (unsigned)terms->asks < TROTH_LEVEL_COUNT &&
           terms->max_age_s >= 0 && (unsigned)terms->name <= TROTH_NAME_PINNED;
}

enum troth_err troth_channel_init(struct troth_channel *out,
                                  const struct troth_channel_terms *terms,
                                  const struct troth_crypto *crypto)
{
    struct troth_machine *m = (struct troth_machine *)out;
    enum troth_err err = make_sense(terms) ? TROTH_OK : TROTH_ERR_VALUE;

    memset(out, 0, sizeof *out);
    if (!err)
        err = note_leaf(&m->own_leaf, crypto, terms->own_certificate);
    if (!err)
        err = note_leaf(&m->peer_leaf, crypto, terms->peer_certificate);
    if (err) {
        memset(out, 0, sizeof *out);
        return err;
    }
    m->state = TROTH_CHANNEL_NEW;
    m->role = terms->role;
    m->asks = terms->asks;
    memcpy(m->gives, terms->gives, sizeof m->gives);
    m->name = terms->name;
    m->max_age_s = terms->max_age_s ? terms->max_age_s : TROTH_EPOCH_MAX_AGE_S;
    memcpy(m->peer, terms->peer, sizeof m->peer);
    memcpy(m->challenge, terms->challenge, sizeof m->challenge);
    return TROTH_OK;
}

/* The result that stands beside a refusal is in the arena still. */
struct troth_channel_action troth_channel_step(struct troth_channel *channel,
                                               const struct troth_channel_tools *tools,
                                               const struct troth_channel_event *event)
{
    struct troth_machine *m = (struct troth_machine *)channel;
    struct troth_step s = {m, tools, event};

    if (m->state != TROTH_CHANNEL_REFUSING)
        tools->arena->used = 0;
    return find(m, event)(&s);
}

bool troth_channel_is_open(const struct troth_channel *channel)
{
    const struct troth_machine *m = (const struct troth_machine *)channel;

    return m->state == TROTH_CHANNEL_OPEN && m->is_accepted;
}

/* The second behind the last one that the verdict holds for. */
int64_t troth_channel_due_s(const struct troth_channel *channel)
{
    const struct troth_machine *m = (const struct troth_machine *)channel;

    if (m->state != TROTH_CHANNEL_OPEN || !m->has_standing ||
        m->standing.valid_until_s == TROTH_INSTANT_NEVER)
        return TROTH_INSTANT_NEVER;
    return m->standing.valid_until_s + 1;
}
