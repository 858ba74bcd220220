/* SPDX-License-Identifier: Apache-2.0 */
#include "net/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

/* What is lent to the channel from one step to the next. */
struct drive {
    struct troth_connection *connection;
    const struct troth_channel_tools *tools;
    struct troth_channel_event next;
    uint8_t exporter[TROTH_EXPORTER_SIZE];
};

bool troth_drive_begin(struct troth_connection *connection,
                       const struct troth_channel_tools *tools)
{
    struct troth_channel_terms terms = {.role = connection->tls->role,
                                        .asks = connection->asks,
                                        .max_age_s = connection->max_age_s};
    const char *wrong = troth_tls_check(connection->tls, connection->session,
                                        &terms.peer_certificate, &terms.name);

    if (wrong) {
        troth_wire_close(connection, TROTH_REASON_TLS, wrong);
        return false;
    }
    terms.own_certificate = troth_tls_own_certificate(connection->tls,
                                                      connection->session);
    memcpy(terms.gives, connection->gives, sizeof terms.gives);
    memcpy(terms.peer, connection->peer, sizeof terms.peer);

    bool good =
        troth_tls_random(connection->tls, terms.challenge, sizeof terms.challenge) &&
        troth_channel_init(&connection->channel, &terms, tools->crypto) == TROTH_OK;

    OPENSSL_free((void *)terms.peer_certificate.ptr);
    if (!good)
        troth_wire_close(connection, TROTH_REASON_INTERNAL, "no channel can be made");
    connection->generation = tools->generation;
    connection->has_channel = good;
    return good;
}

/* What made the channel refuse, beside its reason: the first check that failed, or where
 * something could not be read. */
static void describe(struct troth_connection *connection,
                     const struct troth_channel_action *action)
{
    const struct troth_result *result = action->result;
    char *out = connection->detail;
    size_t size = sizeof connection->detail;

    for (size_t i = 0; result && i < result->verdict.count; i++) {
        const struct troth_check *check = &result->verdict.checks[i];

        if (check->outcome != TROTH_FAILED)
            continue;
        (void)snprintf(out, size, "%s: %s", troth_check_name(check->id),
                       check->why ? check->why : troth_check_meaning(check->id));
        return;
    }
    if (action->fault.err)
        (void)snprintf(
            out, size, "%s%s%s", action->fault.field ? action->fault.field : "",
            action->fault.field ? ": " : "", troth_err_text(action->fault.err));
}

static bool refuse(struct drive *drive, const struct troth_channel_action *action)
{
    struct troth_connection *connection = drive->connection;

    connection->peer_reason = action->peer_reason;
    connection->detail[0] = '\0';
    describe(connection, action);
    if (action->result)
        troth_connection_keep_check(connection, action->result);
    troth_wire_close(connection, action->reason, NULL);
    connection->reason = action->reason;
    return false;
}

/* A refusal stands, whether or not the peer is there to hear it. */
static bool send(struct drive *drive, const struct troth_channel_action *action)
{
    const bool is_refusal = action->bytes.ptr[0] == TROTH_FRAME_REFUSE;

    return troth_wire_send(drive->connection, action->bytes) || is_refusal;
}

static bool export(struct drive *drive, const struct troth_channel_action *action)
{
    if (!troth_tls_export(drive->connection->session, drive->exporter, action->bytes)) {
        troth_wire_close(drive->connection, TROTH_REASON_INTERNAL,
                         "TLS exports no keying material");
        return false;
    }
    drive->next.type = TROTH_EVENT_EXPORTER;
    drive->next.bytes = (struct troth_span){drive->exporter, sizeof drive->exporter};
    return true;
}

static bool keep(struct drive *drive, const struct troth_channel_action *action)
{
    struct troth_connection *connection = drive->connection;
    uint8_t *copy = action->bytes.len > 0 ? malloc(action->bytes.len) : NULL;

    /* What cannot be kept is lost, and the channel will hear of it. */
    if (copy)
        memcpy(copy, action->bytes.ptr, action->bytes.len);
    free((void *)connection->kept.ptr);
    connection->kept = (struct troth_span){copy, copy ? action->bytes.len : 0};
    return true;
}

static bool give_kept(struct drive *drive)
{
    drive->next.type = TROTH_EVENT_KEPT;
    drive->next.bytes = drive->connection->kept;
    return true;
}

/* The caller has to answer: what the channel lends for that may not last, but for a
 * request, which borrows the channel itself. */
static bool ask(struct drive *drive, const struct troth_channel_action *action)
{
    struct troth_connection *connection = drive->connection;

    connection->awaits = action->type;
    connection->is_answered = false;
    connection->request = action->request;
    connection->needs = action->needs;
    connection->to_sign_len = 0;
    if (action->type == TROTH_ACTION_NEED_SIGNATURE &&
        action->bytes.len <= sizeof connection->to_sign) {
        memcpy(connection->to_sign, action->bytes.ptr, action->bytes.len);
        connection->to_sign_len = action->bytes.len;
    }
    return false;
}

static bool wait(struct drive *drive)
{
    struct troth_connection *connection = drive->connection;

    connection->awaits = TROTH_ACTION_WAIT;
    if (connection->holds_frame && connection->arrived.len == 0)
        troth_wire_drop(connection);
    return false;
}

static bool accept(struct drive *drive, const struct troth_channel_action *action)
{
    drive->connection->phase = TROTH_CONNECTION_OPEN;
    drive->connection->standing = action->standing;
    return wait(drive);
}

/* Data stands in `incoming`, which stays until it is taken. */
static bool deliver(struct drive *drive, const struct troth_channel_action *action)
{
    drive->connection->arrived = action->bytes;
    drive->connection->is_peer_ended = action->bytes.len == 0;
    return true;
}

/* True: `next` is to be given to the channel. */
static bool perform(struct drive *drive, const struct troth_channel_action *action)
{
    drive->next.type = TROTH_EVENT_GO_ON;
    drive->next.bytes = (struct troth_span){NULL, 0};
    switch (action->type) {
    case TROTH_ACTION_WAIT:
        return wait(drive);
    case TROTH_ACTION_SEND:
        return send(drive, action);
    case TROTH_ACTION_NEED_EXPORTER:
        return export(drive, action);
    case TROTH_ACTION_NEED_PROOF:
    case TROTH_ACTION_NEED_SIGNATURE:
    case TROTH_ACTION_NEED_COLLATERAL:
        return ask(drive, action);
    case TROTH_ACTION_NEED_KEPT:
        return give_kept(drive);
    case TROTH_ACTION_KEEP:
        return keep(drive, action);
    case TROTH_ACTION_ACCEPTED:
        return accept(drive, action);
    case TROTH_ACTION_DELIVER:
        return deliver(drive, action);
    case TROTH_ACTION_REFUSED:
        return refuse(drive, action);
    }
    return false;
}

void troth_drive(struct troth_connection *connection,
                 const struct troth_channel_tools *tools,
                 const struct troth_channel_event *event)
{
    struct drive drive = {.connection = connection, .tools = tools, .next = *event};
    struct troth_channel_action action;

    connection->awaits = TROTH_ACTION_WAIT;
    do
        action = troth_channel_step(&connection->channel, tools, &drive.next);
    while (perform(&drive, &action));
}
