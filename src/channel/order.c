/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/handlers.h"

/* What a stage depends on: who asks whom for proof. */
enum when { ALWAYS = 0, WE_ASK, WE_DO_NOT, THEY_ASK, THEY_DO_NOT };

struct stage {
    enum when when;
    enum troth_channel_state wants; /* of the peer; 0: it is this side's turn */
    troth_channel_handler *begins;
};

#define TAKE(what) TROTH_CHANNEL_WANTS_##what, NULL
#define GIVE(what) TROTH_CHANNEL_REFUSED, troth_channel_give_##what

/* The whole order of the handshake. A server shows its proof first, and nobody says DONE
 * before it is satisfied. */
/* clang-format off */
static const struct stage client_stages[] = {
    {ALWAYS,      GIVE(hello)},
    {ALWAYS,      TAKE(HELLO)},
    {WE_ASK,      TAKE(PROOF)},
    {THEY_DO_NOT, TAKE(DONE)},
    {THEY_ASK,    GIVE(proof)},
    {ALWAYS,      GIVE(done)},
    {THEY_ASK,    TAKE(DONE)},
    {ALWAYS,      TROTH_CHANNEL_REFUSED, troth_channel_open},
};
static const struct stage server_stages[] = {
    {ALWAYS,      TAKE(HELLO)},
    {ALWAYS,      GIVE(hello)},
    {THEY_ASK,    GIVE(proof)},
    {WE_DO_NOT,   GIVE(done)},
    {WE_ASK,      TAKE(PROOF)},
    {ALWAYS,      TAKE(DONE)},
    {WE_ASK,      GIVE(done)},
    {ALWAYS,      TROTH_CHANNEL_REFUSED, troth_channel_open},
};
/* clang-format on */

static bool is_due(const struct troth_machine *m, enum when when)
{
    switch (when) {
    case ALWAYS:
        return true;
    case WE_ASK:
        return m->asks != TROTH_LEVEL_NONE;
    case WE_DO_NOT:
        return m->asks == TROTH_LEVEL_NONE;
    case THEY_ASK:
        return m->peer_asks != TROTH_LEVEL_NONE;
    case THEY_DO_NOT:
        return m->peer_asks == TROTH_LEVEL_NONE;
    }
    return false;
}

/* The last stage is always due, and nothing goes on from there. */
struct troth_channel_action troth_channel_go_on(struct troth_step *s)
{
    struct troth_machine *m = s->m;
    const struct stage *stages = m->role == TROTH_CLIENT ? client_stages : server_stages;

    while (!is_due(m, stages[m->stage].when))
        m->stage++;

    const struct stage *stage = &stages[m->stage++];
    return stage->begins ? stage->begins(s)
                         : troth_channel_say(s, stage->wants, TROTH_ACTION_WAIT);
}
