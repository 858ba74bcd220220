# SPDX-License-Identifier: Apache-2.0
"""What sanitizers said of a program."""
import re

# In a process namespace whose /proc is another's, LeakSanitizer sees nothing, and says so.
BLIND = re.compile(r"LeakSanitizer has encountered a fatal error|LeakSanitizer does not work under ptrace")


def are_silent(said):
    return "Sanitizer" not in BLIND.sub("", said) and "runtime error" not in said
