/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/writer.h"
#include "test/harness.h"
#include "troth/cel.h"

#define OF(name) (&troth_cel_types[TROTH_CEL_##name])

static const struct troth_cel_type texts_type = {TROTH_CEL_LIST, NULL, {OF(STRING)}};
static const struct troth_cel_type map_type = {
    TROTH_CEL_MAP, NULL, {OF(STRING), OF(INT)}};
static const struct troth_cel_type optional_type = {TROTH_CEL_OPTIONAL, NULL, {OF(INT)}};

static const struct troth_cel_variable variables[] = {
    {"kind", OF(STRING)},         {"vmpl", OF(INT)},  {"debug", OF(BOOL)},
    {"tcb.date", OF(INT)},        {"m", &map_type},   {"names", &texts_type},
    {"missing", OF(INT)},         {"later", OF(INT)}, {"nested.list", &texts_type},
    {"optional", &optional_type},
};

/* Initialisers, as those of the header are expressions. */
#define TEXT(text_)                                                                      \
    {                                                                                    \
        .kind = TROTH_CEL_STRING, .as.text = {                                           \
            (const uint8_t *)("" text_),                                                 \
            sizeof(text_) - 1                                                            \
        }                                                                                \
    }
#define NUMBER(number)                                                                   \
    {                                                                                    \
        .kind = TROTH_CEL_INT, .as.integer = (number)                                    \
    }

static const struct troth_cel_value texts[] = {TEXT("alpha"), TEXT("beta"),
                                               TEXT("gamma")};
static const struct troth_cel_list names = {texts, COUNT(texts)};
static const struct troth_cel_entry entries[] = {{TEXT("a"), NUMBER(7)}};
static const struct troth_cel_map map = {entries, COUNT(entries)};
static const struct troth_cel_value inside = NUMBER(4);

static const struct troth_cel_value values[COUNT(variables)] = {
    TEXT("snp"),
    NUMBER(3),
    {.kind = TROTH_CEL_BOOL, .as.boolean = true},
    NUMBER(20),
    {.kind = TROTH_CEL_MAP, .as.map = &map},
    {.kind = TROTH_CEL_LIST, .as.list = &names},
    {.kind = TROTH_CEL_NONE},
    {.kind = TROTH_CEL_UNKNOWN},
    {.kind = TROTH_CEL_LIST, .as.list = &names},
    {.kind = TROTH_CEL_OPTIONAL, .as.optional = &inside},
};

/* One reason a line, indented by its depth. */
static const struct {
    const char *why, *source, *reasons;
} rows[] = {
    {"a variable", "debug", "debug = true\n"},
    {"a literal", "false", "false = false\n"},
    {"a comparison", "vmpl == 0", "vmpl == 0 = false\n  vmpl = 3\n"},
    {"with the literal first", "0 == vmpl", "0 == vmpl = false\n  vmpl = 3\n"},
    {"a name with dots", "tcb.date > 30", "tcb.date > 30 = false\n  tcb.date = 20\n"},
    {"and: what was false", "debug && vmpl == 0 && kind == 'snp'",
     "vmpl == 0 = false\n  vmpl = 3\n"},
    {"and: the first that was false", "vmpl == 0 && kind == 'tdx'",
     "vmpl == 0 = false\n  vmpl = 3\n"},
    {"and: all that were true", "debug && vmpl == 3",
     "debug = true\nvmpl == 3 = true\n  vmpl = 3\n"},
    {"or: both that were false", "vmpl == 0 || kind == 'tdx'",
     "vmpl == 0 = false\n  vmpl = 3\nkind == 'tdx' = false\n  kind = 'snp'\n"},
    {"or: what was true", "vmpl == 0 || kind == 'snp' || debug",
     "kind == 'snp' = true\n  kind = 'snp'\n"},
    {"not", "!debug", "debug = true\n"},
    {"not of and", "!(debug && vmpl == 0)", "vmpl == 0 = false\n  vmpl = 3\n"},
    {"choice: why, and what", "kind == 'snp' ? vmpl == 0 : vmpl == 1",
     "kind == 'snp' = true\n  kind = 'snp'\nvmpl == 0 = false\n  vmpl = 3\n"},
    {"the other choice", "kind == 'tdx' ? vmpl == 0 : vmpl == 1",
     "kind == 'tdx' = false\n  kind = 'snp'\nvmpl == 1 = false\n  vmpl = 3\n"},
    {"operands of operands", "vmpl + tcb.date * 2 == 10",
     "vmpl + tcb.date * 2 == 10 = false\n  vmpl + tcb.date * 2 = 43\n    vmpl = 3\n    "
     "tcb.date * 2 = 40\n      tcb.date = 20\n"},
    {"constants are no news", "kind in ['tdx', 'sgx']",
     "kind in ['tdx', 'sgx'] = false\n  kind = 'snp'\n"},
    {"whatever they are made of", "timestamp(vmpl) > timestamp('2026-01-01T00:00:00Z')",
     "timestamp(vmpl) > timestamp('2026-01-01T00:00:00Z') = false\n  timestamp(vmpl) = "
     "timestamp('1970-01-01T00:00:03Z')\n    vmpl = 3\n"},
    {"functions", "kind.startsWith('td')",
     "kind.startsWith('td') = false\n  kind = 'snp'\n"},
    {"functions in namespaces", "math.greatest(vmpl, 2) < 3",
     "math.greatest(vmpl, 2) < 3 = false\n  math.greatest(vmpl, 2) = 3\n    vmpl = 3\n"},
    {"a field, not the map", "m.a == 8", "m.a == 8 = false\n  m.a = 7\n"},
    {"an element, not the list", "names[vmpl - 3] == 'x'",
     "names[vmpl - 3] == 'x' = false\n  names[vmpl - 3] = 'alpha'\n    vmpl - 3 = 0\n    "
     " "
     " vmpl = 3\n"},
    {"is it there?", "has(m.b)", "has(m.b) = false\n"},
    {"all: the element that was not", "names.all(n, n < 'b')",
     "n < 'b' = false\n  n = 'beta'\n"},
    {"exists: the element that was", "names.exists(n, n == 'beta')",
     "n == 'beta' = true\n  n = 'beta'\n"},
    {"all: no single element", "names.all(n, n < 'x')",
     "names.all(n, n < 'x') = true\n  names = ['alpha', 'beta', 'gamma']\n"},
    {"exists: no single element", "names.exists(n, n == 'x')",
     "names.exists(n, n == 'x') = false\n  names = ['alpha', 'beta', 'gamma']\n"},
    {"and in all: not what an earlier round left",
     "names.all(n, (n == 'alpha' || n == 'x') && vmpl == 3)",
     "n == 'alpha' = false\n  n = 'beta'\nn == 'x' = false\n  n = 'beta'\n"},
    {"loops in loops", "names.all(n, nested.list.exists(k, k == n && n != 'beta'))",
     "nested.list.exists(k, k == n && n != 'beta') = false\n  nested.list = ['alpha', "
     "'beta', 'gamma']\n"},
    {"loops in loops that are decided",
     "!names.exists(n, nested.list.exists(k, k == 'beta' && n == k))",
     "k == 'beta' = true\n  k = 'beta'\nn == k = true\n  n = 'beta'\n  k = 'beta'\n"},
    {"exactly one", "names.exists_one(n, n != 'x')",
     "names.exists_one(n, n != 'x') = false\n  names = ['alpha', 'beta', 'gamma']\n"},
    {"what a macro makes", "size(names.filter(n, n > 'b')) == 3",
     "size(names.filter(n, n > 'b')) == 3 = false\n  size(names.filter(n, n > 'b')) = "
     "2\n "
     "   names.filter(n, n > 'b') = ['beta', 'gamma']\n      names = ['alpha', 'beta', "
     "'gamma']\n"},
    {"a name for a value", "cel.bind(v, vmpl + 1, v == 5)", "v == 5 = false\n  v = 4\n"},
    {"an optional", "optional.optMap(v, v + 1).orValue(0) == 4",
     "optional.optMap(v, v + 1).orValue(0) == 4 = false\n  optional.optMap(v, "
     "v + 1).orValue(0) = 5\n    optional.optMap(v, v + 1) = optional.of(5)\n      "
     "optional = optional.of(4)\n      v + 1 = 5\n        v = 4\n"},
    {"an error", "missing == 1 && vmpl == 3",
     "missing == 1 = error: the variable has no value here\n  missing = error: the "
     "variable has no value here\n"},
    {"an error that gave way", "missing == 1 && vmpl == 0",
     "vmpl == 0 = false\n  vmpl = 3\n"},
    {"what is not known yet", "vmpl == 3 && later == 1",
     "later == 1 = unknown\n  later = unknown\n"},
};

static const struct troth_cel_env env = {
    .variables = variables,
    .variable_count = COUNT(variables),
    .libraries = troth_cel_all_libraries,
    .library_count = TROTH_CEL_LIBRARIES,
};

static uint8_t memory[1 << 20];

/* The program and the trace of its evaluation. */
static const struct troth_cel_value *trace_of(struct troth_cel_program *program,
                                              const char *source)
{
    static struct troth_cel_value trace[4096];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_cel_issue issue;
    struct troth_cel_value value;

    if (!CHECK_ERR(troth_cel_compile(program, &issue, &env, test_text(source), &arena),
                   TROTH_OK)) {
        CHECK_TEXT(issue.text, "");
        return NULL;
    }
    const struct troth_cel_run run = {values, 100000, &arena, trace};

    return CHECK_ERR(troth_cel_evaluate(&value, program, &run), TROTH_OK) ? trace : NULL;
}

static void write_reason(struct troth_writer *w, const char *source,
                         const struct troth_cel_reason *reason)
{
    uint8_t value[256];
    size_t len = 0;

    for (unsigned i = 0; i < reason->depth; i++)
        troth_write_text(w, "  ");
    troth_write_bytes(w, (struct troth_span){(const uint8_t *)source + reason->start,
                                             reason->end - reason->start});
    CHECK_ERR(troth_cel_value_to_text(value, sizeof value, &len, &reason->value),
              TROTH_OK);
    troth_write_text(w, " = ");
    troth_write_bytes(w, (struct troth_span){value, len});
    troth_write_text(w, "\n");
}

static void test_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        static uint8_t text[4096];
        struct troth_writer w = troth_writer_over(text, sizeof text - 1);
        struct troth_cel_reason reasons[32];
        struct troth_cel_program program;
        size_t count = 0;

        test_case("%s: %s", rows[i].why, rows[i].source);
        const struct troth_cel_value *trace = trace_of(&program, rows[i].source);
        if (!trace)
            continue;
        troth_cel_explain(reasons, &count, COUNT(reasons), &program, trace);
        for (size_t k = 0; k < count; k++)
            write_reason(&w, rows[i].source, &reasons[k]);
        text[w.len] = 0;
        CHECK_TEXT((const char *)text, rows[i].reasons);
    }
}

static void test_room(void)
{
    struct troth_cel_reason reasons[4];
    struct troth_cel_program program;
    size_t count = 99;

    test_case("no more reasons than there is room for");
    const struct troth_cel_value *trace = trace_of(&program,
                                                   "vmpl == 0 || tcb.date == 0");
    if (!trace)
        return;
    for (size_t room = 0; room <= COUNT(reasons); room++) {
        memset(reasons, 0x5a, sizeof reasons);
        troth_cel_explain(reasons, &count, room, &program, trace);
        CHECK_INT(count, room);
        if (room < COUNT(reasons))
            CHECK(reasons[room].start == 0x5a5a5a5a);
    }

    test_case("nothing was evaluated");
    static const struct troth_cel_value nothing[64];
    troth_cel_explain(reasons, &count, COUNT(reasons), &program, nothing);
    CHECK_INT(count, 0);
}

int main(void)
{
    test_rows();
    test_room();
    return test_finish();
}
