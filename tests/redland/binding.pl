# binding.pl - what a Perl program does with a Redland storage, on ours. Prints TAP. Argument: a database directory.
use strict;
use warnings;
use RDF::Redland;

my $n = 0;

sub check {
	my ($name, $is_good) = @_;
	$n++;
	print $is_good ? "ok $n - $name\n" : "not ok $n - $name\n";
}

sub iri { RDF::Redland::Node->new_from_uri("http://example.org/$_[0]") }
sub statement { RDF::Redland::Statement->new($_[0], $_[1], $_[2]) }

my $directory = shift;
{
	my $storage = RDF::Redland::Storage->new("tertium", $directory, "");
	check("a storage is made", defined $storage);
	my $model = RDF::Redland::Model->new($storage, "");
	check("a model is made", defined $model);
	my ($rats, $part_of, $sco, $p13) = (iri("RATS"), iri("partOf"), iri("SCO"), iri("P13"));
	my $label = RDF::Redland::Node->new_literal("Региональная антитеррористическая структура", undef, "ru");
	$model->add_statement(statement($rats, $part_of, $sco));
	$model->add_statement(statement($rats, iri("label"), $label));
	$model->add_statement(statement(iri("ATC"), $part_of, iri("CIS")), $p13);
	check("size", $model->size == 3);
	check("contains", $model->contains_statement(statement($rats, $part_of, $sco)));
	check("does not contain", !$model->contains_statement(statement($sco, $part_of, $rats)));
	check("find", (my @found = $model->find_statements(statement(undef, $part_of, undef))) == 2);
	check("find in a context", (my @in_context = $model->find_statements(statement(undef, undef, undef), $p13)) == 1);
	my $target = $model->target($rats, iri("label"));
	check("target, with its text and language", defined $target && $target->equals($label));
	my @sources = $model->sources($part_of, $sco);
	check("sources", @sources == 1 && $sources[0]->equals($rats));
	my @arcs = $model->arcs($rats, $sco);
	check("arcs", @arcs == 1 && $arcs[0]->equals($part_of));
	my @contexts = $model->contexts;
	check("contexts", @contexts == 1 && $contexts[0]->equals($p13));
	$model->remove_statement(statement($rats, $part_of, $sco));
	check("remove", $model->size == 2);
	my $serializer = RDF::Redland::Serializer->new("ntriples");
	my $text = $serializer->serialize_model_to_string(undef, $model);
	check("serialize", $text =~ m{<http://example.org/ATC> <http://example.org/partOf> <http://example.org/CIS> \.});
	my $parser = RDF::Redland::Parser->new("turtle");
	$parser->parse_string_into_model("<http://example.org/a> <http://example.org/b> 1, 2, \"x\" .",
		RDF::Redland::URI->new("http://example.org/"), $model);
	check("parse", $model->size == 5);
	my $query = RDF::Redland::Query->new("SELECT ?p ?o WHERE { <http://example.org/a> ?p ?o }", undef, undef, "sparql");
	my $n_rows = 0;
	my $results = $model->query_execute($query);
	for (; $results && !$results->finished; $results->next_result) {
		$n_rows++;
	}
	check("Redland's own SPARQL", $n_rows == 3);
	$model->remove_context_statements($p13);
	check("remove a context", $model->size == 4 && !$model->contexts);
}
{
	my $storage = RDF::Redland::Storage->new("tertium", $directory, "write='no'");
	my $model = RDF::Redland::Model->new($storage, "");
	check("opened again it is all there", defined $model && $model->size == 4);
}
print "1..$n\n";
