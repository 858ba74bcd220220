/* troth-sim root: whom to trust. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/command.h"
#include "sim/machine.h"
#include "sim/mint_file.h"

static int run(char **arguments)
{
    const struct sim_order order = sim_order_parse(&sim_command_root, arguments);
    struct sim_machine *machine = sim_machine_create(&order);

    mint_write_root(order.mint.directory, sim_machine_root(machine));
    sim_machine_destroy(machine);
    return 0;
}

const struct sim_command sim_command_root = {
    .name = "root",
    .help =
        "usage: troth-sim root [OPTIONS] FILE\n"
        "\n"
        "Write the root certificate of all machines of a seed, for troth verify --root.\n"
        "\n"
        "  --kind KIND  tdx, snp or nitro (default tdx)\n"
        "  --seed N     another seed, other keys (default 0)\n"
        "\n"
        "example: troth-sim root --kind tdx /tmp/root.pem\n",
    .run = run,
};
