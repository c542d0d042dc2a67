/* compare.c - whether two answers are the same up to the names of blank nodes.
 *
 * Each cell becomes a number: equal ground terms have equal numbers, blank nodes are numbered from 0 on each side.
 * Blank nodes are coloured by where they occur, again and again, as in the colouring of graphs; rows that may be paired
 * have equal signatures then. Pairing them is a search with backtracking, which after the colouring hardly ever goes
 * back. A row that binds no new blank node is never paired twice: had the rest no solution, it has none with another.
 */
#include "w3c/answer.h"

#include <stdlib.h>
#include <string.h>

typedef struct cell {
	bool is_blank;
	size_t number; /* of the blank node, or of the ground term */
} cell;

typedef struct side {
	size_t n_rows;
	cell *cells;       /* in the columns of the expected answer */
	uint64_t *colours; /* of blank nodes */
	uint64_t *signatures;
	size_t *sorted;  /* rows by signature */
	size_t *partner; /* blank node on the other side, or SIZE_MAX */
	size_t n_blanks;
} side;

/** Texts to numbers; small answers, so a list will do. */
typedef struct numbering {
	char **texts;
	size_t n;
} numbering;

typedef struct matching {
	side expected, actual;
	size_t n_columns;
	bool *is_used;  /* actual rows */
	size_t n_steps; /* of the search; it gives up at MOST_STEPS */
} matching;

enum { MOST_STEPS = 1000000 };

static size_t number_of(numbering *numbers, char *text)
{
	for (size_t i = 0; i < numbers->n; ++i) {
		if (strcmp(numbers->texts[i], text) == 0) {
			free(text);
			return i;
		}
	}
	numbers->texts = must_realloc(numbers->texts, numbers->n + 1, sizeof *numbers->texts);
	numbers->texts[numbers->n] = text;
	return numbers->n++;
}

static void clear_numbering(numbering *numbers)
{
	for (size_t i = 0; i < numbers->n; ++i) {
		free(numbers->texts[i]);
	}
	free(numbers->texts);
}

/* ---- terms as texts --------------------------------------------------------------------------- */

/* The digits of an integer or decimal without sign and needless zeros: "-01.50" is "-1.5". NULL if it is none. */
static char *plain_decimal(const char *lexical)
{
	const bool is_negative = *lexical == '-';
	const char *c = lexical + (*lexical == '-' || *lexical == '+');
	if (!*c || strspn(c, "0123456789.") != strlen(c)) {
		return NULL;
	}
	while (*c == '0') {
		++c;
	}
	size_t size = strlen(c);
	if (strchr(c, '.')) {
		while (size && c[size - 1] == '0') {
			--size;
		}
		size -= size && c[size - 1] == '.';
	}
	const char *const sign = is_negative && size ? "-" : "";
	const char *const zero = size == 0 || *c == '.' ? "0" : "";
	return must_print("%s%s%.*s", sign, zero, (int)size, c);
}

static char *value_of(tt_view text, tt_view datatype)
{
	char *const lexical = must_print("%.*s", (int)text.size, text.data);
	char *value = NULL;
	char *end = NULL;
	const bool is_real = view_is(datatype, XSD_IRI "double") || view_is(datatype, XSD_IRI "float");
	if (is_real) {
		const double number = view_is(datatype, XSD_IRI "float") ? (double)strtof(lexical, &end)
		                                                         : strtod(lexical, &end);
		value = end != lexical && !*end ? must_print("%.17g", number) : NULL;
	} else if (datatype.size > sizeof XSD_IRI && memcmp(datatype.data, XSD_IRI, sizeof XSD_IRI - 1) == 0) {
		value = plain_decimal(lexical);
	}
	if (value) {
		free(lexical);
		return value;
	}
	return lexical;
}

/* CSV has no datatypes: there a cell that looks like a number is one. */
static char *untyped_value(tt_view text)
{
	char *const lexical = must_print("%.*s", (int)text.size, text.data);
	char *end = NULL;
	const double number = strtod(lexical, &end);
	if (end == lexical || *end) {
		return lexical;
	}
	free(lexical);
	return must_print("%.17g", number);
}

static char *ground_text(const tt_term *term, const answer_comparison *comparison)
{
	const bool is_by_value = comparison->is_by_value;
	if (term->kind != TT_TERM_LITERAL) {
		return must_print("%d %.*s", (int)term->kind, (int)term->text.size, term->text.data);
	}
	char *const value = !is_by_value             ? must_print("%.*s", (int)term->text.size, term->text.data)
	                    : comparison->is_untyped ? untyped_value(term->text)
	                                             : value_of(term->text, term->datatype);
	char *const language = must_print("%.*s", (int)term->language.size, term->language.data);
	for (char *c = language; is_by_value && *c; ++c) {
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	}
	char *const text = must_print("\"%s\"@%s^^%.*s", value, language, (int)term->datatype.size, term->datatype.data);
	free(value);
	free(language);
	return text;
}

/* ---- the two sides ---------------------------------------------------------------------------- */

static void fill_side(side *self, const answer *from, const size_t *columns, numbering *ground,
                      const answer_comparison *comparison)
{
	numbering blanks = {0};
	const size_t n_columns = from->n_columns;
	self->n_rows = from->n_rows;
	self->cells = must_realloc(NULL, from->n_rows * n_columns, sizeof *self->cells);
	for (size_t row = 0; row < from->n_rows; ++row) {
		for (size_t i = 0; i < n_columns; ++i) {
			const tt_term *const term = &from->cells[row * n_columns + columns[i]];
			const bool is_blank = term->kind == TT_TERM_BLANK;
			self->cells[row * n_columns + i] = (cell){
			    .is_blank = is_blank, .number = number_of(is_blank ? &blanks : ground, ground_text(term, comparison))};
		}
	}
	self->n_blanks = blanks.n;
	self->colours = must_realloc(NULL, blanks.n, sizeof *self->colours);
	self->partner = must_realloc(NULL, blanks.n, sizeof *self->partner);
	self->signatures = must_realloc(NULL, from->n_rows, sizeof *self->signatures);
	self->sorted = must_realloc(NULL, from->n_rows, sizeof *self->sorted);
	for (size_t i = 0; i < blanks.n; ++i) {
		self->colours[i] = 1;
		self->partner[i] = SIZE_MAX;
	}
	clear_numbering(&blanks);
}

static void clear_side(side *self)
{
	free(self->cells);
	free(self->colours);
	free(self->partner);
	free(self->signatures);
	free(self->sorted);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + 0x9E3779B97F4A7C15U + (hash << 6) + (hash >> 2);
	hash *= 0xFF51AFD7ED558CCDU;
	return hash ^ hash >> 33;
}

static void sign_rows(side *self, size_t n_columns)
{
	for (size_t row = 0; row < self->n_rows; ++row) {
		uint64_t hash = 0;
		for (size_t i = 0; i < n_columns; ++i) {
			const cell *const at = &self->cells[row * n_columns + i];
			hash = mix(hash, at->is_blank ? mix(7, self->colours[at->number]) : at->number);
		}
		self->signatures[row] = hash;
	}
}

static void colour(side *self, size_t n_columns)
{
	enum { MOST_ROUNDS = 24 };
	uint64_t *const fresh = must_realloc(NULL, self->n_blanks, sizeof *fresh);
	sign_rows(self, n_columns);
	for (size_t round = 0; round < self->n_blanks && round < MOST_ROUNDS; ++round) {
		memset(fresh, 0, self->n_blanks * sizeof *fresh);
		for (size_t i = 0; i < self->n_rows * n_columns; ++i) {
			if (self->cells[i].is_blank) {
				fresh[self->cells[i].number] += mix(self->signatures[i / n_columns], i % n_columns);
			}
		}
		for (size_t i = 0; i < self->n_blanks; ++i) {
			self->colours[i] = mix(self->colours[i], fresh[i]);
		}
		sign_rows(self, n_columns);
	}
	free(fresh);
}

static int compare_rows(const void *left, const void *right, void *user)
{
	const uint64_t *const signatures = user;
	const uint64_t a = signatures[*(const size_t *)left];
	const uint64_t b = signatures[*(const size_t *)right];
	return a < b ? -1 : a > b;
}

static void sort_rows(side *self)
{
	for (size_t i = 0; i < self->n_rows; ++i) {
		self->sorted[i] = i;
	}
	if (self->n_rows) {
		qsort_r(self->sorted, self->n_rows, sizeof *self->sorted, compare_rows, self->signatures);
	}
}

/* ---- the search ------------------------------------------------------------------------------- */

static void unbind(matching *self, const size_t *bound, size_t n_bound)
{
	for (size_t i = 0; i < n_bound; ++i) {
		self->actual.partner[self->expected.partner[bound[i]]] = SIZE_MAX;
		self->expected.partner[bound[i]] = SIZE_MAX;
	}
}

/* Pair two rows; the blank nodes of the expected row that this binds go to `bound`. */
static bool bind_rows(matching *self, size_t expected, size_t actual, size_t *bound, size_t *out_n_bound)
{
	*out_n_bound = 0;
	for (size_t i = 0; i < self->n_columns; ++i) {
		const cell *const a = &self->expected.cells[expected * self->n_columns + i];
		const cell *const b = &self->actual.cells[actual * self->n_columns + i];
		bool fits = a->is_blank == b->is_blank && (a->is_blank || a->number == b->number);
		if (fits && a->is_blank) {
			size_t *const forth = &self->expected.partner[a->number];
			size_t *const back = &self->actual.partner[b->number];
			if (*forth == SIZE_MAX && *back == SIZE_MAX) {
				*forth = b->number;
				*back = a->number;
				bound[(*out_n_bound)++] = a->number;
			}
			fits = *forth == b->number && *back == a->number;
		}
		if (!fits) {
			unbind(self, bound, *out_n_bound);
			return false;
		}
	}
	return true;
}

static bool pair_from(matching *self, size_t place);

static bool try_pair(matching *self, size_t place, size_t row, size_t candidate, size_t *bound, size_t *out_n_bound)
{
	if (self->is_used[candidate] || !bind_rows(self, row, candidate, bound, out_n_bound)) {
		*out_n_bound = SIZE_MAX;
		return false;
	}
	self->is_used[candidate] = true;
	if (pair_from(self, place + 1)) {
		return true;
	}
	self->is_used[candidate] = false;
	unbind(self, bound, *out_n_bound);
	return false;
}

/* Both sides are sorted by signature and have the same signatures, so the candidates of a row stand at the same places
 * as its equals. */
static bool pair_from(matching *self, size_t place)
{
	const size_t n_rows = self->expected.n_rows;
	if (place == n_rows || ++self->n_steps > MOST_STEPS) {
		return place == n_rows;
	}
	const side *const expected = &self->expected;
	const uint64_t signature = expected->signatures[expected->sorted[place]];
	size_t first = place;
	while (first && expected->signatures[expected->sorted[first - 1]] == signature) {
		--first;
	}
	size_t *const bound = must_realloc(NULL, self->n_columns, sizeof *bound);
	bool is_paired = false;
	for (size_t i = first; !is_paired && i < n_rows && expected->signatures[expected->sorted[i]] == signature; ++i) {
		size_t n_bound = 0;
		is_paired = try_pair(self, place, expected->sorted[place], self->actual.sorted[i], bound, &n_bound);
		if (!is_paired && n_bound == 0) {
			break;
		}
	}
	free(bound);
	return is_paired;
}

static bool pair_in_order(matching *self)
{
	size_t *const bound = must_realloc(NULL, self->n_columns, sizeof *bound);
	bool is_paired = true;
	for (size_t row = 0; is_paired && row < self->expected.n_rows; ++row) {
		size_t n_bound = 0;
		is_paired = bind_rows(self, row, row, bound, &n_bound);
	}
	free(bound);
	return is_paired;
}

static bool pair_in_any_order(matching *self)
{
	side *const expected = &self->expected;
	side *const actual = &self->actual;
	colour(expected, self->n_columns);
	colour(actual, self->n_columns);
	sort_rows(expected);
	sort_rows(actual);
	for (size_t i = 0; i < expected->n_rows; ++i) {
		if (expected->signatures[expected->sorted[i]] != actual->signatures[actual->sorted[i]]) {
			return false;
		}
	}
	self->is_used = must_realloc(NULL, expected->n_rows, sizeof *self->is_used);
	memset(self->is_used, 0, expected->n_rows * sizeof *self->is_used);
	const bool is_paired = pair_from(self, 0);
	free(self->is_used);
	return is_paired;
}

static size_t count_rows(const side *self, const cell *row, size_t n_columns)
{
	size_t n = 0;
	for (size_t i = 0; i < self->n_rows; ++i) {
		size_t column = 0;
		while (column < n_columns && self->cells[i * n_columns + column].number == row[column].number) {
			++column;
		}
		n += column == n_columns;
	}
	return n;
}

/* For answers without blank nodes. */
static bool agree_laxly(const matching *self)
{
	const side *const expected = &self->expected;
	const side *const actual = &self->actual;
	for (size_t i = 0; i < expected->n_rows; ++i) {
		if (count_rows(actual, &expected->cells[i * self->n_columns], self->n_columns) == 0) {
			return false;
		}
	}
	for (size_t i = 0; i < actual->n_rows; ++i) {
		const cell *const row = &actual->cells[i * self->n_columns];
		if (count_rows(actual, row, self->n_columns) > count_rows(expected, row, self->n_columns)) {
			return false;
		}
	}
	return expected->n_blanks == 0 && actual->n_blanks == 0;
}

/* ---- answers ---------------------------------------------------------------------------------- */

/* For each column of the expected answer its number in the actual one. */
static bool find_columns(const answer *expected, const answer *actual, size_t *columns)
{
	bool is_found = expected->n_columns == actual->n_columns;
	for (size_t i = 0; is_found && i < expected->n_columns; ++i) {
		is_found = false;
		for (size_t j = 0; !is_found && j < actual->n_columns; ++j) {
			is_found = strcmp(expected->columns[i], actual->columns[j]) == 0;
			columns[i] = j;
		}
	}
	return is_found;
}

static bool rows_agree(const answer *expected, const answer *actual, const size_t *columns,
                       const answer_comparison *comparison)
{
	size_t *const own_columns = must_realloc(NULL, expected->n_columns, sizeof *own_columns);
	for (size_t i = 0; i < expected->n_columns; ++i) {
		own_columns[i] = i;
	}
	numbering ground = {0};
	matching pairs = {.n_columns = expected->n_columns};
	fill_side(&pairs.expected, expected, own_columns, &ground, comparison);
	fill_side(&pairs.actual, actual, columns, &ground, comparison);
	const bool agree = comparison->is_lax     ? agree_laxly(&pairs)
	                   : expected->is_ordered ? pair_in_order(&pairs)
	                                          : pair_in_any_order(&pairs);
	clear_side(&pairs.expected);
	clear_side(&pairs.actual);
	clear_numbering(&ground);
	free(own_columns);
	return agree;
}

bool answer_equals(const answer *expected, const answer *actual, const answer_comparison *comparison)
{
	if (expected->kind != actual->kind) {
		return false;
	}
	if (expected->kind == TT_RESULTS_BOOLEAN) {
		return expected->boolean == actual->boolean;
	}
	if (expected->n_rows != actual->n_rows && !comparison->is_lax) {
		return false;
	}
	size_t *const columns = must_realloc(NULL, expected->n_columns, sizeof *columns);
	const bool agree = find_columns(expected, actual, columns) && rows_agree(expected, actual, columns, comparison);
	free(columns);
	return agree;
}
