/* SPDX-License-Identifier: Apache-2.0 */
#include "image/eif.h"

#include "image/eif_layout.h"

#define BIT(kind) (1U << (kind))

/* What a kind asks of its section; `after` are kinds that have to stand before it. */
static const struct rule {
    const char *name, *missing;
    uint64_t size_max;
    unsigned after;
    bool repeats;
} rules[] = {
    [TROTH_EIF_NONE] = {"section", "eif.section", 0, 0, false},
    [TROTH_EIF_KERNEL] = {"kernel", "eif.kernel", UINT64_MAX, 0, false},
    [TROTH_EIF_CMDLINE] = {"command line", "eif.command_line", TROTH_EIF_CMDLINE_MAX,
                           BIT(TROTH_EIF_KERNEL), false},
    [TROTH_EIF_RAMDISK] = {"ramdisk", "eif.ramdisk", UINT64_MAX,
                           BIT(TROTH_EIF_KERNEL) | BIT(TROTH_EIF_CMDLINE), true},
    [TROTH_EIF_SIGNATURE] = {"signature", "eif.signature", TROTH_EIF_SIGNATURE_MAX,
                             BIT(TROTH_EIF_RAMDISK), false},
    [TROTH_EIF_METADATA] = {"metadata", "eif.metadata", TROTH_EIF_METADATA_MAX, 0, false},
};

enum troth_err troth_eif_refuse(struct troth_fault *fault, enum troth_err err,
                                const char *field, uint64_t offset)
{
    if (fault)
        *fault = (struct troth_fault){err, field, (size_t)offset};
    return err;
}

enum troth_err troth_eif_accept(struct troth_fault *fault)
{
    return troth_eif_refuse(fault, TROTH_OK, NULL, 0);
}

enum troth_err troth_eif_check_section(const struct troth_eif *eif,
                                       struct troth_fault *fault, size_t index)
{
    const struct troth_eif_section *section = &eif->sections[index];
    const uint64_t start = troth_eif_start(section);
    unsigned seen = 0;

    if (section->kind < TROTH_EIF_KERNEL || section->kind > TROTH_EIF_METADATA)
        return troth_eif_refuse(fault, TROTH_ERR_UNSUPPORTED, "eif.section.type",
                                start + TROTH_EIF_AT_TYPE);

    const struct rule *rule = &rules[section->kind];

    for (size_t i = 0; i < index; i++)
        seen |= BIT(eif->sections[i].kind);
    if (!rule->repeats && seen & BIT(section->kind))
        return troth_eif_refuse(fault, TROTH_ERR_DUPLICATE, "eif.section.type",
                                start + TROTH_EIF_AT_TYPE);
    if ((seen & rule->after) != rule->after || seen & BIT(TROTH_EIF_SIGNATURE))
        return troth_eif_refuse(fault, TROTH_ERR_VALUE, "eif.section.type",
                                start + TROTH_EIF_AT_TYPE);
    if (section->size > rule->size_max)
        return troth_eif_refuse(fault, TROTH_ERR_LIMIT, "eif.section.size",
                                start + TROTH_EIF_AT_SIZE);
    return troth_eif_accept(fault);
}

const char *troth_eif_kind_name(enum troth_eif_kind kind)
{
    return rules[kind].name;
}

enum troth_err troth_eif_check_complete(const struct troth_eif *eif,
                                        struct troth_fault *fault)
{
    unsigned wanted = BIT(TROTH_EIF_KERNEL) | BIT(TROTH_EIF_CMDLINE) |
                      BIT(TROTH_EIF_RAMDISK);
    unsigned seen = 0;

    /* Older versions have no metadata. */
    if (eif->version >= TROTH_EIF_VERSION)
        wanted |= BIT(TROTH_EIF_METADATA);
    for (size_t i = 0; i < eif->count; i++)
        seen |= BIT(eif->sections[i].kind);
    if (seen & BIT(TROTH_EIF_NONE))
        return troth_eif_refuse(fault, TROTH_ERR_MISSING, rules[TROTH_EIF_NONE].missing,
                                eif->size);
    for (unsigned kind = TROTH_EIF_KERNEL; kind <= TROTH_EIF_METADATA; kind++)
        if (wanted & ~seen & BIT(kind))
            return troth_eif_refuse(fault, TROTH_ERR_MISSING, rules[kind].missing,
                                    eif->size);
    return troth_eif_accept(fault);
}

const struct troth_eif_section *troth_eif_find(const struct troth_eif *eif,
                                               enum troth_eif_kind kind)
{
    for (size_t i = 0; i < eif->count; i++)
        if (eif->sections[i].kind == kind)
            return &eif->sections[i];
    return NULL;
}

struct troth_span troth_eif_data(const struct troth_eif *eif, struct troth_span file,
                                 size_t index)
{
    return (struct troth_span){file.ptr + eif->sections[index].offset,
                               (size_t)eif->sections[index].size};
}
