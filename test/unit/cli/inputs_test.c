/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/harness.h"

static char path[] = "/tmp/troth-inputs-XXXXXX";

static void write_file(struct troth_span content)
{
    FILE *file = fopen(path, "wb");

    CHECK(file && fwrite(content.ptr, 1, content.len, file) == content.len);
    CHECK(file && fclose(file) == 0);
}

static const struct {
    const char *why;
    const char *content;
    const char *wanted; /* hex, or NULL: the content itself */
    const char *name;   /* of the problem */
} cases[] = {
    {"hex", "84 43 a1\n", "8443a1", NULL},
    {"base64", "hEOh", "8443a1", NULL},
    {"PEM", "-----BEGIN X-----\nhEOh\n-----END X-----\n", "8443a1", NULL},
    {"what the family knows is left alone",
     "\x84"
     "Chello",
     NULL, NULL},
    {"a text that stands for nothing is left alone", "hello, world", NULL, NULL},
    {"a digit too few", "8443a", NULL, "VALUE"},
};

static void test_evidence(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_inputs inputs = {0};
        struct troth_problem problem = {0};
        bool fine;

        test_case("evidence: %s", cases[i].why);
        write_file(test_text(cases[i].content));
        fine = troth_inputs_read_evidence(&inputs, &problem, path);
        CHECK_INT(fine, !cases[i].name);
        CHECK_TEXT(problem.name ? problem.name : "", cases[i].name ? cases[i].name : "");
        if (fine)
            CHECK_SPAN(inputs.evidence, cases[i].wanted ? test_hex(cases[i].wanted)
                                                        : test_text(cases[i].content));
        troth_inputs_release(&inputs);
    }
}

static void test_refusals(void)
{
    struct troth_inputs inputs = {0};
    struct troth_problem problem = {0};

    test_case("collateral that is none");
    write_file(test_text("hello, world"));
    CHECK(!troth_inputs_read_collateral(&inputs, &problem, path));
    CHECK_TEXT(problem.name, "KIND");
    CHECK_INT(inputs.item_count, 0);
    test_case("a file longer than the limit");
    CHECK(!troth_inputs_read_evidence(&inputs, &problem, "/dev/zero"));
    CHECK_TEXT(problem.text, "'/dev/zero' is longer than 1048576 bytes");
    test_case("a file that is not there");
    CHECK(!troth_inputs_read_collateral(&inputs, &problem, "/nowhere/at/all"));
    CHECK_TEXT(problem.text, "cannot open '/nowhere/at/all': no such file or directory");
    test_case("standard input, twice");
    inputs.standard_is_read = true;
    CHECK(!troth_inputs_read_collateral(&inputs, &problem, "-"));
    CHECK_TEXT(problem.name, "USAGE");
    troth_inputs_release(&inputs);
    troth_inputs_release(&inputs);
    CHECK(!inputs.blocks && !inputs.standard_is_read);
}

int main(void)
{
    int made = mkstemp(path);

    if (made >= 0)
        (void)close(made);
    test_evidence();
    test_refusals();
    (void)remove(path);
    return test_finish();
}
