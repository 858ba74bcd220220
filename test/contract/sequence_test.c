/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "test/contract/sequence_kind.h"
#include "test/harness.h"

/* What every order of entries does, wherever it is kept. */

static struct troth_log_problem problem;

static struct troth_sequence *must_open(const struct test_sequence_kind *kind,
                                        bool create)
{
    struct troth_sequence *sequence = NULL;

    problem = (struct troth_log_problem){0};
    if (!CHECK_INT(kind->open(&sequence, &problem, create), 0))
        printf("# %s\n", problem.text);
    return sequence;
}

static struct troth_span entry_of(char text[static 32], uint64_t index)
{
    (void)snprintf(text, 32, "entry %llu", (unsigned long long)index);
    return test_text(text);
}

/* Entries of their own number, from the next on. */
static int append_some(struct troth_sequence *sequence, uint64_t first, size_t count,
                       uint64_t *out_first)
{
    static char texts[600][32];
    static struct troth_log_item items[600];

    for (size_t i = 0; i < count; i++)
        items[i] = (struct troth_log_item){entry_of(texts[i], first + i), {NULL, 0}};
    return sequence->ops->append(sequence, &problem, out_first, items, count);
}

struct seen {
    uint64_t first, count, stop_at;
    bool is_wrong;
};

static int see(void *state, uint64_t index, struct troth_span entry)
{
    struct seen *seen = state;
    char text[32];
    const struct troth_span wanted = entry_of(text, index);

    if (index != seen->first + seen->count || entry.len != wanted.len ||
        memcmp(entry.ptr, wanted.ptr, wanted.len) != 0)
        seen->is_wrong = true;
    seen->count++;
    return index == seen->stop_at ? ECANCELED : 0;
}

static int read_some(struct troth_sequence *sequence, struct seen *seen, uint64_t first,
                     uint64_t most)
{
    *seen = (struct seen){first, 0, UINT64_MAX, false};
    return sequence->ops->read(sequence, &problem, first, most, see, seen);
}

static uint64_t next_of(struct troth_sequence *sequence)
{
    struct troth_sequence_state state;

    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    return state.next;
}

static void order(const struct test_sequence_kind *kind)
{
    struct troth_sequence *sequence = must_open(kind, true);
    uint64_t first = 99;
    struct seen seen;

    if (!sequence)
        return;
    CHECK_INT(next_of(sequence), 0);
    CHECK_INT(append_some(sequence, 0, 1, &first), 0);
    CHECK_INT(first, 0);
    CHECK_INT(append_some(sequence, 1, 599, &first), 0);
    CHECK_INT(first, 1);
    CHECK_INT(append_some(sequence, 600, 2, &first), 0);
    CHECK_INT(first, 600);
    CHECK_INT(next_of(sequence), 602);

    static const struct {
        uint64_t first, most, wanted;
    } rows[] = {{0, UINT64_MAX, 602}, {0, 1, 1},   {255, 2, 2}, {600, 100, 2},
                {601, 1, 1},          {602, 5, 0}, {5, 0, 0},   {9000, 5, 0}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        CHECK_INT(read_some(sequence, &seen, rows[i].first, rows[i].most), 0);
        CHECK_INT(seen.count, rows[i].wanted);
        CHECK(!seen.is_wrong);
    }
    seen = (struct seen){0, 0, 3, false};
    CHECK_INT(sequence->ops->read(sequence, &problem, 0, 100, see, &seen), ECANCELED);
    CHECK_INT(seen.count, 4);
    CHECK_INT(read_some(sequence, &seen, 0, 602), 0);
    CHECK_INT(seen.count, 602);
    sequence->ops->close(sequence);
}

static void kept(const struct test_sequence_kind *kind)
{
    struct troth_sequence *sequence = must_open(kind, true);
    struct troth_sequence_state state;
    uint64_t first;
    struct seen seen;

    if (!sequence)
        return;
    CHECK_INT(append_some(sequence, 0, 300, &first), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sequence->ops->sign(sequence, &problem, 300, TROTH_LITERAL("a note\n")), 0);
    sequence->ops->close(sequence);
    sequence = must_open(kind, false);
    if (!sequence)
        return;
    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    CHECK_INT(state.next, 300);
    CHECK_INT(state.signed_at, 300);
    CHECK_SPAN(((struct troth_span){state.checkpoint, state.checkpoint_len}),
               TROTH_LITERAL("a note\n"));
    CHECK_INT(read_some(sequence, &seen, 0, 1000), 0);
    CHECK_INT(seen.count, 300);
    CHECK(!seen.is_wrong);
    CHECK_INT(append_some(sequence, 300, 1, &first), 0);
    CHECK_INT(first, 300);
    sequence->ops->close(sequence);
}

/* Nothing of what is refused is in it. */
static void all_or_none(const struct test_sequence_kind *kind)
{
    static uint8_t large[TROTH_LOG_ENTRY_MAX + 1];
    static uint8_t sealed[TROTH_SEALED_MAX + 1];
    struct troth_sequence *sequence = must_open(kind, true);
    struct troth_log_item items[3] = {{TROTH_LITERAL("entry 0"), {NULL, 0}},
                                      {TROTH_LITERAL("entry 1"), {NULL, 0}},
                                      {TROTH_ARRAY_SPAN(large), {NULL, 0}}};
    uint64_t first = 7;
    struct seen seen;

    if (!sequence)
        return;
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, 3), EFBIG);
    CHECK_INT(problem.failed, EFBIG);
    CHECK(problem.text[0] != '\0');
    CHECK_INT(first, 0);
    CHECK_INT(next_of(sequence), 0);
    items[2] = (struct troth_log_item){TROTH_LITERAL("x"), TROTH_ARRAY_SPAN(sealed)};
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, 3), EFBIG);
    CHECK_INT(next_of(sequence), 0);
    CHECK_INT(append_some(sequence, 0, 2, &first), 0);
    CHECK_INT(first, 0);
    CHECK_INT(read_some(sequence, &seen, 0, 10), 0);
    CHECK_INT(seen.count, 2);
    CHECK(!seen.is_wrong);
    sequence->ops->close(sequence);
}

static int compare(void *state, uint64_t index, struct troth_span entry)
{
    const struct troth_span *wanted = state;

    CHECK_SPAN(entry, wanted[index]);
    return 0;
}

static void any_bytes(const struct test_sequence_kind *kind)
{
    static uint8_t large[TROTH_LOG_ENTRY_MAX], sealed[TROTH_SEALED_MAX];
    static const uint8_t odd[] = {0, 0xff, '\'', '\\', 0, 0x80, '\n'};
    struct troth_sequence *sequence = must_open(kind, true);
    const struct troth_span wanted[] = {
        {NULL, 0}, TROTH_ARRAY_SPAN(odd), TROTH_ARRAY_SPAN(large)};
    const struct troth_log_item items[] = {{wanted[0], {NULL, 0}},
                                           {wanted[1], TROTH_LITERAL("sealed\0too")},
                                           {wanted[2], TROTH_ARRAY_SPAN(sealed)}};
    struct troth_file file;
    uint64_t first;

    if (!sequence)
        return;
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 7);
    for (size_t i = 0; i < sizeof sealed; i++)
        sealed[i] = (uint8_t)(i * 11);
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, items, 3), 0);
    CHECK_INT(sequence->ops->read(sequence, &problem, 0, 3, compare, (void *)wanted), 0);
    CHECK_INT(sequence->ops->sealed(sequence, &problem, 0, &file), ENOENT);
    CHECK(!file.bytes);
    CHECK_INT(sequence->ops->sealed(sequence, &problem, 3, &file), ENOENT);
    for (uint64_t i = 1; i < 3; i++) {
        CHECK_INT(sequence->ops->sealed(sequence, &problem, i, &file), 0);
        CHECK_SPAN(((struct troth_span){file.bytes, file.len}), items[i].sealed);
        troth_file_release(&file);
    }
    sequence->ops->close(sequence);
}

static void signing(const struct test_sequence_kind *kind)
{
    struct troth_sequence *sequence = must_open(kind, true);
    struct troth_sequence_state state;
    uint64_t first;

    if (!sequence)
        return;
    CHECK_INT(append_some(sequence, 0, 20, &first), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sequence->ops->lead(sequence, &problem), 0);
    CHECK_INT(sequence->ops->sign(sequence, &problem, 10, TROTH_LITERAL("ten\n")), 0);
    CHECK_INT(sequence->ops->sign(sequence, &problem, 10, TROTH_LITERAL("ten\n")), 0);
    CHECK_INT(sequence->ops->sign(sequence, &problem, 9, TROTH_LITERAL("nine\n")),
              EBADMSG);
    CHECK_INT(problem.failed, EBADMSG);
    CHECK(problem.text[0] != '\0');
    CHECK_INT(sequence->ops->sign(sequence, &problem, 21, TROTH_LITERAL("more\n")),
              EBADMSG);
    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    CHECK_INT(state.next, 20);
    CHECK_INT(state.signed_at, 10);
    CHECK_SPAN(((struct troth_span){state.checkpoint, state.checkpoint_len}),
               TROTH_LITERAL("ten\n"));
    CHECK_INT(sequence->ops->sign(sequence, &problem, 20, TROTH_LITERAL("twenty\n")), 0);
    CHECK_INT(sequence->ops->state(sequence, &problem, &state), 0);
    CHECK_INT(state.signed_at, 20);
    sequence->ops->close(sequence);
}

static void forgetting(const struct test_sequence_kind *kind)
{
    struct troth_sequence *sequence = must_open(kind, true);
    struct troth_log_item item = {TROTH_LITERAL("entry 0"), TROTH_LITERAL("sealed")};
    struct troth_file file;
    uint64_t first;
    struct seen seen;

    if (!sequence)
        return;
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
    for (uint64_t i = 1; i < 2999; i += 500)
        CHECK_INT(append_some(sequence, i, 500, &first), 0);
    CHECK_INT(sequence->ops->forget(sequence, &problem, 2560), 0);
    CHECK_INT(read_some(sequence, &seen, 2560, 10000), 0);
    CHECK_INT(seen.count, 441);
    CHECK(!seen.is_wrong);
    CHECK_INT(read_some(sequence, &seen, 0, 10), kind->forgets ? EBADMSG : 0);
    CHECK_INT(read_some(sequence, &seen, 2559, 10), kind->forgets ? EBADMSG : 0);
    CHECK_INT(sequence->ops->sealed(sequence, &problem, 0, &file), 0);
    troth_file_release(&file);
    CHECK_INT(sequence->ops->forget(sequence, &problem, 3001), 0);
    CHECK_INT(sequence->ops->forget(sequence, &problem, 100), 0);
    sequence->ops->close(sequence);
    sequence = must_open(kind, false);
    if (!sequence)
        return;
    CHECK_INT(next_of(sequence), 3001);
    CHECK_INT(append_some(sequence, 3001, 1, &first), 0);
    CHECK_INT(first, 3001);
    sequence->ops->close(sequence);
}

struct appending {
    struct troth_sequence *sequence;
    int failed;
};

static void *append_many(void *state)
{
    struct appending *a = state;
    struct troth_log_problem mine;
    char text[32];

    for (uint64_t i = 0; i < 100 && !a->failed; i++) {
        const struct troth_log_item item = {entry_of(text, i), {NULL, 0}};
        uint64_t first;

        a->failed = a->sequence->ops->append(a->sequence, &mine, &first, &item, 1);
        if (!a->failed && first != i)
            a->failed = ERANGE;
    }
    return NULL;
}

/* One thread appends, another does all the rest. */
static void two_threads(const struct test_sequence_kind *kind)
{
    struct appending a = {must_open(kind, true), 0};
    struct seen seen;
    uint64_t next = 0, signed_at = 0;
    pthread_t thread;

    if (!a.sequence)
        return;
    CHECK_INT(a.sequence->ops->lead(a.sequence, &problem), 0);
    CHECK_INT(pthread_create(&thread, NULL, append_many, &a), 0);
    while (next < 100 && !a.failed) {
        const uint64_t from = signed_at;

        next = next_of(a.sequence);
        CHECK_INT(read_some(a.sequence, &seen, from, next - from), 0);
        CHECK_INT(seen.count, next - from);
        CHECK(!seen.is_wrong);
        CHECK_INT(a.sequence->ops->sign(a.sequence, &problem, next, TROTH_LITERAL("n\n")),
                  0);
        CHECK_INT(a.sequence->ops->forget(a.sequence, &problem, next), 0);
        signed_at = next;
    }
    (void)pthread_join(thread, NULL);
    CHECK_INT(a.failed, 0);
    a.sequence->ops->close(a.sequence);
}

static void nothing_there(const struct test_sequence_kind *kind)
{
    struct troth_sequence *sequence = NULL;

    problem = (struct troth_log_problem){0};
    CHECK(kind->open(&sequence, &problem, false) != 0);
    CHECK(!sequence);
    CHECK(problem.failed != 0 && problem.text[0] != '\0');
}

int main(void)
{
    static const struct test_sequence_kind *const kinds[] = {&test_sequence_sqlite,
                                                             &test_sequence_postgres};
    static const struct {
        const char *why;
        void (*run)(const struct test_sequence_kind *kind);
    } cases[] = {
        {"entries stand in the order in which they came", order},
        {"what was there is there when it is opened again", kept},
        {"all items or none", all_or_none},
        {"any bytes up to the limits, and sealed ones beside them", any_bytes},
        {"what is signed only grows, and never beyond the order", signing},
        {"what was forgotten leaves its numbers taken", forgetting},
        {"one thread appends while another reads and signs", two_threads},
        {"what is not there is not made unless asked", nothing_there},
    };

    for (size_t k = 0; k < COUNT(kinds); k++) {
        for (size_t i = 0; i < COUNT(cases); i++) {
            const char *why_not = kinds[k]->fresh();

            test_case("%s: %s", kinds[k]->name, cases[i].why);
            if (why_not)
                test_skip("%s", why_not);
            else
                cases[i].run(kinds[k]);
        }
        kinds[k]->finish();
    }
    return test_finish();
}
