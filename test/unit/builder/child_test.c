/* SPDX-License-Identifier: Apache-2.0 */
#include "builder/child.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "test/harness.h"

static void ask(struct troth_child_output *out, const char *script, const char *folder)
{
    const char *const words[] = {"/bin/sh", "-c", script, NULL};

    CHECK_INT(troth_child_ask(out, words, folder), 0);
}

int main(void)
{
    static const char *const nobody[] = {"/nobody/there", NULL};
    static const char *const endless[] = {"/usr/bin/yes", NULL};
    struct troth_child_output out;

    test_case("what it says, and what it complains of");
    ask(&out, "echo yes; echo no >&2; read x; pwd; exit 3", "/usr");
    CHECK_TEXT(out.text, "yes\n/usr\n");
    CHECK_INT(out.len, 9);
    CHECK_TEXT(out.complaint, "no\n");
    CHECK(WIFEXITED(out.status) && WEXITSTATUS(out.status) == 3);
    troth_child_output_release(&out);
    CHECK(!out.text && out.len == 0);

    test_case("what it is told, and nothing more");
    CHECK(setenv("http_proxy", "http://p:1", 1) == 0 && setenv("SECRET", "x", 1) == 0 &&
          setenv("APT_CONFIG", "/a", 1) == 0 && unsetenv("TMPDIR") == 0);
    ask(&out,
        "exec /usr/bin/env | /usr/bin/sort | /usr/bin/grep -v "
        "'^[A-Z]*PROXY\\|^[ans].*_proxy\\|^PWD\\|^_'",
        NULL);
    CHECK_TEXT(out.text, "APT_CONFIG=/a\nHOME=/\nLC_ALL=C\n"
                         "PATH=/usr/sbin:/usr/bin:/sbin:/bin\nhttp_proxy=http://p:1\n");
    troth_child_output_release(&out);

    test_case("nothing at all");
    ask(&out, "exit 0", NULL);
    CHECK_INT(out.len, 0);
    CHECK_TEXT(out.complaint, "");
    troth_child_output_release(&out);

    test_case("the end of a long complaint, and all of a long text");
    ask(&out, "i=0; while [ $i -lt 3000 ]; do echo $i-$i >&2; echo $i; i=$((i+1)); done",
        NULL);
    CHECK(strlen(out.complaint) == sizeof out.complaint - 1);
    CHECK_TEXT(out.complaint + sizeof out.complaint - 11, "2999-2999\n");
    CHECK_INT(out.len, 13890);
    troth_child_output_release(&out);

    test_case("killed");
    ask(&out, "kill -9 $$", NULL);
    CHECK(WIFSIGNALED(out.status));
    troth_child_output_release(&out);

    test_case("a program that is not there");
    CHECK_INT(troth_child_ask(&out, nobody, NULL), 0);
    CHECK(WIFEXITED(out.status) && WEXITSTATUS(out.status) == 127);
    troth_child_output_release(&out);

    test_case("one that never ends");
    CHECK_INT(troth_child_ask(&out, endless, NULL), EFBIG);
    CHECK(!out.text);
    return test_finish();
}
