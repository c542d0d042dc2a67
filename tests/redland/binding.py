"""What a Python program does with a Redland storage, on ours. Prints TAP. Argument: a database directory."""

import sys

import RDF

n = 0


def check(name, is_good):
    global n
    n += 1
    print(("ok" if is_good else "not ok"), n, "-", name, flush=True)


def iri(name):
    return RDF.Node(uri_string="http://example.org/" + name)


def use(directory):
    storage = RDF.Storage(storage_name="tertium", name=directory, options_string="")
    model = RDF.Model(storage)
    rats, part_of, sco, p13 = iri("RATS"), iri("partOf"), iri("SCO"), iri("P13")
    label = RDF.Node(literal="Региональная антитеррористическая структура", language="ru")
    model.append(RDF.Statement(rats, part_of, sco))
    model.append(RDF.Statement(rats, iri("label"), label))
    model.append(RDF.Statement(iri("ATC"), part_of, iri("CIS")), context=p13)
    check("size", len(model) == 3)
    check("contains", RDF.Statement(rats, part_of, sco) in model)
    check("does not contain", RDF.Statement(sco, part_of, rats) not in model)
    check("find", len(list(model.find_statements(RDF.Statement(None, part_of, None)))) == 2)
    check("find in a context", len(list(model.find_statements(RDF.Statement(None, None, None), context=p13))) == 1)
    check("target, with its text and language", model.get_target(rats, iri("label")) == label)
    check("sources", list(model.get_sources(part_of, sco)) == [rats])
    check("arcs", list(model.get_predicates(rats, sco)) == [part_of])
    check("contexts", list(model.get_contexts()) == [p13])
    with_context = [str(context) for _, context in model.as_stream_context()]
    check("statements with their contexts", sorted(with_context) == ["None", "None", str(p13)])
    del model[RDF.Statement(rats, part_of, sco)]
    check("remove", len(model) == 2)
    text = model.to_string(name="ntriples")
    line = "<http://example.org/ATC> <http://example.org/partOf> <http://example.org/CIS> ."
    check("serialize", line in (text if isinstance(text, str) else text.decode()))
    parser = RDF.Parser(name="turtle")
    parser.parse_string_into_model(model, '<http://example.org/a> <http://example.org/b> 1, 2, "x" .', "http://e/")
    check("parse", len(model) == 5)
    query = RDF.Query("SELECT ?p ?o WHERE { <http://example.org/a> ?p ?o }", query_language="sparql")
    check("Redland's own SPARQL", sum(1 for _ in query.execute(model)) == 3)
    model.context_remove_statements(p13)
    check("remove a context", len(model) == 4 and not list(model.get_contexts()))


def use_again(directory):
    model = RDF.Model(RDF.Storage(storage_name="tertium", name=directory, options_string="write='no'"))
    check("opened again it is all there", len(model) == 4)


use(sys.argv[1])
use_again(sys.argv[1])
print("1..%d" % n)
