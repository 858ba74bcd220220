/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/nsm_device.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "sim/cbor_reader.h"

/* [LINUX] include/uapi/linux/nsm.h */
#define NSM_IOCTL_RAW 0xc0200a00U

enum {
    RAW_SIZE = 32,
    REQUEST_MAX = 0x1000,
    ANSWER_MAX = 0x3000,
    USER_DATA_MAX = 512, /* of each of the three, as verifiers have it */
    PUBLIC_KEY_MAX = 1024,
    RANDOM_SIZE = 256
};

static int64_t monotonic_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sim_nsm_init(struct sim_nsm *nsm, struct sim_nitro *doc)
{
    *nsm = (struct sim_nsm){
        .doc = doc, .began_ms = monotonic_ms(), .first_ms = doc->timestamp_ms};
    for (size_t i = 0; i < SIM_NSM_PCRS; i++) {
        nsm->is_locked[i] = doc->pcrs[i].is_present;
        if (doc->pcrs[i].is_present && doc->pcrs[i].len == 48)
            memcpy(nsm->values[i], doc->pcrs[i].value, 48);
    }
}

/* ---- answers ---- */

static struct sim_bytes say_error(const char *word)
{
    struct sim_bytes out = {0};

    sim_cbor_head(&out, SIM_CBOR_MAP, 1);
    sim_cbor_text(&out, "Error");
    sim_cbor_text(&out, word);
    return out;
}

static struct sim_bytes begin(const char *name, uint64_t fields)
{
    struct sim_bytes out = {0};

    sim_cbor_head(&out, SIM_CBOR_MAP, 1);
    sim_cbor_text(&out, name);
    sim_cbor_head(&out, SIM_CBOR_MAP, fields);
    return out;
}

static struct sim_bytes say_bytes(const char *name, const char *field,
                                  struct troth_span value)
{
    struct sim_bytes out = begin(name, 1);

    sim_cbor_text(&out, field);
    sim_cbor_bytes(&out, value);
    return out;
}

static struct sim_bytes describe_nsm(const struct sim_nsm *nsm)
{
    static const char *const numbers[] = {"version_major", "version_minor",
                                          "version_patch"};
    struct sim_bytes out = begin("DescribeNSM", 7);
    uint64_t locked = 0;

    for (size_t i = 0; i < SIM_NSM_PCRS; i++)
        locked += nsm->is_locked[i];
    for (size_t i = 0; i < 3; i++) {
        sim_cbor_text(&out, numbers[i]);
        sim_cbor_head(&out, SIM_CBOR_UINT, i == 0);
    }
    sim_cbor_text(&out, "module_id");
    sim_cbor_text(&out, nsm->doc->module_id);
    sim_cbor_text(&out, "max_pcrs");
    sim_cbor_head(&out, SIM_CBOR_UINT, SIM_NSM_PCRS);
    sim_cbor_text(&out, "locked_pcrs");
    sim_cbor_head(&out, SIM_CBOR_ARRAY, locked);
    for (size_t i = 0; i < SIM_NSM_PCRS; i++)
        if (nsm->is_locked[i])
            sim_cbor_head(&out, SIM_CBOR_UINT, i);
    sim_cbor_text(&out, "digest");
    sim_cbor_text(&out, "SHA384");
    return out;
}

static struct sim_bytes get_random(void)
{
    uint8_t bytes[RANDOM_SIZE];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return say_error("InternalError");
    return say_bytes("GetRandom", "random", SIM_ARRAY(bytes));
}

static struct sim_bytes describe_pcr(const struct sim_nsm *nsm, size_t index)
{
    struct sim_bytes out = begin("DescribePCR", 2);

    sim_cbor_text(&out, "lock");
    sim_bytes_append_byte(&out, nsm->is_locked[index] ? 0xf5 : 0xf4);
    sim_cbor_text(&out, "data");
    sim_cbor_bytes(&out, SIM_ARRAY(nsm->values[index]));
    return out;
}

static struct sim_bytes extend_pcr(struct sim_nsm *nsm, size_t index,
                                   struct troth_span data)
{
    struct sha384_ctx hash;

    if (nsm->is_locked[index])
        return say_error("ReadOnlyIndex");
    sha384_init(&hash);
    sha384_update(&hash, 48, nsm->values[index]);
    sha384_update(&hash, data.len, data.ptr);
    sha384_digest(&hash, 48, nsm->values[index]);
    return say_bytes("ExtendPCR", "data", SIM_ARRAY(nsm->values[index]));
}

static struct sim_bytes lock_pcr(struct sim_nsm *nsm, size_t index)
{
    struct sim_bytes out = {0};

    if (nsm->is_locked[index])
        return say_error("ReadOnlyIndex");
    nsm->is_locked[index] = true;
    sim_cbor_text(&out, "LockPCR");
    return out;
}

static struct sim_bytes lock_pcrs(struct sim_nsm *nsm, size_t range)
{
    struct sim_bytes out = {0};

    for (size_t i = 0; i < range; i++)
        nsm->is_locked[i] = true;
    sim_cbor_text(&out, "LockPCRs");
    return out;
}

static struct sim_bytes attest(struct sim_nsm *nsm)
{
    struct sim_nitro *doc = nsm->doc;

    doc->timestamp_ms = nsm->first_ms + (uint64_t)(monotonic_ms() - nsm->began_ms);
    for (size_t i = 0; i < SIM_NSM_PCRS; i++) {
        doc->pcrs[i] = (struct sim_pcr){.is_present = nsm->is_locked[i], .len = 48};
        memcpy(doc->pcrs[i].value, nsm->values[i], 48);
    }
    struct sim_bytes minted = sim_nitro_mint(doc);
    struct sim_bytes out = say_bytes("Attestation", "document", sim_bytes_span(minted));

    sim_bytes_free(&minted);
    return out;
}

/* ---- requests ---- */

static bool is_text(struct troth_span span, const char *text)
{
    return span.len == strlen(text) && memcmp(span.ptr, text, span.len) == 0;
}

/* What a request's fields may be; one that is named twice is its last. */
struct fields {
    bool has_index, has_data;
    uint64_t index; /* "index" or "range" */
    struct troth_span data;
    struct sim_optional *optional[3];
    bool is_too_large;
};

static void read_optional(struct sim_cbor_reader *r, struct fields *fields, size_t which)
{
    const size_t most = which == 2 ? PUBLIC_KEY_MAX : USER_DATA_MAX;
    struct troth_span value;

    *fields->optional[which] = (struct sim_optional){.is_bytes = false};
    if (!sim_cbor_read_optional(r, &value))
        return;
    if (value.len > most)
        fields->is_too_large = true;
    else
        sim_nitro_set_optional(fields->optional[which], value);
}

static void read_field(struct sim_cbor_reader *r, struct fields *fields)
{
    static const char *const optional[] = {"user_data", "nonce", "public_key"};
    const struct troth_span name = sim_cbor_read_string(r, SIM_CBOR_TEXT);

    for (size_t i = 0; i < 3; i++) {
        if (is_text(name, optional[i])) {
            read_optional(r, fields, i);
            return;
        }
    }
    if (is_text(name, "index") || is_text(name, "range")) {
        fields->index = sim_cbor_read_head(r, SIM_CBOR_UINT);
        fields->has_index = true;
    } else if (is_text(name, "data")) {
        fields->data = sim_cbor_read_string(r, SIM_CBOR_BYTES);
        fields->has_data = true;
    } else {
        r->has_failed = true;
    }
}

static struct sim_bytes answer_indexed(struct sim_nsm *nsm, struct troth_span name,
                                       const struct fields *fields)
{
    const bool is_range = is_text(name, "LockPCRs");

    if (!fields->has_index)
        return say_error("InvalidArgument");
    if (fields->index >= SIM_NSM_PCRS + (uint64_t)is_range)
        return say_error("InvalidIndex");
    if (is_range)
        return lock_pcrs(nsm, (size_t)fields->index);
    if (is_text(name, "DescribePCR"))
        return describe_pcr(nsm, (size_t)fields->index);
    if (is_text(name, "LockPCR"))
        return lock_pcr(nsm, (size_t)fields->index);
    if (is_text(name, "ExtendPCR") && fields->has_data)
        return extend_pcr(nsm, (size_t)fields->index, fields->data);
    return say_error("InvalidOperation");
}

static struct sim_bytes answer_map(struct sim_nsm *nsm, struct sim_cbor_reader *r)
{
    struct fields fields = {
        .optional = {&nsm->doc->user_data, &nsm->doc->nonce, &nsm->doc->public_key}};

    if (sim_cbor_read_head(r, SIM_CBOR_MAP) != 1)
        return say_error("InvalidOperation");
    const struct troth_span name = sim_cbor_read_string(r, SIM_CBOR_TEXT);

    for (uint64_t left = sim_cbor_read_head(r, SIM_CBOR_MAP); left > 0; left--) {
        if (r->has_failed)
            break;
        read_field(r, &fields);
    }
    if (r->has_failed || r->left.len > 0)
        return say_error("InvalidOperation");
    if (!is_text(name, "Attestation"))
        return answer_indexed(nsm, name, &fields);
    return fields.is_too_large ? say_error("InputTooLarge") : attest(nsm);
}

struct sim_bytes sim_nsm_answer(struct sim_nsm *nsm, struct troth_span request)
{
    struct sim_cbor_reader r = {request, false};

    if (!sim_cbor_next_is(&r, SIM_CBOR_TEXT))
        return answer_map(nsm, &r);
    const struct troth_span name = sim_cbor_read_string(&r, SIM_CBOR_TEXT);

    if (r.has_failed || r.left.len > 0)
        return say_error("InvalidOperation");
    if (is_text(name, "GetRandom"))
        return get_random();
    if (is_text(name, "DescribeNSM"))
        return describe_nsm(nsm);
    return say_error("InvalidOperation");
}

int sim_nsm_ioctl(void *state, struct sim_user *user, unsigned number, uint64_t argument)
{
    struct raw {
        uint64_t request, request_len, answer, answer_len;
    } raw;

    if (number != NSM_IOCTL_RAW)
        return -EINVAL;
    const uint8_t *given = sim_user_read(user, argument, RAW_SIZE);

    if (!given)
        return 0;
    memcpy(&raw, given, RAW_SIZE);
    if (raw.request_len > REQUEST_MAX)
        return -EMSGSIZE;
    const size_t room_len = raw.answer_len < ANSWER_MAX ? (size_t)raw.answer_len
                                                        : ANSWER_MAX;
    const uint8_t *request = sim_user_read(user, raw.request, (size_t)raw.request_len);
    uint8_t *taken = sim_user_write(user, argument, RAW_SIZE);
    uint8_t *room = sim_user_write(user, raw.answer, room_len);

    if (user->lacks)
        return 0;
    struct sim_bytes answer = sim_nsm_answer(
        state, (struct troth_span){request, (size_t)raw.request_len});

    /* As the driver does, an answer that does not fit is cut. */
    raw.answer_len = answer.len < room_len ? answer.len : room_len;
    memcpy(room, answer.ptr, (size_t)raw.answer_len);
    memcpy(taken, &raw, RAW_SIZE);
    sim_bytes_free(&answer);
    return 0;
}
