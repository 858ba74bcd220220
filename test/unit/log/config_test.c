/* SPDX-License-Identifier: Apache-2.0 */
#include "log/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "tlog/note_write.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static char keys[3][128]; /* of a log, and of two witnesses */

static void make_keys(void)
{
    static const char *const names[] = {"log.example/one", "w.example/a", "w.example/b"};

    for (size_t i = 0; i < COUNT(keys); i++) {
        struct troth_note_key key = {test_text(names[i]),
                                     i == 0 ? TROTH_NOTE_ED25519 : TROTH_NOTE_COSIGNATURE,
                                     {0}};
        struct troth_writer w = troth_writer_over((uint8_t *)keys[i], sizeof keys[i] - 1);

        memset(key.bytes, (int)i + 1, sizeof key.bytes);
        CHECK_ERR(troth_note_key_write(&w, &crypto, &key), TROTH_OK);
    }
}

/* $0, $1, $2: the keys. */
static struct troth_span with_keys(char out[static 4096], const char *text)
{
    size_t len = 0;

    for (; *text; text++) {
        if (*text == '$' && text[1] >= '0' && text[1] <= '2')
            len += (size_t)snprintf(out + len, 4096 - len, "%s", keys[*++text - '0']);
        else
            out[len++] = *text;
    }
    return (struct troth_span){(const uint8_t *)out, len};
}

#define START "{\"origin\":\"log.example/one\",\"key\":\"$0\","
#define ONE   "{\"key\":\"$1\",\"url\":\"http://a/\"}"
#define TWO   "{\"key\":\"$2\",\"url\":\"http://b/\"}"

static const struct {
    const char *why, *text;
    enum troth_err wanted;
    const char *field;
} rows[] = {
    {"the least", START "\"interval_ms\":1000}", TROTH_OK, NULL},
    {"all of it",
     START "\"witnesses\":[" ONE "," TWO "],\"needed\":2,\"interval_ms\":5,"
           "\"postgres\":\"host=/run dbname=log\"}",
     TROTH_OK, NULL},
    {"no object", "[]", TROTH_ERR_TYPE, "log"},
    {"no origin", "{\"key\":\"$0\",\"interval_ms\":1}", TROTH_ERR_MISSING, "log.origin"},
    {"no key", "{\"origin\":\"a\",\"interval_ms\":1}", TROTH_ERR_MISSING, "log.key"},
    {"no interval", START "\"needed\":0}", TROTH_ERR_MISSING, "log.interval_ms"},
    {"an empty origin", "{\"origin\":\"\",\"key\":\"$0\",\"interval_ms\":1}",
     TROTH_ERR_VALUE, "log.origin"},
    {"a newline in the origin", "{\"origin\":\"a\\nb\",\"key\":\"$0\",\"interval_ms\":1}",
     TROTH_ERR_VALUE, "log.origin"},
    {"a zero in a conninfo", START "\"interval_ms\":1,\"postgres\":\"a\\u0000b\"}",
     TROTH_ERR_VALUE, "log.postgres"},
    {"a witness's key for the log", "{\"origin\":\"a\",\"key\":\"$1\",\"interval_ms\":1}",
     TROTH_ERR_ALGORITHM, "log.key"},
    {"a key that is none", "{\"origin\":\"a\",\"key\":\"x\",\"interval_ms\":1}",
     TROTH_ERR_VALUE, "log.key"},
    {"an unknown member", START "\"interval_ms\":1,\"color\":1}", TROTH_ERR_UNSUPPORTED,
     "log"},
    {"a member twice", START "\"interval_ms\":1,\"interval_ms\":1}", TROTH_ERR_DUPLICATE,
     "log"},
    {"no time between two checkpoints", START "\"interval_ms\":0}", TROTH_ERR_VALUE,
     "log.interval_ms"},
    {"more than a day", START "\"interval_ms\":86400001}", TROTH_ERR_VALUE,
     "log.interval_ms"},
    {"a fraction", START "\"interval_ms\":1.5}", TROTH_ERR_VALUE, "log.interval_ms"},
    {"more needed than there are",
     START "\"witnesses\":[" ONE "],\"needed\":2,\"interval_ms\":1}", TROTH_ERR_VALUE,
     "log.needed"},
    {"one witness twice", START "\"witnesses\":[" ONE "," ONE "],\"interval_ms\":1}",
     TROTH_ERR_DUPLICATE, "log.witnesses"},
    {"the log as its own witness",
     START "\"witnesses\":[" ONE ",{\"key\":\"$0\",\"url\":\"http://b/\"}],"
           "\"interval_ms\":1}",
     TROTH_ERR_DUPLICATE, "log.witnesses"},
    {"a witness without a place",
     START "\"witnesses\":[{\"key\":\"$1\"}],\"interval_ms\":1}", TROTH_ERR_MISSING,
     "log.witnesses"},
    {"a witness with more than that",
     START "\"witnesses\":[{\"key\":\"$1\",\"url\":\"u\",\"x\":1}],\"interval_ms\":1}",
     TROTH_ERR_UNSUPPORTED, "log.witnesses"},
    {"something behind it", START "\"interval_ms\":1}{", TROTH_ERR_TRAILING, "log"},
};

static void parse(void)
{
    static uint8_t memory[16 * 1024];
    char text[4096];

    for (size_t i = 0; i < COUNT(rows); i++) {
        struct troth_arena arena = TROTH_ARENA_OVER(memory);
        struct troth_log_config config;
        struct troth_fault fault;

        test_case("%s", rows[i].why);
        CHECK_ERR(troth_log_config_read(&config, &fault, with_keys(text, rows[i].text),
                                        &crypto, &arena),
                  rows[i].wanted);
        if (rows[i].wanted) {
            CHECK_TEXT(fault.field ? fault.field : "", rows[i].field);
            CHECK(!config.origin && config.witness_count == 0);
        }
    }
}

static void round_trip(void)
{
    static uint8_t memory[16 * 1024], written[4096], again[4096];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_witness witness_rows[TROTH_WITNESSES_MAX];
    struct troth_witnesses witnesses;
    struct troth_log_config config;
    struct troth_fault fault;
    size_t len, again_len;
    char text[4096];

    test_case("what is read is what it says");
    CHECK_ERR(troth_log_config_read(&config, &fault, with_keys(text, rows[1].text),
                                    &crypto, &arena),
              TROTH_OK);
    CHECK_TEXT(config.origin, "log.example/one");
    CHECK_TEXT(config.log_key, keys[0]);
    CHECK_INT(config.public_key[31], 1);
    CHECK_INT(config.witness_count, 2);
    CHECK_TEXT(config.witnesses[1].url, "http://b/");
    CHECK_TEXT(config.witnesses[1].verifier_key, keys[2]);
    CHECK_INT(config.witnesses[1].key.key[0], 3);
    CHECK_INT(config.needed, 2);
    CHECK_INT(config.interval_ms, 5);
    CHECK_TEXT(config.postgres, "host=/run dbname=log");

    test_case("and is written so that it is read again");
    CHECK_ERR(troth_log_config_write(written, sizeof written, &len, &config), TROTH_OK);
    CHECK_INT(written[len - 1], '\n');
    CHECK_ERR(troth_log_config_read(&config, &fault, (struct troth_span){written, len},
                                    &crypto, &arena),
              TROTH_OK);
    CHECK_ERR(troth_log_config_write(again, sizeof again, &again_len, &config), TROTH_OK);
    CHECK_SPAN(((struct troth_span){again, again_len}),
               ((struct troth_span){written, len}));
    CHECK_ERR(troth_log_config_write(again, len - 1, &again_len, &config),
              TROTH_ERR_LIMIT);
    CHECK_INT(again_len, 0);

    test_case("as verifiers want it");
    troth_log_config_witnesses(&witnesses, witness_rows, &config);
    CHECK_SPAN(witnesses.origin, TROTH_LITERAL("log.example/one"));
    CHECK_SPAN(witnesses.log_name, TROTH_LITERAL("log.example/one"));
    CHECK_INT(witnesses.log_key[0], 1);
    CHECK_INT(witnesses.count, 2);
    CHECK_INT(witnesses.needed, 2);
    CHECK_SPAN(witnesses.rows[0].name, TROTH_LITERAL("w.example/a"));
}

int main(void)
{
    static char large[TROTH_LOG_CONFIG_MAX + 1];
    static uint8_t memory[1024];
    struct troth_arena arena = TROTH_ARENA_OVER(memory);
    struct troth_log_config config;
    struct troth_fault fault;
    char text[4096];

    if (troth_provider_create(&crypto))
        abort();
    make_keys();
    parse();
    round_trip();
    test_case("larger than any is");
    memset(large, ' ', sizeof large);
    CHECK_ERR(
        troth_log_config_read(&config, &fault,
                              ((struct troth_span){(const uint8_t *)large, sizeof large}),
                              &crypto, &arena),
        TROTH_ERR_LIMIT);
    test_case("memory that runs out");
    arena.size = 40;
    CHECK_ERR(troth_log_config_read(&config, &fault, with_keys(text, rows[1].text),
                                    &crypto, &arena),
              TROTH_ERR_MEMORY);
    troth_provider_destroy(&crypto);
    return test_finish();
}
