/* SPDX-License-Identifier: Apache-2.0 */
#include "test/support/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "troth/provider.h"

/* Room for what collateral decodes to: no genuine file needs a tenth of it. */
#define DECODED_SIZE ((size_t)256 * 1024)

static void *keep_room(struct trial *t, size_t size)
{
    void *block = malloc(size ? size : 1);
    void **kept = realloc(t->kept, (t->kept_count + 1) * sizeof *kept);

    if (!block || !kept)
        abort();
    t->kept = kept;
    t->kept[t->kept_count++] = block;
    return block;
}

static void free_kept(struct trial *t)
{
    for (size_t i = 0; i < t->kept_count; i++)
        free(t->kept[i]);
    free(t->kept);
    t->kept = NULL;
    t->kept_count = 0;
}

void trial_reset(struct trial *t)
{
    const struct troth_anchors built_in = troth_anchors_built_in();

    free_kept(t);
    if (built_in.count > TRIAL_ROOTS)
        abort();
    memcpy(t->roots, built_in.rows, built_in.count * sizeof t->roots[0]);
    t->anchors = (struct troth_anchors){t->roots, built_in.count};
    t->item_count = 0;
    t->policy = NULL;
    t->nonce_made_s = TROTH_INSTANT_UNSAID;
    t->event_log = (struct troth_span){NULL, 0};
    t->log_proof = (struct troth_span){NULL, 0};
    t->wanted_event_count = 0;
    t->requirements = (struct troth_requirements){
        .expect = t->expect, .any = {t->any, 0}, .allow = {t->allow, 0}};
}

void trial_begin(struct trial *t)
{
    memset(t, 0, sizeof *t);
    if (troth_provider_create(&t->crypto))
        abort();
    t->arena.size = TROTH_VERIFY_ARENA_SIZE;
    t->arena.base = malloc(t->arena.size + TROTH_EVENT_LOG_ARENA_SIZE +
                           TROTH_LOG_PROOF_ARENA_SIZE);
    if (!t->arena.base)
        abort();
    trial_reset(t);
}

void trial_end(struct trial *t)
{
    free_kept(t);
    free(t->arena.base);
    troth_provider_destroy(&t->crypto);
}

struct troth_span trial_keep(struct trial *t, struct troth_span bytes)
{
    uint8_t *copy = keep_room(t, bytes.len);

    if (bytes.len)
        memcpy(copy, bytes.ptr, bytes.len);
    return (struct troth_span){copy, bytes.len};
}

void trial_add_root(struct trial *t, struct troth_span der)
{
    struct troth_span kept = trial_keep(t, der);

    if (t->anchors.count == TRIAL_ROOTS ||
        troth_anchor_from_certificate(&t->roots[t->anchors.count++], NULL, &t->crypto,
                                      kept))
        abort();
}

enum troth_err trial_add_collateral(struct trial *t, struct troth_span file)
{
    struct troth_arena decoded = {keep_room(t, DECODED_SIZE), DECODED_SIZE, 0};

    return troth_collateral_read(t->items, &t->item_count, &t->fault, trial_keep(t, file),
                                 &decoded);
}

static void add_name(struct troth_names *names, struct troth_span *rows,
                     struct troth_span name)
{
    if (names->count == TRIAL_NAMES)
        abort();
    rows[names->count++] = name;
}

static void add_expectation(struct trial *t, struct troth_span text)
{
    const uint8_t *mark = memchr(text.ptr, '=', text.len);

    if (!mark || t->requirements.expect_count == TRIAL_NAMES)
        abort();
    size_t at = (size_t)(mark - text.ptr);
    t->expect[t->requirements.expect_count++] = (struct troth_expectation){
        {text.ptr, at}, {mark + 1, text.len - at - 1}};
}

static void add_nonce(struct trial *t, struct troth_span hex)
{
    char text[512];

    if (hex.len >= sizeof text)
        abort();
    memcpy(text, hex.ptr, hex.len);
    text[hex.len] = 0;
    t->requirements.has_nonce = true;
    t->requirements.nonce = test_hex(text);
}

static void add_option(struct trial *t, struct troth_span option, struct troth_span value)
{
    struct troth_requirements *r = &t->requirements;

    if (option.len == 5 && memcmp(option.ptr, "--any", 5) == 0) {
        add_name(&r->any, t->any, value);
    } else if (option.len == 7 && memcmp(option.ptr, "--allow", 7) == 0) {
        add_name(&r->allow, t->allow, value);
    } else if (option.len == 8 && memcmp(option.ptr, "--expect", 8) == 0) {
        add_expectation(t, value);
    } else if (option.len == 7 && memcmp(option.ptr, "--nonce", 7) == 0) {
        add_nonce(t, value);
    } else if (option.len == 9 && memcmp(option.ptr, "--binding", 9) == 0) {
        r->has_binding = true;
        r->binding = value;
    } else {
        abort();
    }
}

static struct troth_span next_word(struct troth_span *text)
{
    const uint8_t *space = text->len ? memchr(text->ptr, ' ', text->len) : NULL;
    size_t len = space ? (size_t)(space - text->ptr) : text->len;
    struct troth_span word = {text->ptr, len};

    len += space != NULL;
    *text = (struct troth_span){text->ptr + len, text->len - len};
    return word;
}

void trial_require(struct trial *t, const char *options)
{
    struct troth_span text = trial_keep(t, test_text(options));

    while (text.len) {
        struct troth_span option = next_word(&text);

        add_option(t, option, next_word(&text));
    }
}

static void add_text(char *line, const char *before, const char *text)
{
    size_t len = strlen(line);

    (void)snprintf(line + len, TRIAL_LINE - len, "%s%s", before, text);
}

void trial_describe(char line[static TRIAL_LINE], const struct troth_verdict *verdict)
{
    enum troth_answer answer = troth_verdict_answer(verdict);
    enum troth_check_id last = TROTH_CHECK_COUNT;

    line[0] = 0;
    add_text(line, troth_answer_name(answer), answer == TROTH_ACCEPTED ? "" : ":");
    for (size_t i = 0; i < verdict->count; i++) {
        const struct troth_check *row = &verdict->checks[i];
        bool failed = row->outcome == TROTH_FAILED;

        if (row->id == last || (!failed && row->outcome != TROTH_NOT_MADE))
            continue;
        add_text(line, failed ? " " : " ?", troth_check_name(row->id));
        last = row->id;
    }
}

static void describe(struct trial *t)
{
    if (!t->err) {
        trial_describe(t->line, &t->result.verdict);
        CHECK_INT(t->result.answer, troth_verdict_answer(&t->result.verdict));
        return;
    }
    t->line[0] = 0;
    add_text(t->line, "error: ", troth_err_name(t->err));
    add_text(t->line, " ", t->fault.field ? t->fault.field : "(no field)");
}

const char *trial_judge(struct trial *t, struct troth_span evidence, int64_t at_s)
{
    struct troth_arena arena = t->arena;
    struct troth_verify_input input = {
        .evidence = evidence,
        .collateral = {t->items, t->item_count},
        .anchors = &t->anchors,
        .crypto = &t->crypto,
        .clock = {at_s == TRIAL_AT_DOCUMENT ? TROTH_CLOCK_DOCUMENT : TROTH_CLOCK_GIVEN,
                  at_s == TRIAL_AT_DOCUMENT ? 0 : at_s},
        .cache = t->cache,
        .arena = &arena,
        .requirements = &t->requirements,
        .policy = t->policy,
        .nonce_made_s = t->nonce_made_s,
        .event_log = t->event_log,
        .log_proof = t->log_proof,
        .wanted_events = t->wanted_events,
        .wanted_event_count = t->wanted_event_count,
    };

    arena.used = 0;
    arena.size += t->event_log.len ? TROTH_EVENT_LOG_ARENA_SIZE : 0;
    arena.size += t->log_proof.len ? TROTH_LOG_PROOF_ARENA_SIZE : 0;
    t->err = troth_verify(&t->result, &t->fault, &input);
    t->arena.used = arena.used;
    describe(t);
    return t->line;
}

const struct troth_check *trial_find(const struct trial *t, enum troth_check_id id,
                                     const char *subject)
{
    const struct troth_check *found = NULL;

    for (size_t i = 0; i < t->result.verdict.count; i++) {
        const struct troth_check *row = &t->result.verdict.checks[i];
        bool same = !subject || (row->subject && strcmp(row->subject, subject) == 0);

        if (row->id == id && same)
            found = row;
    }
    return found;
}

bool trial_leaves_open(const struct trial *t, const char *limit)
{
    for (size_t i = 0; i < t->result.not_proven_count; i++)
        if (strcmp(t->result.not_proven[i]->name, limit) == 0)
            return true;
    return false;
}
