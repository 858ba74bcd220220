/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>

#include "base/span.h"
#include "cli/escape.h"
#include "cli/page.h"
#include "os/standard.h"

struct troth_progress troth_progress_begin(void)
{
    return (struct troth_progress){
        troth_page_terminal_is_dumb() ? 0 : troth_standard_columns(2), false};
}

void troth_progress_tell(void *state, const char *text)
{
    struct troth_progress *progress = state;
    uint8_t safe[512];
    struct troth_writer w = troth_writer_over(safe, sizeof safe);

    if (progress->columns == 0 || (!text && !progress->is_shown))
        return;
    /* A line that is broken by the terminal could not be taken back. */
    if (progress->columns <= sizeof safe)
        w.size = progress->columns - 1;
    if (text)
        troth_escape_write(&w, troth_span_of_text(text));
    (void)fprintf(stderr, "\r%.*s\033[K", (int)w.len, (const char *)safe);
    (void)fflush(stderr);
    progress->is_shown = text != NULL;
}

static int64_t now_ms(void *state)
{
    const struct troth_patience *real = troth_patience_real();

    (void)state;
    return real->now_ms(real->state);
}

static void wait_for(void *state, int64_t ms, const char *why)
{
    const struct troth_patience *real = troth_patience_real();
    char text[480];

    while (ms > 0) {
        int64_t step_ms = ms % 1000 ? ms % 1000 : 1000;

        (void)snprintf(text, sizeof text, "waiting %lld s: %s",
                       (long long)((ms + 999) / 1000), why);
        troth_progress_tell(state, text);
        real->wait(real->state, step_ms, why);
        ms -= step_ms;
    }
}

struct troth_patience troth_progress_patience(struct troth_progress *progress)
{
    return (struct troth_patience){progress, now_ms, wait_for};
}
