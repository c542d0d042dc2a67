# shop.awk - N-Triples of a made-up shop in the manner of BSBM: awk -v n=1000000 -f shop.awk
# Products in a tree of types, with features, offers (price, dates) by vendors, and reviews (text, ratings) by persons.
BEGIN {
	srand(11)
	n_words = split("amber basin cedar delta ember fjord glade heath inlet jetty knoll lagoon marsh notch oasis prairie " \
		"quarry ridge shoal tundra upland valley wharf yonder zenith", words, " ")
	n_countries = split("US GB JP DE FR ES RU CN AT KR", countries, " ")
	v = "http://shop.example/vocabulary/"
	d = "http://shop.example/"
	xsd = "http://www.w3.org/2001/XMLSchema#"
	a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	label = "<http://www.w3.org/2000/01/rdf-schema#label>"
	comment = "<http://www.w3.org/2000/01/rdf-schema#comment>"
	date = "<http://purl.org/dc/elements/1.1/date>"
	n_products = int(n / 330) + 1
	types()
	for (f = 0; f < 400 + n_products / 4; ++f) {
		put(iri("feature", f) " " a " " voc("Feature"))
		put(iri("feature", f) " " label " " text(2))
	}
	n_features = f
	n_vendors = 10 + int(n_products / 60)
	for (i = 0; i < n_vendors; ++i) {
		company("vendor", i, "Vendor")
	}
	n_producers = 10 + int(n_products / 40)
	for (i = 0; i < n_producers; ++i) {
		company("producer", i, "Producer")
	}
	n_persons = 20 + int(n_products / 2)
	for (i = 0; i < n_persons; ++i) {
		put(iri("person", i) " " a " <http://xmlns.com/foaf/0.1/Person>")
		put(iri("person", i) " <http://xmlns.com/foaf/0.1/name> " text(1))
		put(iri("person", i) " " voc("country") " " country())
	}
	for (i = 0; written < n; ++i) {
		product(i)
	}
}
function types(    i) {
	n_types = 121
	for (i = 0; i < n_types; ++i) {
		put(iri("type", i) " " a " " voc("ProductType"))
		put(iri("type", i) " " label " " text(1))
		if (i > 0) {
			put(iri("type", i) " <http://www.w3.org/2000/01/rdf-schema#subClassOf> " iri("type", int((i - 1) / 3)))
		}
	}
}
function company(kind, i, class) {
	put(iri(kind, i) " " a " " voc(class))
	put(iri(kind, i) " " label " " text(2))
	put(iri(kind, i) " " voc("country") " " country())
	put(iri(kind, i) " <http://xmlns.com/foaf/0.1/homepage> <http://" kind i ".example/>")
}
function product(p,    s, t, i) {
	s = iri("product", p)
	put(s " " a " " voc("Product"))
	for (t = 40 + int(rand() * rand() * 81); ; t = int((t - 1) / 3)) {
		put(s " " a " " iri("type", t))
		if (t == 0) {
			break
		}
	}
	put(s " " label " " text(3))
	put(s " " comment " " text(40))
	put(s " " voc("producer") " " iri("producer", skewed(n_producers)))
	for (i = 1; i <= 3; ++i) {
		put(s " " voc("numeric" i) " " integer(1 + int(rand() * 2000)))
		put(s " " voc("textual" i) " " text(6))
	}
	if (rand() < 0.6) {
		put(s " " voc("numeric4") " " integer(1 + int(rand() * 2000)))
	}
	if (rand() < 0.4) {
		put(s " " voc("textual4") " " text(6))
	}
	for (i = 0; i < 14; ++i) {
		put(s " " voc("feature") " " iri("feature", skewed(n_features)))
	}
	put(s " " date " " day(1000))
	for (i = 0; i < 20; ++i) {
		offer(p)
	}
	for (i = int(rand() * 20); i > 0; --i) {
		review(p)
	}
}
function offer(p,    s, from) {
	s = iri("offer", n_offers++)
	put(s " " a " " voc("Offer"))
	put(s " " voc("product") " " iri("product", p))
	put(s " " voc("vendor") " " iri("vendor", int(rand() * n_vendors)))
	put(s " " voc("price") " \"" sprintf("%.2f", 5 + rand() * 9995) "\"^^<" xsd "decimal>")
	from = rand() * 900
	put(s " " voc("validFrom") " " day_time(from))
	put(s " " voc("validTo") " " day_time(from + 10 + rand() * 80))
	put(s " " voc("deliveryDays") " " integer(1 + int(rand() * 14)))
	put(s " " voc("page") " <http://vendor.example/offers/" n_offers ">")
}
function review(p,    s, i) {
	s = iri("review", n_reviews++)
	put(s " " a " " voc("Review"))
	put(s " " voc("reviewFor") " " iri("product", p))
	put(s " " voc("reviewer") " " iri("person", skewed(n_persons)))
	put(s " " voc("title") " " text(4))
	put(s " " voc("text") " " text(30) "@" substr("endefrja", 1 + 2 * int(rand() * 4), 2))
	for (i = 1; i <= 4; ++i) {
		if (rand() < 0.7) {
			put(s " " voc("rating" i) " " integer(1 + int(rand() * 10)))
		}
	}
	put(s " " voc("reviewDate") " " day_time(rand() * 1000))
}
function iri(kind, i) { return "<" d kind "/" i ">" }
function voc(name) { return "<" v name ">" }
function integer(i) { return "\"" i "\"^^<" xsd "integer>" }
function country() { return "<http://downlode.org/rdf/iso-3166/countries#" countries[1 + skewed(n_countries)] ">" }
function skewed(range) { return int(rand() * rand() * range) }
function day(i) { return "\"" iso(i) "\"^^<" xsd "date>" }
function day_time(i) { return "\"" iso(i) "T00:00:00\"^^<" xsd "dateTime>" }
function iso(i) { i = int(i); return sprintf("%04d-%02d-%02d", 2005 + int(i / 336), 1 + int(i % 336 / 28), 1 + i % 28) }
function text(n_of_words,    s, i) {
	s = words[1 + skewed(n_words)]
	for (i = 1; i < n_of_words; ++i) {
		s = s " " words[1 + skewed(n_words)]
	}
	return "\"" s " " int(rand() * 1000) "\""
}
function put(statement) {
	if (written < n) {
		print statement " ."
		++written
	}
}
