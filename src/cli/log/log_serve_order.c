/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/log_serve_order.h"

#include "base/number.h"
#include "base/span.h"
#include "cli/log/log_take.h"
#include "cli/log/log_verbs.h"

enum {
    INTERVAL_LEAST = 10,                 /* ms */
    INTERVAL_MOST = 24 * 60 * 60 * 1000, /* a day */
};

static bool take_interval(void *order, struct troth_problem *problem, const char *value)
{
    uint64_t *out = &((struct troth_log_serve_order *)order)->interval_ms;

    if (!troth_uint_parse(out, troth_span_of_text(value), 10) && *out >= INTERVAL_LEAST &&
        *out <= INTERVAL_MOST)
        return true;
    return troth_problem_usage(problem, "--interval: '%s' is not %d to %d milliseconds",
                               value, INTERVAL_LEAST, INTERVAL_MOST);
}

static bool take_reader(void *order, struct troth_problem *problem, const char *value)
{
    (void)problem;
    (void)value;
    ((struct troth_log_serve_order *)order)->is_reader = true;
    return true;
}

/* clang-format off */
TROTH_TAKE_TEXT(listen, struct troth_log_serve_order, listen)
TROTH_TAKE_TEXT(inside, struct troth_log_serve_order, inside)
TROTH_TAKE_TEXT(key, struct troth_log_serve_order, key)
TROTH_TAKE_TEXT(ready, struct troth_log_serve_order, ready)
TROTH_TAKE_FLAG(json, struct troth_log_serve_order, json)
/* clang-format on */

const struct troth_option troth_log_serve_options[] = {
    {"listen", "ADDR",
     "where anybody reads the log: '127.0.0.1:8080', '[::1]:8080', or 'fd:3'", false,
     take_listen},
    {"inside", "ADDR",
     "where entries come in: an address of this machine, 'fd:4', or a socket's path",
     false, take_inside},
    {"interval", "MS", "time between two checkpoints, instead of log.json's", false,
     take_interval},
    {"read-only", NULL, "serve what another process writes", false, take_reader},
    {"key", "FILE", "the log's private key, instead of FOLDER/key.pem", false, take_key},
    {"ready", "FD", "write a byte to this descriptor and close it once all can ask",
     false, take_ready},
    {"json", NULL, "say as JSON where it is (docs/log.schema.json)", false, take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_log_serve_example[] =
    "troth log serve --listen 127.0.0.1:8080 --inside 127.0.0.1:8081 log";

const char troth_log_serve_notes[] =
    "Whoever reaches the inside address puts entries into the log, by POST /append.\n"
    "\n"
    "What is public lies in FOLDER/public as it is served: any web server can do it, "
    "too.\n"
    "This one speaks HTTP; a proxy in front adds TLS.\n\n";

bool troth_log_serve_check(const struct troth_log_serve_order *order,
                           struct troth_problem *problem)
{
    if (!order->listen)
        return troth_problem_usage(problem, "--listen ADDR is missing");
    if (order->is_reader && (order->inside || order->key || order->interval_ms))
        return troth_problem_usage(problem, "--read-only writes nothing: --inside, "
                                            "--key and --interval say nothing to it");
    return true;
}
