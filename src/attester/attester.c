/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/attester.h"

#include <errno.h>
#include <stdlib.h>

#include "attester/devices.h"
#include "attester/fault.h"
#include "os/clock.h"

struct troth_attester {
    const struct troth_device_ops *ops;
    void *state;
};

static bool open_first(struct troth_attester *attester,
                       struct troth_attester_fault *fault)
{
    *fault = (struct troth_attester_fault){.error = ENODEV, .step = "find a device"};
    for (size_t i = 0; troth_devices[i]; i++) {
        attester->ops = troth_devices[i];
        if (!attester->ops->is_present())
            continue;
        if (attester->ops->open(&attester->state, fault))
            return true;
        /* What stands for the device is there, and the device is not. */
        if (fault->error != ENODEV)
            return false;
    }
    return false;
}

bool troth_attester_open(struct troth_attester **out, struct troth_attester_fault *fault)
{
    struct troth_attester *attester = calloc(1, sizeof *attester);

    *out = NULL;
    if (!attester)
        return troth_attester_fail(fault, ENOMEM, "find a device", "");
    if (!open_first(attester, fault)) {
        free(attester);
        return false;
    }
    *fault = (struct troth_attester_fault){0};
    *out = attester;
    return true;
}

void troth_attester_close(struct troth_attester *attester)
{
    if (!attester)
        return;
    attester->ops->close(attester->state);
    free(attester);
}

bool troth_attester_give(struct troth_attester *attester,
                         struct troth_attester_fault *fault, uint32_t user,
                         uint32_t group)
{
    *fault = (struct troth_attester_fault){0};
    return !attester->ops->give ||
           attester->ops->give(attester->state, fault, user, group);
}

const char *troth_attester_device(const struct troth_attester *attester)
{
    return attester->ops->name;
}

const char *troth_attester_kind(const struct troth_attester *attester)
{
    return attester->ops->kind(attester->state);
}

const char *troth_attester_register(const struct troth_attester *attester)
{
    return attester->ops->measured(attester->state);
}

/* An instant; the far end of time where the sum would be beyond it. */
static int64_t deadline_after(int64_t timeout_ms)
{
    const int64_t now_ms = troth_clock_monotonic_ms();

    return timeout_ms > INT64_MAX - now_ms ? INT64_MAX : now_ms + timeout_ms;
}

bool troth_attester_quote(struct troth_attester *attester, struct troth_quote *out,
                          struct troth_attester_fault *fault,
                          const uint8_t report_data[static 64], int64_t timeout_ms)
{
    *out = (struct troth_quote){{NULL, 0}, {NULL, 0}, {NULL, NULL}};
    *fault = (struct troth_attester_fault){0};
    return attester->ops->quote(attester->state, out, fault, report_data,
                                deadline_after(timeout_ms));
}

void troth_quote_release(struct troth_quote *quote)
{
    for (size_t i = 0; i < sizeof quote->owned / sizeof quote->owned[0]; i++)
        free(quote->owned[i]);
    *quote = (struct troth_quote){{NULL, 0}, {NULL, 0}, {NULL, NULL}};
}

bool troth_attester_extend(struct troth_attester *attester,
                           struct troth_attester_fault *fault,
                           const uint8_t digest[static 48])
{
    *fault = (struct troth_attester_fault){0};
    if (!attester->ops->extend || !troth_attester_register(attester))
        return troth_attester_fail(fault, ENOTSUP, "extend", "");
    return attester->ops->extend(attester->state, fault, digest);
}

bool troth_attester_seal(struct troth_attester *attester,
                         struct troth_attester_fault *fault)
{
    *fault = (struct troth_attester_fault){0};
    return !attester->ops->seal || attester->ops->seal(attester->state, fault);
}

bool troth_attester_random(struct troth_attester *attester,
                           struct troth_attester_fault *fault, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++)
        out[i] = 0;
    *fault = (struct troth_attester_fault){0};
    if (!attester->ops->random)
        return troth_attester_fail(fault, ENOTSUP, "random", "");
    return attester->ops->random(attester->state, fault, out, len);
}
