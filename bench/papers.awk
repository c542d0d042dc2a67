# papers.awk - N-Triples of a made-up bibliography in the manner of SP2Bench: awk -v n=1000000 -f papers.awk
# Years that grow; articles in journals, papers in proceedings, authors with skewed numbers of papers (one of them is
# Paul Erdoes), citations in bags, classes below foaf:Document, and properties that many documents lack.
BEGIN {
	srand(13)
	n_words = split("adaptive bounded causal dynamic exact formal global hybrid implicit joint kernel linear modal " \
		"nested optimal partial query random sparse tensor uniform visual weighted", words, " ")
	bench = "http://localhost/vocabulary/bench/"
	rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	dc = "http://purl.org/dc/elements/1.1/"
	terms = "http://purl.org/dc/terms/"
	foaf = "http://xmlns.com/foaf/0.1/"
	swrc = "http://swrc.ontoware.org/ontology#"
	rdfs = "http://www.w3.org/2000/01/rdf-schema#"
	xsd = "http://www.w3.org/2001/XMLSchema#"
	n_classes = split("Journal Article Proceedings Inproceedings Incollection PhDThesis Book Www", classes, " ")
	for (i = 1; i <= n_classes; ++i) {
		put("<" bench classes[i] "> <" rdfs "subClassOf> <" foaf "Document>")
	}
	new_person("<http://localhost/persons/Paul_Erdoes>", "Paul Erdoes")
	for (year = 1940; written < n; ++year) {
		make_year(4 + int((year - 1940) * (year - 1940) / 12))
	}
}
function make_year(size,    i, j, s) {
	for (i = 0; i < 1 + size / 25; ++i) {
		s = "<http://localhost/publications/journals/Journal" i + 1 "/" year ">"
		put(s " <" rdf "type> <" bench "Journal>")
		put(s " <" swrc "number> " string(1 + i))
		put(s " <" dc "title> " string("Journal " i + 1 " (" year ")"))
		put(s " <" swrc "volume> " string(year - 1939))
		put(s " <" terms "issued> " integer(year))
		for (j = int(rand() * 25); j >= 0; --j) {
			document("Article", s, "journal")
		}
	}
	for (i = 0; i < size / 30; ++i) {
		s = "<http://localhost/publications/procs/Proceeding" i + 1 "/" year ">"
		put(s " <" rdf "type> <" bench "Proceedings>")
		put(s " <" dc "title> " string("Proceeding " i + 1 " (" year ")"))
		put(s " <" terms "issued> " integer(year))
		put(s " <" swrc "editor> " person())
		put(s " <" foaf "homepage> " string("http://www.proceeding" i "." year ".example/"))
		for (j = int(rand() * 40); j >= 0; --j) {
			document("Inproceedings", s, "terms:partOf")
		}
	}
	for (i = 0; i < size / 100; ++i) {
		document(rand() < 0.5 ? "PhDThesis" : "Incollection", "", "")
	}
}
function document(class, within, how,    s, i, bag) {
	s = "<http://localhost/publications/" tolower(class) "s/" year "/" class n_documents + 1 ">"
	documents[n_documents++] = s
	put(s " <" rdf "type> <" bench class ">")
	put(s " <" dc "title> " string(title(5)))
	put(s " <" terms "issued> " integer(year))
	if (within != "") {
		put(s " <" (how == "journal" ? swrc "journal" : terms "partOf") "> " within)
	}
	for (i = int(rand() * rand() * 6); i >= 0; --i) {
		put(s " <" dc "creator> " (year < 1996 && rand() < 0.004 ? "<http://localhost/persons/Paul_Erdoes>" : person()))
	}
	put(s " <" swrc "pages> " string(1 + int(rand() * 200)))
	put(s " <" rdfs "seeAlso> " string("http://www." class "." n_documents ".example/"))
	put(s " <" foaf "homepage> " string("http://www.home." n_documents ".example/"))
	if (rand() < 0.02) {
		put(s " <" bench "abstract> " string(title(120)))
	}
	if (class == "Article" && rand() < 0.06) {
		put(s " <" swrc "month> " integer(1 + int(rand() * 12)))
	}
	if (class == "Inproceedings") {
		put(s " <" bench "booktitle> " string(title(2)))
	}
	if (rand() < 0.12) {
		bag = "_:references" n_documents
		put(s " <" terms "references> " bag)
		put(bag " <" rdf "type> <" rdf "Bag>")
		for (i = 1 + int(rand() * 20); i > 0; --i) {
			put(bag " <" rdf "_" i "> " documents[int(rand() * rand() * n_documents)])
		}
	}
}
function person(    s, i) {
	i = rand() < 0.35 || n_persons < 10 ? n_persons : int(rand() * rand() * n_persons)
	if (i == n_persons) {
		new_person("_:person" i, words[1 + i % n_words] " " words[1 + int(i / n_words) % n_words] int(i / 900))
		++n_persons
	}
	return "_:person" i
}
function new_person(s, name) {
	put(s " <" rdf "type> <" foaf "Person>")
	put(s " <" foaf "name> " string(name))
}
function title(n_of_words,    s, i) {
	s = words[1 + int(rand() * n_words)]
	for (i = 1; i < n_of_words; ++i) {
		s = s " " words[1 + int(rand() * n_words)]
	}
	return s " " int(rand() * 100)
}
function string(s) { return "\"" s "\"^^<" xsd "string>" }
function integer(i) { return "\"" i "\"^^<" xsd "integer>" }
function put(statement) {
	if (written < n) {
		print statement " ."
		++written
	}
}
