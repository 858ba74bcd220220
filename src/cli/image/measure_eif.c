/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/image/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "builder/image_file.h"
#include "cli/image/build_problem.h"
#include "cli/inputs.h"

static const struct troth_not_measured not_measured[] = {
    {"header", "version, default memory and processors"},
    {"metadata", "name, version and time: whoever holds the file can change them"},
    {"signature", "only the certificate is measured"},
    {NULL, NULL},
};

bool troth_measure_eif(struct troth_measure_finding *out, struct troth_problem *problem,
                       const struct troth_crypto *crypto,
                       const struct troth_measure_order *order)
{
    const bool is_standard = strcmp(order->file, "-") == 0;
    const char *name = troth_inputs_name(order->file);
    const int file = is_standard ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                 : open(order->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    struct troth_build_problem why;
    struct troth_image_facts facts;
    bool done;

    if (file < 0)
        return troth_problem_io(problem, "cannot open", name, errno);
    done = troth_image_measure(&facts, &why, crypto, name, file);
    (void)close(file);
    if (!done)
        return troth_problem_of_build(problem, &why);
    *out = (struct troth_measure_finding){
        .title = "an image for AWS Nitro Enclaves",
        .not_measured = not_measured,
        .has_signature = true,
        .is_signed = facts.is_signed,
        .signature_good = facts.signature_good,
    };
    troth_image_measurements(&out->measurements, &facts);
    return true;
}
