/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_sight.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/instant.h"
#include "base/span.h"
#include "cli/log/log_page.h"
#include "tlog/checkpoint.h"
#include "tlog/note_verify.h"

enum troth_err troth_log_sight_parse(struct troth_log_sight *out,
                                     struct troth_fault *fault, struct troth_span note)
{
    enum troth_err err;

    memset(out, 0, sizeof *out);
    err = troth_note_parse(&out->note, fault, note);
    if (!err)
        err = troth_checkpoint_parse(&out->checkpoint, fault, out->note.text);
    if (err) {
        memset(out, 0, sizeof *out);
        return err;
    }
    out->tree.size = out->checkpoint.size;
    memcpy(out->tree.root.bytes, out->checkpoint.root, TROTH_LOG_HASH_SIZE);
    return TROTH_OK;
}

/* Their lines are good already. */
static void list_witnesses(struct troth_log_sight *sight,
                           const struct troth_witnesses *trust,
                           const struct troth_crypto *crypto)
{
    for (size_t i = 0; i < trust->count; i++) {
        struct troth_note_key key = {.name = trust->rows[i].name,
                                     .type = TROTH_NOTE_COSIGNATURE};
        struct troth_note_word word;

        memcpy(key.bytes, trust->rows[i].key, sizeof key.bytes);
        if (troth_note_verify(&word, crypto, &sight->note, &key))
            continue;
        sight->seen[sight->seen_count].name = key.name;
        sight->seen[sight->seen_count++].time_s = word.time_s;
    }
}

enum troth_err troth_log_sight_verify(struct troth_log_sight *sight,
                                      struct troth_fault *fault, struct troth_span note,
                                      const struct troth_witnesses *trust,
                                      const struct troth_crypto *crypto)
{
    struct troth_checkpoint checkpoint;
    const enum troth_err err = troth_checkpoint_check(&checkpoint, fault, note, trust,
                                                      crypto);

    sight->known = trust->count;
    sight->needed = trust->needed;
    if (err)
        return err;
    sight->checkpoint = checkpoint;
    sight->is_verified = true;
    list_witnesses(sight, trust, crypto);
    return TROTH_OK;
}

bool troth_log_sight_take(struct troth_log_sight *out, struct troth_problem *problem,
                          const char *subject, struct troth_span note,
                          const struct troth_log_trust *trust,
                          const struct troth_crypto *crypto)
{
    struct troth_fault fault = {TROTH_OK, NULL, 0};

    if (troth_log_sight_parse(out, &fault, note) ||
        (trust->is_known &&
         troth_log_sight_verify(out, &fault, note, &trust->set, crypto)))
        return troth_problem_fault(problem, subject, &fault);
    return true;
}

bool troth_log_sight_refuses(const struct troth_fault *fault)
{
    const bool is_about_keys = fault->field &&
                               strncmp(fault->field, "witnesses.", 10) == 0;

    return fault->err != TROTH_ERR_CRYPTO && fault->err != TROTH_ERR_MEMORY &&
           (!is_about_keys || fault->err == TROTH_ERR_MISSING);
}

static void print_witness(struct troth_page *page, struct troth_span name, int64_t time_s)
{
    uint8_t text[32];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_rfc3339(&w, time_s);
    troth_log_page_begin(page, "");
    troth_page_text(page, TROTH_STYLE_GOOD, name);
    troth_page_say(page, TROTH_STYLE_PLAIN, " at ");
    troth_page_text(page, TROTH_STYLE_PLAIN, troth_writer_span(&w));
    troth_page_end_line(page);
}

static void print_witnesses(struct troth_page *page, const struct troth_log_sight *sight)
{
    char text[96];

    (void)snprintf(text, sizeof text, "%zu of %zu that are trusted; %zu needed",
                   sight->seen_count, sight->known, sight->needed);
    troth_log_page_text(page, "witnesses", text);
    for (size_t i = 0; i < sight->seen_count; i++)
        print_witness(page, sight->seen[i].name, sight->seen[i].time_s);
}

/* Names on lines that nobody verified. */
static void print_signers(struct troth_page *page, const struct troth_log_sight *sight)
{
    troth_log_page_begin(page, "signed by");
    for (size_t i = 0; i < sight->note.count; i++) {
        if (i > 0)
            troth_page_say(page, TROTH_STYLE_PLAIN, ", ");
        troth_page_text(page, TROTH_STYLE_OPEN, sight->note.rows[i].name);
    }
    troth_page_say(page, TROTH_STYLE_OPEN, " (unverified)");
    troth_page_end_line(page);
}

void troth_log_sight_print(struct troth_page *page, const struct troth_log_sight *sight)
{
    char text[64];

    troth_log_page_span(page, "log", sight->checkpoint.origin);
    (void)snprintf(text, sizeof text, "%" PRIu64 "%s", sight->checkpoint.size,
                   sight->checkpoint.size == 1 ? " entry" : " entries");
    troth_log_page_text(page, "size", text);
    troth_log_page_hex(page, "root",
                       (struct troth_span)TROTH_ARRAY_SPAN(sight->checkpoint.root));
    if (!sight->is_verified)
        print_signers(page, sight);
    else if (sight->known > 0)
        print_witnesses(page, sight);
    else
        troth_log_page_text(page, "witnesses", "none are trusted: the log's word alone");
}

static void json_time(struct troth_json_writer *w, const char *key, int64_t time_s)
{
    uint8_t text[32];
    struct troth_writer out = troth_writer_over(text, sizeof text);

    troth_json_write_key(w, key);
    if (time_s <= 0) {
        troth_json_write_null(w);
        return;
    }
    troth_write_rfc3339(&out, time_s);
    troth_json_write_string(w, troth_writer_span(&out));
}

void troth_log_sight_json(struct troth_json_writer *w,
                          const struct troth_log_sight *sight)
{
    troth_json_write_key(w, "verified");
    troth_json_write_bool(w, sight->is_verified);
    troth_json_write_key(w, "origin");
    troth_json_write_string(w, sight->checkpoint.origin);
    troth_json_write_key(w, "size");
    troth_json_write_uint(w, sight->checkpoint.size);
    troth_json_write_key(w, "root");
    troth_json_write_hex(w, (struct troth_span)TROTH_ARRAY_SPAN(sight->checkpoint.root));
    troth_json_write_key(w, "witnesses_needed");
    troth_json_write_uint(w, sight->needed);
    json_time(w, "witnessed", sight->checkpoint.witnessed_s);
    troth_json_write_key(w, "witnesses");
    troth_json_begin_array(w);
    for (size_t i = 0; i < sight->seen_count; i++) {
        troth_json_begin_object(w);
        troth_json_write_key(w, "name");
        troth_json_write_string(w, sight->seen[i].name);
        json_time(w, "time", sight->seen[i].time_s);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}
