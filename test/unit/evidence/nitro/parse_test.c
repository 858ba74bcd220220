/* SPDX-License-Identifier: Apache-2.0 */
/* Documents put together byte by byte: nothing in them is signed, nothing is judged. */
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
#include "evidence/nitro/nitro.h"
#include "sim/cbor.h"
#include "test/harness.h"

/* The payload's entries by letter: a table row can then say which, and in which order. */
static const uint8_t zeros[4096];

static void put_text_pair(struct sim_bytes *out, const char *key, const char *value)
{
    sim_cbor_text(out, key);
    sim_cbor_text(out, value);
}

static void put_bytes_pair(struct sim_bytes *out, const char *key, size_t len)
{
    sim_cbor_text(out, key);
    sim_cbor_bytes(out, (struct troth_span){zeros, len});
}

static void put_number_pair(struct sim_bytes *out, const char *key, uint64_t value)
{
    sim_cbor_text(out, key);
    sim_cbor_head(out, SIM_CBOR_UINT, value);
}

static void put_hex_pair(struct sim_bytes *out, const char *key, const char *hex)
{
    sim_cbor_text(out, key);
    sim_bytes_append(out, test_hex(hex));
}

static void put_pcrs(struct sim_bytes *out, const char *key, uint64_t first,
                     uint64_t count, size_t len)
{
    sim_cbor_text(out, key);
    sim_cbor_head(out, SIM_CBOR_MAP, count);
    for (uint64_t i = first; i < first + count; i++) {
        sim_cbor_head(out, SIM_CBOR_UINT, i);
        sim_cbor_bytes(out, (struct troth_span){zeros, len});
    }
}

static void put_bundle(struct sim_bytes *out, uint64_t count, size_t len)
{
    sim_cbor_text(out, "cabundle");
    sim_cbor_head(out, SIM_CBOR_ARRAY, count);
    for (uint64_t i = 0; i < count; i++)
        sim_cbor_bytes(out, (struct troth_span){zeros, len});
}

static void put_long_text_pair(struct sim_bytes *out, const char *key, size_t len)
{
    sim_cbor_text(out, key);
    sim_cbor_head(out, SIM_CBOR_TEXT, len);
    for (size_t i = 0; i < len; i++)
        sim_bytes_append_byte(out, 'm');
}

/* clang-format off */
static void put_entry(struct sim_bytes *out, char letter)
{
    switch (letter) {
    case 'm': put_text_pair(out, "module_id", "i-1-enc1"); break;
    case 'd': put_text_pair(out, "digest", "SHA384"); break;
    case 't': put_number_pair(out, "timestamp", 1); break;
    case 'p': put_pcrs(out, "pcrs", 0, 3, 48); break;
    case 'q': put_pcrs(out, "nitrotpm_pcrs", 0, 24, 48); break;
    case 'c': put_bytes_pair(out, "certificate", 1); break;
    case 'b': put_bundle(out, 1, 1); break;
    case 'k': put_bytes_pair(out, "public_key", 3); break;
    case 'u': put_bytes_pair(out, "user_data", 0); break;
    case 'n': put_hex_pair(out, "nonce", "f6"); break;
    /* At their limits, and beyond. */
    case 'M': put_long_text_pair(out, "module_id", 256); break;
    case '1': put_long_text_pair(out, "module_id", 257); break;
    case '2': put_text_pair(out, "module_id", ""); break;
    case '3': put_bytes_pair(out, "module_id", 4); break;
    case 'D': put_text_pair(out, "digest", "SHA256"); break;
    case 'T': put_number_pair(out, "timestamp", INT64_MAX); break;
    case '4': put_number_pair(out, "timestamp", UINT64_C(1) << 63); break;
    case '5': put_number_pair(out, "timestamp", 0); break;
    case '6': put_hex_pair(out, "timestamp", "20"); break;
    case 'P': put_pcrs(out, "pcrs", 0, 32, 48); break;
    case '7': put_pcrs(out, "pcrs", 1, 32, 48); break;
    case '8': put_pcrs(out, "pcrs", 0, 0, 48); break;
    case '9': put_pcrs(out, "pcrs", 0, 1, 47); break;
    case '0': put_pcrs(out, "pcrs", 0, 1, 64); break;
    case 'C': put_bytes_pair(out, "certificate", 2048); break;
    case '!': put_bytes_pair(out, "certificate", 2049); break;
    case '"': put_bytes_pair(out, "certificate", 0); break;
    case 'B': put_bundle(out, 8, 2); break;
    case '#': put_bundle(out, 9, 1); break;
    case '$': put_bundle(out, 0, 1); break;
    case '%': put_bundle(out, 1, 2049); break;
    case '&': put_bundle(out, 1, 0); break;
    case 'K': put_bytes_pair(out, "public_key", 1024); break;
    case '\'': put_bytes_pair(out, "public_key", 1025); break;
    case 'U': put_bytes_pair(out, "user_data", 1024); break;
    case '(': put_bytes_pair(out, "user_data", 1025); break;
    case 'N': put_bytes_pair(out, "nonce", 1024); break;
    case ')': put_bytes_pair(out, "nonce", 1025); break;
    case '*': put_text_pair(out, "nonce", "text"); break;
    case '+': put_text_pair(out, "extra", "?"); break;
    case ',': put_hex_pair(out, "pcrs", "a1 00 5f 41 00 ff"); break; /* in chunks */
    case '-': put_hex_pair(out, "pcrs", "a1 1818 40"); break;
    case '.': put_hex_pair(out, "pcrs", "a1 1817 40"); break;
    case '/': put_hex_pair(out, "pcrs", "80"); break;
    default: abort();
    }
}

static const struct {
    const char *why;
    const char *entries;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"the least", "mdtpcb", TROTH_OK, NULL},
    {"everything", "mdtpcbkun", TROTH_OK, NULL},
    {"in another order", "nukbcptdm", TROTH_OK, NULL},
    {"everything at its limit", "MdTPCBKUN", TROTH_OK, NULL},
    {"a NitroTPM document", "mdtqcb", TROTH_OK, NULL},

    {"nothing", "", TROTH_ERR_MISSING, "nitro.module_id"},
    {"no module_id", "dtpcb", TROTH_ERR_MISSING, "nitro.module_id"},
    {"no digest", "mtpcb", TROTH_ERR_MISSING, "nitro.digest"},
    {"no timestamp", "mdpcb", TROTH_ERR_MISSING, "nitro.timestamp"},
    {"no registers", "mdtcb", TROTH_ERR_MISSING, "nitro.pcrs"},
    {"no certificate", "mdtpb", TROTH_ERR_MISSING, "nitro.certificate"},
    {"no bundle", "mdtpc", TROTH_ERR_MISSING, "nitro.cabundle"},
    {"both kinds of registers", "mdtpqcb", TROTH_ERR_VALUE, "nitro.nitrotpm_pcrs"},
    {"a key twice", "mdtpcbm", TROTH_ERR_DUPLICATE, NULL},
    {"an unknown key", "mdtpcb+", TROTH_ERR_UNSUPPORTED, "nitro.unknown_key"},

    {"module_id too long", "1dtpcb", TROTH_ERR_LIMIT, "nitro.module_id"},
    {"module_id empty", "2dtpcb", TROTH_ERR_VALUE, "nitro.module_id"},
    {"module_id not text", "3dtpcb", TROTH_ERR_TYPE, "nitro.module_id"},
    {"another digest", "mDtpcb", TROTH_ERR_VALUE, "nitro.digest"},
    {"a timestamp of 64 bits", "md4pcb", TROTH_ERR_VALUE, "nitro.timestamp"},
    {"a timestamp of zero", "md5pcb", TROTH_ERR_VALUE, "nitro.timestamp"},
    {"a negative timestamp", "md6pcb", TROTH_ERR_TYPE, "nitro.timestamp"},
    {"register 32", "mdt7cb", TROTH_ERR_LIMIT, "nitro.pcrs.index"},
    {"no register in the map", "mdt8cb", TROTH_ERR_MISSING, "nitro.pcrs"},
    {"a register of 47 bytes", "mdt9cb", TROTH_ERR_VALUE, "nitro.pcrs.value"},
    {"a register of 64 bytes", "mdt0cb", TROTH_ERR_VALUE, "nitro.pcrs.value"},
    {"a register in chunks", "mdt,cb", TROTH_ERR_UNSUPPORTED, "nitro.pcrs.value"},
    {"an empty register", "mdt-cb", TROTH_ERR_VALUE, "nitro.pcrs.value"},
    {"an index not in its shortest form", "mdt.cb", TROTH_ERR_ENCODING, "nitro.pcrs.index"},
    {"registers in an array", "mdt/cb", TROTH_ERR_TYPE, "nitro.pcrs"},
    {"a certificate too long", "mdtp!b", TROTH_ERR_LIMIT, "nitro.certificate"},
    {"an empty certificate", "mdtp\"b", TROTH_ERR_VALUE, "nitro.certificate"},
    {"nine certificates in the bundle", "mdtpc#", TROTH_ERR_LIMIT, "nitro.cabundle"},
    {"none in the bundle", "mdtpc$", TROTH_ERR_MISSING, "nitro.cabundle"},
    {"one too long in the bundle", "mdtpc%", TROTH_ERR_LIMIT, "nitro.cabundle"},
    {"an empty one in the bundle", "mdtpc&", TROTH_ERR_VALUE, "nitro.cabundle"},
    {"public_key too long", "mdtpcb'", TROTH_ERR_LIMIT, "nitro.public_key"},
    {"user_data too long", "mdtpcb(", TROTH_ERR_LIMIT, "nitro.user_data"},
    {"nonce too long", "mdtpcb)", TROTH_ERR_LIMIT, "nitro.nonce"},
    {"nonce of text", "mdtpcb*", TROTH_ERR_TYPE, "nitro.nonce"},
};
/* clang-format on */

enum { DEFINITE = 1, TAGGED = 2 };

static struct sim_bytes wrap(struct sim_bytes payload, unsigned how)
{
    struct sim_bytes out = {0};

    if (how & TAGGED)
        sim_cbor_head(&out, SIM_CBOR_TAG, 18);
    sim_cbor_head(&out, SIM_CBOR_ARRAY, 4);
    sim_cbor_bytes(&out, test_hex("a1013822"));
    sim_bytes_append(&out, test_hex("a0"));
    sim_cbor_bytes(&out, sim_bytes_span(payload));
    sim_cbor_bytes(&out, (struct troth_span){zeros, 96});
    sim_bytes_free(&payload);
    return out;
}

static struct sim_bytes make(const char *entries, unsigned how)
{
    struct sim_bytes payload = {0};

    if (how & DEFINITE)
        sim_cbor_head(&payload, SIM_CBOR_MAP, strlen(entries));
    else
        sim_cbor_open_map(&payload);
    for (const char *at = entries; *at; at++)
        put_entry(&payload, *at);
    if (!(how & DEFINITE))
        sim_cbor_break(&payload);
    return wrap(payload, how);
}

/* Everything a refused document leaves behind. */
static bool is_zeroed(const struct troth_nitro *d)
{
    return !d->module_id.ptr && !d->digest.ptr && d->timestamp_ms == 0 && !d->is_tpm &&
           !d->certificate.ptr && d->bundle_count == 0 && !d->envelope.payload.ptr &&
           !d->envelope.signature.ptr && !d->pcrs[0].ptr && !d->nonce.ptr;
}

static void parse_rows(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s", rows[i].why);
        for (unsigned how = 0; how < 4; how++) {
            struct sim_bytes raw = make(rows[i].entries, how);
            struct troth_fault fault = {TROTH_OK, NULL, 0};
            struct troth_nitro d;

            CHECK_ERR(troth_nitro_parse(&d, &fault, sim_bytes_span(raw)), rows[i].err);
            CHECK_ERR(fault.err, rows[i].err);
            if (rows[i].field)
                CHECK_TEXT(fault.field, rows[i].field);
            CHECK(fault.offset <= raw.len);
            CHECK(is_zeroed(&d) == (rows[i].err != TROTH_OK));
            if (!rows[i].err)
                CHECK(d.envelope.tagged == ((how & TAGGED) != 0));
            CHECK_ERR(troth_nitro_parse(&d, NULL, sim_bytes_span(raw)), rows[i].err);
            sim_bytes_free(&raw);
        }
    }
}

static void read_fields(void)
{
    struct sim_bytes raw = make("mdtpcBkun", DEFINITE);
    struct troth_nitro d;

    test_case("the fields of a document");
    CHECK_ERR(troth_nitro_parse(&d, NULL, sim_bytes_span(raw)), TROTH_OK);
    CHECK_SPAN(d.module_id, test_text("i-1-enc1"));
    CHECK_SPAN(d.digest, test_text("SHA384"));
    CHECK(d.timestamp_ms == 1 && !d.is_tpm);
    CHECK(d.pcrs[2].len == 48 && !d.pcrs[3].ptr);
    CHECK(d.certificate.len == 1 && d.bundle_count == 8 && d.bundle[7].len == 2);
    CHECK_INT(d.public_key.len, 3);
    CHECK(d.user_data.ptr && d.user_data.len == 0);
    CHECK(!d.nonce.ptr);
    CHECK(d.module_id.ptr > raw.ptr && d.module_id.ptr < raw.ptr + raw.len);
    sim_bytes_free(&raw);

    test_case("a NitroTPM document is told apart");
    raw = make("mdtqcb", DEFINITE);
    CHECK_ERR(troth_nitro_parse(&d, NULL, sim_bytes_span(raw)), TROTH_OK);
    CHECK(d.is_tpm && d.pcrs[23].len == 48 && !d.pcrs[24].ptr);
    sim_bytes_free(&raw);
}

/* A fault in the payload is counted from the start of the document: for a value that is
 * refused, the byte behind it. */
static void count_offsets(void)
{
    for (unsigned how = 0; how < 4; how++) {
        struct sim_bytes bad = make("mDtpcb", how);
        struct troth_fault fault;
        struct troth_nitro d;

        test_case("offset of a bad digest, way %u", how);
        CHECK_ERR(troth_nitro_parse(&d, &fault, sim_bytes_span(bad)), TROTH_ERR_VALUE);
        CHECK(fault.offset >= 6 && fault.offset <= bad.len &&
              memcmp(bad.ptr + fault.offset - 6, "SHA256", 6) == 0);
        sim_bytes_free(&bad);
    }
}

/* Cut off anywhere, or with anything behind it, it is refused. */
static void cut_and_add(void)
{
    for (unsigned how = 0; how < 4; how++) {
        struct sim_bytes raw = make("mdtpcbkun", how);
        struct troth_nitro d;

        test_case("cut off at every byte, way %u", how);
        for (size_t len = 0; len < raw.len; len++) {
            uint8_t *bytes = malloc(len ? len : 1);

            memcpy(bytes, raw.ptr, len);
            CHECK(troth_nitro_parse(&d, NULL, (struct troth_span){bytes, len}) !=
                  TROTH_OK);
            CHECK(is_zeroed(&d));
            free(bytes);
        }
        sim_bytes_append_byte(&raw, 0);
        CHECK_ERR(troth_nitro_parse(&d, NULL, sim_bytes_span(raw)), TROTH_ERR_TRAILING);
        sim_bytes_free(&raw);
    }
}

/* A payload may be as long as the document says, and no longer; nor may it be empty. */
static void measure_payload(void)
{
    struct sim_bytes empty = wrap((struct sim_bytes){0}, 0), payload = {0}, raw;
    struct troth_fault fault;
    struct troth_nitro d;

    test_case("an empty payload");
    CHECK_ERR(troth_nitro_parse(&d, &fault, sim_bytes_span(empty)), TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "nitro.payload");
    sim_bytes_free(&empty);

    test_case("a payload one byte longer than there may be");
    sim_bytes_append_zeros(&payload, TROTH_NITRO_PAYLOAD_MAX + 1);
    raw = wrap(payload, 0);
    CHECK_ERR(troth_nitro_parse(&d, &fault, sim_bytes_span(raw)), TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "nitro.payload");
    sim_bytes_free(&raw);

    test_case("one of the greatest length is read, and its zeros are no map");
    payload = (struct sim_bytes){0};
    sim_bytes_append_zeros(&payload, TROTH_NITRO_PAYLOAD_MAX);
    raw = wrap(payload, 0);
    CHECK_ERR(troth_nitro_parse(&d, &fault, sim_bytes_span(raw)), TROTH_ERR_TYPE);
    sim_bytes_free(&raw);
}

int main(void)
{
    parse_rows();
    read_fields();
    count_offsets();
    cut_and_add();
    measure_payload();
    return test_finish();
}
