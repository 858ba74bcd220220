/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/span.h"
#include "service/agent/api.h"
#include "service/agent/pending.h"
#include "service/agent/reply.h"
#include "troth/binding.h"

/* What an application's key is for, in the binding of evidence over it. */
#define PURPOSE TROTH_LITERAL("application")

static void finish(struct troth_pending *pending)
{
    const struct troth_quote *quote = &pending->job.quote;
    struct troth_reply reply;

    if (!pending->caller)
        return;
    if (!pending->job.is_done) {
        troth_reply_device(pending->agent, pending->caller, &pending->job.fault);
        return;
    }
    troth_reply_begin(&reply, pending->agent);
    troth_json_write_key(&reply.json, "kind");
    troth_json_write_text(&reply.json, pending->agent->kind);
    troth_reply_base64(&reply, "evidence", quote->evidence);
    if (quote->collateral.len)
        troth_reply_base64(&reply, "collateral", quote->collateral);
    troth_json_write_key(&reply.json, "binding");
    troth_json_write_text(&reply.json, pending->binding);
    if (pending->is_for_key)
        troth_reply_key(&reply);
    troth_reply_send(&reply, pending->caller);
}

/* "app:nonce=…,user_data=…" */
static void write_app_binding(struct troth_writer *w, const struct troth_span *fields)
{
    troth_write_text(w, "app:nonce=");
    troth_write_hex(w, fields[0]);
    troth_write_text(w, ",user_data=");
    troth_write_hex(w, fields[1]);
}

/* "key:key=…,purpose=application,nonce=…" */
static void write_key_binding(struct troth_writer *w, const struct troth_span *fields)
{
    troth_write_text(w, "key:key=");
    troth_write_hex(w, fields[0]);
    troth_write_text(w, ",purpose=");
    troth_write_bytes(w, fields[1]);
    troth_write_text(w, ",nonce=");
    troth_write_hex(w, fields[2]);
}

/*
 * What evidence says is always a hash of ours, in a domain of ours: nothing that is asked
 * for here can make it the hash that a channel, or a channel's key, is bound by.
 */
static enum troth_err bind_to(struct troth_pending *pending,
                              const struct troth_member_value *values)
{
    const struct troth_agent *agent = pending->agent;
    const struct troth_span nonce = values[TROTH_ASKED_NONCE].bytes;
    const struct troth_span app[] = {nonce, values[TROTH_ASKED_USER_DATA].bytes};
    const struct troth_span key[] = {{agent->spki, sizeof agent->spki}, PURPOSE, nonce};
    struct troth_writer w = troth_writer_over((uint8_t *)pending->binding,
                                              sizeof pending->binding - 1);
    enum troth_err err;

    if (pending->is_for_key)
        write_key_binding(&w, key);
    else
        write_app_binding(&w, app);
    err = w.full ? TROTH_ERR_LIMIT : TROTH_OK;
    if (!err)
        err = troth_binding_compute(pending->job.bytes, NULL, agent->options.crypto,
                                    pending->is_for_key ? TROTH_BINDING_KEY
                                                        : TROTH_BINDING_APP,
                                    pending->is_for_key ? key : app);
    return err;
}

void troth_api_evidence(struct troth_question *question)
{
    const struct troth_member_value *values = question->values;
    const struct troth_fault both = {TROTH_ERR_VALUE, "user_data", 0};
    struct troth_pending *pending;

    if (values[TROTH_ASKED_KEY].flag && values[TROTH_ASKED_USER_DATA].is_given) {
        troth_reply_body_fault(question->agent, question->caller, &both);
        return;
    }
    pending = troth_pending_create(question->agent, question->caller, TROTH_JOB_QUOTE);
    if (!pending)
        return;
    pending->is_for_key = values[TROTH_ASKED_KEY].flag;
    if (bind_to(pending, values)) {
        troth_reply_error(question->agent, question->caller, TROTH_AGENT_INTERNAL, NULL);
        troth_pending_release(pending);
    } else if (!troth_pending_give(pending, finish)) {
        troth_pending_release(pending);
    }
}
