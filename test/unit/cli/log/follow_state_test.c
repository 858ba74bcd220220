/* A state file is whole, and the same that was written, or it is an error. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/log/follow_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"
#include "troth/provider.h"

#define HEAD "troth-log-monitor/1\n"
#define TEXT "example.com/log\n5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
#define LINE "\xe2\x80\x94 example.com/log AAAAAAAA\n"

static const struct {
    const char *why, *text;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"a state", HEAD TEXT "\n" LINE, TROTH_OK, NULL},
    {"nothing", "", TROTH_ERR_VERSION, "state.version"},
    {"a note alone", TEXT "\n" LINE, TROTH_ERR_VERSION, "state.version"},
    {"another version", "troth-log-monitor/2\n" TEXT "\n" LINE, TROTH_ERR_VERSION,
     "state.version"},
    {"half a version", "troth-log-mon", TROTH_ERR_VERSION, "state.version"},
    {"no note", HEAD, TROTH_ERR_VALUE, "checkpoint.note"},
    {"no signature", HEAD TEXT, TROTH_ERR_VALUE, "checkpoint.note"},
    {"a note that is no checkpoint", HEAD "x\n\n" LINE, TROTH_ERR_VALUE,
     "checkpoint.size"},
    {"cut short", HEAD TEXT "\n\xe2\x80\x94 example.com/log AAAA", TROTH_ERR_VALUE,
     "checkpoint.note"},
};

static void test_parse(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct troth_span text = test_text(rows[i].text);
        struct troth_fault fault;
        struct troth_span note;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_follow_state_parse(&note, &fault, text), rows[i].err);
        CHECK_ERR(fault.err, rows[i].err);
        if (rows[i].err) {
            CHECK(!note.ptr && fault.field);
            CHECK_TEXT(fault.field, rows[i].field);
        } else {
            CHECK_SPAN(note, test_text(TEXT "\n" LINE));
        }
    }
}

static void test_write(void)
{
    char folder[] = "/tmp/troth-state-XXXXXX", path[64], kept[TROTH_FOLLOW_PATH_ROOM];
    char again[TROTH_FOLLOW_PATH_ROOM];
    const struct troth_span note = test_text(TEXT "\n" LINE);
    struct troth_crypto crypto;
    struct troth_span found;
    struct troth_fault fault;

    test_case("written, and written over");
    CHECK(mkdtemp(folder) != NULL);
    (void)snprintf(path, sizeof path, "%s/state", folder);
    CHECK_INT(troth_follow_state_write(path, test_text("x")), 0);
    CHECK_INT(troth_follow_state_write(path, note), 0);
    CHECK_ERR(troth_follow_state_parse(&found, &fault, test_file(path)), TROTH_OK);
    CHECK_SPAN(found, note);
    test_case("evidence has a name of its own, always the same");
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    CHECK_INT(troth_follow_evidence_write(kept, path, 5, note, &crypto), 0);
    CHECK_INT(troth_follow_evidence_write(again, path, 5, note, &crypto), 0);
    CHECK_TEXT(again, kept);
    CHECK(strncmp(kept + strlen(path), ".evidence-5-", 12) == 0);
    CHECK_SPAN(test_file(kept), note);
    test_case("a folder that is not there");
    CHECK(troth_follow_state_write("/nonexistent/state", note) != 0);
    CHECK(troth_follow_evidence_write(again, "/nonexistent/state", 5, note, &crypto) !=
          0);
    troth_provider_destroy(&crypto);
    (void)unlink(kept);
    (void)unlink(path);
    CHECK_INT(rmdir(folder), 0);
}

int main(void)
{
    test_parse();
    test_write();
    return test_finish();
}
