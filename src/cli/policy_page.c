/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_page.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/span.h"
#include "base/writer.h"
#include "cli/policy_open.h"
#include "policy/policy.h"

/* Where a line's label and what it says begin. */
enum { LABEL = 2, TEXT = 12 };

void troth_policy_id(char out[static TROTH_POLICY_ID_ROOM],
                     const struct troth_policy *policy)
{
    struct troth_writer w = troth_writer_over((uint8_t *)out, TROTH_POLICY_ID_ROOM - 1);

    troth_write_text(&w, "sha-256:");
    troth_write_hex(
        &w, (struct troth_span){troth_policy_digest(policy), TROTH_POLICY_DIGEST_SIZE});
    out[w.len] = '\0';
}

static void begin(struct troth_page *page, const char *label)
{
    troth_page_column(page, LABEL);
    troth_page_say(page, TROTH_STYLE_DIM, label);
    troth_page_column(page, TEXT);
}

static void print_line(struct troth_page *page, const char *label, const char *text)
{
    begin(page, label);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_kinds(struct troth_page *page, const struct troth_policy *policy)
{
    const char *between = "";

    begin(page, "accepts");
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++) {
        if (!policy->kinds[kind].accepted)
            continue;
        troth_page_say(page, TROTH_STYLE_PLAIN, between);
        troth_page_say(page, TROTH_STYLE_PLAIN, troth_kind_name(kind));
        between = ", ";
    }
    troth_page_end_line(page);
}

/* In the largest unit that says it exactly. */
static void write_duration(char *out, size_t size, int64_t seconds)
{
    static const struct {
        int64_t seconds;
        char unit;
    } units[] = {{86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
    size_t i = 0;

    while (seconds % units[i].seconds != 0)
        i++;
    (void)snprintf(out, size, "%" PRId64 "%c", seconds / units[i].seconds, units[i].unit);
}

static void print_age(struct troth_page *page, const struct troth_policy *policy)
{
    char text[32] = "any";

    if (policy->has_max_age)
        write_duration(text, sizeof text, policy->max_age_s);
    print_line(page, "max age", text);
}

static void print_image(struct troth_page *page, const struct troth_image *image)
{
    char text[64];

    begin(page, "image");
    troth_page_text(page, TROTH_STYLE_PLAIN, image->name);
    (void)snprintf(text, sizeof text, ": %s, by %zu claim%s (line %u)",
                   troth_kind_name(image->kind), image->demands.count,
                   image->demands.count == 1 ? "" : "s", image->line);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_machines(struct troth_page *page, enum troth_kind kind,
                           const struct troth_machines *machines)
{
    char text[96];

    if (machines->any)
        return;
    (void)snprintf(text, sizeof text, "%s: %zu machine%s (line %u)",
                   troth_kind_name(kind), machines->count,
                   machines->count == 1 ? "" : "s", machines->line);
    print_line(page, "machines", text);
}

static void print_log(struct troth_page *page, const struct troth_log_demand *log)
{
    char age[32] = "any", text[160];

    if (!log->is_made)
        return;
    if (log->has_max_age)
        write_duration(age, sizeof age, log->max_age_s);
    begin(page, "log");
    troth_page_text(page, TROTH_STYLE_PLAIN, log->witnesses.origin);
    (void)snprintf(text, sizeof text, ": %zu of %zu witnesses, max age %s (line %u)",
                   log->witnesses.needed, log->witnesses.count, age, log->line);
    troth_page_say(page, TROTH_STYLE_PLAIN, text);
    troth_page_end_line(page);
}

static void print_rule(struct troth_page *page, const struct troth_rule *rule)
{
    char text[64];

    begin(page, "rule");
    troth_page_text(page, TROTH_STYLE_PLAIN, rule->name);
    (void)snprintf(text, sizeof text, ": at most %" PRIu64 " steps (line %u)", rule->cost,
                   rule->line);
    troth_page_say(page, TROTH_STYLE_DIM, text);
    troth_page_end_line(page);
    for (size_t start = 0, i = 0; i <= rule->source.len; i++) {
        if (i < rule->source.len && rule->source.ptr[i] != '\n')
            continue;
        troth_page_column(page, TEXT + 2);
        troth_page_text(page, TROTH_STYLE_PLAIN,
                        troth_span_slice(rule->source, start, i));
        troth_page_end_line(page);
        start = i + 1;
    }
}

static void print_point(void *state, const struct troth_open_point *point)
{
    struct troth_page *page = state;

    begin(page, "open");
    troth_page_say(page, TROTH_STYLE_OPEN, point->path);
    troth_page_say(page, TROTH_STYLE_PLAIN, ": ");
    troth_page_say(page, TROTH_STYLE_PLAIN, point->text);
    troth_page_end_line(page);
}

static void print_policy(struct troth_page *page, const char *name,
                         const struct troth_policy *policy)
{
    char id[TROTH_POLICY_ID_ROOM];

    troth_policy_id(id, policy);
    troth_page_say(page, TROTH_STYLE_GOOD, "usable");
    troth_page_column(page, 8);
    troth_page_say(page, TROTH_STYLE_BOLD, name);
    troth_page_end_line(page);
    begin(page, "policy");
    troth_page_text(page, TROTH_STYLE_BOLD, policy->name);
    troth_page_end_line(page);
    print_line(page, "digest", id);
    print_kinds(page, policy);
    print_line(page, "nonce", policy->nonce == TROTH_NONCE_ANY ? "any" : "required");
    print_age(page, policy);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        for (size_t i = 0; i < policy->kinds[kind].image_count; i++)
            print_image(page, &policy->kinds[kind].images[i]);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        if (policy->kinds[kind].accepted)
            print_machines(page, kind, &policy->kinds[kind].machines);
    print_log(page, &policy->log);
    for (size_t i = 0; i < policy->rules.count; i++)
        print_rule(page, &policy->rules.rows[i]);
    troth_policy_open(policy, print_point, page);
}

static void print_issue(struct troth_page *page, const char *name,
                        const struct troth_policy_issue *issue)
{
    char place[TROTH_POLICY_PLACE_ROOM];

    troth_policy_place(place, name, issue->line, issue->column);
    troth_page_say(page, TROTH_STYLE_BAD, "unusable");
    troth_page_column(page, 10);
    troth_page_say(page, TROTH_STYLE_BOLD, place);
    troth_page_end_line(page);
    troth_page_column(page, LABEL);
    troth_page_say(page, TROTH_STYLE_PLAIN, issue->path);
    troth_page_say(page, TROTH_STYLE_PLAIN, issue->path[0] ? ": " : "");
    troth_page_say(page, TROTH_STYLE_PLAIN, issue->text);
    troth_page_end_line(page);
}

void troth_policy_page_print(struct troth_page *page, const char *name,
                             const struct troth_policy_document *document)
{
    if (document->policy)
        print_policy(page, name, document->policy);
    else
        print_issue(page, name, &document->issue);
}
