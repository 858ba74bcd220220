/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/machine_order.h"

#include <string.h>

#include "base/nearest.h"
#include "base/number.h"
#include "base/span.h"

#define MEMORY_DEFAULT (UINT64_C(2) << 30)

struct troth_machine_order troth_machine_order_default(void)
{
    return (struct troth_machine_order){.features = 1, .memory = MEMORY_DEFAULT};
}

static struct troth_machine_order *note(void *order, enum troth_machine_option option)
{
    struct troth_machine_order *machine = &((struct troth_measure_order *)order)->machine;

    machine->given |= 1U << option;
    return machine;
}

TROTH_MACHINE_TAKER(kernel)
{
    (void)problem;
    note(order, TROTH_MACHINE_KERNEL)->kernel = value;
    return true;
}

TROTH_MACHINE_TAKER(initrd)
{
    (void)problem;
    note(order, TROTH_MACHINE_INITRD)->initrd = value;
    return true;
}

TROTH_MACHINE_TAKER(cmdline)
{
    (void)problem;
    note(order, TROTH_MACHINE_CMDLINE)->cmdline = value;
    return true;
}

TROTH_MACHINE_TAKER(eif)
{
    (void)problem;
    note(order, TROTH_MACHINE_EIF)->eif = value;
    return true;
}

TROTH_MACHINE_TAKER(vcpus)
{
    uint64_t count;

    if (troth_uint_parse(&count, troth_span_of_text(value), 10) || count == 0 ||
        count > TROTH_SNP_CPUS_MAX)
        return troth_problem_usage(problem, "--vcpus: '%s' is no number from 1 to %d",
                                   value, TROTH_SNP_CPUS_MAX);
    note(order, TROTH_MACHINE_VCPUS)->vcpus = (uint32_t)count;
    return true;
}

TROTH_MACHINE_TAKER(vcpu)
{
    struct troth_nearest near = {NULL, 0};
    const char *name;

    if (troth_snp_cpu_signature(&note(order, TROTH_MACHINE_VCPU)->signature,
                                troth_span_of_text(value)))
        return true;
    for (size_t i = 0; (name = troth_snp_cpu_name(i)) != NULL; i++)
        troth_nearest_offer(&near, troth_span_of_text(value), name);
    (void)troth_problem_usage(problem,
                              "--vcpu: '%s' is no processor that QEMU has with "
                              "SEV-SNP",
                              value);
    if (near.word)
        troth_problem_hint(problem, "did you mean '%s'?", near.word);
    return false;
}

TROTH_MACHINE_TAKER(vmm)
{
    static const char *const names[] = {
        [TROTH_SNP_QEMU] = "qemu", [TROTH_SNP_EC2] = "ec2", [TROTH_SNP_GCE] = "gce"};

    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(value, names[i]) == 0) {
            note(order, TROTH_MACHINE_VMM)->vmm = (enum troth_snp_vmm)i;
            return true;
        }
    return troth_problem_usage(problem, "--vmm: '%s' is none of qemu, ec2, gce", value);
}

TROTH_MACHINE_TAKER(features)
{
    struct troth_span digits = troth_span_of_text(value);
    uint64_t features;

    if (troth_span_starts_with(digits, TROTH_LITERAL("0x")))
        digits = troth_span_slice(digits, 2, digits.len);
    if (troth_uint_parse(&features, digits, 16))
        return troth_problem_usage(problem, "--features: '%s' is no hexadecimal number",
                                   value);
    if (!(features & 1)) {
        (void)troth_problem_usage(problem,
                                  "--features: '%s' has no bit 0, without which "
                                  "there is no SEV-SNP",
                                  value);
        return false;
    }
    note(order, TROTH_MACHINE_FEATURES)->features = features;
    return true;
}

/* "512M": the digits, and by how many bits the letter shifts them. */
static unsigned take_unit(struct troth_span *text)
{
    static const char units[] = "KMGT";

    for (unsigned i = 0; text->len && units[i]; i++)
        if (text->ptr[text->len - 1] == (uint8_t)units[i]) {
            text->len--;
            return 10 * (i + 1);
        }
    return 0;
}

TROTH_MACHINE_TAKER(memory)
{
    struct troth_span digits = troth_span_of_text(value);
    const unsigned shift = take_unit(&digits);
    uint64_t size;

    if (troth_uint_parse(&size, digits, 10) || size == 0 ||
        size > (uint64_t)INT64_MAX >> shift) {
        (void)troth_problem_usage(problem, "--memory: '%s' is no size", value);
        troth_problem_hint(problem, "bytes, or 512M, 2G, 1T");
        return false;
    }
    note(order, TROTH_MACHINE_MEMORY)->memory = size << shift;
    return true;
}

/* One of two words: is it the second? */
static bool choose(bool *out, struct troth_problem *problem, const char *option,
                   const char *const words[2], const char *value)
{
    *out = strcmp(value, words[1]) == 0;
    return *out || strcmp(value, words[0]) == 0 ||
           troth_problem_usage(problem, "--%s: '%s' is neither %s nor %s", option, value,
                               words[0], words[1]);
}

TROTH_MACHINE_TAKER(order)
{
    static const char *const words[] = {"single", "two"};
    bool two;

    if (!choose(&two, problem, "order", words, value))
        return false;
    note(order, TROTH_MACHINE_ORDER)->order = two ? TROTH_TDX_TWO_PASS
                                                  : TROTH_TDX_SINGLE_PASS;
    return true;
}

TROTH_MACHINE_TAKER(kernel_header)
{
    static const char *const words[] = {"patched", "plain"};

    return choose(&note(order, TROTH_MACHINE_KERNEL_HEADER)->plain_kernel, problem,
                  "kernel-header", words, value);
}

TROTH_MACHINE_TAKER(initrd_option)
{
    static const char *const words[] = {"last", "first"};

    return choose(&note(order, TROTH_MACHINE_INITRD_OPTION)->initrd_first, problem,
                  "initrd-option", words, value);
}

static bool check_kind(const struct troth_measure_order *order,
                       struct troth_problem *problem)
{
    static const char *const names[] = {
#define X(name, text) text,
        TROTH_MACHINE_OPTIONS(X)
#undef X
    };

    for (size_t i = 0; i < TROTH_MACHINE_OPTION_COUNT; i++)
        if (order->machine.given & ~order->kind->takes & 1U << i)
            return troth_problem_usage(problem, "--%s means nothing with --kind %s",
                                       names[i], order->kind->name);
    return true;
}

static bool check_boot(const struct troth_machine_order *machine,
                       struct troth_problem *problem)
{
    const bool beside = machine->initrd || machine->cmdline;

    if (machine->eif && (machine->kernel || beside))
        return troth_problem_usage(problem,
                                   "--eif brings kernel, initrd and command line "
                                   "with it: leave it, or them, out");
    if (beside && !machine->kernel && !machine->eif)
        return troth_problem_usage(problem, "--initrd and --cmdline mean nothing without "
                                            "--kernel");
    return true;
}

static bool check_cpus(const struct troth_measure_order *order,
                       struct troth_problem *problem)
{
    const struct troth_machine_order *machine = &order->machine;

    if (!(order->kind->takes & 1U << TROTH_MACHINE_VCPUS))
        return true;
    if (!machine->vcpus)
        return troth_problem_usage(problem, "--vcpus: how many processors has the "
                                            "machine? Each is measured");
    if (machine->vmm == TROTH_SNP_QEMU && !machine->signature)
        return troth_problem_usage(problem, "--vcpu: which processors has the machine? "
                                            "QEMU tells them what they are, and that is "
                                            "measured");
    return true;
}

bool troth_machine_order_check(const struct troth_measure_order *order,
                               struct troth_problem *problem)
{
    return check_kind(order, problem) && check_boot(&order->machine, problem) &&
           check_cpus(order, problem);
}
