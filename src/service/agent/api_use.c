/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <sys/random.h>

#include "base/wipe.h"
#include "service/agent/api.h"
#include "service/agent/pending.h"
#include "service/agent/reply.h"

enum { RANDOM_MAX = 1024, SIGNATURE = 64 };

/* ---- random bytes ---- */

/* The system's and the device's, mixed: knowing one of them is knowing nothing. */
static bool mix(uint8_t *out, size_t len, const struct troth_pending *pending,
                bool has_device)
{
    const struct troth_crypto *crypto = pending->agent->options.crypto;
    const struct troth_span salt = {pending->job.random,
                                    has_device ? sizeof pending->job.random : 0};
    uint8_t own[TROTH_WORK_RANDOM_LEN];
    bool is_mixed = getrandom(own, sizeof own, 0) == (ssize_t)sizeof own;

    is_mixed = is_mixed &&
               crypto->ops->hkdf(crypto->state, out, len, TROTH_SHA512,
                                 (struct troth_span){own, sizeof own}, salt,
                                 TROTH_LITERAL("troth/random/v1")) == TROTH_OK;
    troth_wipe(own, sizeof own);
    return is_mixed;
}

static void write_random(struct troth_pending *pending, bool has_device)
{
    struct troth_reply reply;
    uint8_t bytes[RANDOM_MAX];

    if (!mix(bytes, pending->random_len, pending, has_device)) {
        troth_reply_error(pending->agent, pending->caller, TROTH_AGENT_INTERNAL, NULL);
        return;
    }
    troth_reply_begin(&reply, pending->agent);
    troth_json_write_key(&reply.json, "random");
    troth_json_write_hex(&reply.json, (struct troth_span){bytes, pending->random_len});
    troth_json_write_key(&reply.json, "sources");
    troth_json_begin_array(&reply.json);
    troth_json_write_text(&reply.json, "system");
    if (has_device)
        troth_json_write_text(&reply.json, "device");
    troth_json_end_array(&reply.json);
    troth_reply_send(&reply, pending->caller);
    troth_wipe(bytes, sizeof bytes);
    troth_wipe(pending->agent->page, reply.bytes.len);
}

static void finish_random(struct troth_pending *pending)
{
    const bool has_device = pending->job.is_done;

    if (!pending->caller)
        return;
    if (!has_device && pending->job.fault.error != ENOTSUP)
        troth_reply_device(pending->agent, pending->caller, &pending->job.fault);
    else
        write_random(pending, has_device);
}

void troth_api_random(struct troth_question *question)
{
    struct troth_pending *pending = troth_pending_create(
        question->agent, question->caller, TROTH_JOB_RANDOM);

    if (!pending)
        return;
    pending->random_len = (size_t)question->values[0].number;
    if (!troth_pending_give(pending, finish_random))
        troth_pending_release(pending);
}

/* ---- signatures ---- */

void troth_api_sign(struct troth_question *question)
{
    const struct troth_signer *key = &question->agent->key;
    uint8_t signature[TROTH_SIGNATURE_MAX];
    struct troth_reply reply;
    size_t len = 0;

    if (key->sign(key->state, signature, &len, question->values[0].bytes) ||
        len != SIGNATURE) {
        troth_reply_error(question->agent, question->caller, TROTH_AGENT_INTERNAL, NULL);
        return;
    }
    troth_reply_begin(&reply, question->agent);
    troth_reply_base64(&reply, "signature", (struct troth_span){signature, len});
    troth_reply_key(&reply);
    troth_reply_send(&reply, question->caller);
}
