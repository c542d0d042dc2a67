/* sparql.c - the plain SPARQL 1.1 query that gives the rows of csv.c in any engine.
 *
 * Sets are compared by counting: the values of a property are everybody's if there are as many different pairs of thing
 * and value as there are things times different values. Numbers are cast to doubles for that, unless they are too large
 * to stay what they are. What plain SPARQL cannot say in few words is that two blank nodes have one description: there
 * each is equal to itself only. */
#include "compare/compare.h"

#include "rdf/write.h"
#include "base/emit.h"

#include "engine/resolve.h"

static tt_status write_iri(tt_compare *compare, tt_id id, tt_buffer *out)
{
	tt_scratch scratch;
	tt_term term;
	TT_TRY(tt_terms_get(&compare->terms, id, &scratch, &term));
	if (term.kind != TT_TERM_IRI) {
		return tt_fail(&compare->ctx, TT_UNSUPPORTED, "a blank node has no name that a query could use");
	}
	return tt_write_ntriples_term(out, &term);
}

static tt_status write_values(tt_compare *compare, const char *variable, const tt_id *ids, size_t n_ids, tt_buffer *out)
{
	TT_TRY(tt_buffer_printf(out, "VALUES ?%s {", variable));
	for (size_t i = 0; i < n_ids; ++i) {
		TT_TRY(TT_EMIT(out, " "));
		TT_TRY(write_iri(compare, ids[i], out));
	}
	return TT_EMIT(out, " }\n");
}

/* (<p>+|(^<q>)+)? from the thing to the node whose statements count. */
static tt_status write_path(tt_compare *compare, tt_buffer *out)
{
	TT_TRY(TT_EMIT(out, "?thing ("));
	for (size_t i = 0; i < compare->options->n_via; ++i) {
		const tt_view name = tt_view_of(compare->options->via[i]);
		const bool is_inverse = name.size && name.data[0] == '^';
		tt_id id = TT_UNBOUND;
		TT_TRY(tt_resolve(compare->db, &compare->labels, tt_view_skip(name, is_inverse), true, &id));
		TT_TRY(i ? TT_EMIT(out, "|") : TT_OK);
		TT_TRY(is_inverse ? TT_EMIT(out, "(^") : TT_EMIT(out, "("));
		TT_TRY(write_iri(compare, id, out));
		TT_TRY(TT_EMIT(out, ")+"));
	}
	return TT_EMIT(out, ")? ?node .\n");
}

/* The statements of the things. @param graph A pattern for the graph, or nothing. */
static tt_status write_statements(tt_compare *compare, const char *indent, bool with_graph, tt_buffer *out)
{
	const bool has_paths = compare->options->n_via > 0;
	const char *const node = has_paths ? "?node" : "?thing";
	TT_TRY(tt_emit(out, tt_view_of(indent)));
	TT_TRY(write_values(compare, "thing", compare->things, compare->n_things, out));
	if (compare->properties.n_ids) {
		TT_TRY(tt_emit(out, tt_view_of(indent)));
		TT_TRY(write_values(compare, "property", compare->properties.ids, compare->properties.n_ids, out));
	}
	if (has_paths) {
		TT_TRY(tt_emit(out, tt_view_of(indent)));
		TT_TRY(write_path(compare, out));
	}
	TT_TRY(tt_buffer_printf(out, "%s{ %s ?property ?value . BIND(\"forward\" AS ?direction)", indent, node));
	TT_TRY(with_graph ? tt_buffer_printf(out, " OPTIONAL { GRAPH ?graph { %s ?property ?value } }", node) : TT_OK);
	TT_TRY(TT_EMIT(out, " }\n"));
	if (!compare->options->is_forward_only) {
		TT_TRY(tt_buffer_printf(out, "%sUNION\n%s{ ?value ?property %s . BIND(\"inverse\" AS ?direction)", indent,
		                        indent, node));
		TT_TRY(with_graph ? tt_buffer_printf(out, " OPTIONAL { GRAPH ?graph { ?value ?property %s } }", node) : TT_OK);
		TT_TRY(TT_EMIT(out, " }\n"));
	}
	return has_paths ? tt_buffer_printf(out, "%sFILTER(sameTerm(?node, ?thing) || !sameTerm(?value, ?thing))\n", indent)
	                 : TT_OK;
}

static tt_status write_counts(tt_compare *compare, tt_buffer *out)
{
	TT_TRY(TT_EMIT(out, "  { SELECT ?direction ?property (COUNT(*) AS ?n_pairs) (COUNT(DISTINCT ?key) AS ?n_values)\n"
	                    "      (COUNT(DISTINCT ?thing) AS ?n_having) (SAMPLE(?thing) AS ?one) WHERE {\n"
	                    "      { SELECT DISTINCT ?direction ?property ?thing ?key WHERE {\n"));
	TT_TRY(write_statements(compare, "          ", false, out));
	return TT_EMIT(out, "          BIND(COALESCE(IF(ABS(?value) < 1e15, xsd:double(?value), ?value), ?value) AS ?key)\n"
	                    "      } }\n"
	                    "    } GROUP BY ?direction ?property }\n");
}

static tt_status write_only(tt_compare *compare, tt_buffer *out)
{
	if (!compare->is_only) {
		return TT_OK;
	}
	TT_TRY(tt_buffer_printf(out, "  FILTER(?verdict = \"%s\"", tt_verdict_name(compare->only_verdict)));
	if (compare->only_having) {
		TT_TRY(TT_EMIT(out, " && ?n_having = 1 && ?one = "));
		TT_TRY(write_iri(compare, compare->things[__builtin_ctz(compare->only_having)], out));
	}
	return TT_EMIT(out, ")\n");
}

tt_status tt_compare_write_sparql(tt_compare *compare, tt_output *output)
{
	tt_buffer *const out = &output->buffer;
	const bool has_paths = compare->options->n_via > 0;
	TT_TRY(TT_EMIT(out, "# For an engine whose default graph is the union of all graphs.\n"
	                    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>\n"));
	TT_TRY(tt_buffer_printf(out, "SELECT DISTINCT ?verdict ?direction ?property ?thing%s ?value ?graph WHERE {\n",
	                        has_paths ? " ?via" : ""));
	TT_TRY(write_counts(compare, out));
	TT_TRY(tt_buffer_printf(out,
	                        "  BIND(IF(?n_having < %zu, \"only\", IF(?n_pairs = %zu * ?n_values, \"equal\", "
	                        "\"differ\")) AS ?verdict)\n",
	                        compare->n_things, compare->n_things));
	TT_TRY(write_only(compare, out));
	TT_TRY(write_statements(compare, "  ", true, out));
	TT_TRY(has_paths ? TT_EMIT(out, "  BIND(IF(sameTerm(?node, ?thing), 1/0, ?node) AS ?via)\n") : TT_OK);
	return TT_EMIT(out, "}\n");
}
