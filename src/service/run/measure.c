/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/measure.h"

#include <stdlib.h>

#include "base/span.h"
#include "base/writer.h"

enum { LP = 8 };

static enum troth_err digest_words(uint8_t out[static 32],
                                   const struct troth_crypto *crypto,
                                   const char *const *words)
{
    struct troth_writer w;
    size_t room = 0;
    uint8_t *text;
    enum troth_err err;

    for (const char *const *word = words; *word; word++)
        room += LP + troth_span_of_text(*word).len;
    text = malloc(room + 1);
    if (!text)
        return TROTH_ERR_MEMORY;
    w = troth_writer_over(text, room);
    for (const char *const *word = words; *word; word++)
        troth_write_lp(&w, troth_span_of_text(*word));
    err = troth_digest(crypto, out, TROTH_SHA256, troth_writer_span(&w));
    free(text);
    return err;
}

static enum troth_err replay(struct troth_run_measure *out,
                             const struct troth_crypto *crypto)
{
    const struct troth_event events[] = {
        {TROTH_LITERAL(TROTH_RUN_EVENT_FILE), TROTH_ARRAY_SPAN(out->run_file)},
        {TROTH_LITERAL(TROTH_RUN_EVENT_PROGRAM), TROTH_ARRAY_SPAN(out->program)},
        {TROTH_LITERAL(TROTH_EVENT_BOUNDARY), {NULL, 0}},
    };
    const struct troth_event_log log = {.events = events,
                                        .count = sizeof events / sizeof *events};

    return troth_event_log_replay(out->value, crypto, &log);
}

enum troth_err troth_run_measure(struct troth_run_measure *out,
                                 const struct troth_crypto *crypto,
                                 struct troth_span run_file, const char *const *program)
{
    enum troth_err err;

    *out = (struct troth_run_measure){.value = {0}};
    err = troth_digest(crypto, out->run_file, TROTH_SHA256, run_file);
    if (!err)
        err = digest_words(out->program, crypto, program);
    if (!err)
        err = replay(out, crypto);
    if (err)
        *out = (struct troth_run_measure){.value = {0}};
    return err;
}
