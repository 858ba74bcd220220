/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

int main(int argc, char **argv)
{
    (void)argc;
    return troth_main((const char *const *)argv);
}
