/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_loop.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>

static void on_end(int number, short what, void *base)
{
    (void)number;
    (void)what;
    (void)event_base_loopbreak(base);
}

static bool ignore_signals(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    return sigaction(SIGPIPE, &ignore, NULL) == 0 &&
           sigaction(SIGXFSZ, &ignore, NULL) == 0;
}

bool troth_log_loop_open(struct troth_log_loop *out, struct troth_problem *problem)
{
    static const int numbers[TROTH_LOG_LOOP_SIGNALS] = {SIGTERM, SIGINT};
    struct event_config *config = event_config_new();
    bool is_made;

    *out = (struct troth_log_loop){.base = NULL};
    if (!ignore_signals()) {
        if (config)
            event_config_free(config);
        return troth_problem_io(problem, "cannot guard", "this process", errno);
    }
    if (config) {
        (void)event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV);
        out->base = event_base_new_with_config(config);
        event_config_free(config);
    }
    is_made = out->base != NULL;
    for (size_t i = 0; is_made && i < TROTH_LOG_LOOP_SIGNALS; i++) {
        out->signals[i] = evsignal_new(out->base, numbers[i], on_end, out->base);
        is_made = out->signals[i] && event_add(out->signals[i], NULL) == 0;
    }
    return is_made || troth_problem_memory(problem);
}

void troth_log_loop_close(struct troth_log_loop *loop)
{
    for (size_t i = 0; i < TROTH_LOG_LOOP_SIGNALS; i++)
        if (loop->signals[i])
            event_free(loop->signals[i]);
    if (loop->base)
        event_base_free(loop->base);
    *loop = (struct troth_log_loop){.base = NULL};
}
