/* SPDX-License-Identifier: Apache-2.0 */
#include "service/run/measure.h"

#include <string.h>

#include "base/span.h"
#include "base/writer.h"
#include "harness.h"
#include "troth/provider.h"

static struct troth_crypto crypto;

static void sha(uint8_t *out, enum troth_hash hash, const struct troth_writer *w)
{
    CHECK_ERR(troth_digest(&crypto, out, hash, troth_writer_span(w)), TROTH_OK);
}

/* By another way than the library's: as docs/run.md and docs/event-log.md say it. */
static void extend(uint8_t value[static 48], const char *name, struct troth_span data)
{
    uint8_t text[256], digest[48];
    struct troth_writer w = troth_writer_over(text, sizeof text);

    troth_write_lp(&w, TROTH_LITERAL("troth/event/v1"));
    troth_write_lp(&w, troth_span_of_text(name));
    troth_write_lp(&w, data);
    sha(digest, TROTH_SHA384, &w);
    w = troth_writer_over(text, sizeof text);
    troth_write_bytes(&w, (struct troth_span){value, 48});
    troth_write_bytes(&w, (struct troth_span){digest, 48});
    sha(value, TROTH_SHA384, &w);
}

static void whole(void)
{
    static const char *const program[] = {"sh", "-c", "true", NULL};
    const struct troth_span file = TROTH_LITERAL("listen: 0.0.0.0:8443\n");
    static const uint8_t words[] =
        "\0\0\0\0\0\0\0\2sh\0\0\0\0\0\0\0\2-c\0\0\0\0\0\0\0\4true";
    struct troth_run_measure m;
    uint8_t wanted[32], value[48] = {0};

    test_case("two events and the boundary, and the register behind them");
    CHECK_ERR(troth_run_measure(&m, &crypto, file, program), TROTH_OK);
    CHECK_ERR(troth_digest(&crypto, wanted, TROTH_SHA256, file), TROTH_OK);
    CHECK(memcmp(m.run_file, wanted, 32) == 0);
    CHECK_ERR(troth_digest(&crypto, wanted, TROTH_SHA256,
                           (struct troth_span){words, sizeof words - 1}),
              TROTH_OK);
    CHECK(memcmp(m.program, wanted, 32) == 0);
    extend(value, "run-file", (struct troth_span)TROTH_ARRAY_SPAN(m.run_file));
    extend(value, "program", (struct troth_span)TROTH_ARRAY_SPAN(m.program));
    extend(value, "sealed", (struct troth_span){NULL, 0});
    CHECK(memcmp(m.value, value, 48) == 0);
}

static void differences(void)
{
    static const char *const one[] = {"a b", NULL}, *const two[] = {"a", "b", NULL};
    static const char *const empty[] = {"a", "b", "", NULL};
    const char *const *const programs[] = {one, two, empty};
    const struct troth_span none = {NULL, 0};
    struct troth_run_measure m[3];

    test_case("words are told apart");
    for (size_t i = 0; i < 3; i++) {
        CHECK_ERR(troth_run_measure(&m[i], &crypto, none, programs[i]), TROTH_OK);
        CHECK(i == 0 || memcmp(m[i].program, m[i - 1].program, 32) != 0);
        CHECK(i == 0 || memcmp(m[i].run_file, m[i - 1].run_file, 32) == 0);
    }
    test_case("no run file is a file of no bytes");
    CHECK_SPAN(((struct troth_span){m[0].run_file, 32}),
               test_hex("e3b0c44298fc1c149afbf4c8996fb924"
                        "27ae41e4649b934ca495991b7852b855"));
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    whole();
    differences();
    troth_provider_destroy(&crypto);
    return test_finish();
}
