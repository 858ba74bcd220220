/* SPDX-License-Identifier: Apache-2.0 */
#include "channel/frame.h"

#include <string.h>

#include "test/harness.h"

/* 32 bytes and 64 bytes of a kind, to be joined with other literals. */
#define EIGHT(x)  x x x x x x x x
#define DIGEST(x) EIGHT(x) EIGHT(x) EIGHT(x) EIGHT(x)
#define CHALLENGE DIGEST("c1")
#define HELD_A    DIGEST("a1")
#define HELD_B    DIGEST("b2")
#define SIGNATURE DIGEST("51") DIGEST("52")
#define EPOCH_S   "0000000069aabbcc"
#define NONCE     "20" DIGEST("d1")
#define NO_NONCE  "00"
#define CHECKPOINT                                                                       \
    "0003"                                                                               \
    "6e6f74"
#define NO_CHECK "0000"
#define KEY                                                                              \
    "0002"                                                                               \
    "3059"
#define EVIDENCE                                                                         \
    "00000004"                                                                           \
    "e1e2e3e4"
#define COLLATERAL                                                                       \
    "00000002"                                                                           \
    "c0c1"
#define NOTHING4   "00000000"
#define EPOCH_SENT "020101" DIGEST("e5") EPOCH_S

static uint8_t room[TROTH_FRAME_MAX + 16];

/* ---- headers ---- */

static const struct {
    const char *why, *header;
    enum troth_err err;
    size_t len;
} headers[] = {
    {"a HELLO of nothing", "01000000", TROTH_OK, 4},
    {"the longest HELLO", "010000a5", TROTH_OK, 4 + 165},
    {"a HELLO too long", "010000a6", TROTH_ERR_LIMIT, 0},
    {"the longest PROOF", "02021400", TROTH_OK, 4 + 136192},
    {"a PROOF too long", "02021401", TROTH_ERR_LIMIT, 0},
    {"DONE", "03000001", TROTH_OK, 5},
    {"a DONE too long", "03000002", TROTH_ERR_LIMIT, 0},
    {"REFUSE", "04000001", TROTH_OK, 5},
    {"a REFUSE too long", "04000002", TROTH_ERR_LIMIT, 0},
    {"the longest DATA", "05003ffc", TROTH_OK, 16384},
    {"a DATA too long", "05003ffd", TROTH_ERR_LIMIT, 0},
    {"END", "06000000", TROTH_OK, 4},
    {"an END with a byte", "06000001", TROTH_ERR_LIMIT, 0},
    {"type 0", "00000000", TROTH_ERR_KIND, 0},
    {"type 7", "07000000", TROTH_ERR_KIND, 0},
    {"type 255", "ff000000", TROTH_ERR_KIND, 0},
    {"the longest length of all", "02ffffff", TROTH_ERR_LIMIT, 0},
};

static void test_headers(void)
{
    for (size_t i = 0; i < COUNT(headers); i++) {
        size_t len = 77;

        test_case("header: %s", headers[i].why);
        CHECK_ERR(troth_frame_length(&len, test_hex(headers[i].header).ptr),
                  headers[i].err);
        CHECK_INT(len, headers[i].len);
    }
    test_case("header: of data");
    for (size_t len = 1; len <= TROTH_DATA_MAX; len = len * 5 + 1) {
        uint8_t header[TROTH_FRAME_HEADER];
        size_t back;

        troth_frame_data_header(header, len);
        CHECK_ERR(troth_frame_length(&back, header), TROTH_OK);
        CHECK_INT(header[0], TROTH_FRAME_DATA);
        CHECK_INT(back, len + TROTH_FRAME_HEADER);
    }
}

/* ---- whole frames ---- */

static const struct {
    const char *why, *frame;
    enum troth_err err;
    const char *field;
    size_t body_len;
} frames[] = {
    {"DONE", "0300000101", TROTH_OK, NULL, 1},
    {"END", "06000000", TROTH_OK, NULL, 0},
    {"DATA", "05000003646174", TROTH_OK, NULL, 3},
    {"an empty DATA", "05000000", TROTH_ERR_SHORT, "data.bytes", 0},
    {"nothing", "", TROTH_ERR_SHORT, "frame.type", 0},
    {"a type alone", "03", TROTH_ERR_SHORT, "frame.length", 0},
    {"a byte of the length missing", "030000", TROTH_ERR_SHORT, "frame.length", 0},
    {"a body missing", "03000001", TROTH_ERR_SHORT, "frame.body", 0},
    {"a byte behind it", "030000010100", TROTH_ERR_TRAILING, "frame", 0},
    {"no such type", "0900000101", TROTH_ERR_KIND, "frame.type", 0},
    {"longer than its type may be", "030000020101", TROTH_ERR_LIMIT, "frame.length", 0},
};

static void test_frames(void)
{
    for (size_t i = 0; i < COUNT(frames); i++) {
        const struct troth_span bytes = test_hex(frames[i].frame);
        struct troth_frame frame;
        struct troth_fault fault;

        test_case("frame: %s", frames[i].why);
        CHECK_ERR(troth_frame_parse(&frame, &fault, bytes), frames[i].err);
        CHECK_ERR(fault.err, frames[i].err);
        CHECK_TEXT(fault.field, frames[i].field);
        CHECK_INT(frame.type, frames[i].err ? 0 : bytes.ptr[0]);
        CHECK_INT(frame.body.len, frames[i].body_len);
        CHECK(troth_frame_parse(&frame, NULL, bytes) == frames[i].err);
    }
}

/* ---- bodies ---- */

enum body { HELLO, PROOF, DONE, REFUSE };

static enum troth_err parse(enum body body, struct troth_fault *fault,
                            struct troth_span bytes)
{
    struct troth_hello hello;
    struct troth_proof_frame proof;
    enum troth_role role;
    enum troth_channel_reason reason;
    enum troth_err err = TROTH_OK;

    switch (body) {
    case HELLO:
        err = troth_hello_parse(&hello, fault, bytes);
        CHECK(!err || (!hello.role && !hello.challenge.ptr && !hello.held.ptr));
        break;
    case PROOF:
        err = troth_proof_parse(&proof, fault, bytes);
        CHECK(!err || (!proof.role && !proof.proof.level && !proof.proof.evidence.ptr &&
                       !proof.proof.key.ptr && !proof.signature.ptr &&
                       !proof.proof.evidence_sha256[0]));
        break;
    case DONE:
        err = troth_done_parse(&role, fault, bytes);
        CHECK(!err || !role);
        break;
    case REFUSE:
        err = troth_refuse_parse(&reason, fault, bytes);
        CHECK(!err || !reason);
        break;
    }
    return err;
}

/* clang-format off */
static const struct {
    enum body body;
    const char *why, *bytes;
    enum troth_err err;
    const char *field;
} bodies[] = {
    {HELLO, "asks nothing", "0101000000" CHALLENGE, TROTH_OK, NULL},
    {HELLO, "asks strict", "0102020000" CHALLENGE, TROTH_OK, NULL},
    {HELLO, "asks epoch, holds two", "0102010102" CHALLENGE HELD_A HELD_B, TROTH_OK, NULL},
    {HELLO, "holds four", "0102010004" CHALLENGE HELD_A HELD_B HELD_A HELD_B, TROTH_OK, NULL},
    {HELLO, "another version", "0001000000" CHALLENGE, TROTH_ERR_VERSION, "hello.version"},
    {HELLO, "another version, and other things behind", "02ff", TROTH_ERR_VERSION, "hello.version"},
    {HELLO, "no role", "0100000000" CHALLENGE, TROTH_ERR_VALUE, "hello.role"},
    {HELLO, "a third role", "0103000000" CHALLENGE, TROTH_ERR_VALUE, "hello.role"},
    {HELLO, "a third level", "0101030000" CHALLENGE, TROTH_ERR_VALUE, "hello.asks"},
    {HELLO, "an unknown flag", "0101010200" CHALLENGE, TROTH_ERR_VALUE, "hello.flags"},
    {HELLO, "an unknown flag beside the known", "0101018100" CHALLENGE, TROTH_ERR_VALUE, "hello.flags"},
    {HELLO, "a checkpoint for strict", "0101020100" CHALLENGE, TROTH_ERR_VALUE, "hello.flags"},
    {HELLO, "a checkpoint for nothing", "0101000100" CHALLENGE, TROTH_ERR_VALUE, "hello.flags"},
    {HELLO, "evidence held for strict", "0101020001" CHALLENGE HELD_A, TROTH_ERR_VALUE, "hello.held_count"},
    {HELLO, "evidence held for nothing", "0101000001" CHALLENGE HELD_A, TROTH_ERR_VALUE, "hello.held_count"},
    {HELLO, "holds five", "0101010005" CHALLENGE HELD_A HELD_A HELD_A HELD_A HELD_A, TROTH_ERR_LIMIT, "hello.held_count"},
    {HELLO, "one held fewer than it says", "0101010002" CHALLENGE HELD_A, TROTH_ERR_SHORT, "hello.held"},
    {HELLO, "one held more than it says", "0101010001" CHALLENGE HELD_A HELD_A, TROTH_ERR_TRAILING, "hello"},
    {HELLO, "a byte behind it", "0101000000" CHALLENGE "00", TROTH_ERR_TRAILING, "hello"},

    {PROOF, "strict", "020201" EVIDENCE COLLATERAL, TROTH_OK, NULL},
    {PROOF, "strict without collateral", "010201" EVIDENCE NOTHING4, TROTH_OK, NULL},
    {PROOF, "epoch, held", "020100" DIGEST("e5") SIGNATURE, TROTH_OK, NULL},
    {PROOF, "epoch, for a nonce", EPOCH_SENT NONCE NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE, TROTH_OK, NULL},
    {PROOF, "epoch, after a checkpoint", EPOCH_SENT NO_NONCE CHECKPOINT KEY EVIDENCE NOTHING4 SIGNATURE, TROTH_OK, NULL},
    {PROOF, "no role", "000201" EVIDENCE COLLATERAL, TROTH_ERR_VALUE, "proof.role"},
    {PROOF, "a third role", "030201" EVIDENCE COLLATERAL, TROTH_ERR_VALUE, "proof.role"},
    {PROOF, "of no level", "020001" EVIDENCE COLLATERAL, TROTH_ERR_VALUE, "proof.level"},
    {PROOF, "of a third level", "020301" EVIDENCE COLLATERAL, TROTH_ERR_VALUE, "proof.level"},
    {PROOF, "a third form", "020102" DIGEST("e5") SIGNATURE, TROTH_ERR_VALUE, "proof.form"},
    {PROOF, "strict, held", "020200" EVIDENCE COLLATERAL, TROTH_ERR_VALUE, "proof.form"},
    {PROOF, "strict without evidence", "020201" NOTHING4 COLLATERAL, TROTH_ERR_VALUE, "proof.evidence_len"},
    {PROOF, "strict, evidence too long", "020201" "00010001" "e1" COLLATERAL, TROTH_ERR_LIMIT, "proof.evidence_len"},
    {PROOF, "strict, evidence of 4 GiB", "020201" "ffffffff" "e1" COLLATERAL, TROTH_ERR_LIMIT, "proof.evidence_len"},
    {PROOF, "strict, collateral too long", "020201" EVIDENCE "00010001" "c0", TROTH_ERR_LIMIT, "proof.collateral_len"},
    {PROOF, "strict, a byte behind it", "020201" EVIDENCE COLLATERAL "00", TROTH_ERR_TRAILING, "proof"},
    {PROOF, "strict, signed", "020201" EVIDENCE COLLATERAL SIGNATURE, TROTH_ERR_TRAILING, "proof"},
    {PROOF, "epoch, held, a byte behind it", "020100" DIGEST("e5") SIGNATURE "00", TROTH_ERR_TRAILING, "proof"},
    {PROOF, "epoch, a nonce of 31 bytes", EPOCH_SENT "1f" DIGEST("d1") NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.nonce_len"},
    {PROOF, "epoch, a nonce of one byte", EPOCH_SENT "01d1" NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.nonce_len"},
    {PROOF, "epoch, a nonce of 33 bytes", EPOCH_SENT "21" DIGEST("d1") "d1" NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_LIMIT, "proof.nonce_len"},
    {PROOF, "epoch, a nonce and a checkpoint", EPOCH_SENT NONCE CHECKPOINT KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.checkpoint_len"},
    {PROOF, "epoch, neither nonce nor checkpoint", EPOCH_SENT NO_NONCE NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.checkpoint_len"},
    {PROOF, "epoch, a checkpoint too long", EPOCH_SENT NO_NONCE "1001" "6e6f74" KEY EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_LIMIT, "proof.checkpoint_len"},
    {PROOF, "epoch, no key", EPOCH_SENT NONCE NO_CHECK "0000" EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.key_len"},
    {PROOF, "epoch, a key too long", EPOCH_SENT NONCE NO_CHECK "0101" "3059" EVIDENCE COLLATERAL SIGNATURE,
     TROTH_ERR_LIMIT, "proof.key_len"},
    {PROOF, "epoch, no evidence", EPOCH_SENT NONCE NO_CHECK KEY NOTHING4 COLLATERAL SIGNATURE,
     TROTH_ERR_VALUE, "proof.evidence_len"},
    {PROOF, "epoch, evidence too long", EPOCH_SENT NONCE NO_CHECK KEY "00010001" "e1" COLLATERAL SIGNATURE,
     TROTH_ERR_LIMIT, "proof.evidence_len"},
    {PROOF, "epoch, collateral too long", EPOCH_SENT NONCE NO_CHECK KEY EVIDENCE "00010001" SIGNATURE,
     TROTH_ERR_LIMIT, "proof.collateral_len"},
    {PROOF, "epoch, a byte behind it", EPOCH_SENT NONCE NO_CHECK KEY EVIDENCE COLLATERAL SIGNATURE "00",
     TROTH_ERR_TRAILING, "proof"},

    {DONE, "of the client", "01", TROTH_OK, NULL},
    {DONE, "of the server", "02", TROTH_OK, NULL},
    {DONE, "of nobody", "00", TROTH_ERR_VALUE, "done.role"},
    {DONE, "of a third", "03", TROTH_ERR_VALUE, "done.role"},
    {DONE, "a byte behind it", "0100", TROTH_ERR_TRAILING, "done"},

    {REFUSE, "a reason", "05", TROTH_OK, NULL},
    {REFUSE, "a reason to come", "fe", TROTH_OK, NULL},
    {REFUSE, "a byte behind it", "0500", TROTH_ERR_TRAILING, "refuse"},
};
/* clang-format on */

static void test_bodies(void)
{
    static const char *const names[] = {"HELLO", "PROOF", "DONE", "REFUSE"};

    for (size_t i = 0; i < COUNT(bodies); i++) {
        struct troth_fault fault;

        test_case("%s: %s", names[bodies[i].body], bodies[i].why);
        CHECK_ERR(parse(bodies[i].body, &fault, test_hex(bodies[i].bytes)),
                  bodies[i].err);
        CHECK_ERR(fault.err, bodies[i].err);
        CHECK_TEXT(fault.field, bodies[i].field);
    }
}

/* What parses does not where it ends sooner; the field that is cut is named. */
static void test_truncations(void)
{
    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct troth_span whole = test_hex(bodies[i].bytes);

        if (bodies[i].err)
            continue;
        test_case("every beginning of: %s", bodies[i].why);
        for (size_t len = 0; len < whole.len; len++) {
            struct troth_fault fault;
            /* At the end of an array, behind which sanitizers watch. */
            uint8_t *at = room + sizeof room - len;
            const struct troth_span cut = {at, len};

            memcpy(at, whole.ptr, len);
            CHECK_ERR(parse(bodies[i].body, &fault, cut), TROTH_ERR_SHORT);
            CHECK(fault.field != NULL && strchr(fault.field, '.'));
            CHECK(fault.offset <= len);
        }
    }
}

/* ---- there and back ---- */

static struct troth_span write_back(enum body body, struct troth_span bytes)
{
    struct troth_writer w = troth_writer_over(room, sizeof room);
    struct troth_hello hello;
    struct troth_proof_frame proof;
    enum troth_role role;
    enum troth_channel_reason reason;
    struct troth_span written;

    switch (body) {
    case HELLO:
        CHECK_ERR(troth_hello_parse(&hello, NULL, bytes), TROTH_OK);
        troth_hello_write(&w, &hello);
        break;
    case PROOF:
        CHECK_ERR(troth_proof_parse(&proof, NULL, bytes), TROTH_OK);
        troth_proof_write(&w, &proof);
        break;
    case DONE:
        CHECK_ERR(troth_done_parse(&role, NULL, bytes), TROTH_OK);
        troth_done_write(&w, role);
        break;
    case REFUSE:
        CHECK_ERR(troth_refuse_parse(&reason, NULL, bytes), TROTH_OK);
        troth_refuse_write(&w, reason);
        break;
    }
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    return written;
}

static void test_round_trips(void)
{
    static const uint8_t types[] = {TROTH_FRAME_HELLO, TROTH_FRAME_PROOF,
                                    TROTH_FRAME_DONE, TROTH_FRAME_REFUSE};

    for (size_t i = 0; i < COUNT(bodies); i++) {
        const struct troth_span bytes = test_hex(bodies[i].bytes);
        struct troth_frame frame;

        if (bodies[i].err || (bodies[i].body == REFUSE && bytes.ptr[0] == 0xfe))
            continue;
        test_case("there and back: %s", bodies[i].why);
        CHECK_ERR(troth_frame_parse(&frame, NULL, write_back(bodies[i].body, bytes)),
                  TROTH_OK);
        CHECK_INT(frame.type, types[bodies[i].body]);
        CHECK_SPAN(frame.body, bytes);
    }
}

static void test_meaning(void)
{
    struct troth_hello hello;
    struct troth_proof_frame frame;
    enum troth_channel_reason reason;
    const struct troth_proof *proof = &frame.proof;

    test_case("what a HELLO says");
    CHECK_ERR(
        troth_hello_parse(&hello, NULL, test_hex("0102010102" CHALLENGE HELD_A HELD_B)),
        TROTH_OK);
    CHECK_INT(hello.role, TROTH_SERVER);
    CHECK_INT(hello.asks, TROTH_LEVEL_EPOCH);
    CHECK(hello.takes_checkpoint);
    CHECK_SPAN(hello.challenge, test_hex(CHALLENGE));
    CHECK_SPAN(hello.held, test_hex(HELD_A HELD_B));

    test_case("what a PROOF says");
    CHECK_ERR(
        troth_proof_parse(
            &frame, NULL,
            test_hex(EPOCH_SENT NO_NONCE CHECKPOINT KEY EVIDENCE COLLATERAL SIGNATURE)),
        TROTH_OK);
    CHECK_INT(frame.role, TROTH_SERVER);
    CHECK_INT(proof->level, TROTH_LEVEL_EPOCH);
    CHECK(!proof->is_held);
    CHECK(proof->epoch_s == 0x69aabbcc);
    CHECK_SPAN(((struct troth_span){proof->evidence_sha256, 32}), test_hex(DIGEST("e5")));
    CHECK_INT(proof->nonce.len, 0);
    CHECK_SPAN(proof->checkpoint, test_hex("6e6f74"));
    CHECK_SPAN(proof->key, test_hex("3059"));
    CHECK_SPAN(proof->evidence, test_hex("e1e2e3e4"));
    CHECK_SPAN(proof->collateral, test_hex("c0c1"));
    CHECK_SPAN(frame.signature, test_hex(SIGNATURE));

    test_case("a held PROOF says so");
    CHECK_ERR(troth_proof_parse(&frame, NULL, test_hex("020100" DIGEST("e5") SIGNATURE)),
              TROTH_OK);
    CHECK(proof->is_held && !proof->evidence.len);
    CHECK_SPAN(((struct troth_span){proof->evidence_sha256, 32}), test_hex(DIGEST("e5")));

    test_case("every code of a REFUSE, with and without a meaning");
    for (unsigned code = 0; code < 256; code++) {
        const uint8_t body[1] = {(uint8_t)code};

        CHECK_ERR(troth_refuse_parse(&reason, NULL, (struct troth_span){body, 1}),
                  TROTH_OK);
        CHECK_INT(reason,
                  code && code <= TROTH_REASON_INTERNAL ? code : TROTH_REASON_INTERNAL);
    }
}

/* ---- limits ---- */

static struct troth_span run_of(size_t len)
{
    static uint8_t bytes[TROTH_PROOF_EVIDENCE_MAX + 2];

    return (struct troth_span){bytes, len};
}

/* A PROOF that is right at all limits, and what one field more or fewer makes of it. */
static const struct {
    const char *why;
    size_t nonce, checkpoint, key, evidence, collateral, signature;
    bool fits;
} lengths[] = {
    {"the longest, after a checkpoint", 0, TROTH_PROOF_CHECKPOINT_MAX,
     TROTH_PROOF_KEY_MAX, TROTH_PROOF_EVIDENCE_MAX, TROTH_PROOF_COLLATERAL_MAX, 64, true},
    {"the shortest", 0, 1, 1, 1, 0, 64, true},
    {"for a nonce", 32, 0, 1, 1, 0, 64, true},
    {"half a nonce", 16, 0, 1, 1, 0, 64, false},
    {"a nonce too long", 33, 0, 1, 1, 0, 64, false},
    {"nonce and checkpoint", 32, 1, 1, 1, 0, 64, false},
    {"neither", 0, 0, 1, 1, 0, 64, false},
    {"a checkpoint too long", 0, TROTH_PROOF_CHECKPOINT_MAX + 1, 1, 1, 0, 64, false},
    {"a checkpoint that its length cannot tell", 0, 65537, 1, 1, 0, 64, false},
    {"no key", 32, 0, 0, 1, 0, 64, false},
    {"a key too long", 32, 0, TROTH_PROOF_KEY_MAX + 1, 1, 0, 64, false},
    {"no evidence", 32, 0, 1, 0, 0, 64, false},
    {"evidence too long", 32, 0, 1, TROTH_PROOF_EVIDENCE_MAX + 1, 0, 64, false},
    {"collateral too long", 32, 0, 1, 1, TROTH_PROOF_COLLATERAL_MAX + 1, 64, false},
    {"no signature", 32, 0, 1, 1, 0, 0, false},
    {"a signature too long", 32, 0, 1, 1, 0, 65, false},
};

static void test_lengths(void)
{
    for (size_t i = 0; i < COUNT(lengths); i++) {
        struct troth_writer w = troth_writer_over(room, sizeof room);
        struct troth_proof_frame frame = {.role = TROTH_SERVER}, back;
        struct troth_span written;
        struct troth_frame parsed;

        test_case("a PROOF as long as it may be: %s", lengths[i].why);
        frame.proof.level = TROTH_LEVEL_EPOCH;
        frame.proof.nonce = run_of(lengths[i].nonce);
        frame.proof.checkpoint = run_of(lengths[i].checkpoint);
        frame.proof.key = run_of(lengths[i].key);
        frame.proof.evidence = run_of(lengths[i].evidence);
        frame.proof.collateral = run_of(lengths[i].collateral);
        frame.signature = run_of(lengths[i].signature);
        troth_proof_write(&w, &frame);
        CHECK_ERR(troth_writer_finish(&w, &written),
                  lengths[i].fits ? TROTH_OK : TROTH_ERR_LIMIT);
        if (!lengths[i].fits)
            continue;
        CHECK_ERR(troth_frame_parse(&parsed, NULL, written), TROTH_OK);
        CHECK_ERR(troth_proof_parse(&back, NULL, parsed.body), TROTH_OK);
        CHECK_SPAN(back.proof.evidence, frame.proof.evidence);
    }
}

static void test_unwritable(void)
{
    const struct troth_hello hellos[] = {
        {TROTH_CLIENT, TROTH_LEVEL_EPOCH, false, run_of(31), {NULL, 0}},
        {TROTH_CLIENT, TROTH_LEVEL_EPOCH, false, run_of(32), run_of(31)},
        {TROTH_CLIENT, TROTH_LEVEL_EPOCH, false, run_of(32), run_of((size_t)5 * 32)},
        {TROTH_CLIENT, TROTH_LEVEL_STRICT, false, run_of(32), run_of(32)},
        {TROTH_CLIENT, TROTH_LEVEL_STRICT, true, run_of(32), {NULL, 0}},
    };
    struct troth_proof_frame strict = {.role = TROTH_SERVER};
    struct troth_writer w;
    struct troth_span written;

    test_case("a HELLO that would not be read is not written");
    for (size_t i = 0; i < COUNT(hellos); i++) {
        w = troth_writer_over(room, sizeof room);
        troth_hello_write(&w, &hellos[i]);
        CHECK_ERR(troth_writer_finish(&w, &written), TROTH_ERR_LIMIT);
    }
    test_case("nor a strict PROOF that is held or signed");
    strict.proof.level = TROTH_LEVEL_STRICT;
    strict.proof.evidence = run_of(1);
    for (int what = 0; what < 3; what++) {
        w = troth_writer_over(room, sizeof room);
        strict.proof.is_held = what == 1;
        strict.signature = run_of(what == 2 ? 64 : 0);
        troth_proof_write(&w, &strict);
        CHECK_ERR(troth_writer_finish(&w, &written), what ? TROTH_ERR_LIMIT : TROTH_OK);
    }
    test_case("a frame that does not fit is not half there");
    for (size_t size = 0; size < 5; size++) {
        w = troth_writer_over(room, size);
        troth_done_write(&w, TROTH_CLIENT);
        CHECK_ERR(troth_writer_finish(&w, &written), TROTH_ERR_LIMIT);
        CHECK_INT(written.len, 0);
    }
    test_case("a frame behind another has its own length");
    w = troth_writer_over(room, 10);
    troth_done_write(&w, TROTH_CLIENT);
    troth_refuse_write(&w, TROTH_REASON_BUSY);
    CHECK_ERR(troth_writer_finish(&w, &written), TROTH_OK);
    CHECK_SPAN(written, test_hex("0300000101"
                                 "0400000109"));
}

int main(void)
{
    test_headers();
    test_frames();
    test_bodies();
    test_truncations();
    test_round_trips();
    test_meaning();
    test_lengths();
    test_unwritable();
    return test_finish();
}
