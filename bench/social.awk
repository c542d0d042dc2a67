# social.awk - N-Quads of a made-up social network in the manner of WatDiv: awk -v n=1000000 -f social.awk
# Users follow and befriend users by a skewed law, like products, write reviews; products have genres in a tree and
# tags; retailers sell them. Posts answer posts in trees and one thread is a single long chain. A tenth of the
# statements, messages, lies in named graphs, one for each channel.
BEGIN {
	srand(19)
	w = "http://social.example/v/"
	d = "http://social.example/"
	xsd = "http://www.w3.org/2001/XMLSchema#"
	a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	n_users = int(n / 42) + 10
	n_products = int(n / 160) + 10
	n_genres = 364
	n_cities = 240
	n_countries = 25
	n_retailers = 12 + int(n / 20000)
	for (i = 0; i < n_cities; ++i) {
		put(iri("city", i) " " voc("inCountry") " " iri("country", power(n_countries)))
	}
	for (i = 1; i < n_genres; ++i) {
		put(iri("genre", i) " " voc("broader") " " iri("genre", int((i - 1) / 3)))
	}
	for (i = 0; i < n_retailers; ++i) {
		put(iri("retailer", i) " " a " " voc("Retailer"))
		put(iri("retailer", i) " " voc("name") " \"Retailer " i "\"")
		put(iri("retailer", i) " " voc("locatedIn") " " iri("city", power(n_cities)))
	}
	for (i = 0; i < n_products; ++i) {
		product(i)
	}
	for (i = 0; i < n / 25; ++i) {
		post(i)
	}
	for (i = 0; written < n; ++i) {
		user(i % n_users)
		channel(i)
	}
}
function product(i,    s, j) {
	s = iri("product", i)
	put(s " " a " " voc("Product" power(15)))
	put(s " " voc("caption") " \"Product " i " caption\"")
	for (j = int(rand() * 3); j >= 0; --j) {
		put(s " " voc("hasGenre") " " iri("genre", 1 + power(n_genres - 1)))
	}
	for (j = power(6); j > 0; --j) {
		put(s " " voc("tag") " " iri("tag", power(300)))
	}
	if (rand() < 0.3) {
		put(s " " voc("contentRating") " " integer(1 + int(rand() * 18)))
	}
	if (rand() < 0.2) {
		put(s " " voc("homepage") " <http://product" i ".example/>")
	}
	for (j = power(8); j >= 0; --j) {
		offer = iri("offer", n_offers++)
		put(iri("retailer", power(n_retailers)) " " voc("offers") " " offer)
		put(offer " " voc("includes") " " s)
		put(offer " " voc("price") " " integer(1 + power(2000)))
		put(offer " " voc("validThrough") " " day(int(rand() * 2000)))
	}
}
function post(i,    s) {
	s = iri("post", i)
	put(s " " voc("creator") " " iri("user", power(n_users)))
	if (i > 0) {
		put(s " " voc("replyOf") " " iri("post", i % 10 ? int(rand() * i) : i - 10))
	}
	if (i % 4 == 0 && i > 3) {
		put(s " " voc("nextInThread") " " iri("post", i - 4))
	}
}
function user(i,    s, j, review) {
	s = iri("user", i)
	put(s " " a " " voc("User"))
	put(s " " voc("userId") " " integer(i))
	if (rand() < 0.7) {
		put(s " " voc("givenName") " \"Name" power(500) "\"")
	}
	if (rand() < 0.3) {
		put(s " " voc("email") " \"user" i "@mail.example\"")
	}
	if (rand() < 0.5) {
		put(s " " voc("age") " " integer(14 + int(rand() * 70)))
	}
	put(s " " voc("livesIn") " " iri("city", power(n_cities)))
	for (j = power(40); j > 0; --j) {
		put(s " " voc("follows") " " iri("user", power(n_users)))
	}
	for (j = power(30); j > 0; --j) {
		put(s " " voc("friendOf") " " iri("user", power(n_users)))
	}
	for (j = power(20); j > 0; --j) {
		put(s " " voc("likes") " " iri("product", power(n_products)))
	}
	if (rand() < 0.4) {
		review = iri("review", n_reviews++)
		put(review " " voc("reviewer") " " s)
		put(review " " voc("about") " " iri("product", power(n_products)))
		put(review " " voc("rating") " " integer(1 + int(rand() * 10)))
		put(review " " voc("written") " " day(int(rand() * 2000)))
	}
}
function channel(i,    g, m) {
	g = " " iri("channel", power(500))
	m = iri("message", i)
	put(m " " voc("from") " " iri("user", power(n_users)) g)
	put(m " " voc("to") " " iri("user", power(n_users)) g)
	put(m " " voc("sent") " " day(int(rand() * 2000)) g)
}
function iri(kind, i) { return "<" d kind "/" i ">" }
function voc(name) { return "<" w name ">" }
function integer(i) { return "\"" i "\"^^<" xsd "integer>" }
function power(range) { return int(rand() * rand() * rand() * range) }
function day(i) {
	return sprintf("\"%04d-%02d-%02d\"^^<%sdate>", 2015 + int(i / 336), 1 + int(i % 336 / 28), 1 + i % 28, xsd)
}
function put(statement) {
	if (written < n) {
		print statement " ."
		++written
	}
}
