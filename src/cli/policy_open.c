/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_open.h"

#include <stdio.h>

#include "base/span.h"
#include "policy/meaning.h"
#include "policy/sections.h"

/* For printf's "%.*s". */
#define SHOW(span) (int)(span).len, (const char *)(span).ptr

struct listing {
    const struct troth_policy *policy;
    void (*take)(void *state, const struct troth_open_point *point);
    void *state;
};

static void tell(const struct listing *l, const char *path, const char *text)
{
    struct troth_open_point point = {.text = text};

    (void)snprintf(point.path, sizeof point.path, "%s", path);
    l->take(l->state, &point);
}

static void list_basics(const struct listing *l)
{
    const bool is_asked = l->policy->nonce == TROTH_NONCE_REQUIRED;

    if (!is_asked)
        tell(l, "nonce", "any: an old answer would do");
    if (!l->policy->has_max_age)
        tell(l, "max_age",
             is_asked ? "any: the evidence may be as old as its nonce"
                      : "any: the evidence may be of any age");
}

/* Intel's settings are one for both its kinds; only trust domains have every status. */
static bool speaks_for_intel(const struct listing *l, enum troth_kind kind)
{
    return kind == TROTH_KIND_TDX ||
           (kind == TROTH_KIND_SGX && !l->policy->kinds[TROTH_KIND_TDX].accepted);
}

static void list_allowed(const struct listing *l, enum troth_kind kind)
{
    const struct troth_names *allow = &l->policy->kinds[kind].requirements.allow;
    struct troth_open_point point;

    for (size_t i = 0; i < allow->count; i++) {
        const struct troth_span finding = allow->rows[i];
        const bool is_status = troth_section_is_status(finding);

        if (is_status && !speaks_for_intel(l, kind))
            continue;
        point.text = troth_finding_meaning(finding);
        (void)snprintf(point.path, sizeof point.path, "%s.%.*s",
                       is_status ? "intel.tcb" : "allow", SHOW(finding));
        l->take(l->state, &point);
    }
}

static void list_any(const struct listing *l, enum troth_kind kind)
{
    const struct troth_names *any = &l->policy->kinds[kind].requirements.any;
    struct troth_open_point point = {.text = "any: every value would do"};

    for (size_t i = 0; i < any->count; i++) {
        (void)snprintf(point.path, sizeof point.path, "any.%.*s", SHOW(any->rows[i]));
        l->take(l->state, &point);
    }
}

static void list_image(const struct listing *l, const struct troth_image *image)
{
    struct troth_open_point point = {.text = "any: every value would do"};

    for (size_t i = 0; i < image->demands.count; i++) {
        if (!image->demands.rows[i].any)
            continue;
        (void)snprintf(point.path, sizeof point.path, "images.%.*s.%s", SHOW(image->name),
                       image->demands.rows[i].claim);
        l->take(l->state, &point);
    }
}

static void list_intel(const struct listing *l, enum troth_kind kind)
{
    const struct troth_requirements *r = &l->policy->kinds[kind].requirements;
    bool allows = r->intel.grace_s > 0;

    for (size_t i = 0; i < r->allow.count; i++)
        allows = allows || troth_section_is_status(r->allow.rows[i]);
    if (r->intel.grace_s > 0)
        tell(l, "intel.grace", "firmware that is out of date is accepted for a while");
    if (allows && !r->intel.has_advisories)
        tell(l, "intel.advisories", "any: whatever applies to an accepted platform");
    if (r->intel.min_evaluation == 0)
        tell(l, "intel.min_evaluation",
             "0: whatever Intel stated that is still in force would do");
}

static void list_log(const struct listing *l)
{
    const struct troth_log_demand *log = &l->policy->log;

    if (!log->is_made)
        return;
    if (log->release.len == 0)
        tell(l, "log.release", "not named: a release of anything would do");
    if (log->witnesses.needed == 0)
        tell(l, "log.witnesses", "none: the log may show others another tree");
    if (!log->has_max_age)
        tell(l, "log.max_age", "any: a view of the log of any age would do");
}

static void list_kind(const struct listing *l, enum troth_kind kind)
{
    const struct troth_kind_policy *of = &l->policy->kinds[kind];
    struct troth_open_point point = {
        .text = kind == TROTH_KIND_NITRO ? "any: such evidence does not name its machine"
                                         : "any: every machine would do"};

    for (size_t i = 0; i < of->image_count; i++)
        list_image(l, &of->images[i]);
    if (of->machines.any) {
        (void)snprintf(point.path, sizeof point.path, "machines.%s",
                       troth_kind_name(kind));
        l->take(l->state, &point);
    }
    list_allowed(l, kind);
    list_any(l, kind);
    if (speaks_for_intel(l, kind))
        list_intel(l, kind);
    if (kind == TROTH_KIND_SNP && of->requirements.amd.minimum_count == 0)
        tell(l, "amd.min_tcb", "none: firmware of any age would do");
}

void troth_policy_open(const struct troth_policy *policy,
                       void (*take)(void *state, const struct troth_open_point *point),
                       void *state)
{
    const struct listing l = {policy, take, state};

    bool any_image = false;

    list_basics(&l);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        any_image = any_image || policy->kinds[kind].any_image;
    if (any_image)
        tell(&l, "images",
             policy->log.is_made ? "any: every release in the log would do"
                                 : "any: every code would do");
    list_log(&l);
    for (unsigned kind = 0; kind < TROTH_KIND_COUNT; kind++)
        if (policy->kinds[kind].accepted)
            list_kind(&l, kind);
}
