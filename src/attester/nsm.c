/* SPDX-License-Identifier: Apache-2.0 */
#include "attester/device.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "attester/fault.h"
#include "attester/node.h"
#include "attester/nsm_message.h"
#include "os/clock.h"

#define PATH     "/dev/nsm"
#define REGISTER 16 /* the first PCR that nothing has been measured into yet */

/* [LINUX] include/uapi/linux/nsm.h */
struct buffer {
    uint64_t address;
    uint64_t len;
};
struct raw_call {
    struct buffer request, answer;
};
static_assert(sizeof(struct raw_call) == 32, "the driver's own layout");

#define NSM_IOCTL_RAW _IOWR(0x0a, 0, struct raw_call)

/* One block, so that a call that hangs can be left with all of it. */
struct exchange {
    struct raw_call raw;
    enum troth_nsm_kind kind;
    struct troth_writer w; /* over `request` */
    uint8_t request[TROTH_NSM_REQUEST_MAX];
    uint8_t answer[TROTH_NSM_ANSWER_MAX];
};

static bool fail(struct troth_attester_fault *fault, int error, enum troth_nsm_kind kind)
{
    return troth_attester_fail(fault, error, troth_nsm_name(kind), PATH);
}

static struct exchange *make_exchange(struct troth_attester_fault *fault,
                                      enum troth_nsm_kind kind)
{
    struct exchange *exchange = calloc(1, sizeof *exchange);

    if (!exchange) {
        (void)fail(fault, ENOMEM, kind);
        return NULL;
    }
    exchange->kind = kind;
    exchange->w = troth_writer_over(exchange->request, sizeof exchange->request);
    return exchange;
}

static bool parse_answer(struct troth_nsm_answer *out, struct troth_attester_fault *fault,
                         const struct exchange *exchange)
{
    const struct troth_span raw = {exchange->answer, exchange->raw.answer.len};

    if (raw.len > sizeof exchange->answer ||
        troth_nsm_answer_parse(out, NULL, exchange->kind, raw) != TROTH_OK)
        return fail(fault, EPROTO, exchange->kind);
    if (out->error.len == 0)
        return true;
    (void)fail(fault, EIO, exchange->kind);
    troth_attester_fault_say(fault, out->error);
    return false;
}

/* Send what was written. On success `out` borrows *exchange; on failure that is freed. */
static bool ask(struct troth_node *node, struct troth_nsm_answer *out,
                struct troth_attester_fault *fault, struct exchange **exchange,
                int64_t deadline_ms)
{
    struct exchange *e = *exchange;
    /* To extend twice makes another value; all else may be asked twice. */
    const struct troth_node_request request = {troth_nsm_name(e->kind), NSM_IOCTL_RAW,
                                               e->kind == TROTH_NSM_EXTEND_PCR
                                                   ? TROTH_NODE_ONLY_IF_BUSY
                                                   : TROTH_NODE_IF_INTERRUPTED};
    void *block = e;

    *out = (struct troth_nsm_answer){0};
    e->raw.request = (struct buffer){(uintptr_t)e->request, e->w.len};
    e->raw.answer = (struct buffer){(uintptr_t)e->answer, sizeof e->answer};
    if (troth_node_call(node, fault, &request, &block, deadline_ms) &&
        parse_answer(out, fault, block))
        return true;
    free(block);
    *exchange = NULL;
    *out = (struct troth_nsm_answer){0};
    return false;
}

static int64_t soon(void)
{
    return troth_clock_monotonic_ms() + TROTH_NODE_PATIENCE_MS;
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
    return "nitro";
}

static const char *measured(const void *state)
{
    (void)state;
    return "nitro.pcr16";
}

static bool quote(void *state, struct troth_quote *out,
                  struct troth_attester_fault *fault,
                  const uint8_t report_data[static 64], int64_t deadline_ms)
{
    struct exchange *exchange = make_exchange(fault, TROTH_NSM_ATTESTATION);
    struct troth_nsm_answer answer;

    *out = (struct troth_quote){0};
    if (!exchange)
        return false;
    troth_nsm_write_attestation(&exchange->w, (struct troth_span){report_data, 64});
    if (!ask(state, &answer, fault, &exchange, deadline_ms))
        return false;
    if (answer.bytes.len == 0) {
        free(exchange);
        return fail(fault, EPROTO, TROTH_NSM_ATTESTATION);
    }
    out->evidence = answer.bytes;
    out->owned[0] = exchange;
    return true;
}

static bool extend(void *state, struct troth_attester_fault *fault,
                   const uint8_t digest[static 48])
{
    struct exchange *exchange = make_exchange(fault, TROTH_NSM_EXTEND_PCR);
    struct troth_nsm_answer answer;

    if (!exchange)
        return false;
    troth_nsm_write_extend(&exchange->w, REGISTER, (struct troth_span){digest, 48});

    const bool is_done = ask(state, &answer, fault, &exchange, soon());

    free(exchange);
    return is_done;
}

static bool is_locked(struct troth_node *node)
{
    struct troth_attester_fault fault;
    struct exchange *exchange = make_exchange(&fault, TROTH_NSM_DESCRIBE_PCR);
    struct troth_nsm_answer answer;

    if (!exchange)
        return false;
    troth_nsm_write_describe(&exchange->w, REGISTER);

    const bool is_told = ask(node, &answer, &fault, &exchange, soon());

    free(exchange);
    return is_told && answer.is_locked;
}

/* A document lists the PCRs that are locked, and no others. */
static bool seal(void *state, struct troth_attester_fault *fault)
{
    struct exchange *exchange = make_exchange(fault, TROTH_NSM_LOCK_PCR);
    struct troth_nsm_answer answer;

    if (!exchange)
        return false;
    troth_nsm_write_lock(&exchange->w, REGISTER);

    const bool is_done = ask(state, &answer, fault, &exchange, soon());

    free(exchange);
    if (is_done)
        return true;
    /* It refuses to lock what is locked: by an earlier call, or one whose answer was
     * lost. */
    if (fault->said[0] == '\0' || !is_locked(state))
        return false;
    *fault = (struct troth_attester_fault){0};
    return true;
}

/* As many as one answer holds; 0 on failure. */
static size_t random_part(struct troth_node *node, struct troth_attester_fault *fault,
                          uint8_t *out, size_t len, int64_t deadline_ms)
{
    struct exchange *exchange = make_exchange(fault, TROTH_NSM_GET_RANDOM);
    struct troth_nsm_answer answer;

    if (!exchange)
        return 0;
    troth_nsm_write_random(&exchange->w);
    if (!ask(node, &answer, fault, &exchange, deadline_ms))
        return 0;

    const size_t part = answer.bytes.len < len ? answer.bytes.len : len;

    if (part > 0)
        memcpy(out, answer.bytes.ptr, part);
    else
        (void)fail(fault, EPROTO, TROTH_NSM_GET_RANDOM);
    free(exchange);
    return part;
}

static bool random_bytes(void *state, struct troth_attester_fault *fault, uint8_t *out,
                         size_t len)
{
    const int64_t deadline_ms = soon();

    *fault = (struct troth_attester_fault){0};
    for (size_t have = 0; have < len;) {
        const size_t part = random_part(state, fault, out + have, len - have,
                                        deadline_ms);

        if (part == 0) {
            memset(out, 0, len);
            return false;
        }
        have += part;
    }
    return true;
}

const struct troth_device_ops troth_device_nsm = {
    .name = "nsm",
    .is_present = is_present,
    .open = open_device,
    .close = troth_node_close,
    .kind = kind,
    .measured = measured,
    .quote = quote,
    .extend = extend,
    .seal = seal,
    .random = random_bytes,
};
