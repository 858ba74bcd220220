/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "cli/image/machine_order.h"
#include "cli/image/measure_order.h"
#include "cli/image/measure_page.h"
#include "cli/inputs.h"
#include "cli/status.h"
#include "troth/provider.h"

const struct troth_option troth_measure_options[] = {
    {"kind", "nitro|snp|tdx",
     "what FILE is: an image for AWS Nitro Enclaves (nitro, the default), or the "
     "firmware of a machine with AMD SEV-SNP or Intel TDX",
     false, troth_measure_take_kind},
    {"format", "text|json|policy",
     "how it is told: for people, for programs (docs/measure.schema.json), or as the "
     "lines of a policy that accept this code",
     false, troth_measure_take_format},
    {"image", "NAME", "what the policy calls it, if not as FILE is called", false,
     troth_measure_take_image},
    {"kernel", "FILE", "snp, tdx: what the machine is started with, as QEMU's -kernel",
     false, troth_machine_take_kernel},
    {"initrd", "FILE", "its initrd; read once, of any size", false,
     troth_machine_take_initrd},
    {"cmdline", "TEXT", "its command line", false, troth_machine_take_cmdline},
    {"eif", "FILE",
     "an image whose kernel, command line and ramdisks these are, instead of naming them",
     false, troth_machine_take_eif},
    {"vcpus", "N", "snp: how many processors it has", false, troth_machine_take_vcpus},
    {"vcpu", "TYPE", "snp on QEMU: which, as its -cpu says: EPYC-v4 or EPYC-Milan-v2",
     false, troth_machine_take_vcpu},
    {"vmm", "qemu|ec2|gce", "snp: who starts it; qemu if not given", false,
     troth_machine_take_vmm},
    {"features", "HEX", "snp: the guest's SEV features; 1 if not given", false,
     troth_machine_take_features},
    {"memory", "SIZE",
     "tdx: how much memory, such as 512M; 2G, which is as all from 2816M "
     "on, if not given",
     false, troth_machine_take_memory},
    {"order", "single|two",
     "tdx: pages are added and measured one by one, as QEMU does "
     "since 9.0 and if not given, or in two passes",
     false, troth_machine_take_order},
    {"kernel-header", "patched|plain",
     "tdx: does firmware take the kernel as QEMU patches "
     "it, or as it is (QEMU from 10.0 on with firmware that asks for it)? patched if not "
     "given",
     false, troth_machine_take_kernel_header},
    {"initrd-option", "last|first",
     "tdx: where firmware puts initrd=initrd on the command "
     "line; last if not given, newer firmware does it first",
     false, troth_machine_take_initrd_option},
    {"set", "CLAIM=HEX", "a value that no file tells, such as rtmr0", true,
     troth_measure_take_set},
    {"any", "CLAIM", "leave a claim open in the policy", true, troth_measure_take_any},
    {"json", NULL, "the same as --format json", false, troth_measure_take_json},
    {"help", NULL, "print this", false, NULL},
    {NULL, NULL, NULL, false, NULL},
};

const char troth_measure_operands[] = " FILE";

const char troth_measure_example[] = "troth measure hello.eif";

const char troth_measure_notes[] =
    "FILE is an image (EIF). It is read once and strictly: a file that two readers could "
    "read\nin two ways is refused. An image whose signature is not good is measured all "
    "the same,\nand the status is 1: no machine starts it.\n"
    "With --kind snp or tdx FILE is firmware (OVMF.fd). What cannot be computed has no "
    "value;\na policy needs one (--set), or says that any will do (--any).\n\n";

/* "hello" of "build/hello.eif"; what no terminal should see, or no policy can say at the
 * ends of a name, is "_". */
static void name_of_file(char *out, size_t size, const char *file)
{
    const char *slash = strrchr(file, '/');
    const char *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    const size_t len = dot && dot != name ? (size_t)(dot - name) : strlen(name);

    (void)snprintf(out, size, "%.*s", (int)(len < size ? len : size - 1), name);
    for (; *out; out++)
        if (*out <= 0x20 || *out > 0x7e)
            *out = '_';
}

static bool print(const struct troth_measure_order *order, struct troth_problem *problem,
                  const struct troth_measure_finding *finding)
{
    struct troth_page page = troth_page_of_output();
    char name[129];

    switch (order->format) {
    case TROTH_MEASURE_JSON:
        troth_measure_json_print(stdout, finding);
        return true;
    case TROTH_MEASURE_POLICY:
        name_of_file(name, sizeof(name), order->file);
        return troth_measure_policy_print(stdout, problem, finding, order,
                                          order->image ? order->image : name);
    case TROTH_MEASURE_TEXT:
        break;
    }
    troth_measure_page_print(&page, finding, troth_inputs_name(order->file));
    return true;
}

static int measure(struct troth_problem *problem, const struct troth_measure_order *order)
{
    struct troth_measure_finding finding;
    struct troth_crypto crypto;
    const struct troth_fault fault = {troth_provider_create(&crypto), NULL, 0};
    int status = TROTH_STATUS_UNDETERMINED;

    if (fault.err) {
        (void)troth_problem_fault(problem, "crypto", &fault);
        return status;
    }
    if (order->kind->measure(&finding, problem, &crypto, order) &&
        troth_measure_settle(&finding, problem, order) && print(order, problem, &finding))
        status = finding.is_signed && !finding.signature_good ? TROTH_STATUS_NO
                                                              : TROTH_STATUS_YES;
    troth_provider_destroy(&crypto);
    return status;
}

int troth_cmd_measure(const struct troth_command *command, const char *const *words)
{
    struct troth_measure_order order = {.kind = troth_measure_kinds(),
                                        .machine = troth_machine_order_default()};
    struct troth_problem problem;
    const struct troth_parsing parsing = troth_options_parse(&order, &problem,
                                                             command->options, words);
    const bool is_json = order.format == TROTH_MEASURE_JSON ||
                         troth_options_want_json(words);
    int status = TROTH_STATUS_YES;

    if (parsing.parsed == TROTH_PARSED_HELP) {
        troth_help_print_command(stdout, command);
    } else if (parsing.parsed == TROTH_PARSED) {
        order.file = parsing.file;
        if (troth_measure_order_check(&order, &problem))
            status = measure(&problem, &order);
    }
    if (problem.name)
        status = troth_problem_print(&problem, is_json ? "\"measured\":false" : NULL);
    return status;
}
