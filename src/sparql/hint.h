/* hint.h - what somebody has probably meant: near names, and the slips of those who come from other languages.
 *
 * Contrast: parser.c says what was expected and what was found; this adds the way out.
 * Owns:     nothing; all texts are static or views of what was given.
 * Threads:  as the parser's context.
 * Fails:    TT_NO_MEMORY, TT_LIMIT.
 * Tests:    tests/cli/messages.sh
 */
#ifndef TT_SPARQL_HINT_H
#define TT_SPARQL_HINT_H

#include "sparql/parser.h"

/** How many letters must be changed, added or left out to get from one name to another, whatever their case.
 * @return @p n_enough if it is so many or more. */
size_t tt_count_edits(tt_view a, tt_view b, size_t n_enough);

/** Append to a message about the token at hand what was probably meant ("; did you mean …?"), if anything can be said.
 * What was expected is still known. */
TT_CHECKED tt_status tt_parser_hint(tt_parser *parser, tt_buffer *out);

/** Whether the token is the name of a call, of a function that does not exist. */
bool tt_parser_at_unknown_call(const tt_parser *parser);
/** Append what is to be said about that. */
TT_CHECKED tt_status tt_parser_hint_function(const tt_parser *parser, tt_buffer *out);

/** The known prefix whose name is nearest, or NULL. */
const tt_prefix *tt_parser_near_prefix(const tt_parser *parser, tt_view name);

/** How a function is called: "SUBSTR(text, start[, length])". */
const char *tt_function_signature(tt_builtin builtin);

#endif
