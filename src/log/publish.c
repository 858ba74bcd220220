/* SPDX-License-Identifier: Apache-2.0 */
#include "log/publish.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "log/problem.h"
#include "tlog/checkpoint.h"

/* Of asking witnesses anew at once, where another process is faster. */
enum { TURNS_MAX = 4 };

int troth_log_crypto_failed(struct troth_log_problem *problem, enum troth_err err,
                            const char *doing)
{
    return troth_log_problem_set(
        problem, EIO, "cannot %: %",
        (const char *const[3]){doing, troth_err_text(err), NULL});
}

int troth_log_note_read(struct troth_log_publisher *publisher,
                        struct troth_log_problem *problem, struct troth_log_tree *out,
                        struct troth_span note, const char *where)
{
    struct troth_witness rows[TROTH_WITNESSES_MAX];
    struct troth_witnesses witnesses;
    struct troth_checkpoint found;
    struct troth_fault fault;

    troth_log_config_witnesses(&witnesses, rows, publisher->options.config);
    witnesses.needed = 0;
    witnesses.count = 0;

    const enum troth_err err = troth_checkpoint_check(&found, &fault, note, &witnesses,
                                                      publisher->options.crypto);

    if (err)
        return troth_log_problem_set(
            problem, EBADMSG, "% is not this log's: %: %",
            (const char *const[3]){where, fault.field ? fault.field : "checkpoint",
                                   troth_err_text(err)});
    out->size = found.size;
    memcpy(out->root.bytes, found.root, sizeof out->root.bytes);
    return 0;
}

/* ---- sign ---- */

static enum troth_err write_note(struct troth_log_publisher *p, struct troth_writer *w,
                                 const struct troth_log_tree *tree)
{
    const struct troth_log_config *config = p->options.config;
    struct troth_span key = troth_span_of_text(config->log_key), text;
    const struct troth_note_signer by = {troth_span_next_item(&key, '+'),
                                         p->options.signer};
    enum troth_err err = troth_checkpoint_write(w, troth_span_of_text(config->origin),
                                                tree);

    text = troth_writer_span(w);
    troth_write_text(w, "\n");
    return err ? err : troth_note_sign(w, p->options.crypto, &by, text);
}

/* The order keeps it before anybody sees it. */
static int sign(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    struct troth_writer w = troth_writer_over(p->state.checkpoint,
                                              sizeof p->state.checkpoint);
    struct troth_log_tree tree;
    struct troth_span note;
    enum troth_err err;
    int failed = troth_log_tree_now(p, problem, &tree);

    if (failed)
        return failed;
    err = write_note(p, &w, &tree);
    if (!err)
        err = troth_writer_finish(&w, &note);
    if (err)
        return troth_log_crypto_failed(problem, err, "sign a checkpoint");
    failed = p->sequence->ops->sign(p->sequence, problem, tree.size, note);
    if (failed == ESTALE)
        p->is_leader = false;
    if (failed)
        return failed;
    p->state.signed_at = tree.size;
    p->state.checkpoint_len = note.len;
    p->known = tree;
    return 0;
}

/* Another process may have signed it: it must be what these tiles make. */
static int check_signed(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    const struct troth_span note = {p->state.checkpoint, p->state.checkpoint_len};
    struct troth_log_tree signed_tree = {0}, built = {0};
    int failed;

    if (p->known.size == p->state.signed_at)
        return 0;
    failed = troth_log_note_read(p, problem, &signed_tree, note,
                                 "the checkpoint in the order");
    if (!failed)
        failed = troth_log_tree_now(p, problem, &built);
    if (failed)
        return failed;
    if (built.size != signed_tree.size ||
        !troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(built.root.bytes),
                          (struct troth_span)TROTH_ARRAY_SPAN(signed_tree.root.bytes)))
        return troth_log_problem_say(
            problem, EBADMSG,
            "the order makes another tree than the one that was signed");
    p->known = signed_tree;
    return 0;
}

/* ---- show ---- */

static int count_missing(const struct troth_log_publisher *p,
                         struct troth_log_problem *problem, size_t count)
{
    char seen[TROTH_LOG_NUMBER_ROOM], needed[TROTH_LOG_NUMBER_ROOM];

    return troth_log_problem_set(
        problem, EAGAIN, "% of the % witnesses that are needed have cosigned",
        (const char *const[3]){troth_log_number(seen, count),
                               troth_log_number(needed, p->options.config->needed),
                               NULL});
}

/* Several processes may show one log. What a witness has seen and this one has not may be
 * what another of them has signed meanwhile: it was kept in the order before. */
static int contradicted(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    const struct troth_log_problem why = *problem;
    struct troth_sequence_state now;
    const int failed = p->sequence->ops->state(p->sequence, problem, &now);

    if (failed)
        return failed;
    p->is_overtaken = now.signed_at > p->known.size;
    if (p->is_overtaken)
        return troth_log_problem_say(problem, EAGAIN,
                                     "another process has signed more meanwhile");
    p->end = *problem = why;
    return why.failed;
}

/* Lines of witnesses behind the log's own. */
static int ask(struct troth_log_publisher *p, struct troth_log_problem *problem,
               struct troth_writer *w)
{
    const struct troth_log_cosigner *cosigner = &p->options.cosigner;
    const struct troth_span note = {p->state.checkpoint, p->state.checkpoint_len};
    size_t count = 0;
    int failed;

    if (p->options.config->witness_count > 0 && cosigner->ask) {
        failed = cosigner->ask(cosigner->state, problem, w, &count, &p->known, note);
        if (failed)
            return failed == EBADMSG ? contradicted(p, problem) : failed;
    }
    return count < p->options.config->needed ? count_missing(p, problem, count) : 0;
}

static int show(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    struct troth_writer w = troth_writer_over(p->note, sizeof p->note);
    struct troth_span note;
    int failed;

    if (p->shown == p->state.signed_at)
        return 0;
    troth_write_bytes(&w,
                      (struct troth_span){p->state.checkpoint, p->state.checkpoint_len});
    failed = ask(p, problem, &w);
    if (failed)
        return failed;
    if (troth_writer_finish(&w, &note) != TROTH_OK)
        return troth_log_problem_say(problem, EFBIG, "witnesses have added too much");
    failed = troth_log_checkpoint_put(problem, p->options.folder, note);
    if (!failed)
        p->shown = p->state.signed_at;
    return failed;
}

/* ---- all of it ---- */

static int lead(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    int failed = p->is_leader ? 0 : p->sequence->ops->lead(p->sequence, problem);

    p->is_leader = failed == 0;
    return failed == EBUSY ? 0 : failed;
}

/* Whole bundles only: the last one is written again as it grows. */
static int forget(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    const uint64_t size = p->state.signed_at - p->state.signed_at % TROTH_TILE_WIDTH;
    int failed;

    if (size <= p->forgotten)
        return 0;
    failed = p->sequence->ops->forget(p->sequence, problem, size);
    if (!failed)
        p->forgotten = size;
    return failed;
}

/* Tiles up to what is to be signed, or to what another has signed. */
static int build(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    const uint64_t size = p->is_leader ? p->state.next : p->state.signed_at;
    int failed = p->edge.size > size ? troth_log_rewind(p, problem, p->shown) : 0;

    /* Who begins to lead looks at what others have signed before it signs upon that. */
    if (!failed && p->known.size < p->state.signed_at &&
        p->edge.size <= p->state.signed_at) {
        failed = troth_log_build(p, problem, p->state.signed_at);
        if (!failed)
            failed = check_signed(p, problem);
    }
    return failed ? failed : troth_log_build(p, problem, size);
}

/* An order only grows. One that has lost what was built or signed is an older copy, of a
 * database that was restored, say, and what it gets from here on is another log. */
static int check_growth(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    if (p->state.next >= p->edge.size && p->state.signed_at >= p->known.size)
        return 0;
    (void)troth_log_problem_say(problem, EBADMSG,
                                "the order has lost entries that it had: it is an older "
                                "copy");
    p->end = *problem;
    return EBADMSG;
}

static int run_once(struct troth_log_publisher *p, struct troth_log_problem *problem)
{
    int failed = lead(p, problem);

    if (p->end.failed) {
        *problem = p->end;
        return problem->failed;
    }
    if (!failed)
        failed = p->sequence->ops->state(p->sequence, problem, &p->state);
    if (!failed)
        failed = check_growth(p, problem);
    if (!failed)
        failed = build(p, problem);
    if (!failed && p->edge.size > p->state.signed_at)
        failed = sign(p, problem);
    else if (!failed && p->state.signed_at > 0)
        failed = check_signed(p, problem);
    if (failed || p->state.signed_at == 0)
        return failed;
    failed = show(p, problem);
    /* What is in tiles is not needed in the order, whether or not witnesses are there. */
    return failed && failed != EAGAIN ? failed
           : forget(p, problem)       ? problem->failed
                                      : failed;
}

int troth_log_publisher_run(struct troth_log_publisher *publisher,
                            struct troth_log_problem *problem)
{
    int failed = EAGAIN;

    publisher->is_overtaken = true;
    for (int turn = 0; turn < TURNS_MAX && publisher->is_overtaken; turn++) {
        publisher->is_overtaken = false;
        failed = run_once(publisher, problem);
    }
    return failed;
}

void troth_log_publisher_close(struct troth_log_publisher *publisher)
{
    troth_log_batch_close(publisher->batch);
    free(publisher->bundle);
    publisher->batch = NULL;
    publisher->bundle = NULL;
}
