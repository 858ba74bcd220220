/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/reproduce.h"

#include <string.h>

#include "base/span.h"

static const struct {
    bool base_differs, application_differs;
    const char *names[2];
} by_registers[] = {
    {false, true, {"application ramdisk", NULL}},
    {true, false, {"kernel, command line or base ramdisk", NULL}},
    {true, true, {"kernel, command line or base ramdisk", "application ramdisk"}},
};

const char *troth_reproduce_change_name(enum troth_lock_change change)
{
    switch (change) {
    case TROTH_LOCK_CHANGED:
        return "changed";
    case TROTH_LOCK_MISSING:
        return "missing";
    case TROTH_LOCK_ADDED:
        return "added";
    }
    return "changed";
}

static struct troth_span bytes_of(const struct troth_claims *claims, const char *name)
{
    const struct troth_claim *claim = troth_claims_find(claims, troth_span_of_text(name));

    return claim && claim->value.type == TROTH_VALUE_BYTES ? claim->value.bytes
                                                           : (struct troth_span){NULL, 0};
}

static void compare_register(struct troth_register *out,
                             const struct troth_measurement *built,
                             struct troth_span seen)
{
    *out = (struct troth_register){.built = built};
    if (seen.len > 0 && seen.len <= sizeof out->seen) {
        memcpy(out->seen, seen.ptr, seen.len);
        out->seen_len = seen.len;
    }
    if (built->len == 0)
        out->state = TROTH_REGISTER_OPEN;
    else
        out->state = troth_span_equal(seen, (struct troth_span){built->value, built->len})
                         ? TROTH_REGISTER_SAME
                         : TROTH_REGISTER_DIFFERS;
}

static bool differs(const struct troth_reproduction *r, const char *claim)
{
    for (size_t i = 0; i < r->measurements->count; i++)
        if (strcmp(r->measurements->rows[i].claim, claim) == 0)
            return r->registers[i].state == TROTH_REGISTER_DIFFERS;
    return false;
}

/* By elimination: register 1 is of the base, register 2 of the rest. */
static void name_sections(struct troth_reproduction *out)
{
    const bool base = differs(out, "nitro.pcr1");
    const bool application = differs(out, "nitro.pcr2");

    for (size_t i = 0; i < sizeof by_registers / sizeof by_registers[0]; i++)
        if (by_registers[i].base_differs == base &&
            by_registers[i].application_differs == application)
            memcpy(out->differing, by_registers[i].names, sizeof by_registers[i].names);
}

/* What the build's own table says of each that differs. */
static void name_covered(struct troth_reproduction *out)
{
    size_t count = 0;

    for (size_t i = 0; i < out->measurements->count && count < 2; i++)
        if (out->registers[i].state == TROTH_REGISTER_DIFFERS)
            out->differing[count++] = out->measurements->rows[i].covers;
}

void troth_reproduction_compare(struct troth_reproduction *out,
                                const struct troth_claims *claims)
{
    size_t computed = 0;

    out->is_same = true;
    for (size_t i = 0; i < out->measurements->count; i++) {
        const struct troth_measurement *built = &out->measurements->rows[i];

        compare_register(&out->registers[i], built, bytes_of(claims, built->claim));
        computed += built->len > 0;
        if (out->registers[i].state == TROTH_REGISTER_DIFFERS)
            out->is_same = false;
    }
    out->is_same = out->is_same && computed > 0;
    out->is_signed = !troth_span_is_zero(bytes_of(claims, "nitro.pcr8"));
    memset(out->differing, 0, sizeof out->differing);
    if (strcmp(out->measurements->kind, "nitro") == 0)
        name_sections(out);
    else
        name_covered(out);
}
