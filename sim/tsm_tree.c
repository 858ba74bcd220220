/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tsm_tree.h"

#include <string.h>

#define FIRST_REGISTER 16
#define FIRST_REPORT   256 /* a folder and its files take so many numbers */
#define TEXT_SIZE      4096
#define REGISTER_SIZE  48

/* The folders that are always there: number, parent, name. */
static const struct {
    uint64_t number, parent;
    const char *name;
} folders[] = {
    {SIM_NODE_ROOT, 0, ""},
    {2, SIM_NODE_ROOT, "config"},
    {3, 2, "tsm"},
    {SIM_NODE_REPORTS, 3, "report"},
    {5, SIM_NODE_ROOT, "tdx_guest"},
    {6, 5, "measurements"},
};
#define FOLDERS           (sizeof folders / sizeof folders[0])
#define NODE_MEASUREMENTS 6

static const struct {
    const char *name;
    mode_t mode;
} attributes[] = {
#define X(name, text, mode, is_snp) {text, mode},
    SIM_TSM_ATTRIBUTES(X)
#undef X
};

/* [LINUX] ABI/testing/sysfs-devices-virtual-misc-tdx_guest */
static const struct {
    const char *name;
    size_t offset;
    int rtmr; /* -1: it cannot be extended */
} registers[SIM_REGISTERS] = {
    {"mrconfigid", offsetof(struct sim_td_report, mr_config_id), -1},
    {"mrowner", offsetof(struct sim_td_report, mr_owner), -1},
    {"mrownerconfig", offsetof(struct sim_td_report, mr_owner_config), -1},
    {"mrtd:sha384", offsetof(struct sim_td_report, mr_td), -1},
    {"rtmr0:sha384", offsetof(struct sim_td_report, rtmr0), 0},
    {"rtmr1:sha384", offsetof(struct sim_td_report, rtmr1), 1},
    {"rtmr2:sha384", offsetof(struct sim_td_report, rtmr2), 2},
    {"rtmr3:sha384", offsetof(struct sim_td_report, rtmr3), 3},
};

static uint64_t number_of(uint64_t serial, unsigned within)
{
    return serial * FIRST_REPORT + within;
}

static struct sim_node report_node(struct sim_tsm *tsm, uint64_t number)
{
    const uint64_t serial = number / FIRST_REPORT;
    const unsigned within = (unsigned)(number % FIRST_REPORT);
    const struct sim_tsm_report *report = sim_tsm_find(tsm, serial);

    if (!report || within > SIM_TSM_ATTRIBUTE_COUNT)
        return (struct sim_node){.kind = SIM_NODE_NONE, .name = ""};
    if (within == 0)
        return (struct sim_node){.kind = SIM_NODE_REPORT,
                                 .name = report->name,
                                 .mode = S_IFDIR | 0755,
                                 .serial = serial};
    const enum sim_tsm_attribute attribute = (enum sim_tsm_attribute)(within - 1);
    const bool is_text = attribute < SIM_TSM_INBLOB;

    return (struct sim_node){.kind = SIM_NODE_ATTRIBUTE,
                             .name = attributes[attribute].name,
                             .mode = S_IFREG | attributes[attribute].mode,
                             .size = is_text ? TEXT_SIZE : 0,
                             .serial = serial,
                             .attribute = attribute,
                             .owner = report->owners[attribute]};
}

struct sim_node sim_tree_node(struct sim_tsm *tsm, uint64_t number)
{
    if (number >= FIRST_REPORT)
        return report_node(tsm, number);
    if (number >= FIRST_REGISTER && number < FIRST_REGISTER + SIM_REGISTERS) {
        const unsigned reg = (unsigned)(number - FIRST_REGISTER);
        const mode_t rights = registers[reg].rtmr < 0 ? 0444 : 0644;

        return (struct sim_node){.kind = SIM_NODE_REGISTER,
                                 .name = registers[reg].name,
                                 .mode = S_IFREG | rights,
                                 .size = REGISTER_SIZE,
                                 .reg = reg,
                                 .owner = tsm->registers[reg]};
    }
    for (size_t i = 0; i < FOLDERS; i++)
        if (folders[i].number == number)
            return (struct sim_node){
                .kind = SIM_NODE_FOLDER, .name = folders[i].name, .mode = S_IFDIR | 0755};
    return (struct sim_node){.kind = SIM_NODE_NONE, .name = ""};
}

bool sim_tree_give(struct sim_tsm *tsm, uint64_t number, struct sim_tsm_owner owner)
{
    const struct sim_node node = sim_tree_node(tsm, number);

    if (node.kind == SIM_NODE_ATTRIBUTE)
        sim_tsm_find(tsm, node.serial)->owners[node.attribute] = owner;
    else if (node.kind == SIM_NODE_REGISTER)
        tsm->registers[node.reg] = owner;
    return node.kind == SIM_NODE_ATTRIBUTE || node.kind == SIM_NODE_REGISTER;
}

static uint64_t list_folders(uint64_t parent, size_t at)
{
    for (size_t i = 0; i < FOLDERS; i++)
        if (folders[i].parent == parent && at-- == 0)
            return folders[i].number;
    return 0;
}

static uint64_t list_reports(const struct sim_tsm *tsm, size_t at)
{
    for (size_t i = 0; i < SIM_TSM_REPORTS_MAX; i++)
        if (tsm->reports[i].serial && at-- == 0)
            return number_of(tsm->reports[i].serial, 0);
    return 0;
}

static uint64_t list_attributes(const struct sim_tsm *tsm, uint64_t report, size_t at)
{
    for (unsigned i = 0; i < SIM_TSM_ATTRIBUTE_COUNT; i++)
        if (sim_tsm_has(tsm, (enum sim_tsm_attribute)i) && at-- == 0)
            return report + 1 + i;
    return 0;
}

uint64_t sim_tree_list(struct sim_tsm *tsm, uint64_t folder, size_t at)
{
    if (folder >= FIRST_REPORT)
        return sim_tree_node(tsm, folder).kind == SIM_NODE_REPORT
                   ? list_attributes(tsm, folder, at)
                   : 0;
    if (folder == SIM_NODE_REPORTS)
        return list_reports(tsm, at);
    if (folder == NODE_MEASUREMENTS)
        return at < SIM_REGISTERS ? FIRST_REGISTER + at : 0;
    return list_folders(folder, at);
}

uint64_t sim_tree_lookup(struct sim_tsm *tsm, uint64_t folder, const char *name)
{
    for (size_t at = 0;; at++) {
        const uint64_t number = sim_tree_list(tsm, folder, at);

        if (number == 0 || strcmp(sim_tree_node(tsm, number).name, name) == 0)
            return number;
    }
}

const uint8_t *sim_tree_value(struct sim_tsm *tsm, unsigned reg)
{
    return (const uint8_t *)&tsm->machine->intel.quote.td + registers[reg].offset;
}

bool sim_tree_is_rtmr(unsigned reg, unsigned *out_rtmr)
{
    *out_rtmr = registers[reg].rtmr < 0 ? 0 : (unsigned)registers[reg].rtmr;
    return registers[reg].rtmr >= 0;
}
