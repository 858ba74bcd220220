/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 8, OWN_WORDS = 40 };

void troth_run_list_finish(struct troth_run_list *list)
{
    for (size_t i = 0; i < list->text_count; i++)
        free(list->texts[i]);
    free((void *)list->rows);
    *list = (struct troth_run_list){.rows = NULL};
}

static void begin(struct troth_run_list *list, size_t given)
{
    *list = (struct troth_run_list){.size = OWN_WORDS + given};
    list->rows = calloc(list->size, sizeof *list->rows);
}

/* Memory that runs short is told at the end. */
static bool end(struct troth_run_list *list)
{
    if (list->rows)
        return true;
    troth_run_list_finish(list);
    return false;
}

static void add(struct troth_run_list *list, const char *word)
{
    if (list->rows && list->count + 1 < list->size)
        list->rows[list->count++] = word;
}

/* An option, where there is a value for it. */
static void add_pair(struct troth_run_list *list, const char *option, const char *value)
{
    if (!value)
        return;
    add(list, option);
    add(list, value);
}

static void add_pairs(struct troth_run_list *list, const char *option,
                      struct troth_run_words values)
{
    for (size_t i = 0; i < values.count; i++)
        add_pair(list, option, values.rows[i]);
}

/* A word that lives as long as the list. NULL, and the list has lost its rows, where
 * memory is short. */
__attribute__((format(printf, 2, 3))) static const char *
compose(struct troth_run_list *list, const char *format, ...)
{
    enum { ROOM = 512 };
    char *text = list->text_count < TEXTS ? malloc(ROOM) : NULL;
    va_list arguments;
    int len = -1;

    if (text) {
        list->texts[list->text_count++] = text;
        va_start(arguments, format);
        len = vsnprintf(text, ROOM, format, arguments);
        va_end(arguments);
    }
    if (len >= 0 && len < ROOM)
        return text;
    free((void *)list->rows);
    list->rows = NULL;
    return NULL;
}

static void add_number(struct troth_run_list *list, const char *option, uint32_t number)
{
    add_pair(list, option, compose(list, "%u", number));
}

static void add_descriptors(struct troth_run_list *list)
{
    add_pair(list, "--listen", compose(list, "fd:%d", TROTH_RUN_FD_LISTENER));
    add_pair(list, "--ready", compose(list, "%d", TROTH_RUN_FD_READY));
}

bool troth_run_words_agent(struct troth_run_list *out, const struct troth_run_plan *plan)
{
    begin(out, 2 * (plan->roots.count + plan->collateral.count));
    add(out, plan->agent_path);
    add_descriptors(out);
    add_number(out, "--user", plan->agent.user);
    add_number(out, "--allow-uid", plan->sandbox.user);
    add_pair(out, "--socket", compose(out, "fd:%d", TROTH_RUN_FD_SOCKET));
    add_pair(out, "--event-log", plan->places.events);
    add_pair(out, "--event", plan->events[0]);
    add_pair(out, "--event", plan->events[1]);
    add_pair(out, "--upstream", plan->upstream);
    add_pair(out, "--upstream-outside", plan->upstream_outside);
    add_pair(out, "--ask", plan->ask);
    add_pair(out, "--policy", plan->policy);
    add_pairs(out, "--root", plan->roots);
    add_pairs(out, "--collateral", plan->collateral);
    add_pair(out, "--certificate", plan->certificate);
    add_pair(out, "--key", plan->key);
    return end(out);
}

bool troth_run_words_outbound(struct troth_run_list *out,
                              const struct troth_run_plan *plan)
{
    begin(out, 2 * (plan->allow.count + plan->allow_plain.count));
    add(out, plan->outbound_path);
    add_descriptors(out);
    add_number(out, "--user", plan->outbound.user);
    add_pairs(out, "--allow", plan->allow);
    add_pairs(out, "--allow-plain", plan->allow_plain);
    return end(out);
}

/* "NAME=" of a variable, as far as its sign. */
static bool is_same_name(const char *a, const char *b)
{
    const size_t len = strcspn(a, "=");

    return strcspn(b, "=") == len && strncmp(a, b, len) == 0;
}

static void add_default(struct troth_run_list *list, struct troth_run_words given,
                        const char *variable)
{
    for (size_t i = 0; variable && i < given.count; i++)
        if (is_same_name(given.rows[i], variable))
            return;
    if (variable)
        add(list, variable);
}

bool troth_run_words_environment(struct troth_run_list *out,
                                 const struct troth_run_plan *plan, uint16_t proxy_port)
{
    static const char *const always[] = {
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp",
        "LANG=C.UTF-8"};
    static const char *const proxies[] = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY"};
    const struct troth_run_words given = plan->environment;

    begin(out, given.count);
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        add_default(out, given, always[i]);
    add_default(out, given, compose(out, "TROTH_AGENT=%s", plan->places.socket));
    for (size_t i = 0; proxy_port && i < sizeof proxies / sizeof *proxies; i++)
        add_default(out, given,
                    compose(out, "%s=http://127.0.0.1:%u", proxies[i], proxy_port));
    for (size_t i = 0; i < given.count; i++)
        add(out, given.rows[i]);
    return end(out);
}
