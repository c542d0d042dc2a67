/* results.h - the files in which the W3C tests keep the answers they expect.
 *
 * Contrast: answer.h compares answers; writing results is the library's own work.
 * Owns:     nothing; the answers read are the caller's.
 * Threads:  any.
 * Fails:    NULL and a sentence.
 * Tests:    by the suites themselves
 */
#ifndef TESTS_W3C_RESULTS_H
#define TESTS_W3C_RESULTS_H

#include "w3c/answer.h"

/** The format of a result file by its name: XML, JSON, CSV, TSV, or TT_FORMAT_NONE for RDF. */
tt_format results_format(const char *path);

/** Read an answer in XML, JSON, CSV or TSV.
 * @param out_problem A static sentence when NULL is returned. */
answer *results_parse(tt_format format, const char *text, size_t size, const char **out_problem);

/** Read an RDF file with our own engine: a result set in the rs: vocabulary if there is one in it and the answer is not
 * expected to be a graph, otherwise its triples. */
answer *results_read_rdf(const char *path, bool is_graph, const char **out_problem);

/** Ask a database and fetch the answer; NULL and the sentence of the database if that fails. */
answer *ask(tt_db *db, const char *text, const tt_query_options *options);

/** Load one file. @param graph NULL: the default graph. */
TT_CHECKED tt_status load_file(tt_db *db, const char *path, const char *graph);

#endif
