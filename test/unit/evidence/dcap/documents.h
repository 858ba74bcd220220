/* documents.h - Intel's signed JSON for tests: genuine ones, and edits of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TROTH_TEST_UNIT_EVIDENCE_DCAP_DOCUMENTS_H
#define TROTH_TEST_UNIT_EVIDENCE_DCAP_DOCUMENTS_H

#include "test/harness.h"

/* The value of a file's outermost member; what a string holds where it is one; {NULL, 0}
 * where there is no such member or no such JSON. Lives until some calls later. */
struct troth_span document_value(struct troth_span file, const char *member);

/* `text` with the first `find` replaced; a failed check where there is none. Lives as
 * above. */
struct troth_span document_edit(struct troth_span text, const char *find,
                                const char *replacement);

/* The same with each `find`. */
struct troth_span document_edit_all(struct troth_span text, const char *find,
                                    const char *replacement);

/* All files of the genuine vectors for SGX and TDX, as paths below the folder of vectors;
 * none where there are no vectors. */
size_t document_files(const char *const **out_paths);

#endif
