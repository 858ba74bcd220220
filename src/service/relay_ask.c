/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "net/connection.h"
#include "service/relay_session.h"

static void sign(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;
    uint8_t signature[64];
    enum troth_err err = source->sign(source->state, signature, session->relay->role,
                                      session->key,
                                      troth_connection_to_sign(session->connection));

    troth_connection_signed(session->connection,
                            (struct troth_span){signature, err ? 0 : sizeof signature});
}

static void ask(struct troth_session *session)
{
    const struct troth_proof_source *source = session->relay->options.source;
    const struct troth_span peer = {(const uint8_t *)session->peer,
                                    strlen(session->peer)};

    if (!source) {
        troth_connection_prove(session->connection, NULL, TROTH_REASON_CANNOT);
        return;
    }
    session->is_asked = true;
    source->ask(source->state, &session->waiter,
                troth_connection_request(session->connection), peer);
}

static void look(struct troth_session *session)
{
    const struct troth_relay_options *options = &session->relay->options;

    session->is_looking = options->look &&
                          !options->look(options->state,
                                         troth_connection_needs(session->connection));
    if (!session->is_looking)
        troth_connection_looked(session->connection);
}

void troth_session_settle(struct troth_session *session)
{
    session->is_settling = true;
    for (;;) {
        unsigned wants;

        (void)troth_connection_step(session->connection, session->relay->options.tools,
                                    session->now_s);
        wants = troth_connection_wants(session->connection);
        if (wants & TROTH_WANT_SIGNATURE)
            sign(session);
        else if (wants & TROTH_WANT_COLLATERAL && !session->is_looking)
            look(session);
        else if (wants & TROTH_WANT_PROOF && !session->is_asked)
            ask(session);
        else
            break;
    }
    session->is_settling = false;
}
