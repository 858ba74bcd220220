/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/intel_tcb.h"

#include <stdio.h>
#include <string.h>

/* What Intel says each component is, for people; NULL: nothing. */
static const struct part {
    const char *category, *type;
} sgx_parts[SIM_TCB_COMPONENTS] = {
    {"BIOS", "Early Microcode Update"},
    {"OS/VMM", "SGX Late Microcode Update"},
    {"OS/VMM", "TXT SINIT"},
    {"BIOS", NULL},
};
static const struct part sgx_parts_beside_tdx[SIM_TCB_COMPONENTS] = {
    {"BIOS", "Early Microcode Update"},
    {"OS/VMM", "SGX Late Microcode Update"},
    {"OS/VMM", "TXT SINIT"},
    {"BIOS", NULL},
    {"BIOS", NULL},
    {"BIOS", NULL},
    {NULL, NULL},
    {"OS/VMM", "SEAMLDR ACM"},
};
static const struct part tdx_parts[SIM_TCB_COMPONENTS] = {
    {"OS/VMM", "TDX Module"},
    {"OS/VMM", "TDX Module"},
    {"OS/VMM", "TDX Late Microcode Update"},
};

static void put_components(struct sim_bytes *out, const char *name, const uint8_t *svns,
                           const struct part *parts)
{
    sim_json_open(out, name, '[');
    for (size_t i = 0; i < SIM_TCB_COMPONENTS; i++) {
        sim_json_open(out, NULL, '{');
        sim_json_number(out, "svn", svns[i]);
        if (parts[i].category)
            sim_json_text(out, "category", sim_text(parts[i].category));
        if (parts[i].type)
            sim_json_text(out, "type", sim_text(parts[i].type));
        sim_json_close(out, '}');
    }
    sim_json_close(out, ']');
}

/* As version 2 has them. */
static void put_named_components(struct sim_bytes *out, const uint8_t *svns)
{
    for (unsigned i = 0; i < SIM_TCB_COMPONENTS; i++) {
        char name[24];

        (void)snprintf(name, sizeof name, "sgxtcbcomp%02usvn", i + 1);
        sim_json_number(out, name, svns[i]);
    }
}

static bool is_tdx(const struct sim_intel_tcb *info)
{
    return info->version != 2 && strcmp(info->id, "TDX") == 0;
}

static void put_level(struct sim_bytes *out, const struct sim_intel_tcb *info,
                      const struct sim_intel_level *level)
{
    sim_json_open(out, NULL, '{');
    sim_json_open(out, "tcb", '{');
    if (info->version == 2)
        put_named_components(out, level->sgx);
    else
        put_components(out, "sgxtcbcomponents", level->sgx,
                       is_tdx(info) ? sgx_parts_beside_tdx : sgx_parts);
    sim_json_number(out, "pcesvn", level->pce_svn);
    if (is_tdx(info))
        put_components(out, "tdxtcbcomponents", level->tdx, tdx_parts);
    sim_json_close(out, '}');
    sim_intel_put_standing(out, &level->standing);
    sim_json_close(out, '}');
}

static void put_module(struct sim_bytes *out, const struct sim_intel_module *module)
{
    sim_json_hex(out, "mrsigner", SIM_ARRAY(module->mr_signer));
    sim_json_hex(out, "attributes", SIM_ARRAY(module->attributes));
    sim_json_hex(out, "attributesMask", SIM_ARRAY(module->attributes_mask));
}

static void put_identities(struct sim_bytes *out, const struct sim_intel_tcb *info)
{
    sim_json_open(out, "tdxModuleIdentities", '[');
    for (size_t i = 0; i < info->identity_count; i++) {
        const struct sim_intel_module_identity *identity = &info->identities[i];

        sim_json_open(out, NULL, '{');
        sim_json_text(out, "id", sim_text(identity->id));
        put_module(out, &identity->module);
        sim_intel_put_isv_levels(out, &identity->levels);
        sim_json_close(out, '}');
    }
    sim_json_close(out, ']');
}

struct sim_bytes sim_intel_tcb_mint(const struct sim_intel_tcb *info)
{
    struct sim_bytes out = {0};

    sim_json_open(&out, NULL, '{');
    if (info->version != 2)
        sim_json_text(&out, "id", sim_text(info->id));
    sim_json_number(&out, "version", info->version);
    sim_json_time(&out, "issueDate", info->issue_date_s);
    sim_json_time(&out, "nextUpdate", info->next_update_s);
    sim_json_hex(&out, "fmspc", SIM_ARRAY(info->fmspc));
    sim_json_hex(&out, "pceId", SIM_ARRAY(info->pce_id));
    sim_json_number(&out, "tcbType", info->tcb_type);
    sim_json_number(&out, "tcbEvaluationDataNumber", info->evaluation_number);
    if (info->has_module) {
        sim_json_open(&out, "tdxModule", '{');
        put_module(&out, &info->module);
        sim_json_close(&out, '}');
    }
    if (info->identity_count > 0)
        put_identities(&out, info);
    sim_json_open(&out, "tcbLevels", '[');
    for (size_t i = 0; i < info->level_count; i++)
        put_level(&out, info, &info->levels[i]);
    sim_json_close(&out, ']');
    sim_json_close(&out, '}');
    return out;
}
