/*
 * tsm_tree.h - the files of the simulated interfaces: which there are, where, and with
 * what rights.
 *
 *   /config/tsm/report/NAME/…       is seen at /sys/kernel/config
 *   /tdx_guest/measurements/…       at /sys/devices/virtual/misc/tdx_guest
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_SIM_TSM_TREE_H
#define TROTH_SIM_TSM_TREE_H

#include <sys/stat.h>

#include "sim/tsm_report.h"

#define SIM_NODE_ROOT    1 /* FUSE's own */
#define SIM_NODE_REPORTS 4
#define SIM_REGISTERS    SIM_TSM_REGISTERS

enum sim_node_kind {
    SIM_NODE_NONE,
    SIM_NODE_FOLDER,
    SIM_NODE_REPORT,    /* a folder of the report interface */
    SIM_NODE_ATTRIBUTE, /* a file in one */
    SIM_NODE_REGISTER
};

struct sim_node {
    enum sim_node_kind kind;
    const char *name; /* lives as long as the folder that has it */
    mode_t mode;
    size_t size; /* as the kernel states it */
    uint64_t serial;
    enum sim_tsm_attribute attribute;
    unsigned reg;
    struct sim_tsm_owner owner;
};

/* What has this number; kind NONE: nothing, or nothing any more. */
struct sim_node sim_tree_node(struct sim_tsm *tsm, uint64_t number);

/* Number of a folder's entry of this name; 0: none. */
uint64_t sim_tree_lookup(struct sim_tsm *tsm, uint64_t folder, const char *name);

/* Number of a folder's entry number `at`, of those there are; 0: there are no more. */
uint64_t sim_tree_list(struct sim_tsm *tsm, uint64_t folder, size_t at);

/* Give a file to another user, as chown() does; false: only files can be given. */
bool sim_tree_give(struct sim_tsm *tsm, uint64_t number, struct sim_tsm_owner owner);

/* Of a register: its value, 48 bytes; whether it can be extended, and as which RTMR. */
const uint8_t *sim_tree_value(struct sim_tsm *tsm, unsigned reg);
bool sim_tree_is_rtmr(unsigned reg, unsigned *out_rtmr);

#endif
