/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/qgs.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fake_node.h"
#include "os/clock.h"
#include "sim/tdx_device.h"
#include "test/harness.h"

static struct sim_intel doc;
static uint8_t report[TROTH_TDX_REPORT_SIZE];

/* What the service does with a request. */
enum manner { ANSWERS, DRIPS, STAYS_SILENT, HANGS_UP, SAYS };

static struct host {
    enum manner manner;
    struct troth_span words; /* of SAYS */
    int socket;
    pthread_t thread;
} host;

static void *serve(void *given)
{
    static uint8_t request[TROTH_QGS_REQUEST_SIZE];
    const struct host *service = given;

    if (recv(service->socket, request, sizeof request, MSG_WAITALL) !=
        (ssize_t)sizeof request)
        return NULL;
    if (service->manner == SAYS)
        (void)send(service->socket, service->words.ptr, service->words.len, MSG_NOSIGNAL);
    if (service->manner != ANSWERS && service->manner != DRIPS)
        return NULL;
    struct sim_bytes answer = sim_qgs_answer(
        &doc, (struct troth_span){request + 4, sizeof request - 4});
    struct sim_bytes out = {0};

    for (unsigned i = 4; i > 0; i--)
        sim_bytes_append_byte(&out, (uint8_t)(answer.len >> 8 * (i - 1)));
    sim_bytes_take(&out, answer);
    const size_t step = service->manner == DRIPS ? 7 : out.len;

    for (size_t at = 0; at < out.len; at += step) {
        const size_t left = out.len - at;

        (void)send(service->socket, out.ptr + at, left < step ? left : step,
                   MSG_NOSIGNAL);
    }
    sim_bytes_free(&out);
    return NULL;
}

static bool ask(struct troth_quote *quote, struct troth_attester_fault *fault,
                enum manner manner, int64_t patience_ms)
{
    int ends[2];

    fake_node_reset();
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fake_node.vsock = ends[0];
    host.manner = manner;
    host.socket = ends[1];
    CHECK_INT(pthread_create(&host.thread, NULL, serve, &host), 0);
    if (manner == HANGS_UP)
        CHECK_INT(shutdown(ends[1], SHUT_RDWR), 0);
    const bool is_done = troth_qgs_quote(quote, fault, report,
                                         fake_node_in_ms(patience_ms));

    (void)shutdown(ends[0], SHUT_RDWR);
    CHECK_INT(pthread_join(host.thread, NULL), 0);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return is_done;
}

static void test_quote(enum manner manner)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;

    CHECK(ask(&quote, &fault, manner, 20000));
    struct sim_bytes wanted = sim_intel_mint(&doc);

    CHECK_SPAN(quote.evidence, sim_bytes_span(wanted));
    CHECK_INT(fault.error, 0);
    CHECK_INT(fake_node.vsock_cid, 2);
    CHECK_INT(fake_node.vsock_port, 4050);
    sim_bytes_free(&wanted);
    troth_quote_release(&quote);
}

static void check_failure(enum manner manner, const char *hex, int error,
                          const char *said)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;

    host.words = test_hex(hex);
    CHECK(!ask(&quote, &fault, manner, error == ETIMEDOUT ? 60 : 20000));
    CHECK_INT(fault.error, error);
    CHECK_TEXT(fault.said, said);
    CHECK_TEXT(fault.path, "vsock 2:4050");
    CHECK(quote.owned[0] == NULL && quote.evidence.len == 0);
}

static const struct {
    const char *why, *hex;
    int error;
    const char *said;
} words[] = {
    {"an error of the service",
     "00000018 0100010001000000 18000000 02200100 00000000 00000000", EIO,
     "error 0x12002"},
    {"no message at all", "00000004 ffffffff", EPROTO, ""},
    {"a length of nothing", "00000000", EMSGSIZE, ""},
    {"a length of four gigabytes", "ffffffff 01", EMSGSIZE, ""},
    {"half an answer", "00000018 01000100", ETIMEDOUT, ""},
    {"half a length", "0000", ETIMEDOUT, ""},
};

static void test_connection(void)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    int ends[2];

    test_case("no vsock on this machine");
    fake_node_reset();
    CHECK(!troth_qgs_quote(&quote, &fault, report, fake_node_in_ms(100)));
    fake_node_check_fault(&fault, EAFNOSUPPORT, "connect", "");

    test_case("nobody there");
    CHECK_INT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    fake_node.vsock = ends[0];
    fake_node.vsock_error = ECONNRESET;
    CHECK(!troth_qgs_quote(&quote, &fault, report, fake_node_in_ms(100)));
    fake_node_check_fault(&fault, ECONNRESET, "connect", "");

    test_case("a connection that is not made at once, and an answer that does not come");
    fake_node.vsock_error = EINPROGRESS;
    CHECK(!troth_qgs_quote(&quote, &fault, report, fake_node_in_ms(50)));
    fake_node_check_fault(&fault, ETIMEDOUT, "ask for a quote", "");

    test_case("no time left");
    CHECK(!troth_qgs_quote(&quote, &fault, report, fake_node_in_ms(-1)));
    fake_node_check_fault(&fault, ETIMEDOUT, "connect", "");
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);
    const uint8_t report_data[64] = {0x33, [63] = 0x44};

    sim_intel_default(&doc, ring, SIM_TDX_V4, 0, 1755506509);
    struct sim_bytes minted = sim_tdreport_mint(&doc.quote.td, report_data);

    memcpy(report, minted.ptr, sizeof report);
    sim_bytes_free(&minted);

    test_case("a quote of the report");
    test_quote(ANSWERS);
    CHECK(memcmp(doc.quote.td.report_data, report_data, 64) == 0);
    test_case("an answer in pieces");
    test_quote(DRIPS);
    test_case("a service that says nothing");
    check_failure(STAYS_SILENT, "", ETIMEDOUT, "");
    test_case("one that hangs up");
    struct troth_attester_fault fault;
    struct troth_quote quote;

    CHECK(!ask(&quote, &fault, HANGS_UP, 20000));
    CHECK(fault.error == EPIPE || fault.error == ECONNRESET);
    for (size_t i = 0; i < COUNT(words); i++) {
        test_case("%s", words[i].why);
        check_failure(SAYS, words[i].hex, words[i].error, words[i].said);
    }
    test_case("a report that the machine did not make");
    report[600] ^= 1;
    check_failure(ANSWERS, "", EIO, "error 0x12003");
    test_connection();
    sim_keyring_destroy(ring);
    return test_finish();
}
