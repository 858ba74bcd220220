/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/sections.h"

#include "base/nearest.h"
#include "base/span.h"

#define UP_TO_DATE "UpToDate"

/* Intel's other words for a platform's state, but Revoked, which nothing allows. Only a
 * trust domain says what it was launched under. */
static const struct {
    const char *name;
    bool is_of_tdx;
} statuses[] = {
    {"SWHardeningNeeded", false},
    {"ConfigurationNeeded", false},
    {"ConfigurationAndSWHardeningNeeded", false},
    {"OutOfDate", false},
    {"OutOfDateConfigurationNeeded", false},
    {"TDRelaunchAdvised", true},
    {"TDRelaunchAdvisedConfigurationNeeded", true},
};

enum { STATUSES = sizeof statuses / sizeof statuses[0] };

/* STATUSES: none of them. */
static size_t find_status(struct troth_span word)
{
    size_t i = 0;

    while (i < STATUSES && !troth_span_is_text(word, statuses[i].name))
        i++;
    return i;
}

bool troth_section_is_status(struct troth_span finding)
{
    return find_status(finding) < STATUSES;
}

bool troth_section_has_intel(const struct troth_draft *draft)
{
    return troth_draft_accepts(draft, TROTH_KIND_SGX) ||
           troth_draft_accepts(draft, TROTH_KIND_TDX);
}

/* May an accepted kind of evidence be of that status? */
static bool is_used(const struct troth_draft *draft, struct troth_span status)
{
    return troth_draft_accepts(draft, TROTH_KIND_TDX) ||
           !statuses[find_status(status)].is_of_tdx;
}

static void check_status(struct troth_reader *r, const struct troth_entry *entry)
{
    struct troth_objection objection = {.node = entry->node, .words = {entry->text}};
    struct troth_nearest near = {NULL, 0};

    for (size_t i = 0; i < STATUSES; i++)
        troth_nearest_offer(&near, entry->text, statuses[i].name);
    troth_nearest_offer(&near, entry->text, UP_TO_DATE);
    if (troth_span_is_text(entry->text, "Revoked")) {
        objection.text = "platforms that Intel revoked are never accepted";
    } else if (!troth_section_is_status(entry->text)) {
        objection.text = "'%' is no word of Intel's for a platform's state";
        objection.hint = near.word ? "did you mean '%'?" : "docs/intel.md lists them";
        objection.hint_words[0] = troth_span_of_text(near.word ? near.word : "");
    } else if (!is_used(&r->draft, entry->text)) {
        objection.text = "never used: only tdx evidence can be '%'";
    } else {
        return;
    }
    troth_read_object(r, &objection);
}

static void read_tcb(struct troth_reader *r, const struct troth_tree_node *node,
                     void *out)
{
    struct troth_entries list;
    size_t kept = 0;

    (void)out;
    if (!node)
        return;
    list = troth_read_list(r, node);
    troth_read_sort(r, &list);
    for (size_t i = 0; i < list.count && !r->err; i++) {
        if (troth_span_is_text(list.rows[i].text, UP_TO_DATE))
            continue;
        check_status(r, &list.rows[i]);
        list.rows[kept++] = list.rows[i];
    }
    if (kept == list.count)
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .text = "'UpToDate' is missing: it is always accepted",
                                 .hint = "the list is all that is accepted"});
    list.count = kept;
    r->draft.statuses = list;
}

static void write_tcb(struct troth_json_writer *w, const struct troth_draft *draft)
{
    bool is_written = false;

    troth_json_begin_array(w);
    for (size_t i = 0; i < draft->statuses.count; i++) {
        const struct troth_span status = draft->statuses.rows[i].text;

        if (!is_written && troth_canonical_order(TROTH_LITERAL(UP_TO_DATE), status) < 0) {
            troth_json_write_text(w, UP_TO_DATE);
            is_written = true;
        }
        troth_json_write_string(w, status);
    }
    if (!is_written)
        troth_json_write_text(w, UP_TO_DATE);
    troth_json_end_array(w);
}

static void read_grace(struct troth_reader *r, const struct troth_tree_node *node,
                       void *out)
{
    (void)out;
    r->draft.intel.grace_s = node ? troth_read_duration(r, node) : 0;
}

static void write_grace(struct troth_json_writer *w, const struct troth_draft *draft)
{
    troth_json_write_uint(w, (uint64_t)draft->intel.grace_s);
}

/* "INTEL-SA-" and five digits, as Intel numbers them. */
static bool is_advisory(struct troth_span text)
{
    static const char prefix[] = "INTEL-SA-";

    if (text.len != sizeof prefix - 1 + 5 ||
        !troth_span_starts_with(text, TROTH_LITERAL("INTEL-SA-")))
        return false;
    for (size_t i = sizeof prefix - 1; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

static void read_advisories(struct troth_reader *r, const struct troth_tree_node *node,
                            void *out)
{
    struct troth_entries list = {NULL, 0};
    struct troth_span *names;

    (void)out;
    if (!node || troth_read_is_word(node, "any"))
        return;
    if (!troth_read_is_none(node))
        list = troth_read_list(r, node);
    troth_read_sort(r, &list);
    names = troth_read_take(r, list.count, sizeof *names);
    for (size_t i = 0; i < list.count && !r->err; i++) {
        names[i] = list.rows[i].text;
        if (!is_advisory(names[i]))
            troth_read_object(r, &(struct troth_objection){.node = list.rows[i].node,
                                                           .text = "'%' is no advisory",
                                                           .words = {names[i]},
                                                           .hint = "INTEL-SA-00615"});
    }
    r->draft.intel.has_advisories = true;
    r->draft.intel.advisories = (struct troth_names){names, list.count};
}

static void write_advisories(struct troth_json_writer *w, const struct troth_draft *draft)
{
    const struct troth_intel_settings *intel = &draft->intel;

    if (!intel->has_advisories || intel->advisories.count == 0) {
        troth_json_write_text(w, intel->has_advisories ? "none" : "any");
        return;
    }
    troth_json_begin_array(w);
    for (size_t i = 0; i < intel->advisories.count; i++)
        troth_json_write_string(w, intel->advisories.rows[i]);
    troth_json_end_array(w);
}

static void read_min_evaluation(struct troth_reader *r,
                                const struct troth_tree_node *node, void *out)
{
    (void)out;
    r->draft.intel.min_evaluation = node
                                        ? (uint32_t)troth_read_number(r, node, UINT32_MAX)
                                        : 0;
}

static void write_min_evaluation(struct troth_json_writer *w,
                                 const struct troth_draft *draft)
{
    troth_json_write_uint(w, draft->intel.min_evaluation);
}

static const struct troth_key keys[] = {
    {.name = "advisories", .read = read_advisories, .write = write_advisories},
    {.name = "grace", .read = read_grace, .write = write_grace},
    {.name = "min_evaluation",
     .read = read_min_evaluation,
     .write = write_min_evaluation},
    {.name = "tcb", .read = read_tcb, .write = write_tcb},
};

static void check_grace(struct troth_reader *r, const struct troth_tree_node *grace)
{
    for (size_t i = 0; i < r->draft.statuses.count && r->draft.intel.grace_s > 0; i++)
        if (troth_span_is_text(r->draft.statuses.rows[i].text, "OutOfDate"))
            troth_read_object(r, &(struct troth_objection){
                                     .node = grace,
                                     .is_key = true,
                                     .text = "never used: tcb accepts OutOfDate for ever",
                                     .hint = "leave grace out, or OutOfDate there"});
}

void troth_section_read_intel(struct troth_reader *r, const struct troth_tree_node *node,
                              void *unused)
{
    if (node && !troth_section_has_intel(&r->draft))
        troth_read_object(r, &(struct troth_objection){
                                 .node = node,
                                 .is_key = true,
                                 .text = "never used: the policy accepts neither sgx nor "
                                         "tdx"});
    if (!r->err)
        troth_read_map(r, node, TROTH_KEYS(keys), unused);
    if (!r->err)
        check_grace(r, troth_tree_find(node, "grace"));
}

void troth_section_write_intel(struct troth_json_writer *w,
                               const struct troth_draft *draft)
{
    troth_read_write_map(w, TROTH_KEYS(keys), draft);
}
