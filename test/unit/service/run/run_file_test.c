/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/run_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "harness.h"

static uint8_t room[TROTH_RUN_FILE_ARENA_SIZE];

static enum troth_err parse(struct troth_run_file *out, struct troth_run_issue *issue,
                            struct troth_span text)
{
    struct troth_arena arena = TROTH_ARENA_OVER(room);

    return troth_run_file_parse(out, issue, text, &arena);
}

static void check_words(struct troth_run_words words, const char *wanted)
{
    char seen[512] = "";
    size_t len = 0;

    for (size_t i = 0; i < words.count; i++)
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%s", i ? "|" : "",
                                words.rows[i]);
    CHECK_TEXT(seen, wanted);
    CHECK(!words.rows || !words.rows[words.count]);
}

static void all_keys(void)
{
    static const char text[] =
        "program: [nginx, -c, /srv/nginx.conf]\n"
        "listen: 0.0.0.0:8443\n"
        "upstream: 127.0.0.1:80\n"
        "policy: /etc/clients.json\n"
        "ask: epoch\n"
        "roots: [/etc/root.pem]\n"
        "collateral: [/var/a, /var/b]\n"
        "certificate: /etc/cert.pem\n"
        "key: /etc/key.pem\n"
        "user: www-data\n"
        "directory: /srv/site\n"
        "read: [/usr, /srv/site]\n"
        "write: [/var/lib/app]\n"
        "environment: {NAME: a value, EMPTY: \"\"}\n"
        "outbound: [\"api.example.com:443\", \"*.example.org:443\"]\n"
        "outbound_plain: [\"db.internal:5432\"]\n"
        "limits: {memory: 512M, files: 4096, processes: 512}\n"
        "restart: on-failure\n";
    struct troth_run_file f;
    struct troth_run_issue issue;

    test_case("every key");
    CHECK_ERR(parse(&f, &issue, test_text(text)), TROTH_OK);
    CHECK_TEXT(issue.text, "");
    check_words(f.program, "nginx|-c|/srv/nginx.conf");
    CHECK_TEXT(f.listen, "0.0.0.0:8443");
    CHECK_TEXT(f.upstream, "127.0.0.1:80");
    CHECK(!f.upstream_outside);
    CHECK_TEXT(f.policy, "/etc/clients.json");
    CHECK_TEXT(f.ask, "epoch");
    check_words(f.roots, "/etc/root.pem");
    check_words(f.collateral, "/var/a|/var/b");
    CHECK_TEXT(f.certificate, "/etc/cert.pem");
    CHECK_TEXT(f.key, "/etc/key.pem");
    CHECK_TEXT(f.user, "www-data");
    CHECK_TEXT(f.directory, "/srv/site");
    check_words(f.read, "/usr|/srv/site");
    check_words(f.write, "/var/lib/app");
    check_words(f.environment, "NAME=a value|EMPTY=");
    check_words(f.outbound, "api.example.com:443|*.example.org:443");
    check_words(f.outbound_plain, "db.internal:5432");
    CHECK_INT(f.limits.memory, 512LL << 20);
    CHECK_INT(f.limits.files, 4096);
    CHECK_INT(f.limits.processes, 512);
    CHECK_INT(f.restart, TROTH_RUN_RESTART_ON_FAILURE);
}

static void few_keys(void)
{
    struct troth_run_file f;
    struct troth_run_issue issue;

    test_case("what is not there is NULL; an empty list is there");
    CHECK_ERR(parse(&f, &issue, test_text("read: []\nupstream_outside: 10.0.0.5:80\n")),
              TROTH_OK);
    CHECK(!f.program.rows && !f.listen && !f.write.rows && !f.environment.rows);
    CHECK(f.read.rows && f.read.count == 0);
    CHECK_TEXT(f.upstream_outside, "10.0.0.5:80");
    CHECK_INT(f.restart, TROTH_RUN_RESTART_NEVER);
}

static const struct {
    const char *why, *text;
    enum troth_err err;
    unsigned line, column;
    const char *said, *hint;
} wrong[] = {
    {"no document", "", TROTH_ERR_VALUE, 1, 1, NULL, ""},
    {"no map", "[listen]", TROTH_ERR_TYPE, 1, 1,
     "run file: names with their values belong here", ""},
    {"an unknown key", "listen: 0.0.0.0:1\nlimit: 3\n", TROTH_ERR_UNSUPPORTED, 2, 1,
     "limit: no such key", "did you mean limits?"},
    {"a key of nothing we know", "zzzzzzzz: 3\n", TROTH_ERR_UNSUPPORTED, 1, 1,
     "zzzzzzzz: no such key", "docs/run.md lists the keys"},
    {"an unknown limit", "limits: {memroy: 3}\n", TROTH_ERR_UNSUPPORTED, 1, 10,
     "limits.memroy: no such key", "did you mean memory?"},
    {"a limit outside of limits", "limits.memory: 3\n", TROTH_ERR_UNSUPPORTED, 1, 1,
     "limits.memory: no such key", "did you mean limits.memory?"},
    {"a key twice", "ask: none\nask: none\n", TROTH_ERR_DUPLICATE, 2, 1, NULL, ""},
    {"a list where one value belongs", "listen: [a]\n", TROTH_ERR_TYPE, 1, 9,
     "listen: one value belongs here", ""},
    {"one value where a list belongs", "program: nginx -c x\n", TROTH_ERR_TYPE, 1, 10,
     "program: a list belongs here", ""},
    {"a list in a list", "read: [[/usr]]\n", TROTH_ERR_TYPE, 1, 8,
     "read: one value belongs here", ""},
    {"limits that are no map", "limits: 3\n", TROTH_ERR_TYPE, 1, 9,
     "limits: names with their values belong here", ""},
    {"no program in it", "program: []\n", TROTH_ERR_VALUE, 1, 10,
     "program: the program's name is missing", "program: [python3, -m, http.server]"},
    {"a program without a name", "program: [\"\", a]\n", TROTH_ERR_VALUE, 1, 10,
     "program: the program's name is missing", "program: [python3, -m, http.server]"},
    {"a zero byte", "program: [a, \"b\\0c\"]\n", TROTH_ERR_VALUE, 1, 14,
     "program: a zero byte is in the text", ""},
    {"a zero byte in a variable", "environment: {\"A\\0B\": c}\n", TROTH_ERR_VALUE, 1, 15,
     "environment: a zero byte is in a name", ""},
    {"a variable with =", "environment: {\"A=B\": c}\n", TROTH_ERR_VALUE, 1, 15,
     "environment: 'A=B' is no name of a variable",
     "letters, digits and _, no digit first"},
    {"a listener's path", "listen: /run/x\n", TROTH_ERR_VALUE, 1, 9,
     "listen: '/run/x' is no address with a port", "0.0.0.0:8443, [::]:8443, vsock:8443"},
    {"an upstream elsewhere", "upstream: 10.0.0.5:80\n", TROTH_ERR_VALUE, 1, 11,
     "upstream: '10.0.0.5:80' is neither 127.0.0.1 with a port nor an absolute path",
     "the program has a network of its own; of what is elsewhere the run file says "
     "upstream_outside"},
    {"two upstreams", "upstream_outside: 10.0.0.5:80\nupstream: 127.0.0.1:80\n",
     TROTH_ERR_VALUE, 1, 1, "upstream_outside: upstream says already where the data goes",
     ""},
    {"a path from here", "write: [/a, b]\n", TROTH_ERR_VALUE, 1, 13,
     "write: 'b' is no absolute path",
     "from / on, without . and .., without / at its end"},
    {"a path around", "directory: /a/../b\n", TROTH_ERR_VALUE, 1, 12,
     "directory: '/a/../b' is no absolute path",
     "from / on, without . and .., without / at its end"},
    {"a name without a port", "outbound: [example.com]\n", TROTH_ERR_VALUE, 1, 12,
     "outbound: 'example.com' is no name with a port",
     "api.example.com:443, or *.example.org:443"},
    {"a level that is none", "ask: strictly\n", TROTH_ERR_VALUE, 1, 6,
     "ask: 'strictly' is none of none, epoch, strict", ""},
    {"a size of nothing", "limits: {memory: M}\n", TROTH_ERR_VALUE, 1, 18,
     "limits.memory: 'M' is no size", "bytes, or 64K, 512M, 2G, 1T"},
    {"a size beyond", "limits: {memory: 9999999999999T}\n", TROTH_ERR_VALUE, 1, 18,
     "limits.memory: '9999999999999T' is no size", "bytes, or 64K, 512M, 2G, 1T"},
    {"none of them", "limits: {files: 0}\n", TROTH_ERR_VALUE, 1, 17,
     "limits.files: '0' is no number of them",
     "without the key there is no limit of ours"},
    {"restarting sometimes", "restart: sometimes\n", TROTH_ERR_VALUE, 1, 10,
     "restart: 'sometimes' is none of never, on-failure, always", ""},
    {"no user", "user: \"\"\n", TROTH_ERR_VALUE, 1, 7, "user: '' is empty", ""},
};

static void complaints(void)
{
    struct troth_run_file f;
    struct troth_run_issue issue;

    for (size_t i = 0; i < COUNT(wrong); i++) {
        test_case("refused: %s", wrong[i].why);
        CHECK_ERR(parse(&f, &issue, test_text(wrong[i].text)), wrong[i].err);
        CHECK_INT(issue.place.line, wrong[i].line);
        CHECK_INT(issue.place.column, wrong[i].column);
        CHECK(issue.text[0] != '\0');
        if (wrong[i].said)
            CHECK_TEXT(issue.text, wrong[i].said);
        CHECK_TEXT(issue.hint, wrong[i].hint);
        CHECK(!f.listen && !f.program.rows && !f.read.rows);
    }
}

/* docs/run.md has a row "| `key` |" for each, and no others. */
static void documented(void)
{
    const struct troth_span page = test_file(TROTH_SOURCE_DIR "/docs/run.md");
    size_t rows = 0, keys = 0;
    char row[64];

    test_case("docs/run.md lists every key, and no other");
    CHECK(page.len > 0);

    char *text = calloc(1, page.len + 1);

    memcpy(text, page.ptr, page.len);

    char *table = strstr(text, "| key |");
    char *end = table ? strstr(table, "\n\n") : NULL;

    CHECK(table && end);
    if (table && end) {
        *end = '\0';
        for (const char *at = table; (at = strstr(at, "\n| `")); at++)
            rows++;
        for (; troth_run_file_key(keys); keys++) {
            (void)snprintf(row, sizeof row, "\n| `%s` |", troth_run_file_key(keys));
            test_check(strstr(table, row) != NULL, row + 1, __FILE__, __LINE__);
        }
        CHECK_INT(rows, keys);
    }
    free(text);
}

int main(void)
{
    all_keys();
    few_keys();
    complaints();
    documented();
    return test_finish();
}
