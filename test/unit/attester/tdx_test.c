/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attester/device.h"
#include "fake_node.h"
#include "sim/tdx_device.h"
#include "test/harness.h"

#define DEVICE troth_device_tdx
#define RTMR3  "/sys/devices/virtual/misc/tdx_guest/measurements/rtmr3:sha384"

static const uint8_t report_data[64] = {0x81, [63] = 0x82};

static struct sim_intel doc;
static void *device;

static void begin(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;

    fake_node_reset();
    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, 1755506509);
    fake_node.path = "/dev/tdx_guest";
    fake_node.ioctl = sim_tdx_ioctl;
    fake_node.state = &doc;
    CHECK(DEVICE.is_present());
    CHECK(DEVICE.open(&device, &fault));
}

static void end(void)
{
    DEVICE.close(device);
}

/* The service on the host: one answer. */
static void *serve(void *given)
{
    const int socket = *(const int *)given;
    uint8_t request[4 + 24 + 1024], len[4];

    if (recv(socket, request, sizeof request, MSG_WAITALL) != (ssize_t)sizeof request)
        return NULL;
    struct sim_bytes answer = sim_qgs_answer(
        &doc, (struct troth_span){request + 4, sizeof request - 4});

    for (unsigned i = 0; i < 4; i++)
        len[i] = (uint8_t)(answer.len >> 8 * (3 - i));
    (void)send(socket, len, sizeof len, MSG_NOSIGNAL);
    (void)send(socket, answer.ptr, answer.len, MSG_NOSIGNAL);
    sim_bytes_free(&answer);
    return NULL;
}

static void test_quote(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    pthread_t thread;
    int ends[2];

    test_case("a report by the device, and the quote of it by the host's service");
    begin(ring);
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fake_node.vsock = ends[0];
    CHECK_INT(pthread_create(&thread, NULL, serve, &ends[1]), 0);
    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    CHECK_INT(pthread_join(thread, NULL), 0);
    CHECK(memcmp(doc.quote.td.report_data, report_data, 64) == 0);
    struct sim_bytes wanted = sim_intel_mint(&doc);

    CHECK_SPAN(quote.evidence, sim_bytes_span(wanted));
    CHECK_INT(quote.collateral.len, 0);
    sim_bytes_free(&wanted);
    troth_quote_release(&quote);
    (void)close(ends[0]);
    (void)close(ends[1]);
    end();
}

static void test_failures(struct sim_keyring *ring)
{
    static const struct {
        const char *why;
        int error;
        bool hangs;
        int wanted;
        const char *step;
    } rows[] = {
        {"the CPU makes no report", EIO, false, EIO, "TDX_CMD_GET_REPORT0"},
        {"another driver", ENOTTY, false, ENOTTY, "TDX_CMD_GET_REPORT0"},
        {"a device that hangs", 0, true, ETIMEDOUT, "TDX_CMD_GET_REPORT0"},
        {"a host without the service", 0, false, EAFNOSUPPORT, "connect"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_attester_fault fault;
        struct troth_quote quote;

        test_case("%s", rows[i].why);
        begin(ring);
        fake_node.error = rows[i].error;
        fake_node.hangs = rows[i].hangs;
        CHECK(!DEVICE.quote(device, &quote, &fault, report_data,
                            fake_node_in_ms(rows[i].hangs ? 60 : 20000)));
        fake_node_check_fault(&fault, rows[i].wanted, rows[i].step, "");
        CHECK(quote.evidence.len == 0 && quote.owned[0] == NULL);
        if (rows[i].hangs)
            fake_node_open_gate();
        end();
    }
}

static void test_register(struct sim_keyring *ring)
{
    const uint8_t digest[48] = {0x91, [47] = 0x92};
    struct troth_attester_fault fault;

    test_case("a kernel that does not hand RTMR3 out");
    begin(ring);
    CHECK(DEVICE.measured(device) == NULL);
    CHECK(!DEVICE.extend(device, &fault, digest));
    fake_node_check_fault(&fault, ENOTSUP, "open rtmr3", "");

    test_case("RTMR3 is extended by writing to its file");
    fake_node.file = RTMR3;
    CHECK_TEXT(DEVICE.measured(device), "tdx.rtmr3");
    CHECK(DEVICE.extend(device, &fault, digest));
    CHECK_SPAN(fake_node_written(), ((struct troth_span)TROTH_ARRAY_SPAN(digest)));
    CHECK_INT(fault.error, 0);
    end();
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);

    test_case("what it is called, and what it cannot do");
    CHECK_TEXT(DEVICE.name, "tdx");
    CHECK_TEXT(DEVICE.kind(NULL), "tdx");
    CHECK(!DEVICE.seal && !DEVICE.random);
    test_quote(ring);
    test_failures(ring);
    test_register(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
