/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_append.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/log/log_complaint.h"
#include "cli/log/log_sight.h"
#include "cli/log/log_source.h"
#include "cli/progress.h"
#include "cli/status.h"
#include "os/clock.h"

/* Between two looks at the checkpoint. */
enum { LOOK_MS = 200 };

static void tell(struct troth_progress *progress, const struct troth_log_appending *a)
{
    char text[64];

    (void)snprintf(text, sizeof text, "appending: %zu of %zu", a->done + 1, a->count);
    troth_progress_tell(progress, text);
}

/* One after the other, so that they stay in their order. */
static bool send_all(struct troth_log_appending *a, struct troth_log_source *source)
{
    struct troth_progress progress = troth_progress_begin();
    struct troth_log_problem why = {0};
    bool fine = true;

    for (; fine && a->done < a->count; a->done += fine) {
        tell(&progress, a);
        fine = troth_log_remote_append(&source->remote, &why, &a->indices[a->done],
                                       &a->items[a->done]) == 0;
    }
    troth_progress_tell(&progress, NULL);
    if (fine)
        return true;
    (void)troth_log_complain(&a->problem, a->to, &why);
    if (a->done > 0)
        troth_problem_hint(&a->problem,
                           "%zu of %zu entries are in the log, the first of "
                           "them",
                           a->done, a->count);
    return false;
}

/* Nobody's word, but whose log it is was never the question. */
static bool is_shown(struct troth_log_appending *a, const struct troth_log_source *source)
{
    const struct troth_log_trust nobody = {.log = NULL};
    struct troth_problem ignored;
    struct troth_log_sight sight;
    struct troth_file file;
    bool shown;

    if (!troth_log_source_checkpoint(&file, &ignored, source))
        return false;
    shown = troth_log_sight_take(&sight, &ignored, a->to,
                                 (struct troth_span){file.bytes, file.len}, &nobody,
                                 &a->crypto) &&
            sight.tree.size > a->indices[a->done - 1];
    troth_file_release(&file);
    return shown;
}

static bool wait_for(struct troth_log_appending *a, const struct troth_log_source *source)
{
    const int64_t until_ms = troth_clock_monotonic_ms() + 1000 * a->wait_s;
    const struct troth_patience *patience = troth_patience_real();
    struct troth_progress progress = troth_progress_begin();

    troth_progress_tell(&progress, "waiting for a checkpoint with the entries in it");
    while (!(a->is_shown = is_shown(a, source)) && troth_clock_monotonic_ms() < until_ms)
        patience->wait(patience->state, LOOK_MS, "a checkpoint");
    troth_progress_tell(&progress, NULL);
    if (!a->is_shown)
        troth_say("warning", "the entries are in the log, and not shown yet");
    return true;
}

bool troth_log_append_remote(struct troth_log_appending *a)
{
    struct troth_log_source source = {.name = NULL};
    const struct troth_span origin = troth_span_of_text(a->origin ? a->origin : "");
    const bool fine = troth_log_append_read(a, origin) &&
                      troth_log_source_open(&source, &a->problem, a->to, a->ca) &&
                      send_all(a, &source) && (!a->wait_s || wait_for(a, &source));

    troth_log_source_close(&source);
    return fine;
}
