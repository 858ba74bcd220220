/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/tdx_device.h"

#include <assert.h>
#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>

/* [LINUX] include/uapi/linux/tdx-guest.h */
#define TDX_CMD_GET_REPORT0 0xc4405401U

/* [QGS] */
enum {
    QGS_HEADER = 16,
    QGS_SIZES = 8,
    QGS_GET_QUOTE_REQUEST = 0,
    QGS_GET_QUOTE_ANSWER = 1,
    QGS_ERROR_INVALID_PARAMETER = 0x12003,
    QGS_ERROR_INVALID_VERSION = 0x12004,
    QGS_ERROR_INVALID_TYPE = 0x12005,
    QGS_ERROR_INVALID_SIZE = 0x12006,
};

/* [TDX-ABI] A TDREPORT: where it begins, what is there, how long it is. */
enum {
    REPORT_TYPE = 0,
    REPORT_TYPE_TDX = 0x81,
    REPORT_DATA = 128,
    REPORT_MAC = 224,
    REPORT_MAC_SIZE = 32,
};
/* clang-format off */
#define TDREPORT(X)                     \
    /* field             at   bytes */  \
    X(tee_tcb_svn,      264,  16)       \
    X(mr_seam,          280,  48)       \
    X(mr_signer_seam,   328,  48)       \
    X(seam_attributes,  376,   8)       \
    X(tee_tcb_svn2,     384,  16)       \
    X(td_attributes,    512,   8)       \
    X(xfam,             520,   8)       \
    X(mr_td,            528,  48)       \
    X(mr_config_id,     576,  48)       \
    X(mr_owner,         624,  48)       \
    X(mr_owner_config,  672,  48)       \
    X(rtmr0,            720,  48)       \
    X(rtmr1,            768,  48)       \
    X(rtmr2,            816,  48)       \
    X(rtmr3,            864,  48)       \
    X(mr_servicetd,     912,  48)
/* clang-format on */

/* A field's own size says that it is bytes, or a number in as many of them. */
#define X(name, at, size)                                                                \
    static_assert(sizeof(((struct sim_td_report *)0)->name) == (size), "its size");
TDREPORT(X)
#undef X

static void put_mac(uint8_t report[static SIM_TDREPORT_SIZE])
{
    static const char label[] = "TROTH-SIMULATED";
    struct sha256_ctx hash;

    sha256_init(&hash);
    sha256_update(&hash, sizeof label, (const uint8_t *)label);
    sha256_update(&hash, REPORT_MAC, report);
    sha256_update(&hash, SIM_TDREPORT_SIZE - REPORT_MAC - REPORT_MAC_SIZE,
                  report + REPORT_MAC + REPORT_MAC_SIZE);
    sha256_digest(&hash, REPORT_MAC_SIZE, report + REPORT_MAC);
}

struct sim_bytes sim_tdreport_mint(const struct sim_td_report *td,
                                   const uint8_t report_data[static 64])
{
    struct sim_bytes out = {0};

    sim_bytes_append_zeros(&out, SIM_TDREPORT_SIZE);
    out.ptr[REPORT_TYPE] = REPORT_TYPE_TDX;
    memcpy(out.ptr + REPORT_DATA, report_data, 64);
#define X(name, at, size) memcpy(out.ptr + (at), &td->name, (size));
    TDREPORT(X)
#undef X
    put_mac(out.ptr);
    return out;
}

int sim_tdx_ioctl(void *state, struct sim_user *user, unsigned number, uint64_t argument)
{
    const struct sim_intel *doc = state;

    if (number != TDX_CMD_GET_REPORT0)
        return -ENOTTY;
    const uint8_t *report_data = sim_user_read(user, argument, 64);
    uint8_t *room = sim_user_write(user, argument + 64, SIM_TDREPORT_SIZE);

    if (user->lacks)
        return 0;
    struct sim_bytes report = sim_tdreport_mint(&doc->quote.td, report_data);

    memcpy(room, report.ptr, report.len);
    sim_bytes_free(&report);
    return 0;
}

/* ---- the service ---- */

static uint32_t number_at(struct troth_span bytes, size_t at)
{
    const uint8_t *p = bytes.ptr + at;

    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
           (uint32_t)p[3] << 24;
}

static void put_number(struct sim_bytes *out, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        sim_bytes_append_byte(out, (uint8_t)(number >> 8 * i));
}

static struct sim_bytes say(uint32_t error, struct sim_bytes quote)
{
    struct sim_bytes out = {0};

    put_number(&out, 1 | 1U << 16); /* version 1.1 */
    put_number(&out, QGS_GET_QUOTE_ANSWER);
    put_number(&out, (uint32_t)(QGS_HEADER + QGS_SIZES + quote.len));
    put_number(&out, error);
    put_number(&out, 0);
    put_number(&out, (uint32_t)quote.len);
    sim_bytes_take(&out, quote);
    return out;
}

/* 0, or why this is no request for a quote of a report in the usual form. */
static uint32_t check(struct troth_span message)
{
    if (message.len < QGS_HEADER + QGS_SIZES)
        return QGS_ERROR_INVALID_PARAMETER;
    if ((number_at(message, 0) & 0xffff) != 1)
        return QGS_ERROR_INVALID_VERSION;
    if (number_at(message, 4) != QGS_GET_QUOTE_REQUEST)
        return QGS_ERROR_INVALID_TYPE;
    if (number_at(message, 8) != message.len ||
        message.len != QGS_HEADER + QGS_SIZES + SIM_TDREPORT_SIZE ||
        number_at(message, 16) != SIM_TDREPORT_SIZE || number_at(message, 20) != 0)
        return QGS_ERROR_INVALID_SIZE;
    return 0;
}

struct sim_bytes sim_qgs_answer(struct sim_intel *doc, struct troth_span message)
{
    const uint32_t error = check(message);
    struct sim_td_report *td = &doc->quote.td;
    uint8_t report[SIM_TDREPORT_SIZE];

    if (error)
        return say(error, (struct sim_bytes){0});
    memcpy(report, message.ptr + QGS_HEADER + QGS_SIZES, sizeof report);
    put_mac(report);
    if (memcmp(report, message.ptr + QGS_HEADER + QGS_SIZES, sizeof report) != 0)
        return say(QGS_ERROR_INVALID_PARAMETER, (struct sim_bytes){0});
    memcpy(td->report_data, report + REPORT_DATA, 64);
#define X(name, at, size) memcpy(&td->name, report + (at), (size));
    TDREPORT(X)
#undef X
    return say(0, sim_intel_mint(doc));
}
