/* SPDX-License-Identifier: Apache-2.0 */
#include "image/surface.h"

#include "base/span.h"
#include "test/harness.h"

#define BIT(id) (1U << TROTH_SURFACE_##id)

static const struct {
    const char *why, *name;
    uint32_t kinds;
} rows[] = {
    {"a shell", "bash", BIT(SHELL)},
    {"many programs in one", "busybox", BIT(SHELL) | BIT(SERVER)},
    {"a package of one program", "busybox-static", BIT(SHELL) | BIT(SERVER)},
    {"a version of two numbers", "python3.11", BIT(INTERPRETER)},
    {"a version of one number", "pip3", BIT(PACKAGE_MANAGER)},
    {"a version behind a dash", "gcc-12", BIT(COMPILER)},
    {"for another machine", "x86_64-linux-gnu-gcc-12", BIT(COMPILER)},
    {"a name with a plus", "aarch64-linux-gnu-g++", BIT(COMPILER)},
    {"a name with a dot", "ld.bfd", BIT(COMPILER)},
    {"a server with a version", "exim4", BIT(SERVER)},
    {"looks at others' memory", "gdb", BIT(DEBUGGER)},
    {"only begins like one", "bashful", 0},
    {"only ends like one", "rebash", 0},
    {"a package's helper", "apt-extracttemplates", 0},
    {"the loader is no linker", "ld-linux-x86-64.so.2", 0},
    {"a library", "libperl.so.5.36", 0},
    {"digits alone", "7", 0},
    {"nothing", "", 0},
    {"nothing but a target", "x86_64-linux-gnu-", 0},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_case("%s: '%s'", rows[i].why, rows[i].name);
        CHECK_INT(troth_surface_of_program(troth_span_of_text(rows[i].name)),
                  rows[i].kinds);
    }
    return test_finish();
}
