/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "attester/device.h"
#include "fake_node.h"
#include "os/clock.h"
#include "sim/nsm_device.h"
#include "test/harness.h"

#define DEVICE troth_device_nsm

static const uint8_t report_data[64] = {0x51, [63] = 0x52};
static const uint8_t digest[48] = {0x61, [47] = 0x62};

static struct sim_nitro doc;
static struct sim_nsm nsm;
static void *device;

/* A machine that was just started, and its device open. */
static void begin(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;

    fake_node_reset();
    sim_nitro_default(&doc, ring, 0, 1755506509);
    sim_nsm_init(&nsm, &doc);
    fake_node.path = "/dev/nsm";
    fake_node.ioctl = sim_nsm_ioctl;
    fake_node.state = &nsm;
    CHECK(DEVICE.is_present());
    CHECK(DEVICE.open(&device, &fault));
    CHECK_INT(fault.error, 0);
}

static void end(void)
{
    DEVICE.close(device);
    device = NULL;
}

static void test_presence(void)
{
    struct troth_attester_fault fault;

    test_case("no such node");
    fake_node_reset();
    CHECK(!DEVICE.is_present());
    CHECK(!DEVICE.open(&device, &fault));
    fake_node_check_fault(&fault, ENOENT, "open", "");
    CHECK_TEXT(fault.path, "/dev/nsm");
    CHECK(device == NULL);

    test_case("a node that is not for us");
    fake_node.path = "/dev/nsm";
    fake_node.open_error = EACCES;
    CHECK(!DEVICE.open(&device, &fault));
    fake_node_check_fault(&fault, EACCES, "open", "");

    test_case("what it is called");
    CHECK_TEXT(DEVICE.name, "nsm");
    CHECK_TEXT(DEVICE.kind(NULL), "nitro");
    CHECK_TEXT(DEVICE.measured(NULL), "nitro.pcr16");
}

static void test_quote(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;

    test_case("a document with the 64 bytes as its user data, and nothing beside them");
    begin(ring);
    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    CHECK(doc.user_data.is_bytes && !doc.nonce.is_bytes && !doc.public_key.is_bytes);
    CHECK_SPAN(((struct troth_span){doc.user_data.value, doc.user_data.len}),
               ((struct troth_span)TROTH_ARRAY_SPAN(report_data)));
    struct sim_bytes wanted = sim_nitro_mint(&doc);

    CHECK_SPAN(quote.evidence, sim_bytes_span(wanted));
    CHECK_INT(quote.collateral.len, 0);
    CHECK_INT(fault.error, 0);
    sim_bytes_free(&wanted);
    troth_quote_release(&quote);
    end();
}

static void test_register(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    uint8_t before[48];

    test_case("PCR16 is extended, and in no document until it is locked");
    begin(ring);
    CHECK(DEVICE.extend(device, &fault, digest));
    memcpy(before, nsm.values[16], 48);
    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    CHECK(!doc.pcrs[16].is_present);
    troth_quote_release(&quote);
    CHECK(DEVICE.seal(device, &fault));
    CHECK(nsm.is_locked[16] && !nsm.is_locked[17]);
    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    CHECK(doc.pcrs[16].is_present);
    CHECK(memcmp(doc.pcrs[16].value, before, 48) == 0);
    troth_quote_release(&quote);

    test_case("then it is what it is");
    CHECK(!DEVICE.extend(device, &fault, digest));
    fake_node_check_fault(&fault, EIO, "ExtendPCR", "ReadOnlyIndex");
    CHECK(memcmp(nsm.values[16], before, 48) == 0);

    test_case("to seal once more is nothing to do");
    CHECK(DEVICE.seal(device, &fault));
    CHECK_INT(fault.error, 0);
    end();

    test_case("an answer that is lost after the PCR was locked");
    begin(ring);
    fake_node.lost_error = EINTR;
    CHECK(DEVICE.seal(device, &fault));
    CHECK(nsm.is_locked[16]);
    end();

    test_case("an answer that is lost after the PCR was extended: not once more");
    begin(ring);
    fake_node.lost_error = EINTR;
    CHECK(!DEVICE.extend(device, &fault, digest));
    CHECK_INT(fake_node.calls, 1);
    CHECK(memcmp(nsm.values[16], before, 48) == 0);
    fake_node_check_fault(&fault, EINTR, "ExtendPCR", "");
    end();
}

static void test_random(struct sim_keyring *ring)
{
    static uint8_t one[600], other[600];
    struct troth_attester_fault fault;

    test_case("random bytes, more than one answer holds");
    begin(ring);
    CHECK(DEVICE.random(device, &fault, one, sizeof one));
    CHECK(DEVICE.random(device, &fault, other, sizeof other));
    CHECK_INT(fake_node.calls, 6);
    CHECK(memcmp(one, other, sizeof one) != 0);
    CHECK(memcmp(one, one + 256, 256) != 0);
    CHECK(DEVICE.random(device, &fault, one, 0));

    test_case("none are left behind where it fails");
    fake_node.error = EIO;
    CHECK(!DEVICE.random(device, &fault, one, sizeof one));
    fake_node_check_fault(&fault, EIO, "GetRandom", "");
    for (size_t i = 0; i < sizeof one; i++)
        if (!CHECK_INT(one[i], 0))
            break;
    end();
}

static const struct {
    const char *why;
    int passing;
    unsigned count;
    int wanted; /* 0: it comes through */
} passing[] = {
    {"a few interruptions", EINTR, 5, 0},
    {"a device that is busy for a while", EBUSY, 5, 0},
    {"EAGAIN", EAGAIN, 3, 0},
    {"interruptions without end", EINTR, 1000000, EINTR},
    {"a device that is always busy", EBUSY, 1000000, EBUSY},
    {"an error that does not pass", EIO, 1, EIO},
    {"a request that is too large for it", EMSGSIZE, 1, EMSGSIZE},
};

static void test_passing(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(passing); i++) {
        struct troth_attester_fault fault;
        struct troth_quote quote;

        test_case("%s", passing[i].why);
        begin(ring);
        fake_node.passing_error = passing[i].passing;
        fake_node.passing_left = passing[i].count;
        const bool is_done = DEVICE.quote(device, &quote, &fault, report_data,
                                          fake_node_in_ms(300));

        CHECK_INT(is_done, passing[i].wanted == 0);
        CHECK_INT(fault.error, passing[i].wanted);
        CHECK_INT(is_done, quote.evidence.len > 0);
        CHECK(fake_node.calls < 30);
        troth_quote_release(&quote);
        end();
    }
    test_case("a busy device was not extended, and is tried again");
    struct troth_attester_fault fault;

    begin(ring);
    fake_node.passing_error = EBUSY;
    fake_node.passing_left = 3;
    CHECK(DEVICE.extend(device, &fault, digest));
    CHECK_INT(fake_node.calls, 4);
    end();
}

static void test_hang(struct sim_keyring *ring)
{
    struct troth_attester_fault fault;
    struct troth_quote quote;
    const int64_t began_ms = troth_clock_monotonic_ms();

    test_case("a device that hangs is left at the deadline");
    begin(ring);
    fake_node.hangs = true;
    CHECK(!DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(50)));
    fake_node_check_fault(&fault, ETIMEDOUT, "Attestation", "");
    CHECK_INT(quote.evidence.len, 0);
    CHECK(troth_clock_monotonic_ms() - began_ms < 5000);

    test_case("another call does not pile up behind it");
    CHECK(!DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(50)));
    fake_node_check_fault(&fault, EBUSY, "Attestation", "");
    CHECK_INT(fake_node.calls, 1);

    test_case("when it comes back, it works again");
    fake_node.hangs = false;
    fake_node_open_gate();
    CHECK(DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
    troth_quote_release(&quote);

    test_case("closed while it hangs, it ends when it comes back");
    fake_node.hangs = true;
    CHECK(!DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(50)));
    end();
    fake_node_open_gate();
}

/* ---- a device that answers as it should not ---- */

static struct troth_span wrong_answer;
static uint64_t wrong_len;

static int answer_wrongly(void *state, struct sim_user *user, unsigned number,
                          uint64_t argument)
{
    uint64_t raw[4];
    uint8_t *argument_bytes = sim_user_write(user, argument, sizeof raw);

    (void)state;
    CHECK_INT(number, 0xc0200a00);
    memcpy(raw, argument_bytes, sizeof raw);
    CHECK_INT(raw[3], 0x3000);
    if (wrong_answer.len > 0)
        memcpy(sim_user_write(user, raw[2], wrong_answer.len), wrong_answer.ptr,
               wrong_answer.len);
    raw[3] = wrong_len;
    memcpy(argument_bytes, raw, sizeof raw);
    return 0;
}

static const struct {
    const char *why, *hex;
    int64_t len; /* -1: that of the bytes */
    int error;
    const char *said;
} wrong[] = {
    {"an answer of no length", "", 0, EPROTO, ""},
    {"one that is longer than its room", "a0", 0x3001, EPROTO, ""},
    {"one that is longer than memory", "a0", INT64_MAX, EPROTO, ""},
    {"a document that ends behind it",
     "a1 6b 4174746573746174696f6e a1 68 646f63756d656e74 59 4000", 26 + 0x4000, EPROTO,
     ""},
    {"no CBOR", "ff", -1, EPROTO, ""},
    {"the answer to another request", "67 4c6f636b504352", -1, EPROTO, ""},
    {"an empty document", "a1 6b 4174746573746174696f6e a1 68 646f63756d656e74 40", -1,
     EPROTO, ""},
    {"an error", "a1 65 4572726f72 6d 496e7465726e616c4572726f72", -1, EIO,
     "InternalError"},
    {"an error that would upset a terminal", "a1 65 4572726f72 64 1b5b4a0a", -1, EIO,
     "?[J?"},
};

static void test_wrong_answers(struct sim_keyring *ring)
{
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct troth_attester_fault fault;
        struct troth_quote quote;

        test_case("%s", wrong[i].why);
        begin(ring);
        fake_node.ioctl = answer_wrongly;
        wrong_answer = test_hex(wrong[i].hex);
        wrong_len = wrong[i].len < 0 ? wrong_answer.len : (uint64_t)wrong[i].len;
        CHECK(!DEVICE.quote(device, &quote, &fault, report_data, fake_node_in_ms(20000)));
        fake_node_check_fault(&fault, wrong[i].error, "Attestation", wrong[i].said);
        CHECK_INT(quote.evidence.len, 0);
        CHECK(quote.owned[0] == NULL);
        end();
    }
    test_case("no random bytes in the answer");
    struct troth_attester_fault fault;
    uint8_t byte;

    begin(ring);
    fake_node.ioctl = answer_wrongly;
    wrong_answer = test_hex("a1 69 47657452616e646f6d a1 66 72616e646f6d 40");
    wrong_len = wrong_answer.len;
    CHECK(!DEVICE.random(device, &fault, &byte, 1));
    fake_node_check_fault(&fault, EPROTO, "GetRandom", "");
    end();
}

int main(void)
{
    struct sim_keyring *ring = sim_keyring_create(0);

    test_presence();
    test_quote(ring);
    test_register(ring);
    test_random(ring);
    test_passing(ring);
    test_hang(ring);
    test_wrong_answers(ring);
    sim_keyring_destroy(ring);
    return test_finish();
}
