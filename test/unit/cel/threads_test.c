/* SPDX-License-Identifier: Apache-2.0 */
/* One program, evaluated by several threads at once; -Db_sanitize=thread says more. */
#include <pthread.h>
#include <string.h>

#include "cel/node.h"
#include "test/harness.h"
#include "troth/cel.h"

enum { THREADS = 4, ROUNDS = 500, NODES = 256, ROOM = 1 << 16 };

static const struct troth_cel_variable names[] = {{"n", &troth_cel_types[TROTH_CEL_INT]}};
static const struct troth_cel_env env = {
    .variables = names,
    .variable_count = COUNT(names),
    .libraries = troth_cel_all_libraries,
    .library_count = TROTH_CEL_LIBRARIES,
};

/* Literals, lists that grow, patterns and constants worked out: all that is shared. */
static const char source[] =
    "[1, 2, 3].map(x, x + n).filter(x, x > 2) == [3 + n, 2 + n].filter(x, x > 2) || "
    "cel.bind(t, string(n) + 'abc', t.matches('^[0-9]+a(b|c)*$') && "
    "{'a': [1, 2], 'b': [n]}.transformMap(k, v, v + [n])[t == '' ? 'b' : 'a'][2] == n && "
    "'%s %d'.format([[1.5, 2.5], n]).startsWith('[1.5') && t.split('b').size() == 2)";

struct worker {
    pthread_t thread;
    const struct troth_cel_program *program;
    int64_t number;
    unsigned wrong;
    uint8_t room[ROOM];
    struct troth_cel_value trace[NODES];
};

static bool is_right(struct worker *worker, int64_t number)
{
    struct troth_arena arena = TROTH_ARENA_OVER(worker->room);
    const struct troth_cel_value values[] = {TROTH_CEL_INT_VALUE(number)};
    const struct troth_cel_run run = {values, 100000, &arena, worker->trace};
    struct troth_cel_reason reasons[8];
    struct troth_cel_value value;
    uint8_t text[16];
    size_t count, len;

    if (troth_cel_evaluate(&value, worker->program, &run) || value.kind != TROTH_CEL_BOOL)
        return false;
    troth_cel_explain(reasons, &count, COUNT(reasons), worker->program, worker->trace);
    return value.as.boolean && count > 0 && troth_cel_cost(worker->program, 16) > 100 &&
           !troth_cel_value_to_text(text, sizeof text, &len, &value);
}

static void *work(void *given)
{
    struct worker *worker = given;

    for (int64_t i = 0; i < ROUNDS; i++)
        worker->wrong += !is_right(worker, worker->number + i);
    return NULL;
}

int main(void)
{
    static struct worker workers[THREADS];
    static uint8_t room[1 << 18];
    struct troth_arena arena = TROTH_ARENA_OVER(room);
    struct troth_cel_program program;
    struct troth_cel_issue issue;

    test_case("one program in %d threads", THREADS);
    CHECK_ERR(troth_cel_compile(&program, &issue, &env, test_text(source), &arena),
              TROTH_OK);
    CHECK_TEXT(issue.text, "");
    CHECK(program.tree && program.tree->count <= NODES);
    for (int i = 0; program.tree && i < THREADS; i++) {
        workers[i].program = &program;
        workers[i].number = INT64_C(1000) * i;
        CHECK_INT(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; program.tree && i < THREADS; i++) {
        CHECK_INT(pthread_join(workers[i].thread, NULL), 0);
        CHECK_INT(workers[i].wrong, 0);
    }
    return test_finish();
}
