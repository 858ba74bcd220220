/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "attester/device.h"
#include "fake_node.h"
#include "sim/sev_device.h"
#include "test/harness.h"

#define DEVICE troth_device_snp
#define VMPL   "/sys/devices/system/cpu/sev/vmpl"

static const uint8_t report_data[64] = {0x71, [63] = 0x72};

static struct sim_snp doc;
static struct sim_sev sev;
static void *device;
static unsigned long last_number;
static uint32_t firmware_error;

/* The device, and which call reached it last. */
static int remember(void *state, struct sim_user *user, unsigned number,
                    uint64_t argument)
{
    last_number = number;
    return sim_sev_ioctl(state, user, number, argument);
}

static int refuse(void *state, struct sim_user *user, unsigned number, uint64_t argument)
{
    (void)state;
    (void)number;
    memcpy(sim_user_write(user, argument, 32) + 24, &firmware_error, 4);
    return -EIO;
}

static void begin(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;

    fake_node_reset();
    sim_snp_default(&doc, ring, SIM_GENOA, SIM_VCEK, 0, 1755506509);
    sev = (struct sim_sev){.doc = &doc};
    fake_node.path = "/dev/sev-guest";
    fake_node.ioctl = remember;
    fake_node.state = &sev;
    CHECK(DEVICE.is_present());
    CHECK(DEVICE.open(&device, &fault));
}

/* Quote, and compare with what the simulator mints for the same. */
static void check_quote(bool has_table)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    struct sim_bytes table = sim_snp_mint_table(&doc);
    const struct troth_span table_span = has_table ? sim_bytes_span(table)
                                                   : (struct troth_span){NULL, 0};

    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    CHECK(memcmp(doc.report.report_data, report_data, 64) == 0);
    struct sim_bytes report = sim_snp_mint(&doc);

    CHECK_SPAN(quote.evidence, sim_bytes_span(report));
    CHECK_INT(quote.evidence.len, 1184);
    CHECK_SPAN(quote.collateral, table_span);
    troth_quote_release(&quote);
    sim_bytes_free(&report);
    sim_bytes_free(&table);
}

static void check_refusal(int error, const char *step, const char *said)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;

    const int64_t patience_ms = error == ETIMEDOUT ? 60 : 20000;

    CHECK(
        !DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(patience_ms)));
    fake_node_check_fault(&fault, error, step, said);
    CHECK_INT(quote.evidence.len + quote.collateral.len, 0);
    CHECK(quote.owned[0] == NULL);
}

static void end(void)
{
    DEVICE.close(device);
}

static void test_quote(struct sim_keyring *ring)
{
    test_case("a report, and the host's certificates beside it");
    begin(ring);
    check_quote(true);
    CHECK_INT(fake_node.calls, 1);
    CHECK_INT(last_number, 0xc0205302);
    CHECK_INT(doc.report.vmpl, 0);
    end();

    test_case("the guest's own VMPL is asked for");
    begin(ring);
    fake_node.file = VMPL;
    fake_node.text = "2\n";
    check_quote(true);
    CHECK_INT(doc.report.vmpl, 2);
    end();

    test_case("a host without certificates");
    begin(ring);
    doc.table_count = 0;
    check_quote(false);
    end();

    test_case("a host with more certificates than any guest has room for");
    begin(ring);
    sev.has_too_many_certs = true;
    check_quote(false);
    CHECK_INT(fake_node.calls, 2);
    CHECK_INT(last_number, 0xc0205300);
    end();

    test_case("a driver without extended reports");
    begin(ring);
    sev.knows_no_extended = true;
    check_quote(false);
    end();
}

static void test_refusals(struct sim_keyring *ring)
{
    test_case(
        "the firmware refuses: the driver is not asked again, which would be worse");
    begin(ring);
    fake_node.ioctl = refuse;
    firmware_error = 0x16;
    check_refusal(EIO, "SNP_GET_EXT_REPORT", "firmware error 0x16, host error 0x0");
    CHECK_INT(fake_node.calls, 1);
    end();

    test_case("the driver fails before it asks the firmware");
    begin(ring);
    fake_node.ioctl = refuse;
    firmware_error = 0xff;
    check_refusal(EIO, "SNP_GET_EXT_REPORT", "");
    end();

    test_case("an answer with a status, and no report");
    begin(ring);
    sev.status = 0x27;
    check_refusal(EIO, "read the report", "firmware error 0x27, host error 0x0");
    end();

    test_case("a driver that has no key left for the firmware");
    begin(ring);
    fake_node.error = ENOTTY;
    check_refusal(ENOTTY, "SNP_GET_REPORT", "");
    end();

    test_case("one that hangs");
    begin(ring);
    fake_node.hangs = true;
    check_refusal(ETIMEDOUT, "SNP_GET_EXT_REPORT", "");
    fake_node_open_gate();
    end();
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);

    test_case("what it is called, and what it cannot do");
    CHECK_TEXT(DEVICE.name, "snp");
    CHECK_TEXT(DEVICE.kind(NULL), "snp");
    CHECK(DEVICE.measured(NULL) == NULL);
    CHECK(!DEVICE.extend && !DEVICE.seal && !DEVICE.random);
    test_quote(ring);
    test_refusals(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
