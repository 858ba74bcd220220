/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/complaint.h"

#include <stdio.h>
#include <string.h>

#include "appraise/appraise.h"
#include "base/nearest.h"
#include "base/span.h"
#include "base/writer.h"
#include "evidence/format.h"
#include "troth/binding.h"

/* For printf's "%.*s". */
#define SHOW(span) (int)(span).len, (const char *)(span).ptr

static void complain_of_any(struct troth_problem *problem,
                            const struct troth_requirements *r,
                            const struct troth_claims *claims)
{
    for (size_t i = 0; i < r->any.count; i++) {
        struct troth_span name = r->any.rows[i];
        struct troth_nearest near = {NULL, 0};

        if (troth_span_equal(name, TROTH_LITERAL("nonce")) ||
            troth_claims_find(claims, name))
            continue;
        (void)snprintf(problem->text, sizeof problem->text,
                       "--any: no claim '%.*s' in this evidence", SHOW(name));
        for (size_t k = 0; k < claims->count; k++)
            troth_nearest_offer(&near, name, claims->rows[k].name);
        if (near.word)
            troth_problem_hint(problem, "did you mean %s?", near.word);
        else
            troth_problem_hint(problem, "'troth show FILE' lists the claims there are");
        return;
    }
}

/* Bits without a name are too many to list. */
static bool is_numbered(const char *finding)
{
    const char *bit = strstr(finding, ".bit");

    return bit && bit[4] >= '0' && bit[4] <= '9';
}

/* Is it a finding of a family further up in the list, too? */
static bool is_listed(const struct troth_format *const *formats, size_t before,
                      const char *finding)
{
    for (size_t f = 0; f < before; f++)
        for (size_t i = 0; formats[f]->findings[i]; i++)
            if (strcmp(formats[f]->findings[i], finding) == 0)
                return true;
    return false;
}

/* Offer every finding; those with a name of their own are listed too, each once. */
static void list_findings(struct troth_writer *list, struct troth_nearest *near,
                          struct troth_span name)
{
    const struct troth_format *const *formats = troth_formats();

    for (size_t f = 0; formats[f]; f++)
        for (size_t i = 0; formats[f]->findings[i]; i++) {
            const char *finding = formats[f]->findings[i];

            troth_nearest_offer(near, name, finding);
            if (is_numbered(finding) || is_listed(formats, f, finding))
                continue;
            troth_write_text(list, list->len ? ", " : "");
            troth_write_text(list, finding);
        }
}

static void complain_of_allow(struct troth_problem *problem,
                              const struct troth_requirements *r)
{
    uint8_t text[256];
    struct troth_writer list = troth_writer_over(text, sizeof text);
    struct troth_nearest near = {NULL, 0};
    size_t i = 0;

    while (i < r->allow.count && troth_format_has_finding(r->allow.rows[i]))
        i++;
    if (i == r->allow.count)
        return;
    (void)snprintf(problem->text, sizeof problem->text,
                   "--allow: '%.*s' is not the name of a finding",
                   SHOW(r->allow.rows[i]));
    list_findings(&list, &near, r->allow.rows[i]);
    if (near.word)
        troth_problem_hint(problem, "did you mean %s?", near.word);
    else
        troth_problem_hint(problem, "findings are %.*s, and bits by their number",
                           (int)list.len, (const char *)text);
}

static const char *type_name(enum troth_value_type type)
{
    switch (type) {
    case TROTH_VALUE_NONE:
        return "nothing";
    case TROTH_VALUE_BOOL:
        return "true or false";
    case TROTH_VALUE_UINT:
        return "a number, decimal or 0x...";
    case TROTH_VALUE_INSTANT:
        return "an instant, 2026-05-01T00:00:00Z";
    case TROTH_VALUE_TEXT:
        return "a text";
    case TROTH_VALUE_BYTES:
        return "bytes in hex";
    }
    return "nothing";
}

static void complain_of_value(struct troth_problem *problem,
                              const struct troth_requirements *r,
                              const struct troth_claims *claims)
{
    for (size_t i = 0; i < r->expect_count; i++) {
        const struct troth_claim *claim = troth_claims_find(claims, r->expect[i].claim);
        bool same;

        if (!claim || !troth_value_is(&same, &claim->value, r->expect[i].value))
            continue;
        (void)snprintf(problem->text, sizeof problem->text,
                       "--expect: '%.*s' can be no value of %s", SHOW(r->expect[i].value),
                       claim->name);
        troth_problem_hint(problem, "%s is %s", claim->name,
                           type_name(claim->value.type));
        return;
    }
}

static void complain_of_expect(struct troth_problem *problem,
                               const struct troth_requirements *r,
                               const struct troth_claims *claims)
{
    if (r->expect_count > TROTH_EXPECTATIONS_MAX) {
        (void)snprintf(problem->text, sizeof problem->text,
                       "--expect: given more than %d times", TROTH_EXPECTATIONS_MAX);
        return;
    }
    for (size_t i = 0; i < r->expect_count; i++)
        for (size_t k = 0; k < i; k++)
            if (troth_span_equal(r->expect[i].claim, r->expect[k].claim)) {
                (void)snprintf(problem->text, sizeof problem->text,
                               "--expect: '%.*s' is expected twice",
                               SHOW(r->expect[i].claim));
                return;
            }
    complain_of_value(problem, r, claims);
}

static void complain_of_kind(struct troth_problem *problem)
{
    const struct troth_format *const *formats = troth_formats();
    char list[256] = "";
    size_t len = 0;

    for (size_t f = 0; formats[f] && len < sizeof list; f++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", f ? "; " : "",
                                formats[f]->title);
    troth_problem_hint(problem, "this build reads: %s; raw or as PEM, hex, base64", list);
}

static bool starts_with(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

void troth_complaint(struct troth_problem *problem, const struct troth_fault *fault,
                     const char *subject, const struct troth_requirements *requirements,
                     const struct troth_claims *claims)
{
    bool asked = starts_with(fault->field, "requirements.");
    bool beside = starts_with(fault->field, "cert.") ||
                  starts_with(fault->field, "crl.") ||
                  starts_with(fault->field, "dcap.tcb_info") ||
                  starts_with(fault->field, "dcap.qe_identity") ||
                  starts_with(fault->field, "collateral");

    (void)troth_problem_fault(problem, beside ? "collateral" : subject, fault);
    if (fault->err == TROTH_ERR_KIND && !beside)
        complain_of_kind(problem);
    if (fault->err == TROTH_ERR_CLOCK)
        troth_problem_hint(problem, "--time document needs a time that the evidence "
                                    "signs; give an instant");
    if (!asked || !requirements)
        return;
    /* The library's own words are for those who call it. */
    problem->name = fault->err == TROTH_ERR_MEMORY ? problem->name : "USAGE";
    if (strcmp(fault->field, "requirements.any") == 0)
        complain_of_any(problem, requirements, claims);
    else if (strcmp(fault->field, "requirements.allow") == 0)
        complain_of_allow(problem, requirements);
    else
        complain_of_expect(problem, requirements, claims);
}

/* "app:nonce=HEX,user_data=HEX" for each domain. */
static void list_bindings(struct troth_problem *problem)
{
    char list[480] = "";
    size_t len = 0;

    for (int d = 0; d < TROTH_BINDING_DOMAIN_COUNT && len < sizeof list; d++) {
        const struct troth_binding_schema *schema = troth_binding_schema(
            (enum troth_binding_domain)d);

        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s:", d ? "; " : "",
                                schema->domain);
        for (size_t i = 0; i < schema->count && len < sizeof list; i++)
            len += (size_t)snprintf(list + len, sizeof list - len, "%s%s=", i ? "," : "",
                                    schema->fields[i].name);
    }
    troth_problem_hint(problem, "%s", list);
}

bool troth_complaint_binding(struct troth_problem *problem,
                             const struct troth_crypto *crypto, struct troth_span text)
{
    uint8_t unused[TROTH_BINDING_SIZE];
    struct troth_fault fault = {TROTH_OK, NULL, 0};
    const char *field;

    if (!troth_binding_parse(unused, &fault, crypto, text))
        return true;
    if (fault.err == TROTH_ERR_CRYPTO)
        return troth_problem_fault(problem, "", &fault);
    field = fault.field ? fault.field : "binding";
    if (fault.err == TROTH_ERR_KIND)
        (void)troth_problem_usage(problem, "--binding: no such %s",
                                  strcmp(field, "binding.domain") == 0 ? "domain"
                                                                       : "field");
    else
        (void)troth_problem_usage(problem, "--binding: %s: %s", field,
                                  troth_err_text(fault.err));
    list_bindings(problem);
    return false;
}
