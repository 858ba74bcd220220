/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"

/* Between two words about how far it is. */
enum { PROGRESS_ENTRIES = 1024 };

/* ---- entries that wait ---- */

struct head {
    uint64_t index;
    const char *why; /* static */
    enum troth_follow_what what;
    uint32_t len;
};

static int make_file(struct troth_follow_spool *spool, const char *beside)
{
    char path[TROTH_FOLLOW_PATH_ROOM];
    const int len = snprintf(path, sizeof path, "%s.spool-XXXXXX", beside);
    int descriptor;

    if (len < 0 || (size_t)len >= sizeof path)
        return ENAMETOOLONG;
    descriptor = mkstemp(path);
    if (descriptor < 0)
        return errno;
    (void)unlink(path);
    spool->file = fdopen(descriptor, "w+");
    if (spool->file)
        return 0;
    (void)close(descriptor);
    return ENOMEM;
}

int troth_follow_spool_put(struct troth_follow_spool *spool, const char *beside,
                           const struct troth_follow_event *event)
{
    const struct head head = {event->index, event->why, event->what,
                              (uint32_t)event->entry.len};
    const int failed = spool->file ? 0 : make_file(spool, beside);

    if (failed)
        return failed;
    if (fwrite(&head, sizeof head, 1, spool->file) != 1 ||
        (head.len > 0 && fwrite(event->entry.ptr, head.len, 1, spool->file) != 1))
        return errno ? errno : EIO;
    spool->count++;
    return 0;
}

int troth_follow_spool_rewind(struct troth_follow_spool *spool)
{
    if (spool->file && (fflush(spool->file) != 0 || fseek(spool->file, 0, SEEK_SET) != 0))
        return errno;
    return 0;
}

int troth_follow_spool_next(struct troth_follow_spool *spool,
                            struct troth_follow_event *event,
                            uint8_t entry[static TROTH_LOG_ENTRY_MAX])
{
    struct head head;

    if (spool->count == 0)
        return ENODATA;
    if (fread(&head, sizeof head, 1, spool->file) != 1 ||
        head.len > TROTH_LOG_ENTRY_MAX ||
        (head.len > 0 && fread(entry, head.len, 1, spool->file) != 1))
        return EIO;
    spool->count--;
    event->what = head.what;
    event->index = head.index;
    event->why = head.why;
    event->entry = (struct troth_span){entry, head.len};
    return 0;
}

void troth_follow_spool_forget(struct troth_follow_spool *spool)
{
    if (spool->file)
        (void)fclose(spool->file);
    *spool = (struct troth_follow_spool){NULL, 0};
}

/* ---- walking ---- */

static bool is_same(const struct troth_log_hash *a, const struct troth_log_hash *b)
{
    return troth_span_equal((struct troth_span)TROTH_ARRAY_SPAN(a->bytes),
                            (struct troth_span)TROTH_ARRAY_SPAN(b->bytes));
}

/* Is the tree as far as it was walked the older one? */
static int look_at_edge(struct troth_follow_walk *walk)
{
    struct troth_log_hash root;

    if (!walk->older || walk->edge->size != walk->older->size)
        return 0;
    if (troth_edge_root(&root, walk->options->crypto, walk->edge))
        return EIO;
    walk->is_beginning = is_same(&root, &walk->older->root);
    return 0;
}

static int filter(struct troth_follow_walk *walk, uint64_t index, struct troth_span entry)
{
    struct troth_follow_event event = {
        .index = index, .entry = entry, .why = "an entry matches the filter"};
    const char *why = NULL;

    switch (troth_follow_filter_ask(walk->options->filter, &why, index, entry)) {
    case TROTH_FOLLOW_NO:
        return 0;
    case TROTH_FOLLOW_YES:
        event.what = TROTH_FOLLOW_EVENT_MATCH;
        break;
    case TROTH_FOLLOW_UNJUDGED:
        event.what = TROTH_FOLLOW_EVENT_UNJUDGED;
        event.why = why;
        break;
    }
    return troth_follow_spool_put(walk->spool, walk->options->state_path, &event);
}

static int take(void *state, uint64_t index, struct troth_span entry)
{
    struct troth_follow_walk *walk = state;
    int failed = look_at_edge(walk);

    if (!failed && walk->spool && walk->options->filter && index >= walk->first_new)
        failed = filter(walk, index, entry);
    if (!failed && index % PROGRESS_ENTRIES == 0 && walk->options->progress)
        walk->is_stopped = walk->options->progress(walk->options->state, index,
                                                   walk->size);
    return walk->is_stopped && !failed ? ECANCELED : failed;
}

int troth_follow_walk(struct troth_follow_walk *walk, struct troth_log_problem *problem,
                      const struct troth_log_tree *tree)
{
    int failed;

    *problem = (struct troth_log_problem){0};
    walk->is_beginning = false;
    walk->is_stopped = false;
    walk->size = tree->size;
    failed = look_at_edge(walk);
    if (!failed)
        failed = troth_log_reader_walk(walk->reader, problem, walk->edge, tree, take,
                                       walk);
    if (failed && !problem->failed) {
        problem->failed = failed;
        (void)snprintf(problem->text, sizeof problem->text,
                       "the entries cannot be kept for later");
    }
    return failed;
}

/* ---- judging ---- */

enum troth_follow_verdict troth_follow_audit(struct troth_follow_walk *walk,
                                             struct troth_log_problem *problem,
                                             const struct troth_log_tree *older,
                                             const struct troth_log_tree *newer)
{
    struct troth_follow_walk audit = *walk;
    int failed;

    audit.older = older;
    audit.spool = NULL;
    *audit.edge = (struct troth_edge){0};
    failed = troth_follow_walk(&audit, problem, newer);
    walk->is_stopped = audit.is_stopped;
    if (!failed)
        return audit.is_beginning ? TROTH_FOLLOW_FITS : TROTH_FOLLOW_SPLIT;
    return failed == EBADMSG ? TROTH_FOLLOW_BROKEN : TROTH_FOLLOW_UNKNOWN;
}

enum troth_follow_verdict troth_follow_judge(struct troth_follow_walk *walk,
                                             struct troth_log_problem *problem,
                                             const struct troth_log_tree *older,
                                             const struct troth_log_tree *newer)
{
    struct troth_log_path path;
    int failed;

    *problem = (struct troth_log_problem){0};
    if (older->size == newer->size)
        return is_same(&older->root, &newer->root) ? TROTH_FOLLOW_FITS
                                                   : TROTH_FOLLOW_SPLIT;
    failed = troth_log_reader_consistency(walk->reader, problem, &path, older, newer);
    if (!failed)
        return TROTH_FOLLOW_FITS;
    /* Tiles in between may be wrong where the log is right: the entries decide. */
    if (failed == EBADMSG)
        return troth_follow_audit(walk, problem, older, newer);
    return TROTH_FOLLOW_UNKNOWN;
}
