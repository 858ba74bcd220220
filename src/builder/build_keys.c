/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/build_keys.h"

#include <stddef.h>
#include <string.h>

#include "base/nearest.h"
#include "base/span.h"

#define AT(member)    offsetof(struct troth_build_file, member)
#define LAYER(member) offsetof(struct troth_build_layer, member)

/* clang-format off */
static const struct troth_build_key keys[] = {
    /* name                    what it holds                   of which member                 each text */
    {"name",                  troth_build_take_text,          AT(name),                       &troth_build_rule_name},
    {"version",               troth_build_take_text,          AT(version),                    &troth_build_rule_line},
    {"architecture",          troth_build_take_architecture,  AT(aarch64),                    NULL},
    {"time",                  troth_build_take_time,          AT(time_s),                     NULL},
    {"kernel",                troth_build_take_map,           0,                              NULL},
    {"kernel.packages",       troth_build_take_set,           AT(kernel.packages),            &troth_build_rule_package},
    {"kernel.file",           troth_build_take_text,          AT(kernel.file),                &troth_build_rule_anywhere},
    {"kernel.sha256",         troth_build_take_sha256,        0,                              NULL},
    {"kernel.modules",        troth_build_take_set,           AT(kernel.modules),             &troth_build_rule_module},
    {"kernel.module_files",   troth_build_take_set,           AT(kernel.module_files),        &troth_build_rule_inside},
    {"cmdline",               troth_build_take_text,          AT(cmdline),                    &troth_build_rule_cmdline},
    {"rootfs",                troth_build_take_rows,          0,                              NULL},
    {"rootfs.directory",      troth_build_take_text,          LAYER(path),                    &troth_build_rule_inside},
    {"rootfs.oci",            troth_build_take_text,          LAYER(path),                    &troth_build_rule_anywhere},
    {"rootfs.program",        troth_build_take_text,          LAYER(path),                    &troth_build_rule_inside},
    {"rootfs.packages",       troth_build_take_set,           LAYER(packages),                &troth_build_rule_package},
    {"rootfs.compiled",       troth_build_take_yes,           0,                              NULL},
    {"rootfs.at",             troth_build_take_place,         LAYER(at),                      &troth_build_rule_place},
    {"rootfs.reference",      troth_build_take_text,          LAYER(reference),               &troth_build_rule_line},
    {"rootfs.replace",        troth_build_take_flag,          LAYER(replace),                 NULL},
    {"compile",               troth_build_take_map,           0,                              NULL},
    {"compile.packages",      troth_build_take_set,           AT(compile.packages),           &troth_build_rule_package},
    {"compile.source",        troth_build_take_text,          AT(compile.source),             &troth_build_rule_inside},
    {"compile.command",       troth_build_take_program,       AT(compile.command),            NULL},
    {"compile.cores",         troth_build_take_cores,         AT(compile.cores),              NULL},
    {"compile.environment",   troth_build_take_environment,   AT(compile.environment),        &troth_build_rule_variable},
    {"run",                   troth_build_take_run,           0,                              &troth_build_rule_inside},
    {"firmware",              troth_build_take_map,           0,                              NULL},
    {"firmware.snp",          troth_build_take_map,           0,                              NULL},
    {"firmware.snp.file",     troth_build_take_text,          AT(snp.file),                   &troth_build_rule_anywhere},
    {"firmware.snp.vcpus",    troth_build_take_vcpus,         AT(snp.vcpus),                  NULL},
    {"firmware.snp.vcpu",     troth_build_take_text,          AT(snp.vcpu),                   &troth_build_rule_line},
    {"firmware.snp.vmm",      troth_build_take_text,          AT(snp.vmm),                    &troth_build_rule_monitor},
    {"firmware.snp.features", troth_build_take_features,      AT(snp.features),               NULL},
    {"firmware.tdx",          troth_build_take_map,           0,                              NULL},
    {"firmware.tdx.file",     troth_build_take_text,          AT(tdx.file),                   &troth_build_rule_anywhere},
    {"firmware.tdx.memory",   troth_build_take_size,          AT(tdx.memory),                 NULL},
    {"firmware.tdx.order",    troth_build_take_order,         AT(tdx.two_pass),               NULL},
};
/* clang-format on */

enum { KEYS = sizeof keys / sizeof keys[0] };

/* The row of a key in the map whose name, with its dot, is `prefix`; NULL: there is none.
 */
static const struct troth_build_key *find(const char *prefix, struct troth_span name)
{
    const size_t len = strlen(prefix);

    for (const struct troth_build_key *k = keys; k < keys + KEYS; k++)
        if (strncmp(k->name, prefix, len) == 0 &&
            troth_span_is_text(name, k->name + len) && !strchr(k->name + len, '.'))
            return k;
    return NULL;
}

static bool object_to_key(struct troth_build_reading *r, const char *prefix,
                          const struct troth_tree_node *node)
{
    const size_t len = strlen(prefix);
    struct troth_nearest near = {NULL, 0};

    (void)troth_build_object(r, node->key_place, "%%: no such key", prefix, node->key);
    for (const struct troth_build_key *k = keys; k < keys + KEYS; k++)
        if (strncmp(k->name, prefix, len) == 0 && !strchr(k->name + len, '.'))
            troth_nearest_offer(&near, node->key, k->name + len);
    if (near.word)
        troth_build_hint(r->problem, "did you mean %s?", near.word);
    else
        troth_build_advise(r, "docs/build-file.md lists the keys");
    return false;
}

bool troth_build_read_map(struct troth_build_reading *r, void *out,
                          const struct troth_tree_node *map, const char *prefix)
{
    for (const struct troth_tree_node *n = map ? map->first_child : NULL; n;
         n = n->next) {
        const struct troth_build_key *key = find(prefix, n->key);

        if (!key)
            return object_to_key(r, prefix, n);
        if (!key->take(r, key, n, (uint8_t *)out + key->offset))
            return false;
    }
    return true;
}

const char *troth_build_file_key(size_t i)
{
    return i < KEYS ? keys[i].name : NULL;
}
