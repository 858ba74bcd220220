/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tdx.h"

#include <stdlib.h>
#include <string.h>

#include "test/harness.h"
#include "test/unit/image/firmware.h"
#include "test/unit/image/kernel.h"
#include "troth/provider.h"

#define GIB (UINT64_C(1) << 30)

static struct troth_crypto crypto;
static uint8_t kernel[KERNEL_SIZE], image[0x10000];

/* SHA-384 of "initrd". */
static const char initrd[] =
    "0ea077a251cb5b89108623041521d525aa49452a84239b04232bd69ad66b2885"
    "b792748e445082253569dd304c50a110";

/* Of the made kernel, by test/image/launch_oracle.py. */
/* clang-format off */
static const struct {
    const char *why;
    uint64_t initrd_size, memory;
    bool plain;
    const char *register1;
} kernels[] = {
    {"without an initrd", 0, GIB, false, "afec848ff2387f1225f626a2b8b9db8d1278919207c86b371f4213fc9453db2abebc7ed16bb0a0da9da99a1c5c33178a"},
    {"with one in 2 GiB", 0x100001, 2 * GIB, false, "f5430f00e46b87c3a663df3f4e7fcf65985c087fe6d3a81647c2034537d16ee4a7c969f20d1761cf9e5f4f2fa96722d6"},
    {"with one in 1 GiB", 0x100001, GIB, false, "8c1dbfe6965d4b550c9952c800fb3f6370e06f1619c71a7a462823d950c6be9c1658ce71d988b69918fb03bc0246e65c"},
    {"with one in 2.5 GiB", 0x100001, 5 * GIB / 2, false, "4a773299250b9e4946170ebeea82c6782e4dc2892d2d11aba25a5e01e02101dfd29a1101ca732659e8f2110f72309ea2"},
    {"with one in 4 GiB, as in 2", 0x100001, 4 * GIB, false, "f5430f00e46b87c3a663df3f4e7fcf65985c087fe6d3a81647c2034537d16ee4a7c969f20d1761cf9e5f4f2fa96722d6"},
    {"as it is, where memory does not matter", 0x100001, 4 * GIB, true, "b9ed5f7c87525d9180ebc3ad100f286d63388ff2797439b79b19321f154206b4158ed77e602962f8911452a7703f4bb6"},
};

static const struct {
    const char *why, *cmdline;
    bool has_initrd, first;
    const char *register2;
} lines[] = {
    {"no initrd", "console=ttyS0", false, false, "36482cf4d077603c0123f112545737a9b4f47ee76b20e1bc943e1ea5a03df893ebc47967930dcac5a72ab07b1122d47a"},
    {"no initrd, where newer firmware would put it", "console=ttyS0", false, true, "36482cf4d077603c0123f112545737a9b4f47ee76b20e1bc943e1ea5a03df893ebc47967930dcac5a72ab07b1122d47a"},
    {"an initrd", "console=ttyS0", true, false, "8df12e8852dbefc4990441727587784d458eaebd424a7449df4cac5ff5c5697136089e5d23371935abdd67d6e7cc1bb7"},
    {"an initrd, of newer firmware", "console=ttyS0", true, true, "641748e08e314a3641c5384d778c87ee2ffcc6e6cd4c5c7d79a04ca181ed17b9b52f1810dc533593e96a0dd98b9c5049"},
    {"an initrd alone", "", true, false, "57f7b0f53274d5364013a2149ec5f203d4da750fd2795ecefa5a4cc3fa421d87de82b7bb198da802da55578b06c72d01"},
    {"nothing", "", false, false, "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"},
};
/* clang-format on */

static struct troth_tdx_boot boot_of(const char *cmdline, uint64_t size)
{
    return (struct troth_tdx_boot){
        .kernel = kernel_make(kernel),
        .cmdline = test_text(cmdline),
        .initrd_digest = size ? test_hex(initrd).ptr : NULL,
        .initrd_size = size,
        .memory = 2 * GIB,
    };
}

static void measure_kernels(void)
{
    for (size_t i = 0; i < COUNT(kernels); i++) {
        struct troth_tdx_boot boot = boot_of("", kernels[i].initrd_size);
        uint8_t digest[48];

        boot.memory = kernels[i].memory;
        boot.plain_kernel = kernels[i].plain;
        test_case("kernel %s", kernels[i].why);
        CHECK_ERR(troth_tdx_rtmr1(digest, NULL, &crypto, &boot), TROTH_OK);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)),
                   test_hex(kernels[i].register1));
    }
}

static void measure_lines(void)
{
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct troth_tdx_boot boot = boot_of(lines[i].cmdline, lines[i].has_initrd);
        uint8_t digest[48];

        boot.initrd_first = lines[i].first;
        test_case("command line and %s", lines[i].why);
        CHECK_ERR(troth_tdx_rtmr2(digest, NULL, &crypto, &boot), TROTH_OK);
        CHECK_SPAN(((struct troth_span)TROTH_ARRAY_SPAN(digest)),
                   test_hex(lines[i].register2));
    }
}

/* clang-format off */
static const struct {
    const char *why;
    size_t at;
    uint64_t value;
    size_t width;
    uint64_t initrd_size, memory;
    const char *cmdline;
    enum troth_err err;
    const char *field;
} refusals[] = {
    {"no setup header", 0x202, 0, 1, 1, GIB, "", TROTH_ERR_UNSUPPORTED, "tdx.kernel.header"},
    {"protocol 2.01", 0x206, 0x201, 2, 1, GIB, "", TROTH_ERR_UNSUPPORTED, "tdx.kernel.header"},
    {"protocol 2.02", 0x206, 0x202, 2, 1, GIB, "", TROTH_OK, NULL},
    {"a kernel that is loaded low", 0x211, 0, 1, 1, GIB, "", TROTH_ERR_UNSUPPORTED, "tdx.kernel.header"},
    {"a setup larger than the file", 0x1f1, 0x30, 1, 1, GIB, "", TROTH_ERR_SHORT, "tdx.kernel.setup"},
    {"a setup just as large as the file", 0x1f1, 0x2f, 1, 1, GIB, "", TROTH_OK, NULL},
    {"a setup of sector 0, which says 4", 0x1f1, 0, 1, 1, GIB, "", TROTH_OK, NULL},
    {"a video mode", 0x1f1, 7, 1, 1, GIB, "quiet vga=ask", TROTH_ERR_UNSUPPORTED, "tdx.cmdline.vga"},
    {"almost a video mode", 0x1f1, 7, 1, 1, GIB, "quiet vga", TROTH_OK, NULL},
    {"an initrd as large as memory", 0x1f1, 7, 1, GIB, GIB, "", TROTH_ERR_LIMIT, "tdx.initrd"},
    {"an initrd of what is left of memory", 0x1f1, 7, 1, GIB - 0x28001, GIB, "", TROTH_ERR_LIMIT, "tdx.initrd"},
    {"an initrd of a byte less", 0x1f1, 7, 1, GIB - 0x28002, GIB, "", TROTH_OK, NULL},
    {"an initrd of 4 GiB", 0x1f1, 7, 1, 4 * GIB, 64 * GIB, "", TROTH_ERR_LIMIT, "tdx.initrd"},
    {"an initrd above where the kernel takes it", 0x236, 0, 2, 0x7fffffff, 4 * GIB, "", TROTH_ERR_LIMIT, "tdx.initrd"},
    {"no memory", 0x1f1, 7, 1, 1, 0x28000, "", TROTH_ERR_LIMIT, "tdx.memory"},
    {"no memory is needed without an initrd", 0x1f1, 7, 1, 0, 0, "", TROTH_OK, NULL},
    {"a kernel that is no EFI program", 0, 0, 1, 1, GIB, "", TROTH_ERR_VALUE, "pe.magic"},
};
/* clang-format on */

static void refuse_kernels(void)
{
    for (size_t i = 0; i < COUNT(refusals); i++) {
        struct troth_tdx_boot boot = boot_of(refusals[i].cmdline,
                                             refusals[i].initrd_size);
        struct troth_fault fault = {0};
        uint8_t digest[48];

        test_case("kernel: %s", refusals[i].why);
        boot.memory = refusals[i].memory;
        firmware_put(kernel + refusals[i].at, refusals[i].value, refusals[i].width);
        CHECK_ERR(troth_tdx_rtmr1(digest, &fault, &crypto, &boot), refusals[i].err);
        CHECK_TEXT(fault.field, refusals[i].field);
        if (refusals[i].err)
            CHECK(digest[0] == 0 && digest[47] == 0);
    }
    test_case("kernel: shorter than its header");
    for (size_t len = 0; len < 1024; len += 31) {
        struct troth_tdx_boot boot = boot_of("", 0);
        uint8_t digest[48];

        boot.kernel.len = len;
        CHECK_ERR(troth_tdx_rtmr1(digest, NULL, &crypto, &boot), TROTH_ERR_SHORT);
    }
}

static void refuse_lines(void)
{
    static const char *const bad[] = {"a\tb", "a\nb", "\x7f", "caf\xc3\xa9", "\x01"};
    static char longest[TROTH_TDX_CMDLINE_MAX + 2];
    struct troth_tdx_boot boot;
    struct troth_fault fault;
    uint8_t digest[48];

    for (size_t i = 0; i < COUNT(bad); i++) {
        test_case("command line: what firmware would not take as it is (%zu)", i);
        boot = boot_of(bad[i], 1);
        CHECK_ERR(troth_tdx_rtmr2(digest, &fault, &crypto, &boot), TROTH_ERR_VALUE);
        CHECK_TEXT(fault.field, "tdx.cmdline");
    }
    memset(longest, 'a', TROTH_TDX_CMDLINE_MAX + 1);
    test_case("command line: too long, and just not");
    boot = boot_of(longest, 1);
    CHECK_ERR(troth_tdx_rtmr2(digest, &fault, &crypto, &boot), TROTH_ERR_LIMIT);
    boot.cmdline.len--;
    CHECK_ERR(troth_tdx_rtmr2(digest, &fault, &crypto, &boot), TROTH_OK);
    test_case("an initrd without its size, a size without its initrd");
    boot.initrd_size = 0;
    CHECK_ERR(troth_tdx_rtmr1(digest, &fault, &crypto, &boot), TROTH_ERR_VALUE);
    CHECK_ERR(troth_tdx_rtmr2(digest, &fault, &crypto, &boot), TROTH_ERR_VALUE);
    boot.initrd_digest = NULL;
    boot.initrd_size = 5;
    CHECK_ERR(troth_tdx_rtmr1(digest, &fault, &crypto, &boot), TROTH_ERR_VALUE);
    CHECK_ERR(troth_tdx_rtmr2(digest, &fault, &crypto, &boot), TROTH_ERR_VALUE);
    CHECK_TEXT(fault.field, "tdx.initrd");
}

static void measure_rows(void)
{
    static const struct {
        const char *claim;
        size_t len, len_without_kernel;
    } wanted[] = {{"tdx.mr_td", 48, 48}, {"tdx.rtmr0", 0, 0},
                  {"tdx.rtmr1", 48, 0},  {"tdx.rtmr2", 48, 0},
                  {"tdx.rtmr3", 48, 48}, {"tdx.mr_config_id", 48, 48}};
    struct troth_arena arena = {malloc(TROTH_TDX_ARENA_SIZE), TROTH_TDX_ARENA_SIZE, 0};
    struct troth_tdx_boot boot = boot_of("quiet", 1);
    struct troth_measurements rows;
    struct troth_ovmf ovmf;
    struct troth_tdx_launch launch = {.firmware = &ovmf};

    CHECK_ERR(troth_ovmf_read(&ovmf, NULL, firmware_make(image, &firmware_usual)),
              TROTH_OK);
    for (size_t with = 0; with < 2; with++) {
        test_case("rows %s a kernel", with ? "with" : "without");
        launch.boot = with ? &boot : NULL;
        CHECK_ERR(troth_tdx_measure(&rows, NULL, &crypto, &launch, &arena), TROTH_OK);
        CHECK_TEXT(rows.kind, "tdx");
        CHECK_INT(rows.count, COUNT(wanted));
        for (size_t i = 0; i < COUNT(wanted); i++) {
            CHECK_TEXT(rows.rows[i].claim, wanted[i].claim);
            CHECK_INT(rows.rows[i].len,
                      with ? wanted[i].len : wanted[i].len_without_kernel);
            CHECK(rows.rows[i].covers && rows.rows[i].covers[0]);
        }
    }
    test_case("no rows of a kernel that is none");
    kernel[0] = 0;
    CHECK_ERR(troth_tdx_measure(&rows, NULL, &crypto, &launch, &arena), TROTH_ERR_VALUE);
    CHECK(rows.count == 0 && rows.kind == NULL);
    free(arena.base);
}

/* What firmware says on its way out, in a log of a machine that did. */
static void find_in_genuine_log(void)
{
    const char *const events[] = {"Calling EFI Application from Boot Option",
                                  "Exit Boot Services Invocation",
                                  "Exit Boot Services Returned with Success"};
    const struct troth_span log = test_vector("eventlog/dstack_ccel.bin");

    for (size_t i = 0; i < COUNT(events); i++) {
        uint8_t digest[48];
        size_t at = 0;

        test_case("in a genuine log: %s", events[i]);
        if (!log.ptr) {
            test_skip("no vectors");
            continue;
        }
        CHECK_ERR(troth_digest(&crypto, digest, TROTH_SHA384, test_text(events[i])),
                  TROTH_OK);
        while (at + 48 <= log.len && memcmp(log.ptr + at, digest, 48) != 0)
            at++;
        CHECK(at + 48 <= log.len);
    }
}

int main(void)
{
    CHECK_ERR(troth_provider_create(&crypto), TROTH_OK);
    measure_kernels();
    measure_lines();
    refuse_kernels();
    refuse_lines();
    measure_rows();
    find_in_genuine_log();
    troth_provider_destroy(&crypto);
    return test_finish();
}
