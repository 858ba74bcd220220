/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_trust.h"

#include <string.h>

#include "base/span.h"
#include "tlog/key.h"

/* troth_witnesses_from_json()'s. */
#define MEMORY(len) ((len) + (size_t)2048)

static bool read_log(struct troth_log_trust *trust, struct troth_problem *problem,
                     const struct troth_crypto *crypto)
{
    struct troth_note_key key;
    struct troth_fault fault = {
        troth_note_key_parse(&key, troth_span_of_text(trust->log), crypto),
        "witnesses.log", 0};

    if (!fault.err && key.type != TROTH_NOTE_ED25519)
        fault.err = TROTH_ERR_ALGORITHM;
    if (fault.err) {
        (void)troth_problem_fault(problem, "--log", &fault);
        troth_problem_hint(problem, "'troth log init' prints it: NAME+HASH+BASE64");
        return false;
    }
    memcpy(trust->set.log_key, key.bytes, sizeof key.bytes);
    trust->set.log_name = key.name;
    trust->set.origin = key.name;
    trust->is_known = true;
    return true;
}

static bool read_witnesses(struct troth_log_trust *trust, struct troth_problem *problem,
                           struct troth_inputs *inputs, const struct troth_crypto *crypto)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    struct troth_arena arena = {NULL, 0, 0};
    struct troth_span text;

    if (!troth_inputs_read(inputs, problem, &text, trust->witnesses, TROTH_INPUT_MAX))
        return false;
    arena.size = MEMORY(text.len);
    arena.base = troth_inputs_allocate(inputs, problem, arena.size);
    if (!arena.base)
        return false;
    fault.err = troth_witnesses_from_json(&trust->set, &fault, text, crypto, &arena);
    trust->is_known = !fault.err;
    return !fault.err ||
           troth_problem_fault(problem, troth_inputs_name(trust->witnesses), &fault);
}

bool troth_log_trust_read(struct troth_log_trust *trust, struct troth_problem *problem,
                          struct troth_inputs *inputs, const struct troth_crypto *crypto)
{
    if (trust->log && trust->witnesses)
        return troth_problem_usage(problem,
                                   "--witnesses names the log's key, too: --log is one "
                                   "too many");
    if (trust->log)
        return read_log(trust, problem, crypto);
    return !trust->witnesses || read_witnesses(trust, problem, inputs, crypto);
}

void troth_log_trust_home(struct troth_log_trust *trust,
                          const struct troth_log_home *home)
{
    troth_log_config_witnesses(&trust->set, trust->rows, &home->config);
    trust->is_known = true;
}

bool troth_log_trust_missing(struct troth_problem *problem)
{
    (void)troth_problem_usage(problem, "whose log? --log or --witnesses is missing");
    troth_problem_hint(problem, "--log VKEY takes the log's word alone; --witnesses FILE "
                                "wants others to have seen it, too");
    return false;
}
