/* SPDX-License-Identifier: Apache-2.0 */
#include "base/span.h"
#include "cli/policy_open.h"
#include "cli/policy_page.h"
#include "codec/json_value.h"
#include "policy/policy.h"

static void write_text(struct troth_json_writer *w, const char *key, const char *text)
{
    troth_json_write_key(w, key);
    troth_json_write_text(w, text);
}

static void write_line(struct troth_json_writer *w, uint32_t line)
{
    troth_json_write_key(w, "line");
    if (line)
        troth_json_write_uint(w, line);
    else
        troth_json_write_null(w);
}

static void write_kinds(struct troth_json_writer *w, const struct troth_policy *policy)
{
    troth_json_write_key(w, "accept");
    troth_json_begin_array(w);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        if (policy->kinds[kind].accepted)
            troth_json_write_text(w, troth_kind_name(kind));
    troth_json_end_array(w);
}

static void write_demand(struct troth_json_writer *w, const struct troth_demand *demand)
{
    const struct troth_word *word = troth_word_find(troth_span_of_text(demand->claim));

    troth_json_begin_object(w);
    write_text(w, "claim", demand->claim);
    troth_json_write_key(w, "value");
    if (demand->any)
        troth_json_write_null(w);
    else if (word && word->type == TROTH_VALUE_BYTES)
        troth_json_write_hex(w, demand->value);
    else
        troth_json_write_string(w, demand->value);
    write_line(w, demand->line);
    troth_json_end_object(w);
}

static void write_image(struct troth_json_writer *w, const struct troth_image *image)
{
    troth_json_begin_object(w);
    troth_json_write_key(w, "name");
    troth_json_write_string(w, image->name);
    write_text(w, "kind", troth_kind_name(image->kind));
    write_line(w, image->line);
    troth_json_write_key(w, "claims");
    troth_json_begin_array(w);
    for (size_t i = 0; i < image->demands.count; i++)
        write_demand(w, &image->demands.rows[i]);
    troth_json_end_array(w);
    troth_json_end_object(w);
}

static void write_images(struct troth_json_writer *w, const struct troth_policy *policy)
{
    troth_json_write_key(w, "images");
    troth_json_begin_array(w);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        for (size_t i = 0; i < policy->kinds[kind].image_count; i++)
            write_image(w, &policy->kinds[kind].images[i]);
    troth_json_end_array(w);
}

static void write_machines(struct troth_json_writer *w, const struct troth_policy *policy)
{
    troth_json_write_key(w, "machines");
    troth_json_begin_array(w);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++) {
        const struct troth_machines *machines = &policy->kinds[kind].machines;

        if (!policy->kinds[kind].accepted)
            continue;
        troth_json_begin_object(w);
        write_text(w, "kind", troth_kind_name(kind));
        troth_json_write_key(w, "any");
        troth_json_write_bool(w, machines->any);
        troth_json_write_key(w, "ids");
        troth_json_begin_array(w);
        for (size_t i = 0; i < machines->count; i++)
            troth_json_write_hex(w, machines->ids[i]);
        troth_json_end_array(w);
        write_line(w, machines->line);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_log(struct troth_json_writer *w, const struct troth_log_demand *log)
{
    const struct troth_witnesses *who = &log->witnesses;

    troth_json_write_key(w, "log");
    if (!log->is_made) {
        troth_json_write_null(w);
        return;
    }
    troth_json_begin_object(w);
    troth_json_write_key(w, "origin");
    troth_json_write_string(w, who->origin);
    troth_json_write_key(w, "witnesses");
    troth_json_begin_array(w);
    for (size_t i = 0; i < who->count; i++)
        troth_json_write_string(w, who->rows[i].name);
    troth_json_end_array(w);
    troth_json_write_key(w, "needed");
    troth_json_write_uint(w, who->needed);
    troth_json_write_key(w, "max_age");
    if (log->has_max_age)
        troth_json_write_uint(w, (uint64_t)log->max_age_s);
    else
        troth_json_write_null(w);
    write_line(w, log->line);
    troth_json_end_object(w);
}

static void write_rules(struct troth_json_writer *w, const struct troth_policy *policy)
{
    troth_json_write_key(w, "rules");
    troth_json_begin_array(w);
    for (size_t i = 0; i < policy->rules.count; i++) {
        const struct troth_rule *rule = &policy->rules.rows[i];

        troth_json_begin_object(w);
        troth_json_write_key(w, "name");
        troth_json_write_string(w, rule->name);
        write_line(w, rule->line);
        troth_json_write_key(w, "cost");
        troth_json_write_uint(w, rule->cost);
        troth_json_write_key(w, "source");
        troth_json_write_string(w, rule->source);
        troth_json_end_object(w);
    }
    troth_json_end_array(w);
}

static void write_point(void *state, const struct troth_open_point *point)
{
    struct troth_json_writer *w = state;

    troth_json_begin_object(w);
    write_text(w, "path", point->path);
    write_text(w, "text", point->text);
    troth_json_end_object(w);
}

static void write_policy(struct troth_json_writer *w, const struct troth_policy *policy)
{
    char id[TROTH_POLICY_ID_ROOM];

    troth_policy_id(id, policy);
    troth_json_write_key(w, "policy");
    troth_json_write_string(w, policy->name);
    write_text(w, "digest", id);
    write_kinds(w, policy);
    write_text(w, "nonce", policy->nonce == TROTH_NONCE_ANY ? "any" : "required");
    troth_json_write_key(w, "max_age");
    if (policy->has_max_age)
        troth_json_write_uint(w, (uint64_t)policy->max_age_s);
    else
        troth_json_write_null(w);
    write_images(w, policy);
    write_machines(w, policy);
    write_log(w, &policy->log);
    write_rules(w, policy);
    troth_json_write_key(w, "open");
    troth_json_begin_array(w);
    troth_policy_open(policy, write_point, w);
    troth_json_end_array(w);
}

static void write_issue(struct troth_json_writer *w,
                        const struct troth_policy_issue *issue)
{
    troth_json_write_key(w, "issue");
    troth_json_begin_object(w);
    write_line(w, issue->line);
    troth_json_write_key(w, "column");
    if (issue->column)
        troth_json_write_uint(w, issue->column);
    else
        troth_json_write_null(w);
    write_text(w, "path", issue->path);
    write_text(w, "text", issue->text);
    write_text(w, "hint", issue->hint);
    troth_json_end_object(w);
}

void troth_policy_page_write_json(struct troth_json_writer *w, const char *name,
                                  const struct troth_policy_document *document)
{
    troth_json_begin_object(w);
    write_text(w, "file", name);
    troth_json_write_key(w, "usable");
    troth_json_write_bool(w, document->policy != NULL);
    if (document->policy)
        write_policy(w, document->policy);
    else
        write_issue(w, &document->issue);
    troth_json_end_object(w);
}
