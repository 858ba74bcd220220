/* troth-sim collateral: what the vendor would say of these machines. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/command.h"
#include "sim/machine_file.h"

static int run(char **arguments)
{
    const struct sim_order order = sim_order_parse(&sim_command_collateral, arguments);
    struct sim_machine *machine = sim_machine_create(&order);

    sim_machine_write_collateral(&order.mint, machine);
    sim_machine_destroy(machine);
    return 0;
}

const struct sim_command sim_command_collateral = {
    .name = "collateral",
    .help =
        "usage: troth-sim collateral [OPTIONS] DIRECTORY\n"
        "\n"
        "Write what it takes to verify evidence of these machines, beside their root.\n"
        "\n"
        "  tdx          collateral.json, and the same in Intel's own files in\n"
        "               collateral/; good for 16 machines: 0 to 15, 16 to 31, …\n"
        "  snp          ask.pem, crl.pem, and the machine's own vek.pem\n"
        "\n"
        "  --kind KIND  tdx or snp (default tdx)\n"
        "  --seed N     another seed, other keys (default 0)\n"
        "  --machine N  another machine (default 0)\n"
        "  --time UNIX  when it is looked at (default now); TCB info is ten days old\n"
        "               then and good for twenty more\n"
        "\n"
        "example: troth-sim collateral --kind tdx /tmp/collateral\n",
    .run = run,
};
