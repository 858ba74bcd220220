/* What a guest's device makes, by production code, before troth_verify(). */
/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "codec/pem.h"
#include "os/clock.h"
#include "test/harness.h"
#include "test/support/trial.h"
#include "troth/attester.h"
#include "troth/binding.h"

/* An emulated processor is slow. */
enum { PATIENCE_MS = 120000, SOON_MS = 700, QUOTES = 4 };

/* What is to be seen of each device. */
static const struct device {
    const char *name, *kind, *measured;
    bool has_random;
} devices[] = {
    {"nsm", "nitro", "nitro.pcr16", true},
    {"snp", "snp", NULL, false},
    {"tdx", "tdx", NULL, false},
};

static struct trial trial;
static const char *root;
static char **collateral;

/* "app:nonce=…,user_data=" of a number, and its 64 bytes. */
static void make_binding(char text[static 96], uint8_t bytes[static 64], unsigned number)
{
    (void)snprintf(text, 96, "app:nonce=%064x,user_data=", number);
    if (troth_binding_parse(bytes, NULL, &trial.crypto, test_text(text)) != TROTH_OK)
        abort();
}

static void add_root(void)
{
    uint8_t room[8192];
    struct troth_arena arena = {room, sizeof room, 0};
    struct troth_span text = test_file(root);
    struct troth_pem_block block;

    if (troth_pem_next(&block, &text, &arena) != TROTH_OK)
        abort();
    trial_add_root(&trial, block.bytes);
}

/* A line of trial.h, for evidence that is to answer this binding; NULL: for any. */
static const char *judge(const struct troth_quote *quote, const char *binding,
                         const char *more, bool trusts_root)
{
    char options[512];

    trial_reset(&trial);
    if (trusts_root)
        add_root();
    for (char **file = collateral; *file; file++)
        CHECK_ERR(trial_add_collateral(&trial, test_file(*file)), TROTH_OK);
    if (quote->collateral.len > 0)
        CHECK_ERR(trial_add_collateral(&trial, quote->collateral), TROTH_OK);
    (void)snprintf(options, sizeof options, "--any measurement --binding %s%s", binding,
                   more);
    trial_require(&trial, options);
    return trial_judge(&trial, quote->evidence, troth_clock_now_s());
}

static bool ask(struct troth_attester *attester, struct troth_quote *quote,
                struct troth_attester_fault *fault, unsigned number, int64_t timeout_ms)
{
    uint8_t bytes[64];
    char text[96];

    make_binding(text, bytes, number);
    return troth_attester_quote(attester, quote, fault, bytes, timeout_ms);
}

/* Ask, and be answered with what verifies. */
static void check_quote(struct troth_attester *attester, unsigned number,
                        const char *more)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    uint8_t bytes[64];
    char text[96];

    make_binding(text, bytes, number);
    if (!CHECK(ask(attester, &quote, &fault, number, PATIENCE_MS))) {
        printf("# %s %s: %s (%s)\n", fault.path, fault.step, strerror(fault.error),
               fault.said);
        return;
    }
    CHECK_TEXT(judge(&quote, text, more, true), "accepted");
    CHECK(trial.result.simulated);
    troth_quote_release(&quote);
}

static void test_quotes(struct troth_attester *attester, const struct device *device)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    uint8_t bytes[64];
    char text[96];

    test_case("%s: evidence verifies, each for its own 64 bytes", device->name);
    for (unsigned i = 0; i < QUOTES; i++)
        check_quote(attester, i, "");

    test_case("%s: and for no others, nor under the vendor's own root", device->name);
    CHECK(ask(attester, &quote, &fault, 100, PATIENCE_MS));
    make_binding(text, bytes, 101);
    CHECK(strncmp(judge(&quote, text, "", true), "refused:", 8) == 0);
    make_binding(text, bytes, 100);
    CHECK(strncmp(judge(&quote, text, "", false), "refused:", 8) == 0);
    CHECK_TEXT(judge(&quote, text, "", true), "accepted");
    troth_quote_release(&quote);
}

static void test_register(struct troth_attester *attester, const struct device *device)
{
    static const uint8_t once[96] = {[48] = 0xd1, [95] = 0xd2};
    struct troth_attester_fault fault;
    uint8_t value[48];
    char more[160] = " --expect nitro.pcr16=";

    test_case("%s: a register that is extended, then sealed", device->name);
    if (!device->measured) {
        CHECK(!troth_attester_extend(attester, &fault, once + 48));
        CHECK_INT(fault.error, ENOTSUP);
        CHECK(troth_attester_seal(attester, &fault));
        return;
    }
    CHECK_ERR(troth_digest(&trial.crypto, value, TROTH_SHA384,
                           (struct troth_span)TROTH_ARRAY_SPAN(once)),
              TROTH_OK);
    for (size_t i = 0; i < sizeof value; i++)
        (void)snprintf(more + strlen(more), 3, "%02x", value[i]);
    CHECK(troth_attester_extend(attester, &fault, once + 48));
    CHECK(troth_attester_seal(attester, &fault));
    check_quote(attester, 200, more);
    CHECK(!troth_attester_extend(attester, &fault, once + 48));
    CHECK_TEXT(fault.said, "ReadOnlyIndex");
    CHECK(troth_attester_seal(attester, &fault));
    check_quote(attester, 201, more);
}

static void test_random(struct troth_attester *attester, const struct device *device)
{
    static uint8_t one[1000], other[1000];
    struct troth_attester_fault fault;

    test_case("%s: random bytes", device->name);
    CHECK_INT(troth_attester_random(attester, &fault, one, sizeof one),
              device->has_random);
    CHECK_INT(fault.error, device->has_random ? 0 : ENOTSUP);
    if (!device->has_random)
        return;
    CHECK(troth_attester_random(attester, &fault, other, sizeof other));
    CHECK(memcmp(one, other, sizeof one) != 0);
}

static void on_alarm(int number)
{
    (void)number;
}

static void test_interruptions(struct troth_attester *attester,
                               const struct device *device)
{
    const struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
    const struct sigaction action = {.sa_handler = on_alarm};

    test_case("%s: under a signal every two milliseconds", device->name);
    CHECK_INT(sigaction(SIGALRM, &action, NULL), 0);
    CHECK_INT(setitimer(ITIMER_REAL, &often, NULL), 0);
    check_quote(attester, 300, "");
    CHECK_INT(setitimer(ITIMER_REAL, &never, NULL), 0);
}

/* Who answers for the device is the process that started this one. */
static void test_hang(struct troth_attester *attester, const struct device *device)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    const int64_t began_ms = troth_clock_monotonic_ms();

    test_case("%s: whoever answers is stopped, and is left at the deadline",
              device->name);
    CHECK_INT(kill(getppid(), SIGSTOP), 0);
    CHECK(!ask(attester, &quote, &fault, 400, SOON_MS));
    CHECK_INT(fault.error, ETIMEDOUT);
    CHECK(troth_clock_monotonic_ms() - began_ms < 20LL * SOON_MS);

    test_case("%s: and goes on", device->name);
    CHECK_INT(kill(getppid(), SIGCONT), 0);
    check_quote(attester, 401, "");
}

static void test_device(const struct device *device)
{
    struct troth_attester_fault fault;
    struct troth_attester *attester;

    test_case("%s: it is found and opened", device->name);
    if (!CHECK(troth_attester_open(&attester, &fault))) {
        printf("# %s %s: %s\n", fault.path, fault.step, strerror(fault.error));
        return;
    }
    CHECK_TEXT(troth_attester_device(attester), device->name);
    CHECK_TEXT(troth_attester_kind(attester), device->kind);
    const char *measured = troth_attester_register(attester);

    CHECK_TEXT(measured ? measured : "none",
               device->measured ? device->measured : "none");
    test_quotes(attester, device);
    test_register(attester, device);
    test_random(attester, device);
    test_interruptions(attester, device);
    test_hang(attester, device);
    troth_attester_close(attester);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        (void)fputs("usage: guest-device DEVICE ROOT [COLLATERAL…]\n", stderr);
        return 2;
    }
    root = argv[2];
    collateral = argv + 3;
    trial_begin(&trial);
    for (size_t i = 0; i < COUNT(devices); i++)
        if (strcmp(devices[i].name, argv[1]) == 0)
            test_device(&devices[i]);
    trial_end(&trial);
    return test_finish();
}
