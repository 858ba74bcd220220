/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "stage.h"

/* What is quoted: modes in which the host looks in or carries it away, fields without a
 * meaning, and what is no reason to refuse. */

static struct sim_sgx_report *sgx(struct intel_stage *s)
{
    return &s->doc.quote.enclave;
}

static struct sim_td_report *td(struct intel_stage *s)
{
    return &s->doc.quote.td;
}

static void reserved_20(struct intel_stage *s, int at)
{
    sgx(s)->reserved_20[at] = 1;
}

static void reserved_96(struct intel_stage *s, int at)
{
    sgx(s)->reserved_96[at] = 1;
}

static void reserved_160(struct intel_stage *s, int at)
{
    sgx(s)->reserved_160[at] = 0x80;
}

static void reserved_262(struct intel_stage *s, int at)
{
    sgx(s)->reserved_262[at] = 0xff;
}

static void debug(struct intel_stage *s, int number)
{
    (void)number;
    sim_intel_set_debug(&s->doc);
}

static void profiled(struct intel_stage *s, int bit)
{
    debug(s, 0);
    td(s)->td_attributes |= UINT64_C(1) << bit;
}

static void service_td(struct intel_stage *s, int at)
{
    td(s)->mr_servicetd[at] = 1;
}

static void service_td_at_first(struct intel_stage *s, int at)
{
    td(s)->init_servicetd_hash[at] = 1;
}

static void service_td_current(struct intel_stage *s, int at)
{
    td(s)->current_servicetd_hash[at] = 1;
}

static void migratable(struct intel_stage *s, int with_service)
{
    td(s)->td_attributes |= UINT64_C(1) << 29;
    if (with_service)
        service_td(s, 0);
}

static void pages_taken(struct intel_stage *s, int number)
{
    (void)number;
    td(s)->td_attributes &= ~(UINT64_C(1) << 28);
}

static void no_bits(struct intel_stage *s, int number)
{
    (void)number;
    td(s)->td_attributes = 0;
    td(s)->xfam = 0;
    sgx(s)->flags = 0;
    sgx(s)->xfrm = 0;
}

static void all_bits(struct intel_stage *s, int number)
{
    (void)number;
    td(s)->td_attributes = UINT64_MAX;
    td(s)->xfam = UINT64_MAX;
    sgx(s)->flags = UINT64_MAX;
    sgx(s)->xfrm = UINT64_MAX;
}

/* What the owner or the host chose: for the relying party to ask about, not a fault. */
static void chosen(struct intel_stage *s, int number)
{
    (void)number;
    memset(td(s)->mr_owner, 1, sizeof td(s)->mr_owner);
    memset(td(s)->mr_owner_config, 1, sizeof td(s)->mr_owner_config);
    memset(td(s)->mr_config_id, 1, sizeof td(s)->mr_config_id);
    memset(td(s)->rtmr3, 1, sizeof td(s)->rtmr3);
    memset(td(s)->device_info, 1, sizeof td(s)->device_info);
    td(s)->vm_id = 2;
    memset(sgx(s)->config_id, 1, sizeof sgx(s)->config_id);
    memset(sgx(s)->isv_family_id, 1, sizeof sgx(s)->isv_family_id);
    memset(sgx(s)->isv_ext_prod_id, 1, sizeof sgx(s)->isv_ext_prod_id);
    sgx(s)->misc_select = 1;
    sgx(s)->config_svn = 9;
}

/* clang-format off */
#define SGX(why, change, number, line) {why, SIM_SGX_V3, change, number, TRIAL_ANY, line}
#define SGX4(why, change, number, line) {why, SIM_SGX_V4, change, number, TRIAL_ANY, line}
#define TDX(why, change, number, line) {why, SIM_TDX_V4, change, number, TRIAL_ANY, line}
#define TD15(why, change, number, line) {why, SIM_TDX_V5_TD15, change, number, TRIAL_ANY, line}
#define TDEX(why, change, number, line) {why, SIM_TDX_V5_TD15_EX, change, number, TRIAL_ANY, line}
#define ALLOW(kind, why, change, number, names, line) {why, kind, change, number, TRIAL_ANY names, line}
#define NO "refused: reserved"

static const struct intel_attack rows[] = {
    /* why, change, number, line */
    SGX("first byte without a meaning at 20", reserved_20, 0, NO),
    SGX4("last byte without a meaning at 20", reserved_20, 11, NO),
    SGX("first byte without a meaning at 96", reserved_96, 0, NO),
    SGX4("last byte without a meaning at 96", reserved_96, 31, NO),
    SGX("first byte without a meaning at 160", reserved_160, 0, NO),
    SGX4("last byte without a meaning at 160", reserved_160, 31, NO),
    SGX("first byte without a meaning at 262", reserved_262, 0, NO),
    SGX4("last byte without a meaning at 262", reserved_262, 41, NO),

    SGX("debug", debug, 0, "refused: debug"),
    TDX("debug", debug, 0, "refused: debug"),
    TDEX("debug", debug, 0, "refused: debug"),
    ALLOW(SIM_SGX_V3, "debug allowed", debug, 0, "--allow debug", "accepted, allowed"),
    ALLOW(SIM_TDX_V4, "debug allowed", debug, 0, "--allow debug", "accepted, allowed"),
    ALLOW(SIM_TDX_V4, "debug allowed, and profiled", profiled, 5, "--allow debug", "refused: debug"),
    ALLOW(SIM_TDX_V4, "debug allowed and profiling, too", profiled, 5, "--allow debug --allow tdx.td_attributes.bit5", "accepted, allowed"),
    ALLOW(SIM_TDX_V4, "debug by its number is no finding", debug, 0, "--allow tdx.td_attributes.bit0", "refused: debug"),
    TDX("migratable", migratable, 0, "refused: migration"),
    TD15("migratable, and a service trust domain", migratable, 1, "refused: migration"),
    ALLOW(SIM_TDX_V5_TD15, "migratable allowed, service trust domain not", migratable, 1, "--allow tdx.td_attributes.bit29", "refused: migration"),
    ALLOW(SIM_TDX_V5_TD15, "service trust domain allowed, migratable not", migratable, 1, "--allow service_td", "refused: migration"),
    ALLOW(SIM_TDX_V5_TD15, "both allowed", migratable, 1, "--allow service_td --allow tdx.td_attributes.bit29", "accepted, allowed"),
    TD15("service trust domain", service_td, 0, "refused: migration"),
    TD15("service trust domain", service_td, 47, "refused: migration"),
    TDEX("service trust domain", service_td, 47, "refused: migration"),
    TDEX("service trust domain at first", service_td_at_first, 0, "refused: migration"),
    TDEX("service trust domain now", service_td_current, 47, "refused: migration"),
    TDX("TD 1.0 has no service trust domain", service_td, 0, "accepted"),
    TDX("host may take pages away unseen", pages_taken, 0, "refused: attributes"),
    ALLOW(SIM_TDX_V4, "host may take pages away, allowed", pages_taken, 0, "--allow tdx.td_attributes.bit28", "accepted, allowed"),
    SGX("no bits at all", no_bits, 0, "refused: attributes"),
    TDX("no bits at all", no_bits, 0, "refused: attributes"),
    SGX("all bits", all_bits, 0, "refused: debug attributes"),
    TDX("all bits", all_bits, 0, "refused: debug migration attributes"),
    SGX("what host and owner chose", chosen, 0, "accepted"),
    TDX("what host and owner chose", chosen, 0, "accepted"),
    TDEX("what host and owner chose", chosen, 0, "accepted"),
};
/* clang-format on */

int main(void)
{
    intel_attacks_run(rows, COUNT(rows));
    return test_finish();
}
