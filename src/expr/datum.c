/* datum.c - decode terms into values; EBV, = and < on values (SPARQL 1.1 §17.2.2, §17.3).
 *
 * Two literals whose datatypes we know and whose values are of two classes are not equal: the value
 * spaces of XSD have nothing in common. A literal that we cannot read may mean anything, so = of two
 * different literals of which one is unreadable is an error (RDFterm-equal, §17.4.1.7), except that
 * a language-tagged string is equal to nothing else. */
#include "expr/datum.h"

static bool is_vocab(tt_view iri, tt_vocab entry)
{
	return tt_view_equal(iri, tt_vocab_iri(entry));
}

static bool read_boolean(tt_view text, bool *out)
{
	/* White space around it is collapsed (XSD 1.1 Datatypes §4.3.6). */
	while (text.size && strchr(" \t\n\r", text.data[0])) {
		text = tt_view_skip(text, 1);
	}
	while (text.size && strchr(" \t\n\r", text.data[text.size - 1])) {
		text.size--;
	}
	*out = tt_view_equal(text, TT_VIEW("true")) || tt_view_equal(text, TT_VIEW("1"));
	return *out || tt_view_equal(text, TT_VIEW("false")) || tt_view_equal(text, TT_VIEW("0"));
}

static void read_literal(const tt_term *term, tt_datum *out)
{
	bool is_well_typed = false;
	if (is_vocab(term->datatype, TT_VOCAB_XSD_STRING)) {
		out->class = TT_CLASS_STRING;
		return;
	}
	if (term->language.size) {
		out->class = TT_CLASS_LANG;
		return;
	}
	if (tt_number_find_datatype(term->datatype, &out->datatype)) {
		out->number = TT_NUMBER_ZERO;
		out->class = TT_CLASS_NUMBER;
		is_well_typed = tt_number_parse(term->text, out->datatype, &out->number);
	} else if (tt_datetime_find_datatype(term->datatype, &out->datatype)) {
		out->class = TT_CLASS_MOMENT;
		is_well_typed = tt_datetime_parse(term->text, out->datatype, &out->moment);
	} else if (is_vocab(term->datatype, TT_VOCAB_XSD_BOOLEAN)) {
		out->datatype = TT_VOCAB_XSD_BOOLEAN;
		out->class = TT_CLASS_BOOLEAN;
		is_well_typed = read_boolean(term->text, &out->boolean);
	} else if (tt_duration_find_datatype(term->datatype, &out->datatype)) {
		out->class = TT_CLASS_DURATION;
		is_well_typed = tt_duration_parse(term->text, out->datatype, &out->duration);
	} else {
		out->class = TT_CLASS_UNKNOWN;
		return;
	}
	if (!is_well_typed) {
		out->class = TT_CLASS_ILL_TYPED;
	}
}

tt_datum tt_datum_of_term(const tt_term *term)
{
	static const tt_class classes[] = {
	    [TT_TERM_NONE] = TT_CLASS_NONE, [TT_TERM_BLANK] = TT_CLASS_BLANK, [TT_TERM_IRI] = TT_CLASS_IRI};
	tt_datum datum = {.term = *term};
	if (term->kind == TT_TERM_LITERAL) {
		read_literal(term, &datum);
	} else {
		datum.class = classes[term->kind];
	}
	return datum;
}

tt_status tt_datum_read(tt_terms *terms, tt_id id, tt_datum *out_datum)
{
	*out_datum = (tt_datum){.class = TT_CLASS_NONE};
	tt_scratch scratch;
	switch (tt_id_kind(id)) {
	case TT_KIND_BOOLEAN:
		out_datum->class = TT_CLASS_BOOLEAN;
		out_datum->datatype = TT_VOCAB_XSD_BOOLEAN;
		out_datum->boolean = tt_id_payload(id) != 0;
		return TT_OK;
	case TT_KIND_INTEGER:
	case TT_KIND_DECIMAL:
	case TT_KIND_DOUBLE:
		out_datum->class = TT_CLASS_NUMBER;
		out_datum->number = TT_NUMBER_ZERO;
		out_datum->datatype = tt_value_datatype(id);
		(void)tt_number_from_id(id, &out_datum->number);
		return TT_OK;
	case TT_KIND_DATE_TIME:
	case TT_KIND_DATE:
	case TT_KIND_G_YEAR_MONTH:
	case TT_KIND_G_YEAR:
		out_datum->class = TT_CLASS_MOMENT;
		out_datum->datatype = tt_value_datatype(id);
		(void)tt_datetime_from_id(id, &out_datum->moment);
		return TT_OK;
	case TT_KIND_BLANK:
		out_datum->class = TT_CLASS_BLANK;
		return TT_OK;
	default:
		break;
	}
	tt_term term;
	TT_TRY(tt_terms_get(terms, id, &scratch, &term));
	*out_datum = tt_datum_of_term(&term);
	return TT_OK;
}

tt_truth tt_datum_boolean(const tt_datum *datum)
{
	switch (datum->class) {
	case TT_CLASS_BOOLEAN:
		return datum->boolean ? TT_TRUE : TT_FALSE;
	case TT_CLASS_NUMBER:
		return tt_number_is_zero_or_nan(&datum->number) ? TT_FALSE : TT_TRUE;
	case TT_CLASS_STRING:
	case TT_CLASS_LANG:
		return datum->term.text.size ? TT_TRUE : TT_FALSE;
	case TT_CLASS_ILL_TYPED:
		return datum->datatype == TT_VOCAB_XSD_BOOLEAN || tt_number_is_datatype(datum->datatype) ? TT_FALSE
		                                                                                         : TT_TRUTH_ERROR;
	default:
		return TT_TRUTH_ERROR;
	}
}

static tt_truth truth(bool is_true)
{
	return is_true ? TT_TRUE : TT_FALSE;
}

static tt_truth is_equal_ordering(tt_ordering ordering)
{
	return ordering == TT_UNORDERED ? TT_TRUTH_ERROR : truth(ordering == TT_EQUAL);
}

static tt_truth equal_moments(const tt_datum *a, const tt_datum *b, bool is_strict)
{
	const tt_datetime *const x = &a->moment;
	const tt_datetime *const y = &b->moment;
	if (x->datatype == y->datatype) {
		return is_equal_ordering(tt_datetime_compare(x, y, TT_ZONE_INDETERMINATE));
	}
	/* Values of two types are different values, whatever their zones are, unless the extension makes them meet. */
	return truth(!is_strict && tt_datetime_compare(x, y, TT_ZONE_INDETERMINATE) == TT_EQUAL);
}

static bool is_unreadable(const tt_datum *datum)
{
	return datum->class == TT_CLASS_ILL_TYPED || datum->class == TT_CLASS_UNKNOWN;
}

tt_truth tt_datum_equal(const tt_datum *a, const tt_datum *b, bool is_same, bool is_strict)
{
	if (a->class == TT_CLASS_NONE || b->class == TT_CLASS_NONE) {
		return TT_TRUTH_ERROR;
	}
	if (is_same && a->class != TT_CLASS_NUMBER) {
		return TT_TRUE;
	}
	if (a->class <= TT_CLASS_IRI || b->class <= TT_CLASS_IRI) {
		return truth(a->class == b->class && tt_view_equal(a->term.text, b->term.text) && a->term.kind);
	}
	if (a->class == TT_CLASS_LANG || b->class == TT_CLASS_LANG) {
		return truth(a->class == b->class && tt_view_equal(a->term.text, b->term.text) &&
		             tt_view_equal_nocase(a->term.language, b->term.language));
	}
	if (is_unreadable(a) || is_unreadable(b)) {
		return a->class == b->class && tt_term_equal(&a->term, &b->term) ? TT_TRUE : TT_TRUTH_ERROR;
	}
	if (a->class != b->class) {
		return TT_FALSE;
	}
	switch (a->class) {
	case TT_CLASS_NUMBER:
		return truth(tt_number_compare(&a->number, &b->number) == TT_EQUAL);
	case TT_CLASS_MOMENT:
		return equal_moments(a, b, is_strict);
	case TT_CLASS_DURATION:
		return truth(tt_duration_compare(&a->duration, &b->duration) == TT_EQUAL);
	case TT_CLASS_BOOLEAN:
		return truth(a->boolean == b->boolean);
	default:
		return truth(tt_view_equal(a->term.text, b->term.text));
	}
}

static tt_ordering order_of(int order)
{
	return order < 0 ? TT_LESS : order > 0 ? TT_GREATER : TT_EQUAL;
}

/* XPath orders dateTime, date and time, each with its own kind; years are ordered by us. */
static tt_ordering order_moments(const tt_datum *a, const tt_datum *b, bool is_strict)
{
	const tt_vocab datatype = a->moment.datatype;
	const bool is_year = datatype == TT_VOCAB_XSD_G_YEAR || datatype == TT_VOCAB_XSD_G_YEAR_MONTH;
	if (is_strict && (is_year || datatype != b->moment.datatype)) {
		return TT_UNORDERED;
	}
	return tt_datetime_compare(&a->moment, &b->moment, TT_ZONE_INDETERMINATE);
}

tt_truth tt_datum_less(const tt_datum *a, const tt_datum *b, bool or_equal, bool is_strict)
{
	tt_ordering ordering = TT_UNORDERED;
	if (a->class != b->class) {
		return TT_TRUTH_ERROR;
	}
	switch (a->class) {
	case TT_CLASS_NUMBER:
		/* NaN is no error: it is less than nothing (F&O §4.3.2). */
		ordering = tt_number_compare(&a->number, &b->number);
		return truth(ordering == TT_LESS || (or_equal && ordering == TT_EQUAL));
	case TT_CLASS_MOMENT:
		ordering = order_moments(a, b, is_strict);
		break;
	case TT_CLASS_DURATION:
		ordering = tt_duration_compare(&a->duration, &b->duration);
		break;
	case TT_CLASS_BOOLEAN:
		ordering = order_of((int)a->boolean - (int)b->boolean);
		break;
	case TT_CLASS_STRING:
		ordering = order_of(tt_view_compare(a->term.text, b->term.text));
		break;
	default:
		break;
	}
	return ordering == TT_UNORDERED ? TT_TRUTH_ERROR : truth(ordering == TT_LESS || (or_equal && ordering == TT_EQUAL));
}
