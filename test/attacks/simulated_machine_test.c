/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/harness.h"

/*
 * A whole simulated machine, through the kernel's own interface and files: its evidence
 * is refused by who trusts the vendors, and called simulated by who was told to trust it.
 */

#define SIM TROTH_BUILD_DIR "/sim/troth-sim"

static char folder[] = "/tmp/troth-machine-XXXXXX";

/* A shell's command, $D the folder, $T troth, $S troth-sim; its exit status. */
static int run(const char *command)
{
    char line[2048];

    (void)snprintf(line, sizeof line, "D='%s' T='%s' S='%s'\n%s", folder, TROTH_PROGRAM,
                   SIM, command);
    const int status = system(line); /* NOLINT: a test's own words, and no threads */
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static const char *file(const char *name)
{
    char path[64];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    const struct troth_span found = test_file(path);

    /* With a zero behind it: the harness's files live until the end, and so may this. */
    static char text[65536];
    const size_t len = found.len < sizeof text ? found.len : sizeof text - 1;

    if (found.ptr)
        memcpy(text, found.ptr, len);
    text[len] = 0;
    return text;
}

/* What asks 64 zeros of the interface, from a shell. */
#define ASK                                                                              \
    "sh -c 'cd /sys/kernel/config/tsm/report && mkdir a && cd a &&"                      \
    " head -c 64 /dev/zero > inblob && cat outblob' > \"$D/quote\""
#define VERIFY                                                                           \
    "\"$T\" verify --json --any nonce --any measurement --collateral \"$D/collateral\" "

static const struct {
    const char *why, *make, *verify;
    int status;
    const char *verdict, *root;
} rows[] = {
    {"tdx: refused by who trusts Intel", "\"$S\" tsm -- " ASK, VERIFY, 1, "refused",
     "root 0"},
    {"tdx: simulated for who trusts it", "\"$S\" tsm -- " ASK,
     VERIFY "--root \"$D/root.pem\"", 0, "accepted", "root 0"},
    {"tdx: another seed has another root", "\"$S\" tsm --seed 1 -- " ASK,
     VERIFY "--root \"$D/root.pem\"", 1, "refused", "root 0"},
    {"tdx: which is simulated for who trusts that", "\"$S\" tsm --seed 1 -- " ASK,
     VERIFY "--root \"$D/root.pem\"", 0, "accepted", "root 1"},
    {"tdx: a machine that is out of date",
     "\"$S\" tsm --set tcb.status=OutOfDate -- " ASK, VERIFY "--root \"$D/root.pem\"", 1,
     "refused", "root 0"},
    {"tdx: another machine of the same root", "\"$S\" tsm --machine 3 -- " ASK,
     VERIFY "--root \"$D/root.pem\"", 0, "accepted", "root 0"},
    {"snp: refused by who trusts AMD", "\"$S\" tsm --kind snp -- " ASK, VERIFY, 1,
     "refused", "snp 0"},
    {"snp: simulated for who trusts it", "\"$S\" tsm --kind snp -- " ASK,
     VERIFY "--root \"$D/root.pem\"", 0, "accepted", "snp 0"},
};

/* "root 1": of TDX, seed 1. */
static void write_trust(const char *which)
{
    char command[512];

    (void)snprintf(command, sizeof command,
                   "rm -rf \"$D\"/*; \"$S\" root --kind %s --seed %s \"$D/root.pem\" &&"
                   " \"$S\" collateral --kind %s --seed %s \"$D/collateral\"",
                   which[0] == 's' ? "snp" : "tdx", which + strlen(which) - 1,
                   which[0] == 's' ? "snp" : "tdx", which + strlen(which) - 1);
    CHECK_INT(run(command), 0);
}

static void check(size_t row)
{
    char command[1024], verdict[64];
    const bool trusts = strstr(rows[row].verify, "--root") != NULL;

    write_trust(rows[row].root);
    CHECK_INT(run(rows[row].make), 0);
    (void)snprintf(command, sizeof command,
                   "%s \"$D/quote\" > \"$D/result\" 2>\"$D/said\"", rows[row].verify);
    CHECK_INT(run(command), rows[row].status);
    (void)snprintf(verdict, sizeof verdict, "\"verdict\": \"%s\"", rows[row].verdict);
    CHECK(strstr(file("result"), verdict) != NULL);
    if (rows[row].status == 0)
        CHECK(strstr(file("result"), "\"simulated\": true") != NULL);
    else if (!trusts)
        CHECK(strstr(file("result"), "\"anchor\": null") != NULL);
}

/* The page's own example does what the page says. */
static void check_page(void)
{
    const struct troth_span page = test_file(TROTH_SOURCE_DIR "/docs/simulator.md");
    static char script[32 * 1024];

    CHECK(page.ptr && page.len < sizeof script);
    if (!page.ptr || page.len >= sizeof script)
        return;
    memcpy(script, page.ptr, page.len);
    const char *start = strstr(script, "```sh\n");
    char *end = start ? strstr(start + 6, "```") : NULL;

    CHECK(end != NULL);
    if (!end)
        return;
    *end = 0;
    CHECK(setenv("EXAMPLE", start + 6, 1) == 0);
    CHECK_INT(run("cd \"$D\" && rm -rf ./* && PATH=\"${T%/*}:${S%/*}:$PATH\""
                  " sh -ec \"$EXAMPLE\" > \"$D/result\""),
              0);
    CHECK(strstr(file("result"), "accepted  Intel TDX quote") != NULL);
    CHECK(strstr(file("result"), "no vendor's") != NULL);
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    const bool can = run("\"$S\" tsm true 2> \"$D/said\"") != 125;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        if (can)
            check(i);
        else
            test_skip("no simulated machine here: %s", file("said"));
    }
    test_case("the example of docs/simulator.md");
    if (can)
        check_page();
    else
        test_skip("no simulated machine here: %s", file("said"));
    (void)run("rm -rf \"$D\"");
    return test_finish();
}
