/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/frame.h"

#include "base/cursor.h"
#include "base/fault.h"
#include "base/memory.h"

/* The second form of an epoch's proof sends all; the first, what the peer holds. */
enum { FORM_HELD = 0, FORM_SENT = 1 };
enum { TAKES_CHECKPOINT = 1 << 0, SIGNATURE_SIZE = 64, DIGEST_SIZE = 32 };

/* Bytes behind their length. */
struct counted {
    const char *len_field, *field;
    size_t width; /* of the length */
    size_t least, most;
};

static const struct counted nonce_field = {"proof.nonce_len", "proof.nonce", 1, 0,
                                           TROTH_CHALLENGE_SIZE};
static const struct counted checkpoint_field = {
    "proof.checkpoint_len", "proof.checkpoint", 2, 0, TROTH_PROOF_CHECKPOINT_MAX};
static const struct counted key_field = {"proof.key_len", "proof.key", 2, 1,
                                         TROTH_PROOF_KEY_MAX};
static const struct counted evidence_field = {"proof.evidence_len", "proof.evidence", 4,
                                              1, TROTH_PROOF_EVIDENCE_MAX};
static const struct counted collateral_field = {
    "proof.collateral_len", "proof.collateral", 4, 0, TROTH_PROOF_COLLATERAL_MAX};

/* The longest body of a type; false: there is no such type. */
static bool find_longest(size_t *out, unsigned type)
{
    static const struct {
        unsigned code;
        size_t most;
    } rows[] = {
#define X(id, code, most) {code, most},
        TROTH_FRAMES(X)
#undef X
    };

    *out = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].code != type)
            continue;
        *out = rows[i].most;
        return true;
    }
    return false;
}

static struct troth_span read_counted(struct troth_cursor *c, const struct counted *is)
{
    const size_t len = (size_t)troth_cursor_uint_be(c, is->width, is->len_field);

    troth_cursor_expect(c, len >= is->least, TROTH_ERR_VALUE, is->len_field);
    troth_cursor_expect(c, len <= is->most, TROTH_ERR_LIMIT, is->len_field);
    return troth_cursor_bytes(c, len, is->field);
}

static enum troth_role read_role(struct troth_cursor *c, const char *field)
{
    const uint8_t role = troth_cursor_u8(c, field);

    troth_cursor_expect(c, role == TROTH_CLIENT || role == TROTH_SERVER, TROTH_ERR_VALUE,
                        field);
    return (enum troth_role)role;
}

static enum troth_level read_level(struct troth_cursor *c, enum troth_level least,
                                   const char *field)
{
    const uint8_t level = troth_cursor_u8(c, field);

    troth_cursor_expect(c, level >= least && level < TROTH_LEVEL_COUNT, TROTH_ERR_VALUE,
                        field);
    return (enum troth_level)level;
}

/* One thing, made for the verifier's nonce or after a checkpoint: never both or neither.
 */
static void read_freshness(struct troth_cursor *c, struct troth_proof *proof)
{
    proof->nonce = read_counted(c, &nonce_field);
    troth_cursor_expect(c, !proof->nonce.len || proof->nonce.len == TROTH_CHALLENGE_SIZE,
                        TROTH_ERR_VALUE, nonce_field.len_field);
    proof->checkpoint = read_counted(c, &checkpoint_field);
    troth_cursor_expect(c, !proof->nonce.len != !proof->checkpoint.len, TROTH_ERR_VALUE,
                        checkpoint_field.len_field);
}

static void read_sent(struct troth_cursor *c, struct troth_proof *proof)
{
    proof->epoch_s = troth_cursor_uint_be(c, 8, "proof.epoch");
    read_freshness(c, proof);
    proof->key = read_counted(c, &key_field);
    proof->evidence = read_counted(c, &evidence_field);
    proof->collateral = read_counted(c, &collateral_field);
}

static void read_epoch(struct troth_cursor *c, struct troth_proof_frame *frame)
{
    const struct troth_span digest = troth_cursor_bytes(c, DIGEST_SIZE, "proof.digest");

    if (digest.len)
        memcpy(frame->proof.evidence_sha256, digest.ptr, DIGEST_SIZE);
    if (!frame->proof.is_held)
        read_sent(c, &frame->proof);
    frame->signature = troth_cursor_bytes(c, SIGNATURE_SIZE, "proof.signature");
}

static void read_strict(struct troth_cursor *c, struct troth_proof *proof)
{
    troth_cursor_expect(c, !proof->is_held, TROTH_ERR_VALUE, "proof.form");
    proof->evidence = read_counted(c, &evidence_field);
    proof->collateral = read_counted(c, &collateral_field);
}

/* The header of a frame whose body is not written yet; returns where it begins. */
static size_t begin(struct troth_writer *w, enum troth_frame_type type)
{
    const size_t start = w->len;

    troth_write_u8(w, (uint8_t)type);
    troth_write_uint_be(w, 0, TROTH_FRAME_HEADER - 1);
    return start;
}

/* Now its length is known. */
static void end(struct troth_writer *w, size_t start)
{
    if (w->full)
        return;

    struct troth_writer length = troth_writer_over(w->base + start + 1,
                                                   TROTH_FRAME_HEADER - 1);
    troth_write_uint_be(&length, w->len - start - TROTH_FRAME_HEADER,
                        TROTH_FRAME_HEADER - 1);
}

/* What would not be read back counts as what does not fit. */
static void demand(struct troth_writer *w, bool holds)
{
    w->full = w->full || !holds;
}

static void write_counted(struct troth_writer *w, const struct counted *is,
                          struct troth_span bytes)
{
    demand(w, bytes.len >= is->least && bytes.len <= is->most);
    troth_write_uint_be(w, bytes.len, is->width);
    troth_write_bytes(w, bytes);
}

static void write_sent(struct troth_writer *w, const struct troth_proof *proof)
{
    demand(w, !proof->nonce.len || proof->nonce.len == TROTH_CHALLENGE_SIZE);
    demand(w, !proof->nonce.len != !proof->checkpoint.len);
    troth_write_uint_be(w, proof->epoch_s, 8);
    write_counted(w, &nonce_field, proof->nonce);
    write_counted(w, &checkpoint_field, proof->checkpoint);
    write_counted(w, &key_field, proof->key);
    write_counted(w, &evidence_field, proof->evidence);
    write_counted(w, &collateral_field, proof->collateral);
}

static void write_epoch(struct troth_writer *w, const struct troth_proof_frame *frame)
{
    demand(w, frame->signature.len == SIGNATURE_SIZE);
    troth_write_bytes(w, (struct troth_span){frame->proof.evidence_sha256, DIGEST_SIZE});
    if (!frame->proof.is_held)
        write_sent(w, &frame->proof);
    troth_write_bytes(w, frame->signature);
}

static void write_strict(struct troth_writer *w, const struct troth_proof_frame *frame)
{
    demand(w, !frame->proof.is_held && frame->signature.len == 0);
    write_counted(w, &evidence_field, frame->proof.evidence);
    write_counted(w, &collateral_field, frame->proof.collateral);
}

enum troth_err troth_frame_length(size_t *out_len,
                                  const uint8_t header[static TROTH_FRAME_HEADER])
{
    const size_t len = (size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3];
    size_t most;

    *out_len = 0;
    if (!find_longest(&most, header[0]))
        return TROTH_ERR_KIND;
    if (len > most)
        return TROTH_ERR_LIMIT;
    *out_len = TROTH_FRAME_HEADER + len;
    return TROTH_OK;
}

void troth_frame_data_header(uint8_t out[static TROTH_FRAME_HEADER], size_t len)
{
    struct troth_writer w = troth_writer_over(out, TROTH_FRAME_HEADER);

    troth_write_u8(&w, TROTH_FRAME_DATA);
    troth_write_uint_be(&w, len, TROTH_FRAME_HEADER - 1);
}

enum troth_err troth_frame_parse(struct troth_frame *out, struct troth_fault *fault,
                                 struct troth_span frame)
{
    struct troth_cursor c = troth_cursor_over(frame);
    const uint8_t type = troth_cursor_u8(&c, "frame.type");
    size_t most;
    const bool is_known = find_longest(&most, type);

    *out = (struct troth_frame){0};
    troth_cursor_expect(&c, is_known, TROTH_ERR_KIND, "frame.type");
    const size_t len = (size_t)troth_cursor_uint_be(&c, TROTH_FRAME_HEADER - 1,
                                                    "frame.length");
    troth_cursor_expect(&c, len <= most, TROTH_ERR_LIMIT, "frame.length");
    const struct troth_span body = troth_cursor_bytes(&c, len, "frame.body");
    /* Nothing delivered would look like the end to who reads. */
    troth_cursor_expect(&c, type != TROTH_FRAME_DATA || len > 0, TROTH_ERR_SHORT,
                        "data.bytes");

    const enum troth_err err = troth_cursor_finish(&c, fault);
    if (!err)
        *out = (struct troth_frame){(enum troth_frame_type)type, body};
    return troth_fault_name(fault, err, "frame");
}

enum troth_err troth_hello_parse(struct troth_hello *out, struct troth_fault *fault,
                                 struct troth_span body)
{
    struct troth_cursor c = troth_cursor_over(body);
    struct troth_hello hello = {0};

    /* First, and alone: what follows may be another in another version. */
    troth_cursor_expect(&c, troth_cursor_u8(&c, "hello.version") == TROTH_CHANNEL_VERSION,
                        TROTH_ERR_VERSION, "hello.version");
    hello.role = read_role(&c, "hello.role");
    hello.asks = read_level(&c, TROTH_LEVEL_NONE, "hello.asks");
    const bool is_epoch = hello.asks == TROTH_LEVEL_EPOCH;
    const uint8_t flags = troth_cursor_u8(&c, "hello.flags");
    troth_cursor_expect(&c, (flags & ~(is_epoch ? TAKES_CHECKPOINT : 0)) == 0,
                        TROTH_ERR_VALUE, "hello.flags");
    hello.takes_checkpoint = flags & TAKES_CHECKPOINT;
    const size_t held_count = troth_cursor_u8(&c, "hello.held_count");
    troth_cursor_expect(&c, held_count <= TROTH_HELD_MAX, TROTH_ERR_LIMIT,
                        "hello.held_count");
    troth_cursor_expect(&c, is_epoch || !held_count, TROTH_ERR_VALUE, "hello.held_count");
    hello.challenge = troth_cursor_bytes(&c, TROTH_CHALLENGE_SIZE, "hello.challenge");
    hello.held = troth_cursor_bytes(&c, held_count * DIGEST_SIZE, "hello.held");

    const enum troth_err err = troth_cursor_finish(&c, fault);
    *out = err ? (struct troth_hello){0} : hello;
    return troth_fault_name(fault, err, "hello");
}

enum troth_err troth_proof_parse(struct troth_proof_frame *out, struct troth_fault *fault,
                                 struct troth_span body)
{
    struct troth_cursor c = troth_cursor_over(body);
    struct troth_proof_frame frame = {0};

    frame.role = read_role(&c, "proof.role");
    frame.proof.level = read_level(&c, TROTH_LEVEL_EPOCH, "proof.level");
    const uint8_t form = troth_cursor_u8(&c, "proof.form");
    troth_cursor_expect(&c, form <= FORM_SENT, TROTH_ERR_VALUE, "proof.form");
    frame.proof.is_held = form == FORM_HELD;
    if (frame.proof.level == TROTH_LEVEL_STRICT)
        read_strict(&c, &frame.proof);
    else
        read_epoch(&c, &frame);

    const enum troth_err err = troth_cursor_finish(&c, fault);
    *out = err ? (struct troth_proof_frame){0} : frame;
    return troth_fault_name(fault, err, "proof");
}

enum troth_err troth_done_parse(enum troth_role *out, struct troth_fault *fault,
                                struct troth_span body)
{
    struct troth_cursor c = troth_cursor_over(body);
    const enum troth_role role = read_role(&c, "done.role");
    const enum troth_err err = troth_cursor_finish(&c, fault);

    *out = err ? (enum troth_role)0 : role;
    return troth_fault_name(fault, err, "done");
}

enum troth_err troth_refuse_parse(enum troth_channel_reason *out,
                                  struct troth_fault *fault, struct troth_span body)
{
    struct troth_cursor c = troth_cursor_over(body);
    const uint8_t code = troth_cursor_u8(&c, "refuse.code");
    const enum troth_err err = troth_cursor_finish(&c, fault);
    const bool has_meaning = code > TROTH_REASON_NONE && code <= TROTH_REASON_INTERNAL;

    *out = TROTH_REASON_NONE;
    if (!err)
        *out = has_meaning ? (enum troth_channel_reason)code : TROTH_REASON_INTERNAL;
    return troth_fault_name(fault, err, "refuse");
}

void troth_hello_write(struct troth_writer *w, const struct troth_hello *hello)
{
    const size_t start = begin(w, TROTH_FRAME_HELLO);
    const size_t held_count = hello->held.len / DIGEST_SIZE;
    const bool says_more = hello->takes_checkpoint || held_count;

    demand(w, hello->challenge.len == TROTH_CHALLENGE_SIZE);
    demand(w, held_count <= TROTH_HELD_MAX && hello->held.len % DIGEST_SIZE == 0);
    demand(w, !says_more || hello->asks == TROTH_LEVEL_EPOCH);
    troth_write_u8(w, TROTH_CHANNEL_VERSION);
    troth_write_u8(w, (uint8_t)hello->role);
    troth_write_u8(w, (uint8_t)hello->asks);
    troth_write_u8(w, hello->takes_checkpoint ? TAKES_CHECKPOINT : 0);
    troth_write_u8(w, (uint8_t)held_count);
    troth_write_bytes(w, hello->challenge);
    troth_write_bytes(w, hello->held);
    end(w, start);
}

void troth_proof_write(struct troth_writer *w, const struct troth_proof_frame *frame)
{
    const size_t start = begin(w, TROTH_FRAME_PROOF);

    troth_write_u8(w, (uint8_t)frame->role);
    troth_write_u8(w, (uint8_t)frame->proof.level);
    troth_write_u8(w, frame->proof.is_held ? FORM_HELD : FORM_SENT);
    if (frame->proof.level == TROTH_LEVEL_STRICT)
        write_strict(w, frame);
    else
        write_epoch(w, frame);
    end(w, start);
}

void troth_done_write(struct troth_writer *w, enum troth_role role)
{
    const size_t start = begin(w, TROTH_FRAME_DONE);

    troth_write_u8(w, (uint8_t)role);
    end(w, start);
}

void troth_refuse_write(struct troth_writer *w, enum troth_channel_reason reason)
{
    const size_t start = begin(w, TROTH_FRAME_REFUSE);

    troth_write_u8(w, (uint8_t)reason);
    end(w, start);
}
