/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sim/intel.h"
#include "sim/snp.h"
#include "test/harness.h"
#include "troth/crypto.h"
#include "troth/provider.h"

/*
 * Byte for byte against the minting library, through a real mount: each case runs this
 * program again, as the guest of a simulated machine, and what that says is compared.
 */

#define SIM      TROTH_BUILD_DIR "/sim/troth-sim"
#define REPORTS  "/sys/kernel/config/tsm/report"
#define MINTED_S 1771000000

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- in the guest ---- */

static struct troth_attester *open_or_say(void)
{
    struct troth_attester *attester = NULL;
    struct troth_attester_fault fault;

    if (!troth_attester_open(&attester, &fault))
        (void)printf("open: %s, %s %s %s\n", strerror(fault.error), fault.step,
                     fault.path, fault.said);
    return attester;
}

static void fill(uint8_t report_data[static 64], unsigned number)
{
    for (size_t i = 0; i < 64; i++)
        report_data[i] = (uint8_t)(number >> 8 * (i % 4));
}

/* What this machine says, of this time and seed 0. */
static struct sim_bytes minted(const char *kind, unsigned machine, const uint8_t *asked,
                               const uint8_t *rtmr3)
{
    struct sim_keyring *ring = sim_keyring_create(0);
    struct sim_bytes out;

    if (strcmp(kind, "tdx") == 0) {
        struct sim_intel intel;

        sim_intel_default(&intel, ring, SIM_TDX_V4, machine, MINTED_S);
        memcpy(intel.quote.td.report_data, asked, 64);
        memcpy(intel.quote.td.rtmr3, rtmr3, 48);
        out = sim_intel_mint(&intel);
    } else {
        struct sim_snp snp;

        sim_snp_default(&snp, ring, SIM_GENOA, SIM_VCEK, machine, MINTED_S);
        memcpy(snp.report.report_data, asked, 64);
        out = sim_snp_mint_extended(&snp);
    }
    sim_keyring_destroy(ring);
    return out;
}

/* Evidence, and behind it what came with it: are they the minted ones? */
static const char *judge(const struct troth_quote *quote, struct sim_bytes wanted)
{
    const size_t first = quote->evidence.len;
    const bool same = first + quote->collateral.len == wanted.len &&
                      memcmp(wanted.ptr, quote->evidence.ptr, first) == 0 &&
                      (quote->collateral.len == 0 ||
                       memcmp(wanted.ptr + first, quote->collateral.ptr,
                              quote->collateral.len) == 0);

    sim_bytes_free(&wanted);
    return same ? "as minted" : "another";
}

static bool ask(struct troth_attester *attester, struct troth_quote *quote,
                unsigned number, int64_t timeout_ms)
{
    struct troth_attester_fault fault;
    uint8_t asked[64];

    fill(asked, number);
    if (troth_attester_quote(attester, quote, &fault, asked, timeout_ms))
        return true;
    (void)printf("%s, %s\n", strerror(fault.error), fault.step);
    return false;
}

/* quote MACHINE */
static void quote_once(char **words)
{
    struct troth_attester *attester = open_or_say();
    static const uint8_t zeros[48];
    struct troth_quote quote;
    uint8_t asked[64];

    if (!attester)
        return;
    const char *kind = troth_attester_kind(attester);
    const char *name = troth_attester_register(attester);

    fill(asked, 7);
    if (ask(attester, &quote, 7, 10000)) {
        (void)printf("%s %s %s: %s\n", troth_attester_device(attester), kind,
                     name ? name : "no register",
                     judge(&quote, minted(kind, (unsigned)strtoul(words[0], NULL, 10),
                                          asked, zeros)));
        troth_quote_release(&quote);
    }
    troth_attester_close(attester);
}

/* In milliseconds: time enough for one quote on a busy machine, and no more. */
enum { LITTLE = 1000, LATE = 2500 };

/* fail: with a little time */
static void quote_hurried(char **words)
{
    struct troth_attester *attester = open_or_say();
    struct troth_quote quote;

    (void)words;
    if (!attester)
        return;
    for (int i = 0; i < 2; i++) {
        const int64_t before = now_ms();

        if (ask(attester, &quote, 7, LITTLE))
            (void)printf("a quote\n");
        troth_quote_release(&quote);
        if (now_ms() - before > LATE)
            (void)printf("late by %d ms\n", (int)(now_ms() - before - LITTLE));
    }
    const int64_t before = now_ms();

    troth_attester_close(attester);
    if (now_ms() - before > 2500)
        (void)printf("long to close\n");
}

static void chain(uint8_t value[static 48], const uint8_t digest[static 48])
{
    struct troth_crypto crypto;
    uint8_t both[96];

    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    memcpy(both, value, 48);
    memcpy(both + 48, digest, 48);
    CHECK_ERR(troth_digest(&crypto, value, TROTH_SHA384, (struct troth_span){both, 96}),
              TROTH_OK);
    troth_provider_destroy(&crypto);
}

static void extend(char **words)
{
    struct troth_attester *attester = open_or_say();
    struct troth_attester_fault fault;
    uint8_t rtmr3[48] = {0}, digest[48], asked[64];
    struct troth_quote quote;

    (void)words;
    if (!attester)
        return;
    for (uint8_t i = 1; i <= 2; i++) {
        memset(digest, i, sizeof digest);
        if (!troth_attester_extend(attester, &fault, digest))
            (void)printf("extend: %s, %s\n", strerror(fault.error), fault.step);
        chain(rtmr3, digest);
    }
    if (!troth_attester_seal(attester, &fault))
        (void)printf("seal: %s\n", strerror(fault.error));
    if (!troth_attester_random(attester, &fault, digest, sizeof digest))
        (void)printf("random: %s\n", strerror(fault.error));
    fill(asked, 7);
    if (ask(attester, &quote, 7, 10000)) {
        (void)printf("%s\n", judge(&quote, minted(troth_attester_kind(attester), 0, asked,
                                                  rtmr3)));
        troth_quote_release(&quote);
    }
    troth_attester_close(attester);
}

#define ROUNDS 12

/* The evidence is about what was asked, each time. */
static void *quote_many(void *first)
{
    struct troth_attester *attester = open_or_say();
    const unsigned from = *(const unsigned *)first;
    static const uint8_t zeros[48];

    for (unsigned i = 0; attester && i < ROUNDS; i++) {
        struct troth_quote quote;
        uint8_t asked[64];

        fill(asked, from + i);
        if (!ask(attester, &quote, from + i, 20000))
            continue;
        if (strcmp(judge(&quote, minted("tdx", 0, asked, zeros)), "as minted") != 0)
            (void)printf("%u: another\n", from + i);
        troth_quote_release(&quote);
    }
    troth_attester_close(attester);
    return NULL;
}

static void await_all(void)
{
    while (wait(NULL) > 0)
        continue;
}

static unsigned count_folders(void)
{
    DIR *reports = opendir(REPORTS);
    unsigned count = 0;

    while (reports && readdir(reports))
        count++;
    if (reports)
        (void)closedir(reports);
    return count < 2 ? 0 : count - 2;
}

static void rivals(char **words)
{
    (void)words;
    for (unsigned i = 0; i < 3; i++) {
        if (fork() == 0) {
            unsigned first = i * 1000;

            (void)quote_many(&first);
            (void)fflush(stdout);
            _exit(0);
        }
    }
    await_all();
    (void)printf("%u folders left\n", count_folders());
}

static void threads(char **words)
{
    static unsigned first[3] = {0, 1000, 2000};
    pthread_t thread[3];

    (void)words;
    for (size_t i = 0; i < COUNT(thread); i++)
        (void)pthread_create(&thread[i], NULL, quote_many, &first[i]);
    for (size_t i = 0; i < COUNT(thread); i++)
        (void)pthread_join(thread[i], NULL);
    (void)printf("%u folders left\n", count_folders());
}

/* Somebody writes into our folder all the time. Whatever comes is about what we asked. */
static void intruder(char **words)
{
    const pid_t writer = fork();
    unsigned first = 5;

    (void)words;
    if (writer == 0) {
        for (;;) {
            const int to = open(REPORTS "/troth-0/inblob", O_WRONLY);

            if (to >= 0 && write(to,
                                 "an intruder's own question, of 64 bytes, no more"
                                 " and no fewer ....",
                                 64) == 64)
                (void)close(to);
            (void)nanosleep(&(struct timespec){0, 3000000}, NULL);
        }
    }
    (void)quote_many(&first);
    (void)kill(writer, SIGKILL);
    await_all();
    (void)printf("%u folders left\n", count_folders());
}

/* Killed with its folder open; the next one takes its place. */
static void leftover(char **words)
{
    const pid_t dead = fork();

    if (dead == 0) {
        if (open_or_say())
            (void)kill(getpid(), SIGKILL);
        _exit(1);
    }
    await_all();
    (void)printf("%u left, ", count_folders());
    quote_once(words);
    (void)printf("%u left\n", count_folders());
}

static const struct {
    const char *name;
    void (*run)(char **words);
} parts[] = {
    {"quote", quote_once},  {"hurried", quote_hurried}, {"extend", extend},
    {"rivals", rivals},     {"threads", threads},       {"intruder", intruder},
    {"leftover", leftover},
};

static int be_guest(char **words)
{
    for (size_t i = 0; i < COUNT(parts); i++)
        if (strcmp(parts[i].name, words[0]) == 0)
            parts[i].run(words + 1);
    (void)fflush(stdout);
    return 0;
}

/* ---- outside ---- */

static const struct {
    const char *why, *options, *part, *said;
} rows[] = {
    {"tdx: a quote", "", "quote 0", "tsm tdx tdx.rtmr3: as minted\n"},
    {"tdx: of another machine", "--machine 5", "quote 5",
     "tsm tdx tdx.rtmr3: as minted\n"},
    {"snp: a report and its table", "--kind snp", "quote 0",
     "tsm snp no register: as minted\n"},
    {"snp: of another machine", "--kind snp --machine 2", "quote 2",
     "tsm snp no register: as minted\n"},
    {"a machine is not another one", "--machine 1", "quote 0",
     "tsm tdx tdx.rtmr3: another\n"},
    {"tdx: the register is extended", "", "extend",
     "random: Operation not supported\nas minted\n"},
    {"snp: there is no register", "--kind snp", "extend",
     "extend: Operation not supported, extend\n"
     "extend: Operation not supported, extend\n"
     "random: Operation not supported\nas minted\n"},
    {"the register is busy: it is not extended", "--fault ebusy:1", "extend",
     "extend: Device or resource busy, extend rtmr3\n"
     "random: Operation not supported\nanother\n"},

    {"three interruptions", "--fault eintr:3", "quote 0",
     "tsm tdx tdx.rtmr3: as minted\n"},
    {"busy three times", "--fault ebusy:3", "quote 0", "tsm tdx tdx.rtmr3: as minted\n"},
    {"three rivals", "--fault race:3", "quote 0", "tsm tdx tdx.rtmr3: as minted\n"},
    {"three rivals", "--kind snp --fault race:3", "quote 0",
     "tsm snp no register: as minted\n"},
    {"a few bytes at a time", "--fault trickle", "quote 0",
     "tsm tdx tdx.rtmr3: as minted\n"},
    {"interrupted for ever", "--fault eintr", "hurried",
     "Interrupted system call, read outblob\nInterrupted system call, read outblob\n"},
    {"busy for ever", "--fault ebusy", "hurried",
     "Device or resource busy, read outblob\nDevice or resource busy, read outblob\n"},
    {"a rival for ever", "--fault race", "hurried",
     "Device or resource busy, wait for a rival writer\n"
     "Device or resource busy, wait for a rival writer\n"},
    {"half a quote", "--fault short:1", "hurried",
     "Bad message, check outblob\na quote\n"},
    {"two thirds of a report", "--kind snp --fault short:1", "hurried",
     "Bad message, check outblob\na quote\n"},
    {"too much", "--fault big:1", "hurried", "File too large, read outblob\na quote\n"},
    {"an answer to another question", "--fault other:1", "hurried",
     "Bad message, check outblob\na quote\n"},
    {"an answer to another question", "--kind snp --fault other:1", "hurried",
     "Bad message, check outblob\na quote\n"},
    {"it hangs, is left, and hangs", "--fault hang", "hurried",
     "Connection timed out, quote\nDevice or resource busy, quote\n"},
    {"nobody behind the interface", "--fault absent", "quote 0",
     "open: No such device, mkdir " REPORTS "/troth-0 \n"},
    {"an unknown provider", "--fault stranger", "quote 0",
     "open: Operation not supported, read provider " REPORTS
     "/troth-0/provider arm_cca_guest\n"},

    {"three processes at once", "", "rivals", "0 folders left\n"},
    {"three threads at once", "", "threads", "0 folders left\n"},
    {"an intruder in the folder", "", "intruder", "0 folders left\n"},
    {"after one that was killed", "", "leftover 0",
     "1 left, tsm tdx tdx.rtmr3: as minted\n0 left\n"},
};

/* What it says, and its exit status. */
static int run(char *said, size_t room, const char *options, const char *part)
{
    char command[1024], self[512] = "";

    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0)
        return -1;
    (void)snprintf(command, sizeof command,
                   "'%s' tsm --time %d %s -- '%s' --guest %s 2>&1", SIM, MINTED_S,
                   options, self, part);
    FILE *out = popen(command, "r"); /* NOLINT: a test's own words */

    if (!out)
        return -1;
    said[fread(said, 1, room - 1, out)] = 0;
    const int status = pclose(out);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char **argv)
{
    static char said[65536];

    if (argc > 2 && strcmp(argv[1], "--guest") == 0)
        return be_guest(argv + 2);
    const bool can = run(said, sizeof said, "", "nothing") != 125;

    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s [%s]", rows[i].why, rows[i].options);
        if (!can) {
            test_skip("no simulated machine here: %s", said);
            continue;
        }
        CHECK_INT(run(said, sizeof said, rows[i].options, rows[i].part), 0);
        CHECK_TEXT(said, rows[i].said);
    }
    return test_finish();
}
