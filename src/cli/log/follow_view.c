/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_view.h"

#include <errno.h>
#include <stdio.h>

#include "base/writer.h"

static int tile(void *state, struct troth_log_problem *problem, struct troth_file *out,
                const struct troth_tile *wanted)
{
    const struct troth_follow_other *other = state;
    const struct troth_log_place *place = &other->source.place;

    return place->tile(place->state, problem, out, wanted);
}

static int checkpoint(void *state, struct troth_log_problem *problem,
                      struct troth_file *out)
{
    const struct troth_follow_other *other = state;
    const struct troth_log_place *place = &other->source.place;
    struct troth_log_remote witness = other->source.remote;
    struct troth_log_place there;
    int failed = place->checkpoint(place->state, problem, out);

    if (failed != ENOENT || !other->source.is_remote)
        return failed;
    witness.prefix = other->witness;
    troth_log_place_remote(&there, &witness);
    return there.checkpoint(there.state, problem, out);
}

bool troth_follow_other_open(struct troth_follow_other *out,
                             struct troth_follow_view *out_view,
                             struct troth_problem *problem, struct troth_inputs *inputs,
                             const char *where, const char *ca_file)
{
    *out = (struct troth_follow_other){.witness = ""};
    *out_view = (struct troth_follow_view){.name = where};
    if (!troth_log_is_url(where) && !troth_log_is_folder(where))
        return troth_inputs_read(inputs, problem, &out_view->note, where, TROTH_NOTE_MAX);
    out->place = (struct troth_log_place){tile, checkpoint, out};
    out_view->place = &out->place;
    return troth_log_source_open(&out->source, problem, where, ca_file);
}

/* spec: [C2SP-WITNESS] "The origin hash is the SHA-256 hash of the log's origin, hex
 * encoded, in lowercase." */
bool troth_follow_other_name(struct troth_follow_other *other, struct troth_span origin,
                             const struct troth_crypto *crypto)
{
    uint8_t digest[TROTH_HASH_MAX];
    char hex[2 * 32 + 1] = "";
    struct troth_writer w = troth_writer_over((uint8_t *)hex, sizeof hex - 1);

    if (!other->source.is_remote)
        return true;
    if (troth_digest(crypto, digest, TROTH_SHA256, origin))
        return false;
    troth_write_hex(&w, (struct troth_span){digest, 32});
    return troth_url_join(other->witness, other->source.name, hex);
}

void troth_follow_other_close(struct troth_follow_other *other)
{
    troth_log_source_close(&other->source);
}
