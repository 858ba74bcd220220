/* Serve what production code asks of the machine it runs on, and vouch for nothing. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "sim/command.h"

const char mint_program[] = "troth-sim";

static const struct sim_command *const commands[] = {
    &sim_command_run,        &sim_command_boot, &sim_command_middle, &sim_command_root,
    &sim_command_collateral, &sim_command_tsm,  &sim_command_nsm,    &sim_command_sev,
    &sim_command_tdx,        &sim_command_disk,
};

static const char usage[] =
    "usage: troth-sim COMMAND [OPTIONS] …\n"
    "\n"
    "A machine that vouches for its guests, simulated: the interfaces are the kernel's,\n"
    "the evidence is of the vendors' form, and its keys follow from a seed. It proves\n"
    "nothing: who believes it must have named its root.\n"
    "\n"
    "  run [-- PROGRAM …]        troth run on a simulated machine, with a policy for "
    "who\n"
    "                            connects to it\n"
    "  boot IMAGE                an image on a machine of its own, emulated and "
    "simulated\n"
    "  middle                    relay between clients and a server, to see it refused\n"
    "  root FILE                 write the root certificate, for troth verify --root\n"
    "  collateral DIRECTORY      write what verifies its evidence beside that\n"
    "  tsm [--] PROGRAM …        run a program on a machine that has Linux's report\n"
    "                            interface, /sys/kernel/config/tsm/report\n"
    "  nsm, sev-guest, tdx-guest [--] PROGRAM …\n"
    "                            the same with the device of an AWS Nitro enclave, an\n"
    "                            SEV-SNP or a TDX guest\n"
    "  disk FOLDER               a disk that forgets what was not synced when its power\n"
    "                            fails, and one that is full or read-only\n"
    "\n"
    "troth-sim COMMAND --help says more.\n"
    "\n"
    "example: troth-sim run --listen 127.0.0.1:8443 --upstream 127.0.0.1:8000 \\\n"
    "             -- python3 -m http.server\n";

static bool wants_help(char **arguments)
{
    for (; *arguments && strcmp(*arguments, "--") != 0; arguments++)
        if (strcmp(*arguments, "--help") == 0)
            return true;
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        sim_refuse("missing", "COMMAND");
    if (strcmp(argv[1], "--help") == 0) {
        (void)fputs(usage, stdout);
        return 0;
    }
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        if (strcmp(commands[i]->name, argv[1]) != 0)
            continue;
        if (!wants_help(argv + 2))
            return commands[i]->run(argv + 2);
        (void)fputs(commands[i]->help, stdout);
        return 0;
    }
    sim_refuse("no such command", argv[1]);
}
