/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/attester.h"

#include <errno.h>
#include <stdlib.h>

#include "attester/devices.h"
#include "test/harness.h"

/* What it does with a device is in tsm_test.c, with a simulated machine's. */

static void test_devices(void)
{
    static const char *const names[] = {"nsm", "tsm", "snp", "tdx"};

    test_case("devices, in the order in which they are looked for");
    for (size_t i = 0; i < COUNT(names); i++) {
        CHECK_TEXT(troth_devices[i]->name, names[i]);
        CHECK(troth_devices[i]->is_present && troth_devices[i]->open &&
              troth_devices[i]->close && troth_devices[i]->kind &&
              troth_devices[i]->measured && troth_devices[i]->quote);
    }
    CHECK(troth_devices[COUNT(names)] == NULL);
}

/* No variable, and nothing else that a host could set, makes a device. */
static void test_none(void)
{
    static const char *const variables[] = {"TROTH_DEVICE", "TROTH_ATTESTER", "TROTH_SIM",
                                            "TSM_REPORT", "CONFIGFS"};
    struct troth_attester_fault fault = {0};
    struct troth_attester *attester;

    test_case("a machine without a device");
    for (size_t i = 0; troth_devices[i]; i++) {
        if (troth_devices[i]->is_present()) {
            test_skip("this machine has one: %s", troth_devices[i]->name);
            return;
        }
    }
    for (size_t i = 0; i < COUNT(variables); i++)
        (void)setenv(variables[i], "/tmp", 1);
    CHECK(!troth_attester_open(&attester, &fault));
    CHECK(attester == NULL);
    CHECK_INT(fault.error, ENODEV);
    CHECK_TEXT(fault.step, "find a device");
    CHECK_TEXT(fault.path, "");
}

static void test_nothing(void)
{
    struct troth_quote quote = {{NULL, 0}, {NULL, 0}, {NULL, NULL}};

    test_case("nothing is closed and released");
    troth_attester_close(NULL);
    troth_quote_release(&quote);
    quote.owned[0] = malloc(8);
    quote.evidence = (struct troth_span){quote.owned[0], 8};
    troth_quote_release(&quote);
    CHECK(quote.evidence.len == 0 && quote.owned[0] == NULL);
}

int main(void)
{
    test_devices();
    test_none();
    test_nothing();
    return test_finish();
}
