/* SPDX-License-Identifier: Apache-2.0 */
#include "log/publish.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/span.h"
#include "test/harness.h"
#include "test/unit/log/log_folder.h"
#include "tlog/note_write.h"
#include "troth/provider.h"

/* Witnesses that are asked: so many of them answer, or one of them objects. */
static struct {
    struct troth_signer signers[2];
    char keys[2][256];
    size_t answering;
    unsigned others; /* so often another process is faster, and they object to this one */
    int failed;
    unsigned asked;
    uint64_t size;
} witnesses;

/* An order in which another process signs, too; as this one sees it for a moment. */
static struct troth_sequence_ops shared_ops;
static const struct troth_sequence_ops *own_ops;
static uint64_t signed_by_others;

static int look(struct troth_sequence *sequence, struct troth_log_problem *problem,
                struct troth_sequence_state *out)
{
    const int failed = own_ops->state(sequence, problem, out);

    out->signed_at += signed_by_others;
    signed_by_others = 0;
    return failed;
}

/* An order that was restored from a copy while it was in use: so many were lost. */
static uint64_t lost, lost_signed;

static int look_back(struct troth_sequence *sequence, struct troth_log_problem *problem,
                     struct troth_sequence_state *out)
{
    const int failed = own_ops->state(sequence, problem, out);

    out->next -= lost;
    out->signed_at -= lost_signed;
    return failed;
}

static const char *const names[] = {"witness.example/one", "witness.example/two"};

static void make_witnesses(void)
{
    uint8_t pem[TROTH_SIGNER_PEM_ROOM];
    size_t pem_len;

    for (size_t i = 0; i < COUNT(names); i++) {
        struct troth_note_key key = {test_text(names[i]), TROTH_NOTE_COSIGNATURE, {0}};
        struct troth_writer w = troth_writer_over((uint8_t *)witnesses.keys[i],
                                                  sizeof witnesses.keys[i] - 1);

        CHECK_ERR(troth_signer_generate_ed25519(&witnesses.signers[i], pem, &pem_len),
                  TROTH_OK);
        memcpy(key.bytes, witnesses.signers[i].key.point.ptr, sizeof key.bytes);
        CHECK_ERR(troth_note_key_write(&w, test_log_crypto(), &key), TROTH_OK);
    }
}

static int ask(void *state, struct troth_log_problem *problem, struct troth_writer *w,
               size_t *count, const struct troth_log_tree *tree, struct troth_span note)
{
    struct troth_span rest = note;
    size_t text_len = 0;

    (void)state;
    witnesses.asked++;
    witnesses.size = tree->size;
    *count = 0;
    if (witnesses.others > 0) {
        witnesses.others--;
        signed_by_others = 1;
        return EBADMSG;
    }
    if (witnesses.failed) {
        problem->failed = witnesses.failed;
        (void)snprintf(problem->text, sizeof problem->text, "a witness objects");
        return witnesses.failed;
    }
    for (struct troth_span line = troth_span_next_item(&rest, '\n'); line.len > 0;
         line = troth_span_next_item(&rest, '\n'))
        text_len += line.len + 1;
    for (size_t i = 0; i < witnesses.answering; i++) {
        const struct troth_note_signer by = {test_text(names[i]), &witnesses.signers[i]};

        if (troth_note_cosign(w, test_log_crypto(), &by,
                              (struct troth_span){note.ptr, text_len},
                              1700000000) == TROTH_OK)
            ++*count;
    }
    return 0;
}

static void fresh(size_t needed)
{
    struct troth_log_config *config;

    (void)test_log_fresh();
    witnesses.answering = 0;
    witnesses.failed = 0;
    witnesses.asked = 0;
    config = test_log_config();
    config->needed = needed;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct troth_log_witness *witness = &config->witnesses[config->witness_count++];

        witness->verifier_key = witnesses.keys[i];
        witness->url = "https://witness.example/";
        witness->key.name = test_text(names[i]);
        memcpy(witness->key.key, witnesses.signers[i].key.point.ptr,
               sizeof witness->key.key);
    }
    test_log_options()->cosigner = (struct troth_log_cosigner){ask, NULL};
}

static void needed(void)
{
    struct troth_log_writer *writer;
    struct troth_log_standing standing;

    test_case("shown only once enough witnesses have cosigned");
    fresh(2);
    writer = test_log_open(0);
    (void)test_log_append(writer, 5);
    witnesses.answering = 1;
    test_log_publish(writer, EAGAIN);
    CHECK_TEXT(test_log_problem()->text,
               "1 of the 2 witnesses that are needed have cosigned");
    CHECK_INT(test_log_audit(), 0);
    troth_log_standing(&standing, writer);
    CHECK_INT(standing.shown, 0);
    CHECK_INT(standing.problem.failed, EAGAIN);

    test_case("what came meanwhile is in the tree that they are asked for next");
    (void)test_log_append(writer, 300);
    test_log_publish(writer, EAGAIN);
    CHECK_INT(witnesses.size, 305);
    witnesses.answering = 2;
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 305);
    CHECK_INT(witnesses.asked, 3);

    test_case("they are not asked again for what is shown");
    test_log_publish(writer, 0);
    CHECK_INT(witnesses.asked, 3);

    test_case("what is shown stays while they are away, and through a restart");
    witnesses.answering = 0;
    (void)test_log_append(writer, 300);
    test_log_publish(writer, EAGAIN);
    CHECK_INT(test_log_audit(), 305);
    troth_log_writer_close(writer);
    writer = test_log_open(0);
    test_log_publish(writer, EAGAIN);
    CHECK_INT(test_log_audit(), 305);
    witnesses.answering = 2;
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 605);
    troth_log_writer_close(writer);
}

static void unneeded(void)
{
    struct troth_log_writer *writer;

    test_case("where none is needed, those who came are there all the same");
    fresh(0);
    writer = test_log_open(0);
    (void)test_log_append(writer, 5);
    witnesses.answering = 1;
    test_log_publish(writer, 0);
    CHECK_INT(witnesses.asked, 1);
    test_log_config()->needed = 1;
    CHECK_INT(test_log_audit(), 5);
    troth_log_writer_close(writer);
}

static void objecting(void)
{
    struct troth_log_writer *writer;

    test_case("a witness that has seen another tree: nothing is signed any more");
    fresh(1);
    writer = test_log_open(0);
    witnesses.answering = 2;
    (void)test_log_append(writer, 5);
    test_log_publish(writer, 0);
    (void)test_log_append(writer, 5);
    witnesses.failed = EBADMSG;
    test_log_publish(writer, EBADMSG);
    CHECK_TEXT(test_log_problem()->text, "a witness objects");
    witnesses.failed = 0;
    (void)test_log_append(writer, 5);
    test_log_publish(writer, EBADMSG);
    CHECK_TEXT(test_log_problem()->text, "a witness objects");
    CHECK_INT(witnesses.asked, 2);
    CHECK_INT(test_log_audit(), 5);
    troth_log_writer_close(writer);

    test_case("until another process asks again");
    writer = test_log_open(0);
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 15);

    test_case("a witness that cannot be reached is no more than that");
    witnesses.failed = ETIMEDOUT;
    (void)test_log_append(writer, 5);
    test_log_publish(writer, ETIMEDOUT);
    CHECK_INT(test_log_audit(), 15);
    witnesses.failed = 0;
    test_log_publish(writer, 0);
    CHECK_INT(test_log_audit(), 20);
    troth_log_writer_close(writer);
}

static void overtaken(void)
{
    static struct troth_log_publisher publisher;
    struct troth_log_problem problem = {0};
    struct troth_sequence *sequence;
    const struct troth_log_item item = {TROTH_LITERAL("entry 0"), {NULL, 0}};
    uint64_t first;

    test_case("a witness has seen what another process of this log signed meanwhile");
    fresh(1);
    witnesses.answering = 1;
    if (!CHECK_INT(troth_sequence_open_sqlite(&sequence, &problem,
                                              test_log_at("sequence.db"), true, false),
                   0))
        return;
    own_ops = sequence->ops;
    shared_ops = *own_ops;
    shared_ops.state = look;
    sequence->ops = &shared_ops;
    publisher = (struct troth_log_publisher){.options = *test_log_options(),
                                             .sequence = sequence};
    CHECK_INT(troth_log_publisher_open(&publisher, &problem), 0);
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
    witnesses.others = 2;
    CHECK_INT(troth_log_publisher_run(&publisher, &problem), 0);
    CHECK_INT(witnesses.asked, 3);
    CHECK_INT(publisher.shown, 1);

    test_case("and again and again: later, and nothing is over");
    CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
    witnesses.others = 100;
    CHECK_INT(troth_log_publisher_run(&publisher, &problem), EAGAIN);
    CHECK_INT(publisher.end.failed, 0);
    witnesses.others = 0;
    CHECK_INT(troth_log_publisher_run(&publisher, &problem), 0);
    CHECK_INT(publisher.shown, 2);
    troth_log_publisher_close(&publisher);
    sequence->ops->close(sequence);
}

/* What another process has signed, as this one sees it. */
static struct troth_file others_note;

static int look_at_others(struct troth_sequence *sequence,
                          struct troth_log_problem *problem,
                          struct troth_sequence_state *out)
{
    const int failed = own_ops->state(sequence, problem, out);

    if (others_note.len > 0) {
        out->signed_at = 3;
        memcpy(out->checkpoint, others_note.bytes, others_note.len);
        out->checkpoint_len = others_note.len;
    }
    return failed;
}

static void contradicting(void)
{
    static struct troth_log_publisher publisher;
    const struct troth_log_item item = {TROTH_LITERAL("another entry"), {NULL, 0}};
    struct troth_log_problem problem = {0};
    struct troth_log_writer *writer;
    struct troth_sequence *sequence;
    struct troth_file note = {NULL, 0};
    uint64_t first;

    test_case("nothing is signed upon what another has signed of another tree");
    fresh(0);
    writer = test_log_open(0);
    (void)test_log_append(writer, 3);
    test_log_publish(writer, 0);
    troth_log_writer_close(writer);
    CHECK_INT(troth_file_read(&note, test_log_at("public/checkpoint"), 4096), 0);
    fresh(0);
    if (!CHECK_INT(troth_sequence_open_sqlite(&sequence, &problem,
                                              test_log_at("sequence.db"), true, false),
                   0))
        return;
    own_ops = sequence->ops;
    shared_ops = *own_ops;
    shared_ops.state = look_at_others;
    sequence->ops = &shared_ops;
    publisher = (struct troth_log_publisher){.options = *test_log_options(),
                                             .sequence = sequence};
    CHECK_INT(troth_log_publisher_open(&publisher, &problem), 0);
    for (int i = 0; i < 5; i++)
        CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
    others_note = note;
    CHECK_INT(troth_log_publisher_run(&publisher, &problem), EBADMSG);
    CHECK(strstr(problem.text, "another tree than the one that was signed") != NULL);
    CHECK_INT(publisher.shown, 0);
    troth_file_release(&others_note);
    troth_log_publisher_close(&publisher);
    sequence->ops->close(sequence);
}

static void restored(void)
{
    static const struct {
        const char *why;
        uint64_t lost, lost_signed;
    } rows[] = {{"an order that is shorter than what was signed", 5, 4},
                {"one that has grown again meanwhile", 0, 4},
                {"one that has lost what was built alone", 2, 0}};
    const struct troth_log_item item = {TROTH_LITERAL("entry 0"), {NULL, 0}};

    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct troth_log_publisher publisher;
        struct troth_log_problem problem = {0};
        struct troth_sequence *sequence;
        uint64_t first;

        test_case("restored while it is in use: %s", rows[i].why);
        fresh(0);
        if (!CHECK_INT(troth_sequence_open_sqlite(
                           &sequence, &problem, test_log_at("sequence.db"), true, false),
                       0))
            return;
        own_ops = sequence->ops;
        shared_ops = *own_ops;
        shared_ops.state = look_back;
        sequence->ops = &shared_ops;
        lost = lost_signed = 0;
        publisher = (struct troth_log_publisher){.options = *test_log_options(),
                                                 .sequence = sequence};
        CHECK_INT(troth_log_publisher_open(&publisher, &problem), 0);
        for (int k = 0; k < 5; k++)
            CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
        CHECK_INT(troth_log_publisher_run(&publisher, &problem), 0);
        CHECK_INT(publisher.shown, 5);
        lost = rows[i].lost;
        lost_signed = rows[i].lost_signed;
        CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
        CHECK_INT(troth_log_publisher_run(&publisher, &problem), EBADMSG);
        CHECK(strstr(problem.text, "older copy") != NULL);

        test_case("and nothing is signed any more: %s", rows[i].why);
        lost = lost_signed = 0;
        CHECK_INT(sequence->ops->append(sequence, &problem, &first, &item, 1), 0);
        CHECK_INT(troth_log_publisher_run(&publisher, &problem), EBADMSG);
        CHECK_INT(publisher.shown, 5);
        troth_log_publisher_close(&publisher);
        sequence->ops->close(sequence);
    }
}

/* The bytes of a public file. */
static struct troth_span bytes_of(const char *name)
{
    return test_file(test_log_at(name));
}

static void same_again(void)
{
    struct troth_log_writer *writer;
    struct troth_span before;

    test_case("the same order makes the same bytes");
    (void)test_log_fresh();
    writer = test_log_open(0);
    (void)test_log_append(writer, 1000);
    test_log_publish(writer, 0);
    before = bytes_of("public/checkpoint");
    troth_log_writer_close(writer);
    test_log_copy("public", "first");
    test_log_remove("public/checkpoint");
    writer = test_log_open(0);
    test_log_publish(writer, 0);
    CHECK_SPAN(bytes_of("public/checkpoint"), before);
    troth_log_writer_close(writer);

    test_case("partial tiles stand until the full one does");
    CHECK(bytes_of("public/tile/0/003.p/232").len == 232 * 32);
    CHECK(bytes_of("public/tile/entries/003.p/232").len > 0);
    CHECK(bytes_of("public/tile/1/000.p/3").len == 3 * 32);
    writer = test_log_open(0);
    (void)test_log_append(writer, 24);
    test_log_publish(writer, 0);
    CHECK(bytes_of("public/tile/0/003.p/232").len == 0);
    CHECK(bytes_of("public/tile/entries/003.p/232").len == 0);
    CHECK(bytes_of("public/tile/0/003").len == TROTH_TILE_SIZE);
    CHECK(bytes_of("public/tile/1/000.p/4").len == 4 * 32);
    CHECK_INT(test_log_audit(), 1024);
    troth_log_writer_close(writer);
}

static void retried(void)
{
    struct troth_log_writer *writer;
    struct troth_log_standing standing = {0};

    test_case("the timer asks them again by itself");
    fresh(1);
    test_log_options()->no_timer = false;
    writer = test_log_open(0);
    (void)test_log_append(writer, 5);
    for (int i = 0; i < 500 && standing.problem.failed != EAGAIN; i++) {
        (void)nanosleep(&(struct timespec){0, 5000000}, NULL);
        troth_log_standing(&standing, writer);
    }
    CHECK_INT(standing.problem.failed, EAGAIN);
    witnesses.answering = 1;
    for (int i = 0; i < 500 && standing.shown < 5; i++) {
        (void)nanosleep(&(struct timespec){0, 5000000}, NULL);
        troth_log_standing(&standing, writer);
    }
    CHECK_INT(standing.shown, 5);
    troth_log_writer_close(writer);
    CHECK_INT(test_log_audit(), 5);
}

int main(void)
{
    test_log_setup();
    make_witnesses();
    needed();
    unneeded();
    objecting();
    overtaken();
    contradicting();
    restored();
    same_again();
    retried();
    for (size_t i = 0; i < COUNT(names); i++)
        troth_signer_destroy(&witnesses.signers[i]);
    test_log_finish();
    return test_finish();
}
