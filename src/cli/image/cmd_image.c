/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include "cli/image/image_verbs.h"
#include "cli/verbs.h"

/* clang-format off */
const struct troth_command troth_image_verbs[] = {
    {"image show", "FILE", "what an image says of itself, what is in it, and which register covers what",
     troth_image_show_options, "troth image show hello.eif",
     "FILE is an image (EIF). It is read strictly, and measured; what no register covers is called\n"
     "not measured. The attack surface goes by names and modes: it proves no absence.\n"
     "Status 1: the signature is not good.\n\n",
     troth_image_show_verb, " FILE"},
    {"image diff", "FIRST SECOND", "what one image has and another has not",
     troth_image_diff_options, "troth image diff hello-1.eif hello-2.eif",
     "Sections, files of the ramdisks, registers, attack surface. Status 0: the same in all that is\n"
     "measured. Status 1: it differs.\n\n",
     troth_image_diff_verb, " FIRST SECOND"},
    {"image extract", "FILE DIR", "write an image's parts into a new folder",
     troth_image_extract_options, "troth image extract hello.eif hello",
     "DIR is not there yet, or empty. It gets kernel, cmdline, metadata.json, signature.cbor,\n"
     "ramdisk-N.cpio, and initrd, which is all ramdisks one behind the other.\n\n",
     troth_image_extract_verb, " FILE DIR"},
    {"image sign", "FILE", "sign an image: put a certificate into register 8",
     troth_image_sign_options, "troth image sign --key key.pem --certificate cert.pem hello.eif",
     "An image's other registers stay as they are. The signature is random, and not measured: what\n"
     "is compared with another build is the image before it was signed.\n\n",
     troth_image_sign_verb, " FILE"},
    {.name = NULL},
};
/* clang-format on */

const struct troth_option troth_image_options[] = {
    {"help", NULL, "print this", false, NULL}, {NULL, NULL, NULL, false, NULL}};

const char troth_image_operands[] = " show|diff|extract|sign ...";

const char troth_image_example[] = "troth image show hello.eif";

const char troth_image_notes[] =
    "show FILE          what it says of itself, what is in it, which register covers "
    "what\n"
    "diff FIRST SECOND  what one has and the other has not\n"
    "extract FILE DIR   its parts as files\n"
    "sign FILE          put a certificate into register 8\n\n"
    "'troth image VERB --help' lists the options of each.\n\n";

int troth_cmd_image(const struct troth_command *command, const char *const *words)
{
    return troth_verbs_run(command, words);
}
