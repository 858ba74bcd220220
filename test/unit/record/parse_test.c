/* SPDX-License-Identifier: Apache-2.0 */
#include "troth/record.h"

#include <stdio.h>
#include <string.h>

#include "test/harness.h"

#define H16 "000102030405060708090a0b0c0d0e0f"
#define H32 H16 H16

#define HEAD(kind)                                                                       \
    "{\"record\":\"troth/v1\",\"kind\":\"" kind "\",\"id\":\"" H16                       \
    "\",\"time_ms\":1700000000000"
#define POLICY   HEAD("policy") ",\"name\":\"n\",\"digest\":\"" H32 "\""
#define DECISION HEAD("decision") ",\"principal\":\"p\",\"action\":\"call\""
#define RELEASE  HEAD("release") ",\"name\":\"n\",\"version\":\"1\",\"measurements\":"

static uint8_t memory[2 * TROTH_RECORD_MAX], written[TROTH_RECORD_MAX];

static const char *const entries[] = {
    POLICY "}",
    POLICY ",\"previous\":\"" H32 "\"}",
    DECISION ",\"outcome\":\"deny\"}",
    DECISION ",\"upstream\":\"u\",\"method\":\"tools/call\",\"tool\":\"t\",\"outcome\":"
             "\"allow\",\"rule\":\"r\",\"policy\":\"" H32
             "\",\"bytes\":0,\"duration_us\":9007199254740991,\"trace\":\"" H16
             "\",\"commitments\":{\"a\":\"" H32 "\",\"b\":\"" H32
             "\"},\"tags\":{\"a\":\"" H16 "\"}}",
    DECISION
    ",\"tool\":\"q\\\" b\\\\ /\\b\\t\\n\\f\\r\\u0000\\u001f\x7f \xc3\xa9\",\"outcome\":"
    "\"deny\"}",
    RELEASE "{\"nitro\":{\"pcr0\":\"ab\"}},\"source\":\"" H32 "\"}",
    HEAD("key-epoch") ",\"name\":\"n\",\"epoch\":7,\"algorithm\":\"ed25519\",\"key\":"
                      "\"" H32 "\"}",
    HEAD("result") ",\"verifier\":\"v\",\"evidence_kind\":\"snp\",\"evidence\":\"" H32
                   "\",\"policy\":\"" H32
                   "\",\"answer\":\"undetermined\",\"valid_until_s\":1}",
    HEAD("certificate") ",\"subject\":\"CN=a\",\"sha256\":\"" H32
                        "\",\"issuer\":\"CN=b\"}",
};

/* clang-format off */
static const struct {
    const char *why, *entry;
    enum troth_err wanted;
    const char *field;
} refusals[] = {
    {"nothing", "", TROTH_ERR_SHORT, "record"},
    {"no object", "[]", TROTH_ERR_TYPE, "record"},
    {"an empty object", "{}", TROTH_ERR_MISSING, "record.record"},
    {"another version", "{\"record\":\"troth/v2\"}", TROTH_ERR_UNSUPPORTED, "record.record"},
    {"the head in another order",
     "{\"kind\":\"policy\",\"record\":\"troth/v1\",\"id\":\"" H16 "\"}", TROTH_ERR_ENCODING,
     "record.record"},
    {"an unknown kind", HEAD("reshare") "}", TROTH_ERR_UNSUPPORTED, "record.kind"},
    {"a kind in upper case", HEAD("Policy") "}", TROTH_ERR_UNSUPPORTED, "record.kind"},
    {"an id that is short",
     "{\"record\":\"troth/v1\",\"kind\":\"policy\",\"id\":\"00\",\"time_ms\":1}",
     TROTH_ERR_VALUE, "record.id"},
    {"an id in upper case",
     "{\"record\":\"troth/v1\",\"kind\":\"policy\",\"id\":\"000102030405060708090A0B0C0D0E0F\"}",
     TROTH_ERR_VALUE, "record.id"},
    {"no time",
     "{\"record\":\"troth/v1\",\"kind\":\"policy\",\"id\":\"" H16 "\",\"name\":\"n\"}",
     TROTH_ERR_MISSING, "record.time_ms"},
    {"a time too large",
     "{\"record\":\"troth/v1\",\"kind\":\"policy\",\"id\":\"" H16
     "\",\"time_ms\":9007199254740992,\"name\":\"n\",\"digest\":\"" H32 "\"}",
     TROTH_ERR_LIMIT, "record.time_ms"},
    {"a time with an exponent",
     "{\"record\":\"troth/v1\",\"kind\":\"policy\",\"id\":\"" H16 "\",\"time_ms\":1e3}",
     TROTH_ERR_VALUE, "record.time_ms"},
    {"a duplicate member", POLICY ",\"name\":\"n\"}", TROTH_ERR_DUPLICATE, "record.field"},
    {"a duplicate that is escaped", POLICY ",\"n\\u0061me\":\"n\"}", TROTH_ERR_DUPLICATE,
     "record.field"},
    {"fields in another order",
     HEAD("policy") ",\"digest\":\"" H32 "\",\"name\":\"n\"}", TROTH_ERR_ENCODING, "record"},
    {"a required field left out", HEAD("policy") ",\"name\":\"n\"}", TROTH_ERR_MISSING,
     "record.digest"},
    {"an unknown field", POLICY ",\"colour\":\"red\"}", TROTH_ERR_UNSUPPORTED,
     "record.field"},
    {"another kind's field", POLICY ",\"tool\":\"t\"}", TROTH_ERR_UNSUPPORTED,
     "record.field"},
    {"a space", POLICY " }", TROTH_ERR_ENCODING, "record"},
    {"a space in front", " " POLICY "}", TROTH_ERR_ENCODING, "record"},
    {"a newline behind", POLICY "}\n", TROTH_ERR_ENCODING, "record"},
    {"another record behind", POLICY "}" POLICY "}", TROTH_ERR_TRAILING, "record"},
    {"an escape without need",
     HEAD("policy") ",\"name\":\"\\u006e\",\"digest\":\"" H32 "\"}", TROTH_ERR_ENCODING,
     "record"},
    {"an escaped slash", HEAD("policy") ",\"name\":\"a\\/b\",\"digest\":\"" H32 "\"}",
     TROTH_ERR_ENCODING, "record"},
    {"a long escape where there is a short one",
     HEAD("policy") ",\"name\":\"\\u000a\",\"digest\":\"" H32 "\"}", TROTH_ERR_ENCODING,
     "record"},
    {"an escape in upper case",
     HEAD("policy") ",\"name\":\"\\u001F\",\"digest\":\"" H32 "\"}", TROTH_ERR_ENCODING,
     "record"},
    {"a field's name escaped", HEAD("policy") ",\"n\\u0061me\":\"n\"}",
     TROTH_ERR_UNSUPPORTED, "record.field"},
    {"an empty text", HEAD("policy") ",\"name\":\"\",\"digest\":\"" H32 "\"}",
     TROTH_ERR_VALUE, "record.name"},
    {"a number for a text", HEAD("policy") ",\"name\":1}", TROTH_ERR_TYPE, "record.name"},
    {"a text for a number",
     HEAD("key-epoch") ",\"name\":\"n\",\"epoch\":\"7\"}", TROTH_ERR_TYPE, "record.epoch"},
    {"a negative number",
     HEAD("key-epoch") ",\"name\":\"n\",\"epoch\":-7}", TROTH_ERR_VALUE, "record.epoch"},
    {"a number beyond what JSON has exactly",
     HEAD("key-epoch") ",\"name\":\"n\",\"epoch\":9007199254740992,\"algorithm\":\"a\",\"key\":\"00\"}",
     TROTH_ERR_LIMIT, "record.epoch"},
    {"a null", HEAD("policy") ",\"name\":null}", TROTH_ERR_TYPE, "record.name"},
    {"hex too long",
     HEAD("policy") ",\"name\":\"n\",\"digest\":\"AB" H16 H16 "\"}", TROTH_ERR_LIMIT,
     "record.digest"},
    {"hex in upper case",
     HEAD("policy") ",\"name\":\"n\",\"digest\":\"" H16 "000102030405060708090A0B0C0D0E0F\"}",
     TROTH_ERR_VALUE, "record.digest"},
    {"hex too short", HEAD("policy") ",\"name\":\"n\",\"digest\":\"" H16 "\"}",
     TROTH_ERR_VALUE, "record.digest"},
    {"a word that is none of them", DECISION ",\"outcome\":\"maybe\"}", TROTH_ERR_VALUE,
     "record.outcome"},
    {"invalid UTF-8", HEAD("policy") ",\"name\":\"\xff\",\"digest\":\"" H32 "\"}",
     TROTH_ERR_TEXT, "record.name"},
    {"measurements that are none", RELEASE "{\"nitro\":{\"pcr0\":\"any\"}}}",
     TROTH_ERR_VALUE, "record.measurements"},
    {"measurements out of order", RELEASE "{\"snp\":{\"a\":\"00\"},\"nitro\":{\"a\":\"00\"}}}",
     TROTH_ERR_ENCODING, "record.measurements"},
    {"measurements as a list", RELEASE "[]}", TROTH_ERR_TYPE, "record.measurements"},
    {"no commitments, written", POLICY ",\"commitments\":{}}", TROTH_ERR_ENCODING,
     "record.commitments"},
    {"no tags, written", POLICY ",\"tags\":{}}", TROTH_ERR_ENCODING, "record.tags"},
    {"commitments out of order",
     POLICY ",\"commitments\":{\"b\":\"" H32 "\",\"a\":\"" H32 "\"}}", TROTH_ERR_ENCODING,
     "record.commitments"},
    {"a commitment twice",
     POLICY ",\"commitments\":{\"a\":\"" H32 "\",\"a\":\"" H32 "\"}}", TROTH_ERR_DUPLICATE,
     "record.commitments"},
    {"a commitment that is short", POLICY ",\"commitments\":{\"a\":\"" H16 "\"}}",
     TROTH_ERR_VALUE, "record.commitments"},
    {"a commitment of a strange name", POLICY ",\"commitments\":{\"a-b\":\"" H32 "\"}}",
     TROTH_ERR_VALUE, "record.commitments"},
    {"a commitment to what is public", POLICY ",\"commitments\":{\"name\":\"" H32 "\"}}",
     TROTH_ERR_DUPLICATE, "record.commitments"},
    {"commitments as a list", POLICY ",\"commitments\":[]}", TROTH_ERR_TYPE,
     "record.commitments"},
    {"tags out of order", POLICY ",\"tags\":{\"b\":\"" H16 "\",\"a\":\"" H16 "\"}}",
     TROTH_ERR_ENCODING, "record.tags"},
    {"a tag as long as a commitment", POLICY ",\"tags\":{\"a\":\"" H32 "\"}}",
     TROTH_ERR_VALUE, "record.tags"},
    {"tags before commitments",
     POLICY ",\"tags\":{\"a\":\"" H16 "\"},\"commitments\":{\"a\":\"" H32 "\"}}",
     TROTH_ERR_ENCODING, "record"},
    {"commitments before a field",
     HEAD("policy") ",\"commitments\":{\"a\":\"" H32 "\"},\"name\":\"n\",\"digest\":\"" H32
     "\"}", TROTH_ERR_ENCODING, "record"},
};
/* clang-format on */

static bool is_zero(const struct troth_record *record)
{
    const uint8_t *const bytes = (const uint8_t *)record;

    for (size_t i = 0; i < sizeof *record; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

static void taken(void)
{
    struct troth_record record;
    struct troth_fault fault;

    for (size_t i = 0; i < COUNT(entries); i++) {
        const struct troth_span entry = test_text(entries[i]);
        struct troth_arena arena = {memory, 2 * entry.len, 0};
        size_t len = 0;

        test_case("entry %zu is taken, and written again the same", i);
        CHECK_ERR(troth_record_parse(&record, &fault, entry, &arena), TROTH_OK);
        CHECK_ERR(troth_record_write(written, sizeof written, &len, &fault, &record),
                  TROTH_OK);
        CHECK_SPAN(((struct troth_span){written, len}), entry);
    }
}

static void refused(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_fault fault = {TROTH_OK, NULL, 0};
        struct troth_record record;

        test_case("refused: %s", refusals[i].why);
        CHECK_ERR(
            troth_record_parse(&record, &fault, test_text(refusals[i].entry), &arena),
            refusals[i].wanted);
        CHECK_TEXT(fault.field ? fault.field : "(none)", refusals[i].field);
        CHECK(is_zero(&record));
    }
}

static void values(void)
{
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_record record;

    test_case("what a record says");
    CHECK_ERR(troth_record_parse(&record, NULL, test_text(entries[4]), &arena), TROTH_OK);
    CHECK_INT(record.kind, TROTH_RECORD_DECISION);
    CHECK_INT(record.id[15], 0x0f);
    CHECK_INT(record.time_ms, 1700000000000);
    CHECK_INT(record.value_count, 4);
    CHECK_TEXT(record.values[2].field->name, "tool");
    CHECK_SPAN(record.values[2].text,
               TROTH_LITERAL("q\" b\\ /\b\t\n\f\r\0\x1f\x7f \xc3\xa9"));
}

static void too_many(void)
{
    static char entry[TROTH_RECORD_MAX];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_record record;
    size_t len = (size_t)snprintf(entry, sizeof entry, "%s,\"tags\":{", POLICY);

    test_case("more tags than there is room for");
    for (int i = 0; i <= TROTH_RECORD_PRIVATE_MAX; i++)
        len += (size_t)snprintf(entry + len, sizeof entry - len, "%s\"t%02d\":\"%s\"",
                                i ? "," : "", i, H16);
    (void)snprintf(entry + len, sizeof entry - len, "}}");
    CHECK_ERR(troth_record_parse(&record, NULL, test_text(entry), &arena),
              TROTH_ERR_LIMIT);
}

static void too_long(void)
{
    static const uint8_t spaces[TROTH_RECORD_MAX + 1] = {' '};
    static char entry[1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_fault fault;
    struct troth_record record;

    test_case("longer than an entry may be");
    CHECK_ERR(troth_record_parse(&record, &fault,
                                 (struct troth_span){spaces, sizeof spaces}, &arena),
              TROTH_ERR_LIMIT);
    test_case("a text longer than its field");
    (void)snprintf(entry, sizeof entry,
                   HEAD("policy") ",\"name\":\"%0129d\",\"digest\":\"%s\"}", 0, H32);
    CHECK_ERR(troth_record_parse(&record, &fault, test_text(entry), &arena),
              TROTH_ERR_LIMIT);
    CHECK_TEXT(fault.field, "record.name");
    test_case("a text as long as its field");
    (void)snprintf(entry, sizeof entry,
                   HEAD("policy") ",\"name\":\"%0128d\",\"digest\":\"%s\"}", 0, H32);
    CHECK_ERR(troth_record_parse(&record, &fault, test_text(entry), &arena), TROTH_OK);
}

static void cut(void)
{
    const struct troth_span entry = test_text(entries[3]);
    struct troth_record record;

    test_case("cut short anywhere");
    for (size_t len = 0; len < entry.len; len++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);

        CHECK(troth_record_parse(&record, NULL, (struct troth_span){entry.ptr, len},
                                 &arena) != TROTH_OK);
    }
    test_case("an arena that is too small");
    for (size_t size = 0; size < entry.len; size += 16) {
        struct troth_arena arena = {memory, size, 0};

        CHECK_ERR(troth_record_parse(&record, NULL, entry, &arena), TROTH_ERR_MEMORY);
    }
}

int main(void)
{
    taken();
    refused();
    values();
    too_many();
    too_long();
    cut();
    return test_finish();
}
