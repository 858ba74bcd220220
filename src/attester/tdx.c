/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/device.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attester/fault.h"
#include "attester/node.h"
#include "attester/qgs.h"
#include "attester/rtmr.h"

#define PATH "/dev/tdx_guest"

/* [LINUX] include/uapi/linux/tdx-guest.h */
struct report_request {
    uint8_t report_data[64];
    uint8_t report[TROTH_TDX_REPORT_SIZE];
};
static_assert(sizeof(struct report_request) == 1088, "the driver's own layout");

#define TDX_CMD_GET_REPORT0 _IOWR('T', 1, struct report_request)

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
    return "tdx";
}

static const char *measured(const void *state)
{
    (void)state;
    return troth_rtmr_is_present() ? "tdx.rtmr3" : NULL;
}

/* The report, by the CPU; the quote, from the service that can check where it was made.
 */
static bool quote(void *state, struct troth_quote *out,
                  struct troth_attester_fault *fault,
                  const uint8_t report_data[static 64], int64_t deadline_ms)
{
    static const struct troth_node_request request = {
        "TDX_CMD_GET_REPORT0", TDX_CMD_GET_REPORT0, TROTH_NODE_IF_INTERRUPTED};
    struct report_request *report = calloc(1, sizeof *report);
    void *block = report;
    bool is_done = false;

    *out = (struct troth_quote){0};
    if (!report)
        return troth_attester_fail(fault, ENOMEM, request.step, PATH);
    memcpy(report->report_data, report_data, sizeof report->report_data);
    if (troth_node_call(state, fault, &request, &block, deadline_ms))
        is_done = troth_qgs_quote(out, fault, report->report, deadline_ms);
    free(block);
    return is_done;
}

static bool give(void *state, struct troth_attester_fault *fault, uint32_t user,
                 uint32_t group)
{
    (void)state;
    return troth_rtmr_give(fault, user, group);
}

static bool extend(void *state, struct troth_attester_fault *fault,
                   const uint8_t digest[static 48])
{
    (void)state;
    return troth_rtmr_extend(fault, digest);
}

const struct troth_device_ops troth_device_tdx = {
    .name = "tdx",
    .is_present = is_present,
    .open = open_device,
    .close = troth_node_close,
    .give = give,
    .kind = kind,
    .measured = measured,
    .quote = quote,
    .extend = extend,
};
