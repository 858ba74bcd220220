/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/sev_device.h"

#include <errno.h>
#include <string.h>

/* [LINUX] include/uapi/linux/sev-guest.h */
#define SNP_GET_REPORT     0xc0205300U
#define SNP_GET_EXT_REPORT 0xc0205302U

enum {
    RAW_SIZE = 32,
    PLAIN_SIZE = 96,
    EXTENDED_SIZE = 112,
    ANSWER_SIZE = 4000,
    ANSWER_HEADER = 32,
    TABLE_MAX = 0x4000,
    PAGE = 0x1000,
    HOST_INVALID_LEN = 1,
};

struct raw {
    uint8_t version;
    uint64_t request, answer;
    uint32_t firmware_error, host_error;
};

/* All that a call reads and writes. */
struct call {
    struct raw raw;
    const uint8_t *request;
    uint64_t table;
    uint32_t table_len;
    uint8_t *out_raw, *out_request, *out_answer, *out_table;
};

/* Status, size, 24 zeros, the report. */
static void write_answer(const struct sim_sev *sev, struct call *call)
{
    struct sim_snp *doc = sev->doc;
    const uint32_t head[2] = {sev->status, SIM_SNP_REPORT_SIZE};
    uint32_t vmpl;

    memcpy(&vmpl, call->request + 64, sizeof vmpl);
    memcpy(doc->report.report_data, call->request, 64);
    doc->report.vmpl = vmpl;
    memset(call->out_answer, 0, ANSWER_SIZE);
    memcpy(call->out_answer, head, sizeof head);
    if (sev->status != 0)
        return;
    struct sim_bytes report = sim_snp_mint(doc);

    memcpy(call->out_answer + ANSWER_HEADER, report.ptr, report.len);
    sim_bytes_free(&report);
}

/* False where it does not fit: then the request says how much would. */
static bool write_table(const struct sim_sev *sev, struct call *call)
{
    struct sim_bytes table = sim_snp_mint_table(sev->doc);
    const bool fits = table.len <= call->table_len && !sev->has_too_many_certs;
    const uint32_t pages = sev->has_too_many_certs ? TABLE_MAX / PAGE + 1
                                                   : (uint32_t)(table.len / PAGE + 1);
    const uint32_t needed = pages * PAGE;

    memmove(call->out_request, call->request, EXTENDED_SIZE);
    if (fits) {
        memset(call->out_table, 0, call->table_len);
        memcpy(call->out_table, table.ptr, table.len);
    } else {
        memcpy(call->out_request + 104, &needed, sizeof needed);
    }
    sim_bytes_free(&table);
    return fits;
}

/* Ask for all of the caller's memory that a call is about; 0, or what is wrong. */
static int gather(struct call *call, struct sim_user *user, bool is_extended,
                  uint64_t argument)
{
    call->request = sim_user_read(user, call->raw.request,
                                  is_extended ? EXTENDED_SIZE : PLAIN_SIZE);
    call->out_raw = sim_user_write(user, argument, RAW_SIZE);
    call->out_answer = sim_user_write(user, call->raw.answer, ANSWER_SIZE);
    if (!call->request || !is_extended)
        return 0;
    memcpy(&call->table, call->request + 96, sizeof call->table);
    memcpy(&call->table_len, call->request + 104, sizeof call->table_len);
    if (call->table_len > TABLE_MAX || call->table_len % PAGE != 0)
        return -EINVAL;
    call->out_request = sim_user_write(user, call->raw.request, EXTENDED_SIZE);
    if (call->table && call->table_len)
        call->out_table = sim_user_write(user, call->table, call->table_len);
    return 0;
}

int sim_sev_ioctl(void *state, struct sim_user *user, unsigned number, uint64_t argument)
{
    const struct sim_sev *sev = state;
    const bool is_extended = number == SNP_GET_EXT_REPORT;
    struct call call = {0};
    int result = 0;

    if ((number != SNP_GET_REPORT && !is_extended) ||
        (is_extended && sev->knows_no_extended))
        return -ENOTTY;
    const uint8_t *given = sim_user_read(user, argument, RAW_SIZE);

    if (!given)
        return 0;
    memcpy(&call.raw, given, RAW_SIZE);
    if (call.raw.version == 0 || !call.raw.request || !call.raw.answer)
        return -EINVAL;
    result = gather(&call, user, is_extended, argument);
    if (result || user->lacks)
        return result;
    if (call.out_table && !write_table(sev, &call)) {
        call.raw.host_error = HOST_INVALID_LEN;
        result = -EIO;
    } else {
        write_answer(sev, &call);
    }
    memcpy(call.out_raw, &call.raw, RAW_SIZE);
    return result;
}
