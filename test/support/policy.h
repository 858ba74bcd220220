/* policy.h - policies for tests, from YAML or JSON. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_SUPPORT_POLICY_H
#define TROTH_TEST_SUPPORT_POLICY_H

#include "policy/policy.h"

/* With real cryptography; the policy lives until the next but seven of these calls. A
 * failure to read YAML is told as an issue, too. */
enum troth_err test_policy_yaml(const struct troth_policy **out,
                                struct troth_policy_issue *issue, struct troth_span text);
enum troth_err test_policy_json(const struct troth_policy **out,
                                struct troth_policy_issue *issue, struct troth_span text);

/* The same of a text, or NULL and a failed check that says why. */
const struct troth_policy *test_policy(const char *yaml);

#endif
