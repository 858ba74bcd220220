/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_append.h"

#include <errno.h>

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_home.h"
#include "cli/progress.h"
#include "cli/status.h"
#include "log/writer.h"
#include "service/log/remote.h"

/* What a witness has to answer. */
enum { WITNESS_TIMEOUT_MS = 10000 };

/* Who writes, for as long as it takes. */
struct writing {
    struct troth_log_home home;
    struct troth_signer signer;
    struct troth_log_cosigners *cosigners; /* NULL: no witness is asked */
    struct troth_log_writer *writer;
};

static bool begin(struct writing *w, struct troth_log_appending *a, const char *folder)
{
    struct troth_log_writer_options options = {
        .folder = folder, .signer = &w->signer, .crypto = &a->crypto, .no_timer = true};
    struct troth_log_problem why = {0};

    if (!troth_log_home_read(&w->home, &a->problem, &a->crypto, folder) ||
        !troth_log_append_read(a, troth_span_of_text(w->home.config.origin)) ||
        !troth_log_home_signer(&w->signer, &a->problem, &w->home))
        return false;
    options.config = &w->home.config;
    if (w->home.config.witness_count > 0) {
        if (troth_log_cosigners_create(&w->cosigners, folder, &w->home.config, &a->crypto,
                                       WITNESS_TIMEOUT_MS))
            return troth_problem_memory(&a->problem);
        troth_log_cosigners_use(&options.cosigner, w->cosigners);
    }
    if (troth_log_writer_open(&w->writer, &why, &options))
        return troth_log_complain(&a->problem, folder, &why);
    return true;
}

static void end(struct writing *w)
{
    troth_log_writer_close(w->writer);
    troth_log_cosigners_destroy(w->cosigners);
    troth_signer_destroy(&w->signer);
    troth_log_home_release(&w->home);
}

/* The entries are in the log by now, and what is said must not sound as if they were not:
 * unless the log contradicts what others saw of it. Then nothing of it is good. */
static bool publish(struct writing *w, struct troth_log_appending *a, const char *folder)
{
    struct troth_log_problem why = {0};
    char line[TROTH_LOG_PROBLEM_ROOM];

    a->is_shown = troth_log_publish(w->writer, &why) == 0;
    if (a->is_shown)
        return true;
    if (why.failed == EBADMSG)
        return troth_log_complain(&a->problem, folder, &why);
    troth_log_complaint_line(line, sizeof line, &why);
    troth_say("warning", line);
    troth_say("hint", "the entries are in the log, and not shown yet: the next who "
                      "publishes shows them, too");
    return true;
}

static bool append(struct writing *w, struct troth_log_appending *a, const char *folder)
{
    struct troth_log_problem why = {0};
    uint64_t first = 0;

    if (troth_log_append(w->writer, &why, &first, a->items, a->count))
        return troth_log_complain(&a->problem, folder, &why);
    for (; a->done < a->count; a->done++)
        a->indices[a->done] = first + a->done;
    return publish(w, a, folder);
}

bool troth_log_append_folder(struct troth_log_appending *a, const char *folder)
{
    struct troth_progress progress = troth_progress_begin();
    struct writing w = {.writer = NULL};
    bool fine;

    troth_progress_tell(&progress, "opening the log");
    fine = begin(&w, a, folder);
    if (fine) {
        troth_progress_tell(&progress, "appending, and signing a checkpoint");
        fine = append(&w, a, folder);
    }
    troth_progress_tell(&progress, NULL);
    end(&w);
    return fine;
}
