/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/device.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attester/fault.h"
#include "attester/node.h"
#include "attester/snp_message.h"
#include "base/span.h"
#include "os/file.h"

#define PATH      "/dev/sev-guest"
#define VMPL_PATH "/sys/devices/system/cpu/sev/vmpl" /* Linux 6.11 and later */

/* [LINUX] include/uapi/linux/sev-guest.h */
struct report_request {
    uint8_t user_data[64];
    uint32_t vmpl;
    uint8_t reserved[28];
};
struct extended_request {
    struct report_request report;
    uint64_t table_address;
    uint32_t table_len;
};
struct guest_request {
    uint8_t version;
    uint64_t request_address, answer_address;
    uint32_t firmware_error, host_error;
};
static_assert(sizeof(struct report_request) == 96, "the driver's own layout");
static_assert(sizeof(struct extended_request) == 112, "the driver's own layout");
static_assert(sizeof(struct guest_request) == 32, "the driver's own layout");

#define SNP_GET_REPORT     _IOWR('S', 0, struct guest_request)
#define SNP_GET_EXT_REPORT _IOWR('S', 2, struct guest_request)

enum {
    REQUEST_VERSION = 1,
    HOST_INVALID_LEN = 1,      /* the host's table does not fit into the room for it */
    FIRMWARE_NOT_ASKED = 0xff, /* what the driver says before it has an answer */
};

/* One block, so that a call that hangs can be left with all of it. */
struct exchange {
    struct guest_request raw;
    struct extended_request request; /* begins as the plain one */
    uint8_t answer[TROTH_SNP_ANSWER_SIZE];
    uint8_t table[TROTH_SNP_TABLE_MAX];
};

/* The level that this guest runs at: a report cannot be had for a more privileged one,
 * and after a refusal the driver never asks the firmware again. */
static uint32_t own_vmpl(void)
{
    struct troth_file file;
    uint32_t vmpl = 0;

    if (troth_file_read(&file, VMPL_PATH, 16) != 0)
        return 0;
    if (file.len > 0 && file.bytes[0] >= '0' && file.bytes[0] <= '3')
        vmpl = (uint32_t)(file.bytes[0] - '0');
    troth_file_release(&file);
    return vmpl;
}

static struct exchange *make_exchange(const uint8_t report_data[static 64])
{
    struct exchange *e = calloc(1, sizeof *e);

    if (!e)
        return NULL;
    memcpy(e->request.report.user_data, report_data, 64);
    e->request.report.vmpl = own_vmpl();
    e->request.table_address = (uintptr_t)e->table;
    e->request.table_len = sizeof e->table;
    return e;
}

static bool call(struct troth_node *node, struct troth_attester_fault *fault,
                 unsigned long number, struct exchange **exchange, int64_t deadline_ms)
{
    const struct troth_node_request request = {
        number == SNP_GET_REPORT ? "SNP_GET_REPORT" : "SNP_GET_EXT_REPORT", number,
        TROTH_NODE_IF_INTERRUPTED};
    struct exchange *e = *exchange;
    void *block = e;

    e->raw = (struct guest_request){
        .version = REQUEST_VERSION,
        .request_address = (uintptr_t)&e->request,
        .answer_address = (uintptr_t)e->answer,
    };

    const bool is_done = troth_node_call(node, fault, &request, &block, deadline_ms);

    *exchange = block;
    return is_done;
}

/* A refusal that leaves the driver able to ask again: the host has too many certificates,
 * or the driver knows no such request. */
static bool is_plain_worth_it(const struct exchange *e,
                              const struct troth_attester_fault *fault)
{
    return fault->error == ENOTTY ||
           (fault->error == EIO && e->raw.host_error == HOST_INVALID_LEN);
}

static void say_codes(struct troth_attester_fault *fault, const struct guest_request *raw)
{
    char words[sizeof fault->said];

    if (raw->host_error == 0 &&
        (raw->firmware_error == 0 || raw->firmware_error == FIRMWARE_NOT_ASKED))
        return;
    (void)snprintf(words, sizeof words, "firmware error 0x%x, host error 0x%x",
                   raw->firmware_error, raw->host_error);
    troth_attester_fault_say(fault, troth_span_of_text(words));
}

static bool ask(struct troth_node *node, struct troth_attester_fault *fault,
                struct exchange **exchange, int64_t deadline_ms)
{
    if (call(node, fault, SNP_GET_EXT_REPORT, exchange, deadline_ms))
        return true;
    if (!*exchange)
        return false;
    if (is_plain_worth_it(*exchange, fault)) {
        memset((*exchange)->table, 0, sizeof(*exchange)->table);
        if (call(node, fault, SNP_GET_REPORT, exchange, deadline_ms))
            return true;
    }
    if (*exchange)
        say_codes(fault, &(*exchange)->raw);
    return false;
}

static bool take_answer(struct troth_quote *out, struct troth_attester_fault *fault,
                        struct exchange *e)
{
    const struct troth_span answer = TROTH_ARRAY_SPAN(e->answer);
    const struct troth_span table = TROTH_ARRAY_SPAN(e->table);
    struct troth_span report;
    uint32_t status;

    if (troth_snp_answer_parse(&report, &status, answer) != TROTH_OK)
        return troth_attester_fail(fault, EPROTO, "read the report", PATH);
    if (status != 0) {
        (void)troth_attester_fail(fault, EIO, "read the report", PATH);
        e->raw.firmware_error = status;
        say_codes(fault, &e->raw);
        return false;
    }
    *out = (struct troth_quote){report, troth_snp_table_trim(table), {e, NULL}};
    return true;
}

static bool is_present(void)
{
    return troth_node_is_present(PATH);
}

static bool open_device(void **out_state, struct troth_attester_fault *fault)
{
    return troth_node_open(out_state, fault, PATH);
}

static const char *kind(const void *state)
{
    (void)state;
    return "snp";
}

static const char *measured(const void *state)
{
    (void)state;
    return NULL;
}

static bool quote(void *state, struct troth_quote *out,
                  struct troth_attester_fault *fault,
                  const uint8_t report_data[static 64], int64_t deadline_ms)
{
    struct exchange *exchange = make_exchange(report_data);

    *out = (struct troth_quote){0};
    if (!exchange)
        return troth_attester_fail(fault, ENOMEM, "SNP_GET_EXT_REPORT", PATH);
    if (ask(state, fault, &exchange, deadline_ms) && take_answer(out, fault, exchange))
        return true;
    free(exchange);
    return false;
}

const struct troth_device_ops troth_device_snp = {
    .name = "snp",
    .is_present = is_present,
    .open = open_device,
    .close = troth_node_close,
    .kind = kind,
    .measured = measured,
    .quote = quote,
};
