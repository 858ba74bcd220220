/* SPDX-License-Identifier: Apache-2.0 */
#include "image/tdx.h"

#include "base/fault.h"
#include "base/memory.h"
#include "base/span.h"
#include "image/kernel_pe.h"
#include "image/tdx_kernel.h"

#define DIGEST_SIZE 48

/* A register: each event's digest is extended into it. The first failure sticks. */
struct chain {
    const struct troth_crypto *crypto;
    enum troth_err err;
    uint8_t value[DIGEST_SIZE];
};

static void extend(struct chain *chain, const uint8_t digest[static DIGEST_SIZE])
{
    const struct troth_span parts[] = {TROTH_ARRAY_SPAN(chain->value),
                                       {digest, DIGEST_SIZE}};

    if (!chain->err)
        chain->err = chain->crypto->ops->digest(chain->crypto->state, chain->value,
                                                TROTH_SHA384,
                                                (struct troth_parts){parts, 2});
}

static void extend_by(struct chain *chain, struct troth_span event)
{
    uint8_t digest[DIGEST_SIZE] = {0};

    if (!chain->err)
        chain->err = troth_digest(chain->crypto, digest, TROTH_SHA384, event);
    extend(chain, digest);
}

static enum troth_err finish(uint8_t out[static DIGEST_SIZE], struct troth_fault *fault,
                             const struct chain *chain, const char *field)
{
    if (chain->err)
        return troth_fault_set(fault, chain->err, field);
    memcpy(out, chain->value, DIGEST_SIZE);
    return troth_fault_set(fault, TROTH_OK, NULL);
}

/* An initrd is its digest and its size; either alone is a mistake. */
static bool initrd_is_whole(const struct troth_tdx_boot *boot)
{
    return (boot->initrd_digest != NULL) == (boot->initrd_size > 0);
}

enum troth_err troth_tdx_rtmr1(uint8_t out[static 48], struct troth_fault *fault,
                               const struct troth_crypto *crypto,
                               const struct troth_tdx_boot *boot)
{
    static const uint8_t separator[4];
    /* What firmware says on its way out. */
    const struct troth_span events[] = {
        TROTH_LITERAL("Calling EFI Application from Boot Option"),
        TROTH_ARRAY_SPAN(separator),
        TROTH_LITERAL("Exit Boot Services Invocation"),
        TROTH_LITERAL("Exit Boot Services Returned with Success"),
    };
    uint8_t head[TROTH_TDX_KERNEL_HEAD], kernel[DIGEST_SIZE];
    struct troth_kernel_image image = {.file = boot->kernel};
    struct chain chain = {.crypto = crypto};
    enum troth_err err = TROTH_OK;

    memset(out, 0, DIGEST_SIZE);
    if (!initrd_is_whole(boot))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "tdx.initrd");
    if (!boot->plain_kernel) {
        err = troth_tdx_kernel_head(head, fault, boot);
        image.head = (struct troth_span)TROTH_ARRAY_SPAN(head);
    }
    if (!err)
        err = troth_kernel_pe_digest(kernel, fault, crypto, &image);
    if (err)
        return err;
    extend(&chain, kernel);
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        extend_by(&chain, events[i]);
    return finish(out, fault, &chain, "tdx.rtmr1");
}

/* UTF-16LE, as firmware hands it to the kernel. */
struct options {
    uint8_t bytes[2 * (TROTH_TDX_CMDLINE_MAX + 16)];
    size_t len;
};

static void add_text(struct options *options, struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        options->bytes[options->len++] = text.ptr[i];
        options->bytes[options->len++] = 0;
    }
}

/* With its terminating zero; nothing at all where there is nothing to say. */
static struct troth_span load_options(struct options *options,
                                      const struct troth_tdx_boot *boot)
{
    const struct troth_span none = {0};
    const bool initrd = boot->initrd_digest != NULL;

    options->len = 0;
    add_text(options,
             initrd && boot->initrd_first ? TROTH_LITERAL("initrd=initrd ") : none);
    add_text(options, boot->cmdline);
    add_text(options,
             initrd && !boot->initrd_first ? TROTH_LITERAL(" initrd=initrd") : none);
    if (options->len) {
        options->bytes[options->len++] = 0;
        options->bytes[options->len++] = 0;
    }
    return (struct troth_span){options->bytes, options->len};
}

static bool is_printable(struct troth_span text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < ' ' || text.ptr[i] > '~')
            return false;
    return true;
}

enum troth_err troth_tdx_rtmr2(uint8_t out[static 48], struct troth_fault *fault,
                               const struct troth_crypto *crypto,
                               const struct troth_tdx_boot *boot)
{
    struct options options;
    struct chain chain = {.crypto = crypto};

    memset(out, 0, DIGEST_SIZE);
    if (boot->cmdline.len > TROTH_TDX_CMDLINE_MAX)
        return troth_fault_set(fault, TROTH_ERR_LIMIT, "tdx.cmdline");
    if (!is_printable(boot->cmdline))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "tdx.cmdline");
    if (!initrd_is_whole(boot))
        return troth_fault_set(fault, TROTH_ERR_VALUE, "tdx.initrd");
    const struct troth_span text = load_options(&options, boot);

    if (text.len)
        extend_by(&chain, text);
    if (boot->initrd_digest)
        extend(&chain, boot->initrd_digest);
    return finish(out, fault, &chain, "tdx.rtmr2");
}

static enum troth_err add_boot(struct troth_measurements *out, struct troth_fault *fault,
                               const struct troth_crypto *crypto,
                               const struct troth_tdx_boot *boot)
{
    const char *none = "no kernel was given";
    uint8_t rtmr1[DIGEST_SIZE] = {0}, rtmr2[DIGEST_SIZE] = {0};
    const struct troth_span nothing = {0};
    enum troth_err err = TROTH_OK;

    if (boot)
        err = troth_tdx_rtmr1(rtmr1, fault, crypto, boot);
    if (boot && !err)
        err = troth_tdx_rtmr2(rtmr2, fault, crypto, boot);
    troth_measurements_add(out, "tdx.rtmr1",
                           boot ? (struct troth_span)TROTH_ARRAY_SPAN(rtmr1) : nothing,
                           boot ? "kernel, as it was loaded" : none);
    troth_measurements_add(out, "tdx.rtmr2",
                           boot ? (struct troth_span)TROTH_ARRAY_SPAN(rtmr2) : nothing,
                           boot ? "command line, initrd" : none);
    return err;
}

enum troth_err troth_tdx_measure(struct troth_measurements *out,
                                 struct troth_fault *fault,
                                 const struct troth_crypto *crypto,
                                 const struct troth_tdx_launch *launch,
                                 struct troth_arena *arena)
{
    static const uint8_t zeros[DIGEST_SIZE];
    const struct troth_span zero = TROTH_ARRAY_SPAN(zeros);
    uint8_t mrtd[DIGEST_SIZE];
    enum troth_err err = troth_tdx_mrtd(mrtd, fault, crypto, launch->firmware,
                                        launch->order, arena);

    *out = (struct troth_measurements){.kind = "tdx"};
    if (!err) {
        troth_measurements_add(out, "tdx.mr_td",
                               (struct troth_span)TROTH_ARRAY_SPAN(mrtd), "firmware");
        troth_measurements_add(out, "tdx.rtmr0", (struct troth_span){0},
                               "the host's memory map, ACPI tables and boot variables, "
                               "which no file given here holds");
        err = add_boot(out, fault, crypto, launch->boot);
        troth_measurements_add(out, "tdx.rtmr3", zero,
                               "nothing until a program extends it");
        troth_measurements_add(out, "tdx.mr_config_id", zero,
                               "zeros unless the host sets it");
    }
    if (err)
        *out = (struct troth_measurements){0};
    return err;
}
