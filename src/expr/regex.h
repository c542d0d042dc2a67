/* regex.h - regular expressions of XPath (F&O §5.6), matched by PCRE2.
 *
 * Contrast: fn_regex.c are the functions REGEX and REPLACE; this knows nothing of terms.
 * Owns:     a regex belongs to the caller; its memory is billed to the context.
 * Threads:  as its context.
 * Fails:    a status only for what stops the query (memory, cancel). A pattern that is none, or that takes too many
 *           steps, is an expression error: `is_valid`, TT_REGEX_ERROR.
 * Tests:    tests/unit/test_expr.c
 */
#ifndef TT_EXPR_REGEX_H
#define TT_EXPR_REGEX_H

#include "base/bytes.h"

typedef struct tt_regex tt_regex;

typedef enum tt_regex_answer { TT_REGEX_NO, TT_REGEX_YES, TT_REGEX_ERROR } tt_regex_answer;

/** Compile a pattern with the flags i s m x q (F&O §5.6.2).
 * @param out_regex Also set for an invalid pattern: that is remembered too. */
TT_CHECKED tt_status tt_regex_new(tt_ctx *ctx, tt_view pattern, tt_view flags, tt_regex **out_regex);
void tt_regex_free(tt_regex *regex);

/** Whether the regex was made from this pattern and these flags. */
bool tt_regex_is_made_of(const tt_regex *regex, tt_view pattern, tt_view flags);
/** Whether the flags have a q: then a replacement is plain text too. */
bool tt_regex_is_quoted(const tt_regex *regex);
/** The number of ( ) groups. */
size_t tt_regex_n_groups(const tt_regex *regex);

/** Find the first match that begins at @p start or later.
 * @param start At the beginning of a character. */
TT_CHECKED tt_status tt_regex_find(tt_regex *regex, tt_view subject, size_t start, tt_regex_answer *out_answer);
/** The text of the n-th group of the last match (0: all of it); `data` NULL if it took no part. */
tt_view tt_regex_group(const tt_regex *regex, tt_view subject, size_t group);

#endif
