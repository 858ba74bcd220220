/* SPDX-License-Identifier: Apache-2.0 */
/* Refusals, and that every input is in the digest. Known digests: test/vectors/launch. */
#include "image/snp.h"

#include <string.h>

#include "test/harness.h"
#include "test/unit/image/firmware.h"
#include "troth/provider.h"

static struct troth_crypto crypto;
static uint8_t image[0x10000];

static const struct troth_kernel_hashes hashes = {{1}, {2}, {3}};

struct digest {
    uint8_t bytes[48];
};

static enum troth_err measure(struct digest *out, struct troth_fault *fault,
                              const struct firmware_plan *plan,
                              struct troth_snp_launch launch)
{
    struct troth_ovmf ovmf;

    CHECK_ERR(troth_ovmf_read(&ovmf, NULL, firmware_make(image, plan)), TROTH_OK);
    launch.firmware = &ovmf;
    return troth_snp_launch_digest(out->bytes, fault, &crypto, &launch);
}

static const struct troth_snp_launch usual = {
    .hashes = &hashes, .cpus = 2, .cpu_signature = 0x800f12, .features = 1};

/* clang-format off */
static const struct firmware_snp bare[] = {{0x800000, 0x1000, 1}};
static const struct firmware_snp two_hashes[] = {{0x810000, 0x1000, 0x10}, {0x820000, 0x1000, 1}};
static const struct firmware_plan no_page = {.size = 0x10000, .hashes_table = 0x810c00, .snp = bare, .snp_count = 1};
static const struct firmware_plan no_table = {.size = 0x10000, .snp = two_hashes, .snp_count = 2};
static const struct firmware_plan before = {.size = 0x10000, .hashes_table = 0x80fff0, .snp = two_hashes, .snp_count = 2};
static const struct firmware_plan last = {.size = 0x10000, .hashes_table = 0x811000 - 168, .snp = two_hashes, .snp_count = 2};
static const struct firmware_plan behind = {.size = 0x10000, .hashes_table = 0x811000 - 167, .snp = two_hashes, .snp_count = 2};

static const struct {
    const char *why;
    const struct firmware_plan *plan;
    struct troth_snp_launch launch;
    enum troth_err err;
    const char *field;
} rows[] = {
    {"no processors", &firmware_usual, {.cpus = 0, .features = 1}, TROTH_ERR_VALUE, "snp.cpus"},
    {"512 processors", &firmware_usual, {.cpus = 512, .features = 1}, TROTH_OK, NULL},
    {"513 processors", &firmware_usual, {.cpus = 513, .features = 1}, TROTH_ERR_LIMIT, "snp.cpus"},
    {"no SNP among the features", &firmware_usual, {.cpus = 1, .features = 0x20}, TROTH_ERR_VALUE, "snp.features"},
    {"hashes and no page for them", &no_page, {.hashes = &hashes, .cpus = 1, .features = 1}, TROTH_ERR_MISSING, "snp.firmware.kernel_hashes"},
    {"no hashes and no page for them", &no_page, {.cpus = 1, .features = 1}, TROTH_OK, NULL},
    {"hashes, and a page, and no table", &no_table, {.hashes = &hashes, .cpus = 1, .features = 1}, TROTH_ERR_MISSING, "snp.firmware.kernel_hashes"},
    {"a table before the page", &before, {.hashes = &hashes, .cpus = 1, .features = 1}, TROTH_ERR_VALUE, "snp.firmware.kernel_hashes"},
    {"a table at the page's end", &last, {.hashes = &hashes, .cpus = 1, .features = 1}, TROTH_OK, NULL},
    {"a table that leaves the page", &behind, {.hashes = &hashes, .cpus = 1, .features = 1}, TROTH_ERR_VALUE, "snp.firmware.kernel_hashes"},
};
/* clang-format on */

static void refuse(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct digest digest;
        struct troth_fault fault = {0};

        memset(&digest, 0xff, sizeof(digest));
        test_case("%s", rows[i].why);
        CHECK_ERR(measure(&digest, &fault, rows[i].plan, rows[i].launch), rows[i].err);
        CHECK_TEXT(fault.field, rows[i].field);
        if (rows[i].err)
            CHECK(digest.bytes[0] == 0 && digest.bytes[47] == 0);
    }
}

static void refuse_no_reset_address(void)
{
    struct troth_ovmf ovmf;
    struct troth_fault fault;
    struct troth_snp_launch launch = usual;
    struct digest digest;

    CHECK_ERR(troth_ovmf_read(&ovmf, NULL, firmware_make(image, &firmware_usual)),
              TROTH_OK);
    ovmf.has_reset_address = false;
    launch.firmware = &ovmf;
    test_case("two processors and no reset address");
    CHECK_ERR(troth_snp_launch_digest(digest.bytes, &fault, &crypto, &launch),
              TROTH_ERR_MISSING);
    CHECK_TEXT(fault.field, "snp.firmware.reset_address");
    launch.cpus = 1;
    test_case("one processor needs none");
    CHECK_ERR(troth_snp_launch_digest(digest.bytes, &fault, &crypto, &launch), TROTH_OK);
}

static struct troth_snp_launch changed(size_t i)
{
    static const struct troth_kernel_hashes others[] = {
        {{9}, {2}, {3}}, {{1}, {9}, {3}}, {{1}, {2}, {9}}};
    struct troth_snp_launch launch = usual;

    if (i < 3)
        launch.hashes = &others[i];
    launch.cpus += i == 3;
    launch.cpus -= i == 4;
    launch.cpu_signature += i == 5;
    launch.features |= (unsigned)(i == 6) << 5;
    launch.vmm = i == 7 ? TROTH_SNP_EC2 : i == 8 ? TROTH_SNP_GCE : TROTH_SNP_QEMU;
    if (i == 9)
        launch.hashes = NULL;
    return launch;
}

/* Two that are equal would be an input that is not in the digest. */
static void depend(void)
{
    static struct digest seen[16];
    struct firmware_plan plan = firmware_usual;
    size_t count = 0;

    test_case("every input is in the digest");
    for (; count < 11; count++)
        CHECK_ERR(measure(&seen[count], NULL, &plan, changed(count)), TROTH_OK);
    plan.reset_address++;
    CHECK_ERR(measure(&seen[count++], NULL, &plan, usual), TROTH_OK);
    plan.size = 0x8000;
    CHECK_ERR(measure(&seen[count++], NULL, &plan, usual), TROTH_OK);
    plan.hashes_table += 16;
    CHECK_ERR(measure(&seen[count++], NULL, &plan, usual), TROTH_OK);
    for (size_t a = 0; a < count; a++)
        for (size_t b = 0; b < a; b++)
            CHECK(memcmp(&seen[a], &seen[b], sizeof(seen[a])) != 0);
}

static enum troth_err fail(void *state, uint8_t *out, enum troth_hash hash,
                           struct troth_parts message)
{
    int *left = state;

    (void)message;
    memset(out, 1, troth_hash_size(hash));
    return (*left)-- ? TROTH_OK : TROTH_ERR_CRYPTO;
}

static void fail_everywhere(void)
{
    static const struct troth_crypto_ops ops = {.name = "fails", .digest = fail};
    const struct troth_crypto real = crypto;
    struct troth_fault fault = {0};
    int n = 0;
    enum troth_err err = TROTH_ERR_CRYPTO;

    test_case("a digest that fails, each of them");
    for (; err && n < 1000; n++) {
        struct digest digest;
        int left = n;

        crypto = (struct troth_crypto){&ops, &left};
        err = measure(&digest, &fault, &firmware_usual, usual);
        if (!err)
            break;
        CHECK_ERR(err, TROTH_ERR_CRYPTO);
        CHECK_TEXT(fault.field, "snp.measurement");
        CHECK(digest.bytes[0] == 0);
    }
    /* Two for each of 16 pages of firmware, for the page of hashes and for each kind of
     * processor; one for each of the sections' 30 other pages. */
    CHECK_INT(n, 32 + 2 + 4 + 30);
    crypto = real;
}

static void say_what_is_covered(void)
{
    const struct {
        const char *why;
        const struct firmware_plan *plan;
        bool with_hashes;
        const char *covers;
    } cases[] = {
        {"with a kernel", &firmware_usual, true,
         "firmware, processors, kernel, command line, initrd"},
        {"without one", &firmware_usual, false,
         "firmware, processors; no kernel was given to it, so what boots is in no "
         "measurement"},
        {"with no place for one", &no_page, false,
         "firmware, processors; it has no place for the hashes of a kernel, so kernel, "
         "command line and initrd are in no measurement"},
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_measurements rows_seen;
        struct troth_ovmf ovmf;
        struct troth_snp_launch launch = usual;
        uint8_t digest[48];

        test_case("rows: %s", cases[i].why);
        CHECK_ERR(troth_ovmf_read(&ovmf, NULL, firmware_make(image, cases[i].plan)),
                  TROTH_OK);
        launch.firmware = &ovmf;
        launch.hashes = cases[i].with_hashes ? &hashes : NULL;
        CHECK_ERR(troth_snp_measure(&rows_seen, NULL, &crypto, &launch), TROTH_OK);
        CHECK_ERR(troth_snp_launch_digest(digest, NULL, &crypto, &launch), TROTH_OK);
        CHECK_TEXT(rows_seen.kind, "snp");
        CHECK_INT(rows_seen.count, 1);
        CHECK_TEXT(rows_seen.rows[0].claim, "snp.measurement");
        CHECK_TEXT(rows_seen.rows[0].covers, cases[i].covers);
        CHECK_SPAN(((struct troth_span){rows_seen.rows[0].value, rows_seen.rows[0].len}),
                   ((struct troth_span)TROTH_ARRAY_SPAN(digest)));
        launch.cpus = 0;
        CHECK_ERR(troth_snp_measure(&rows_seen, NULL, &crypto, &launch), TROTH_ERR_VALUE);
        CHECK(rows_seen.count == 0 && rows_seen.kind == NULL);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    refuse();
    refuse_no_reset_address();
    depend();
    fail_everywhere();
    say_what_is_covered();
    troth_provider_destroy(&crypto);
    return test_finish();
}
