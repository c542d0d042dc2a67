"""Run a SPARQL query in another engine over RDF files, its default graph being the union of all graphs.

engines.py pyoxigraph|rdflib QUERY FILE...   The rows as CSV, sorted, without the heading.
"""
import csv
import sys

DEFAULT_GRAPH = "urn:x-rdflib:default"


def ask_oxigraph(query, files):
    import pyoxigraph

    store = pyoxigraph.Store()
    for name in files:
        store.load(path=name, format=pyoxigraph.RdfFormat.from_extension(name.rsplit(".", 1)[1]))
    solutions = store.query(query, use_default_graph_as_union=True)
    names = [variable.value for variable in solutions.variables]
    return [[solution[name].value if solution[name] is not None else "" for name in names] for solution in solutions]


def ask_rdflib(query, files):
    import rdflib

    rdflib.NORMALIZE_LITERALS = False
    data = rdflib.Dataset(default_union=True)
    for name in files:
        data.parse(name, publicID=DEFAULT_GRAPH)  # else version 6 takes the file as a graph
    return [[str(term) if term is not None else "" for term in row] for row in data.query(query)]


def main():
    with open(sys.argv[2], encoding="utf-8") as file:
        query = file.read()
    rows = {"pyoxigraph": ask_oxigraph, "rdflib": ask_rdflib}[sys.argv[1]](query, sys.argv[3:])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for row in sorted(rows):
        writer.writerow(row)


main()
