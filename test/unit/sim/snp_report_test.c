/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/snp_report.h"

#include "sim/keyring.h"
#include "test/harness.h"

/* Where [AMD-56860] puts what the struct calls by name. */
static const struct {
    const char *why;
    size_t offset;
    const char *hex;
} fields[] = {
    {"version", 0x000, "01000000"},
    {"guest_svn", 0x004, "02000000"},
    {"policy", 0x008, "0300000000000000"},
    {"family_id", 0x010, "04"},
    {"image_id", 0x020, "05"},
    {"vmpl", 0x030, "06000000"},
    {"signature_algo", 0x034, "07000000"},
    {"current_tcb", 0x038, "08"},
    {"platform_info", 0x040, "0900000000000000"},
    {"signer_info", 0x048, "0a000000"},
    {"reserved_04c", 0x04c, "0b000000"},
    {"report_data", 0x050, "0c"},
    {"measurement", 0x090, "0d"},
    {"host_data", 0x0c0, "0e"},
    {"id_key_digest", 0x0e0, "0f"},
    {"author_key_digest", 0x110, "10"},
    {"report_id", 0x140, "11"},
    {"report_id_ma", 0x160, "12"},
    {"reported_tcb", 0x180, "13"},
    {"cpuid_family", 0x188, "14"},
    {"cpuid_model", 0x189, "15"},
    {"cpuid_stepping", 0x18a, "16"},
    {"reserved_18b", 0x18b, "17"},
    {"chip_id", 0x1a0, "18"},
    {"committed_tcb", 0x1e0, "19"},
    {"current_build", 0x1e8, "1a"},
    {"current_minor", 0x1e9, "1b"},
    {"current_major", 0x1ea, "1c"},
    {"reserved_1eb", 0x1eb, "1d"},
    {"committed_build", 0x1ec, "1e"},
    {"committed_minor", 0x1ed, "1f"},
    {"committed_major", 0x1ee, "20"},
    {"reserved_1ef", 0x1ef, "21"},
    {"launch_tcb", 0x1f0, "22"},
    {"launch_mit_vector", 0x1f8, "2300000000000000"},
    {"current_mit_vector", 0x200, "2400000000000000"},
    {"reserved_208", 0x208, "25"},
};

static void every_field_in_place(struct sim_keyring *ring)
{
    const struct sim_snp_report report = {
        .version = 0x01,
        .guest_svn = 0x02,
        .policy = 0x03,
        .family_id = {0x04},
        .image_id = {0x05},
        .vmpl = 0x06,
        .signature_algo = 0x07,
        .current_tcb = {0x08},
        .platform_info = 0x09,
        .signer_info = 0x0a,
        .reserved_04c = 0x0b,
        .report_data = {0x0c},
        .measurement = {0x0d},
        .host_data = {0x0e},
        .id_key_digest = {0x0f},
        .author_key_digest = {0x10},
        .report_id = {0x11},
        .report_id_ma = {0x12},
        .reported_tcb = {0x13},
        .cpuid_family = 0x14,
        .cpuid_model = 0x15,
        .cpuid_stepping = 0x16,
        .reserved_18b = {0x17},
        .chip_id = {0x18},
        .committed_tcb = {0x19},
        .current_build = 0x1a,
        .current_minor = 0x1b,
        .current_major = 0x1c,
        .reserved_1eb = 0x1d,
        .committed_build = 0x1e,
        .committed_minor = 0x1f,
        .committed_major = 0x20,
        .reserved_1ef = 0x21,
        .launch_tcb = {0x22},
        .launch_mit_vector = 0x23,
        .current_mit_vector = 0x24,
        .reserved_208 = {0x25},
    };
    const struct sim_edit none = {0};
    struct sim_bytes minted = sim_snp_report_mint(
        &report, sim_keyring_key(ring, SIM_KEY_P384, "a"), none, none);

    for (size_t i = 0; i < COUNT(fields); i++) {
        const struct troth_span wanted = test_hex(fields[i].hex);

        test_case("offset of %s", fields[i].why);
        CHECK_SPAN(((struct troth_span){minted.ptr + fields[i].offset, wanted.len}),
                   wanted);
    }
    sim_bytes_free(&minted);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(9);

    every_field_in_place(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
