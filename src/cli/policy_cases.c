/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/policy_verbs.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/instant.h"
#include "base/span.h"
#include "cli/case_page.h"
#include "cli/help.h"
#include "cli/json_page.h"
#include "cli/policy_page.h"
#include "cli/question.h"
#include "cli/status.h"
#include "policy/policy.h"
#include "troth/provider.h"

#define JSON_ROOM ((size_t)4 * 1024 * 1024)
#define PATH_ROOM 4096

/* One command line being carried out. Its own order keeps the document and the roots. */
struct session {
    struct troth_order order;
    struct troth_problem problem;
    struct troth_crypto crypto;
    const char *file;
    struct troth_policy_document document;
    size_t number, otherwise, failed; /* tests so far, and what came of them */
    struct troth_writer bytes;        /* of JSON */
    struct troth_json_writer json;
};

const struct troth_option troth_policy_test_options[] = {
    {"root", "FILE", "trust this root too, in every test", true, troth_order_root},
    {"json", NULL, "print what came of each as JSON (docs/policy-test.schema.json)",
     false, troth_order_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

/* One test of the document, and what came of it. */
struct test {
    struct session *session;
    const struct troth_tree_node *node;
    struct troth_order order;
    struct troth_problem problem; /* it could not be run */
    struct troth_question question;
    bool is_as_expected;
};

/* Paths in the document are from where it lies. */
static const char *path_of(struct test *t, struct troth_span path)
{
    const char *file = t->session->file;
    const char *slash = strrchr(file, '/');
    char *out = troth_inputs_allocate(&t->order.inputs, &t->problem, PATH_ROOM);
    int len;

    if (!out)
        return NULL;
    len = snprintf(out, PATH_ROOM, "%.*s%.*s", slash ? (int)(slash + 1 - file) : 0, file,
                   (int)path.len, (const char *)path.ptr);
    if (len >= 0 && len < PATH_ROOM)
        return out;
    (void)troth_problem_usage(&t->problem, "a path is longer than %d bytes", PATH_ROOM);
    return NULL;
}

/* A list of paths, or one. */
static bool take_collateral(struct test *t, const struct troth_tree_node *node)
{
    const size_t count = node ? node->kind == TROTH_TREE_LIST ? node->count : 1 : 0;
    const struct troth_tree_node *path = node && node->kind == TROTH_TREE_LIST
                                             ? node->first_child
                                             : node;

    t->order.collateral.rows = troth_inputs_allocate(
        &t->order.inputs, &t->problem, (count + 1) * sizeof *t->order.collateral.rows);
    for (; t->order.collateral.rows && t->order.collateral.count < count;
         path = path->next) {
        const char *full = path_of(t, path->text);

        if (!full)
            return false;
        t->order.collateral.rows[t->order.collateral.count++] = full;
    }
    return t->order.collateral.rows != NULL;
}

static bool take_log_proof(struct test *t)
{
    const struct troth_span path = troth_case_text(t->node, "log_proof");

    if (path.len > 0)
        t->order.log_proof = path_of(t, path);
    return path.len == 0 || t->order.log_proof;
}

static bool take_nonce(struct test *t)
{
    const struct troth_span text = troth_case_text(t->node, "nonce");
    uint8_t *bytes = troth_inputs_allocate(&t->order.inputs, &t->problem, text.len + 1);
    size_t len;

    if (!bytes)
        return false;
    if (text.len == 0)
        return true;
    if (troth_hex_parse(bytes, text.len, &len, text))
        return troth_problem_usage(&t->problem, "nonce: this is not hex");
    t->order.requirements.nonce = (struct troth_span){bytes, len};
    t->order.requirements.has_nonce = true;
    return true;
}

/* As if it stood on a command line of `troth verify --offline --policy FILE`. */
static bool begin(struct test *t)
{
    static const char *const no_words[] = {NULL};
    const struct session *s = t->session;

    if (!troth_order_begin(&t->order, &t->problem, no_words))
        return false;
    t->order.policy = s->file;
    t->order.policy_read = s->document.policy;
    t->order.roots = s->order.roots;
    t->order.supply.offline = t->order.supply.alone = true;
    t->order.clock.kind = TROTH_CLOCK_GIVEN;
    if (troth_instant_parse_rfc3339(&t->order.clock.at_s,
                                    troth_case_text(t->node, "time")))
        return troth_problem_usage(&t->problem, "time: this is no instant");
    return take_nonce(t) && take_log_proof(t) &&
           take_collateral(t, troth_tree_find(t->node, "collateral"));
}

/* Was it this rule, or this check, that refused? Without a name anything will do. */
static bool was_decided_by(const struct test *t, struct troth_span rule)
{
    const struct troth_verdict *verdict = &t->question.result.verdict;

    for (size_t i = 0; rule.len > 0 && i < verdict->count; i++) {
        const struct troth_check *check = &verdict->checks[i];
        const bool is_bad = check->outcome == TROTH_FAILED ||
                            check->outcome == TROTH_NOT_MADE;

        if (is_bad && (troth_span_is_text(rule, troth_check_name(check->id)) ||
                       (check->id == TROTH_CHECK_RULE && check->subject &&
                        troth_span_is_text(rule, check->subject))))
            return true;
    }
    return rule.len == 0;
}

static bool run(struct test *t)
{
    const char *evidence;

    if (!begin(t))
        return false;
    evidence = path_of(t, troth_case_text(t->node, "evidence"));
    if (!evidence || !troth_question_ask(&t->question, &t->problem, &t->order,
                                         &t->session->crypto, evidence))
        return false;
    t->is_as_expected = troth_span_is_text(
                            troth_case_text(t->node, "expect"),
                            troth_answer_name(t->question.result.answer)) &&
                        was_decided_by(t, troth_case_text(t->node, "rule"));
    return true;
}

static void run_and_tell(struct session *s, const struct troth_tree_node *node)
{
    struct test t = {.session = s, .node = node, .question = {.file = NULL}};
    bool ran;

    s->number++;
    ran = run(&t);
    s->failed += !ran;
    s->otherwise += ran && !t.is_as_expected;
    const struct troth_case told = {
        .node = node,
        .number = s->number,
        .ran = ran,
        .is_as_expected = t.is_as_expected,
        .result = &t.question.result,
        .problem = &t.problem,
    };

    if (s->order.json)
        troth_case_page_write_json(&s->json, &told);
    else
        troth_case_page_print(&told);
    troth_question_end(&t.question);
    troth_order_release(&t.order);
}

static bool begin_json(struct session *s)
{
    uint8_t *room = troth_inputs_allocate(&s->order.inputs, &s->problem, JSON_ROOM);
    char id[TROTH_POLICY_ID_ROOM];

    if (!room)
        return false;
    troth_policy_id(id, s->document.policy);
    s->bytes = troth_writer_over(room, JSON_ROOM);
    s->json = troth_json_writer_over(&s->bytes, true);
    troth_json_begin_object(&s->json);
    troth_json_write_key(&s->json, "policy");
    troth_json_write_string(&s->json, troth_policy_name(s->document.policy));
    troth_json_write_key(&s->json, "digest");
    troth_json_write_text(&s->json, id);
    troth_json_write_key(&s->json, "tests");
    troth_json_begin_array(&s->json);
    return true;
}

static bool end_json(struct session *s)
{
    const struct troth_fault too_long = {TROTH_ERR_LIMIT, NULL, 0};

    troth_json_end_array(&s->json);
    troth_json_end_object(&s->json);
    if (s->bytes.full)
        return troth_problem_fault(&s->problem, "tests", &too_long);
    troth_json_page_print(stdout, troth_writer_span(&s->bytes));
    return true;
}

static bool read_document(struct session *s)
{
    if (!troth_policy_document_read(&s->document, &s->order.inputs, &s->problem,
                                    &s->crypto, s->file))
        return false;
    if (!s->document.policy)
        return troth_policy_complain(&s->problem, troth_inputs_name(s->file),
                                     &s->document.issue);
    if (s->document.policy->tests)
        return true;
    (void)troth_problem_usage(&s->problem, "'%s' carries no tests",
                              troth_inputs_name(s->file));
    troth_problem_hint(&s->problem, "docs/policy.md says how they are written");
    return false;
}

static bool test(struct session *s)
{
    const struct troth_tree_node *node;

    if (!read_document(s) || (s->order.json && !begin_json(s)))
        return false;
    node = s->document.policy->tests;
    if (!s->order.json)
        (void)printf("1..%zu\n", node->count);
    for (node = node->first_child; node; node = node->next)
        run_and_tell(s, node);
    return !s->order.json || end_json(s);
}

static int work(struct session *s)
{
    struct troth_fault fault = {troth_provider_create(&s->crypto), NULL, 0};
    bool fine = fault.err ? troth_problem_fault(&s->problem, "", &fault) : test(s);

    troth_provider_destroy(&s->crypto);
    if (!fine || s->failed > 0)
        return TROTH_STATUS_UNDETERMINED;
    return s->otherwise > 0 ? TROTH_STATUS_NO : TROTH_STATUS_YES;
}

int troth_policy_test(const struct troth_command *command, const char *const *words)
{
    struct session s = {.number = 0};
    struct troth_parsing parsing = {TROTH_PARSED_NOT, NULL};
    int status = TROTH_STATUS_UNDETERMINED;

    if (troth_order_begin(&s.order, &s.problem, words))
        parsing = troth_options_parse(&s, &s.problem, command->options, words);
    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
        status = TROTH_STATUS_YES;
    } else if (parsing.parsed == TROTH_PARSED) {
        s.file = parsing.file;
        status = work(&s);
    }
    if (s.problem.name)
        status = troth_problem_print(
            &s.problem, troth_options_want_json(words) ? "\"tests\":[]" : NULL);
    troth_order_release(&s.order);
    return status;
}
