/* manifest.h - the tests that the W3C manifests list.
 *
 * Contrast: w3c.c runs them.
 * Owns:     a suite owns its tests and all their texts.
 * Threads:  one.
 * Fails:    false and a sentence on standard output ("# …").
 * Tests:    by the suites themselves
 */
#ifndef TESTS_W3C_MANIFEST_H
#define TESTS_W3C_MANIFEST_H

#include "tertium.h"

typedef enum test_kind {
	TEST_QUERY_SYNTAX,
	TEST_UPDATE_SYNTAX,
	TEST_QUERY,
	TEST_CSV,
	TEST_UPDATE,
	TEST_OTHER /* protocols, service description */
} test_kind;

typedef struct path_list {
	char **paths;
	size_t n;
} path_list;

/** Files of a dataset, each for a graph. */
typedef struct file_list {
	char **paths;
	char **graphs; /* their IRIs; NULL: the default graph */
	size_t n;
} file_list;

typedef struct w3c_test {
	char *iri;
	char *name; /* "sparql11/aggregates: agg01" */
	test_kind kind;
	bool is_positive;      /* syntax tests */
	bool is_lax;           /* the answer is a REDUCED one */
	bool is_rejected;      /* by the working group */
	bool needs_entailment; /* beyond simple entailment */
	bool needs_service;
	char *query;     /* path of the query or update request; may be NULL for TEST_OTHER */
	char *result;    /* path; NULL for syntax tests */
	file_list data;  /* what there is before */
	file_list after; /* update tests: what there must be afterwards */
} w3c_test;

typedef struct w3c_suite {
	w3c_test *tests; /* by name */
	size_t n_tests;
	path_list manifests;
} w3c_suite;

/** Read the manifests below a checkout of w3c/rdf-tests, or of its sparql folder.
 * @param root Absolute path.
 * @param is_unoptimised Whether the queries that read them run with the plan as written. */
bool suite_read(const char *root, bool is_unoptimised, w3c_suite *out_suite);
void suite_clear(w3c_suite *suite);

#endif
