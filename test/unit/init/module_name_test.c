/* SPDX-License-Identifier: Apache-2.0 */
#include "init/module_name.h"

#include "test/harness.h"

static const struct {
    const char *name;
    bool is_module, is_compressed;
} rows[] = {
    {"00-vsock.ko", true, false},  {"a.ko.xz", true, true},     {"a.ko.zst", true, true},
    {"a.ko.gz", true, true},       {"a.ko.xz.ko", true, false}, {".ko", false, false},
    {".ko.xz", false, false},      {"a.ko.bz2", false, false},  {"a.ko ", false, false},
    {"ako", false, false},         {"README", false, false},    {"", false, false},
    {"modules.dep", false, false}, {"a.KO", false, false},
};

int main(void)
{
    test_case("names of modules");
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool is_compressed = true;

        CHECK_INT(troth_init_module_name(&is_compressed, rows[i].name),
                  rows[i].is_module);
        CHECK_INT(is_compressed, rows[i].is_compressed);
    }
    return test_finish();
}
