/* SPDX-License-Identifier: Apache-2.0 */
#include "image/oci.h"

#include "test/harness.h"

static const struct {
    const char *path;
    enum troth_oci_name kind;
    const char *folder, *name;
} cases[] = {
    {"", TROTH_OCI_NAME_PLAIN, "", ""},
    {"a", TROTH_OCI_NAME_PLAIN, "", "a"},
    {"a/b/c", TROTH_OCI_NAME_PLAIN, "a/b", "c"},
    {"a/.wha", TROTH_OCI_NAME_PLAIN, "a", ".wha"},
    {"a/x.wh.b", TROTH_OCI_NAME_PLAIN, "a", "x.wh.b"},
    {".wh.a", TROTH_OCI_NAME_REMOVES, "", "a"},
    {"a/b/.wh.c", TROTH_OCI_NAME_REMOVES, "a/b", "c"},
    {"a/.wh...c", TROTH_OCI_NAME_REMOVES, "a", "..c"},
    {"a/.wh..wh", TROTH_OCI_NAME_REMOVES, "a", ".wh"},
    {".wh..wh..opq", TROTH_OCI_NAME_OPAQUE, "", ""},
    {"a/b/.wh..wh..opq", TROTH_OCI_NAME_OPAQUE, "a/b", ""},
    {".wh.", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh..", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh...", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh..wh.", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh..wh.aufs", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh..wh..opq2", TROTH_OCI_NAME_BAD, "", ""},
    {".wh.a/b", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh.b/.wh.c", TROTH_OCI_NAME_BAD, "", ""},
    {"a/.wh..wh..opq/b", TROTH_OCI_NAME_BAD, "", ""},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct troth_span folder, name;

        test_case("'%s'", cases[i].path);
        CHECK_INT(troth_oci_name(&folder, &name, test_text(cases[i].path)),
                  cases[i].kind);
        CHECK_SPAN(folder, test_text(cases[i].folder));
        CHECK_SPAN(name, test_text(cases[i].name));
    }
    return test_finish();
}
