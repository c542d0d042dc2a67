/* test_functions.c - the functions of SPARQL, its casts and regular expressions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "expr_cases.h"

/* ---- functions -------------------------------------------------------------------------------- */

static void terms_are_taken_apart(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(str <http://e/a>)", "\"http://e/a\""},
	    {"(str 42)", "\"42\""},
	    {"(str \"05\"^^xsd:integer)", "\"05\""},
	    {"(str \"a\"@en)", "\"a\""},
	    {"(str (+ 0.1 1.0E0))", "\"1.1E0\""},
	    {"(str _:b1)", "error"},
	    {"(str \"2001-01-01\"^^xsd:date)", "\"2001-01-01\""},
	    {"(lang \"a\"@en-GB)", "\"en-gb\""},
	    {"(lang (strlang \"a\" \"en-GB\"))", "\"en-gb\""},
	    {"(lang \"a\")", "\"\""},
	    {"(lang 5)", "\"\""},
	    {"(lang <http://e/a>)", "error"},
	    {"(datatype 5)", "xsd:integer"},
	    {"(datatype \"a\")", "xsd:string"},
	    {"(datatype \"a\"@en)", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"},
	    {"(datatype \"a\"^^<http://t/1>)", "<http://t/1>"},
	    {"(datatype <http://e/a>)", "error"},
	    {"(datatype _:b1)", "error"},
	    {"(langmatches \"de-de\" \"de-de\")", "true"},
	    {"(langmatches \"de-DE-1996\" \"de-de\")", "true"},
	    {"(langmatches \"de-latn-de\" \"de-de\")", "false"},
	    {"(langmatches \"de\" \"de-de\")", "false"},
	    {"(langmatches \"den\" \"de\")", "false"},
	    {"(langmatches \"en-GB\" \"EN\")", "true"},
	    {"(langmatches \"en\" \"*\")", "true"},
	    {"(langmatches \"\" \"*\")", "false"},
	    {"(langmatches \"\" \"\")", "false"},
	    {"(langmatches \"en\" 5)", "error"},
	    {"(isiri <http://e/a>)", "true"},
	    {"(isuri \"http://e/a\")", "false"},
	    {"(isblank _:x)", "true"},
	    {"(isblank <http://e/a>)", "false"},
	    {"(isliteral 5)", "true"},
	    {"(isliteral \"a\"@en)", "true"},
	    {"(isliteral _:b1)", "false"},
	    {"(isiri error)", "error"},
	    {"(isiri (iri \"http://e/a\"))", "true"},
	    {"(isnumeric 12)", "true"},
	    {"(isnumeric \"12\")", "false"},
	    {"(isnumeric \"12\"^^xsd:nonNegativeInteger)", "true"},
	    {"(isnumeric \"1200\"^^xsd:byte)", "false"},
	    {"(isnumeric <http://e/12>)", "false"},
	    {"(isnumeric (/ 1.0E0 3))", "true"},
	    {"(sameterm 1 1)", "true"},
	    {"(sameterm 1 1.0)", "false"},
	    {"(sameterm \"a\" \"a\")", "true"},
	    {"(sameterm (concat \"a\" \"b\") (concat \"ab\"))", "true"},
	    {"(sameterm \"a\"@en \"a\"@EN)", "true"},
	    {"(sameterm \"NaN\"^^xsd:double \"NaN\"^^xsd:double)", "true"},
	    {"(sameterm (str 5) \"5\")", "true"},
	};
	CHECK(cases);
}

static void terms_are_made(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(iri \"x\")", "<http://example.org/base/x>"},
	    {"(uri \"../x\")", "<http://example.org/x>"},
	    {"(iri \"http://other/\")", "<http://other/>"},
	    {"(iri <http://e/a>)", "<http://e/a>"},
	    {"(iri \"a b\")", "error"},
	    {"(iri \"a\"@en)", "error"},
	    {"(iri 5)", "error"},
	    {"(iri _:b1)", "error"},
	    {"(strlang \"chat\" \"en-US\")", "\"chat\"@en-US"},
	    {"(strlang \"chat\" \"\")", "error"},
	    {"(strlang \"chat\" \"e n\")", "error"},
	    {"(strlang \"chat\" \"en-\")", "error"},
	    {"(strlang \"chat\" \"1n\")", "error"},
	    {"(strlang \"chat\" \"de-1996\")", "\"chat\"@de-1996"},
	    {"(strlang \"chat\"@en \"en\")", "error"},
	    {"(strlang 5 \"en\")", "error"},
	    {"(strdt \"123\" xsd:integer)", "123"},
	    {"(strdt \"0123\" xsd:integer)", "\"0123\"^^xsd:integer"},
	    {"(strdt \"iiii\" <http://e/roman>)", "\"iiii\"^^<http://e/roman>"},
	    {"(strdt \"a\"@en xsd:string)", "error"},
	    {"(strdt 5 xsd:string)", "error"},
	    {"(strdt \"a\" \"b\")", "error"},
	    {"(strdt \"a\" xsd:string)", "\"a\""},
	    {"(strdt \"a\" <http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>)", "error"},
	    {"(+ (strdt \"1\" xsd:integer) 1)", "2"},
	    {"(strlen (str (uuid)))", "45"},
	    {"(isiri (uuid))", "true"},
	    {"(regex (struuid) \"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$\")", "true"},
	    {"(= (uuid) (uuid))", "false"},
	    {"(isblank (bnode))", "true"},
	    {"(= (bnode) (bnode))", "false"},
	    {"(= (bnode \"a\") (bnode \"a\"))", "true"},
	    {"(= (bnode \"a\") (bnode \"b\"))", "false"},
	    {"(bnode 5)", "error"},
	};
	CHECK(cases);
}

static void numbers_are_rounded(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(abs -5)", "5"},
	    {"(abs -5.5)", "5.5"},
	    {"(abs -1.5E0)", "1.5E0"},
	    {"(abs \"-5\")", "error"},
	    {"(= (ceil 1.1) 2)", "true"},
	    {"(datatype (ceil 1.1))", "xsd:decimal"},
	    {"(ceil -1)", "-1"},
	    {"(= (ceil -1.6) -1)", "true"},
	    {"(= (floor -1.6) -2)", "true"},
	    {"(floor 2.7E0)", "2.0E0"},
	    {"(= (round 2.5) 3)", "true"},
	    {"(= (round -2.5) -2)", "true"},
	    {"(= (round -1.6) -2)", "true"},
	    {"(round 7)", "7"},
	    {"(round \"INF\"^^xsd:double)", "\"INF\"^^xsd:double"},
	    {"(round <http://e/a>)", "error"},
	    {"(&& (>= (rand) 0) (< (rand) 1))", "true"},
	    {"(datatype (rand))", "xsd:double"},
	};
	CHECK(cases);
}

static void strings_are_searched(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(strlen \"chat\")", "4"},
	    {"(strlen \"\xE9\xA3\x9F\xE3\x81\xB9\xE7\x89\xA9\")", "3"},
	    {"(strlen \"\xF0\x9F\x91\xAA\"@en)", "1"},
	    {"(strlen \"\")", "0"},
	    {"(strlen 5)", "error"},
	    {"(contains \"foobar\" \"bar\")", "true"},
	    {"(contains \"foobar\"@en \"foo\"@en)", "true"},
	    {"(contains \"foobar\"@en \"foo\")", "true"},
	    {"(contains \"foobar\" \"foo\"@en)", "error"},
	    {"(contains \"foobar\"@en \"foo\"@fr)", "error"},
	    {"(contains \"foobar\"@en \"foo\"@EN)", "true"},
	    {"(contains \"foobar\" \"\")", "true"},
	    {"(contains \"\" \"\")", "true"},
	    {"(contains \"\" \"a\")", "false"},
	    {"(contains 5 \"5\")", "error"},
	    {"(strstarts \"foobar\" \"foo\")", "true"},
	    {"(strstarts \"foobar\" \"bar\")", "false"},
	    {"(strstarts \"\" \"\")", "true"},
	    {"(strends \"foobar\" \"bar\")", "true"},
	    {"(strends \"bar\" \"foobar\")", "false"},
	    {"(strends \"foobar\" \"\")", "true"},
	    /* W3C strbefore02, strafter02 */
	    {"(strbefore \"abc\" \"b\")", "\"a\""},
	    {"(strbefore \"abc\"@en \"bc\")", "\"a\"@en"},
	    {"(strbefore \"abc\" \"b\"@cy)", "error"},
	    {"(strbefore \"abc\"@en \"b\"@cy)", "error"},
	    {"(strbefore \"abc\"@en \"\")", "\"\"@en"},
	    {"(strbefore \"abc\"@en \"\"@en)", "\"\"@en"},
	    {"(strbefore \"abc\"@en \"xyz\")", "\"\""},
	    {"(strafter \"abc\" \"b\")", "\"c\""},
	    {"(strafter \"abc\"@en \"ab\")", "\"c\"@en"},
	    {"(strafter \"abc\" \"\"@en)", "error"},
	    {"(strafter \"abc\"@en \"\")", "\"abc\"@en"},
	    {"(strafter \"abc\"@en \"z\"@en)", "\"\""},
	    {"(strafter \"\"@en \"\")", "\"\"@en"},
	};
	CHECK(cases);
}

static void strings_are_made(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(concat)", "\"\""},
	    {"(concat \"foo\" \"bar\")", "\"foobar\""},
	    {"(concat \"foo\"@en \"bar\"@en)", "\"foobar\"@en"},
	    {"(concat \"foo\"@en \"bar\")", "\"foobar\""},
	    {"(concat \"foo\"@en \"bar\"@es)", "\"foobar\""},
	    {"(concat \"foo\"@en \"bar\" \"x\"@en)", "\"foobarx\""},
	    {"(concat \"foo\" 5)", "error"},
	    {"(concat \"foo\" (str 5) (str (+ 0.5 0.7E0)))", "\"foo51.2E0\""},
	    {"(ucase \"foo\"@en)", "\"FOO\"@en"},
	    {"(ucase \"stra\xC3\x9F"
	     "e \xC3\xA9\")",
	     "\"STRASSE \xC3\x89\""},
	    {"(lcase \"\xC3\x89T\xC3\x89 BAZ[`{\")", "\"\xC3\xA9t\xC3\xA9 baz[`{\""},
	    {"(lcase \"BAZ[@`{\")", "\"baz[@`{\""},
	    {"(ucase \"\")", "\"\""},
	    {"(ucase <http://e/a>)", "error"},
	    {"(encode_for_uri \"Los Angeles\"@en)", "\"Los%20Angeles\""},
	    {"(encode_for_uri \"100%-_.~/\xE9\xA3\x9F\")", "\"100%25-_.~%2F%E9%A3%9F\""},
	    {"(encode_for_uri 5)", "error"},
	    {"(substr \"foobar\" 4)", "\"bar\""},
	    {"(substr \"foobar\"@en 4 1)", "\"b\"@en"},
	    {"(substr \"foobar\" 1 3)", "\"foo\""},
	    {"(substr \"foobar\" 0 3)", "\"fo\""},
	    {"(substr \"foobar\" -1 3)", "\"f\""},
	    {"(substr \"foobar\" 7)", "\"\""},
	    {"(substr \"foobar\" 2 0)", "\"\""},
	    {"(substr \"foobar\" 2 -5)", "\"\""},
	    {"(substr \"foobar\" 1.5 2.6)", "\"oob\""},
	    {"(substr \"foobar\" \"NaN\"^^xsd:double)", "\"\""},
	    {"(substr \"foobar\" 2 \"INF\"^^xsd:double)", "\"oobar\""},
	    {"(substr \"foobar\" \"-INF\"^^xsd:double)", "\"foobar\""},
	    {"(substr \"foobar\" \"-INF\"^^xsd:double \"INF\"^^xsd:double)", "\"\""},
	    {"(substr \"\xE9\xA3\x9F\xE3\x81\xB9\xE7\x89\xA9\" 2 1)", "\"\xE3\x81\xB9\""},
	    {"(substr \"foobar\" \"2\")", "error"},
	    {"(substr 12345 2)", "error"},
	    {"(md5 \"abc\")", "\"900150983cd24fb0d6963f7d28e17f72\""},
	    {"(sha1 \"abc\")", "\"a9993e364706816aba3e25717850c26c9cd0d89d\""},
	    {"(sha256 \"foo\")", "\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\""},
	    {"(sha384 \"foo\")",
	     "\"98c11ffdfdd540676b1a137cb1a22b2a70350c9a44171d6b1180c6be5cbb2ee3f79d532c8a1dd9ef2e8e08e752a3babb\""},
	    {"(sha512 \"foo\")",
	     "\"f7fbba6e0636f890e56fbbf3283e524c6fa3204ae298382d624741d0dc6638326e282c41be5e4254d8820772"
	     "c5518a2c5a8c0c7f7eda19594a7eb539453e1ed7\""},
	    {"(md5 \"\")", "\"d41d8cd98f00b204e9800998ecf8427e\""},
	    {"(md5 \"abc\"@en)", "error"},
	    {"(md5 5)", "error"},
	};
	CHECK(cases);
}

static void times_have_fields(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(year \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "2010"},
	    {"(month \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "12"},
	    {"(day \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "21"},
	    {"(hours \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "15"},
	    {"(minutes \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "38"},
	    {"(= (seconds \"2010-12-21T15:38:02.5-08:00\"^^xsd:dateTime) 2.5)", "true"},
	    {"(datatype (seconds \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime))", "xsd:decimal"},
	    {"(timezone \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "\"-PT8H\"^^xsd:dayTimeDuration"},
	    {"(timezone \"2010-12-21T15:38:02Z\"^^xsd:dateTime)", "\"PT0S\"^^xsd:dayTimeDuration"},
	    {"(timezone \"2011-02-01T01:02:03\"^^xsd:dateTime)", "error"},
	    {"(tz \"2010-12-21T15:38:02-08:00\"^^xsd:dateTime)", "\"-08:00\""},
	    {"(tz \"2010-12-21T15:38:02Z\"^^xsd:dateTime)", "\"Z\""},
	    {"(tz \"2011-02-01T01:02:03\"^^xsd:dateTime)", "\"\""},
	    {"(year \"2010\")", "error"},
	    {"(year \"x\"^^xsd:dateTime)", "error"},
	    {"(now)", "\"2023-11-14T22:13:20.123Z\"^^xsd:dateTime"},
	    {"(= (now) (now))", "true"},
	};
	static const expectation extended[] = {
	    {"(year \"2010-12-21\"^^xsd:date)", "2010"},   {"(day \"2010-12-21\"^^xsd:date)", "21"},
	    {"(hours \"2010-12-21\"^^xsd:date)", "error"}, {"(year \"2010\"^^xsd:gYear)", "2010"},
	    {"(month \"2010\"^^xsd:gYear)", "error"},      {"(month \"2010-12\"^^xsd:gYearMonth)", "12"},
	    {"(hours \"15:38:02Z\"^^xsd:time)", "15"},     {"(year \"15:38:02Z\"^^xsd:time)", "error"},
	    {"(year \"-0044-03-15\"^^xsd:date)", "-44"},
	};
	static const expectation strict[] = {
	    {"(year \"2010-12-21\"^^xsd:date)", "error"},
	    {"(year \"2010\"^^xsd:gYear)", "error"},
	    {"(tz \"2010Z\"^^xsd:gYear)", "error"},
	};
	CHECK(cases);
	CHECK_STRICT(cases);
	CHECK(extended);
	CHECK_STRICT(strict);
}

static void regular_expressions_match(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(regex \"abcDEFghiJKL\" \"GHI\")", "false"},
	    {"(regex \"abcDEFghiJKL\" \"DeFghI\" \"i\")", "true"},
	    {"(regex \"http://example.com/literal\" \"example\\\\.com\")", "true"},
	    {"(regex \"exampleXcom\" \"example\\\\.com\")", "false"},
	    {"(regex \"foobar\"@en \"^foo\")", "true"},
	    {"(regex \"foobar\" \"^foo\"@en)", "error"},
	    {"(regex 5 \"5\")", "error"},
	    {"(regex \"a\" 5)", "error"},
	    {"(regex \"a\" \"a\" 5)", "error"},
	    {"(regex \"a\" \"a\" \"z\")", "error"},
	    {"(regex \"a\" \"(\")", "error"},
	    {"(regex \"a\" \"[\")", "error"},
	    {"(regex \"a\" \"\\\\\")", "error"},
	    {"(regex \"a\" \"(*UTF)a\")", "error"},
	    {"(regex \"a\" \"a\\\\Kb\")", "error"},
	    {"(regex \"\" \"\")", "true"},
	    {"(regex \"a\" \"\")", "true"},
	    /* W3C sparql10/regex */
	    {"(regex \"a\nc\" \"a[b\\\\n]c\")", "true"},
	    {"(regex \"a\nc\" \"a.c\")", "false"},
	    {"(regex \"a\nc\" \"a.c\" \"s\")", "true"},
	    {"(regex \"a\nc\" \" a\n\r\t[\\\\n]c \" \"x\")", "true"},
	    {"(regex \"ac\" \" a\n\tc \" \"x\")", "true"},
	    {"(regex \"a?+*.{}()[]c\" \"a?+*.{}()[]C\" \"iq\")", "true"},
	    {"(regex \"a?+*.{}()[]c\" \"a?+*.{}()[]C\" \"q\")", "false"},
	    {"(regex \"abc\" \"a[^b]c\")", "false"},
	    {"(regex \"abbc\" \"ab{2}c\")", "true"},
	    {"(regex \"a\nb\nc\" \"^b$\" \"m\")", "true"},
	    {"(regex \"a\nb\nc\" \"^b$\")", "false"},
	    {"(regex \"b\n\" \"^b$\")", "false"},
	};
	CHECK(cases);
}

static void regular_expressions_are_those_of_xpath(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(regex \"a#b\" \"a #b\" \"x\")", "true"},
	    {"(regex \"a b\" \"a[ ]b\" \"x\")", "true"},
	    {"(regex \"e\" \"^[a-z-[aeiou]]$\")", "false"},
	    {"(regex \"f\" \"^[a-z-[aeiou]]$\")", "true"},
	    {"(regex \"e\" \"^[a-z-[aeiou-[e]]]$\")", "true"},
	    {"(regex \"x\" \"^[^a-z-[5]]$\")", "false"},
	    {"(regex \"5\" \"^[^a-z-[5]]$\")", "false"},
	    {"(regex \"6\" \"^[^a-z-[5]]$\")", "true"},
	    {"(regex \"x\" \"[a-[b]c]\")", "error"},
	    {"(regex \"a_b\" \"^\\\\w+$\")", "false"},
	    {"(regex \"a+b\" \"^\\\\w+$\")", "true"},
	    {"(regex \"\xC3\xA9t\xC3\xA9\" \"^\\\\w{3}$\")", "true"},
	    {"(regex \"_\" \"^\\\\W$\")", "true"},
	    {"(regex \"a-b\" \"^[\\\\w\\\\-]+$\")", "true"},
	    {"(regex \"ab\" \"^[^\\\\W]+$\")", "true"},
	    {"(regex \"\xD9\xA3\" \"^\\\\d$\")", "true"},
	    {"(regex \"a\" \"^\\\\D$\")", "true"},
	    {"(regex \"a1\" \"^[\\\\D1]+$\")", "true"},
	    {"(regex \"\xC2\xA0\" \"^\\\\s$\")", "false"},
	    {"(regex \"\xC2\xA0\" \"^\\\\S$\")", "true"},
	    {"(regex \"a \" \"^[\\\\S]\\\\s$\")", "true"},
	    {"(regex \"p:n-1.\" \"^\\\\i\\\\c*$\")", "true"},
	    {"(regex \"-n\" \"^\\\\i\")", "false"},
	    {"(regex \"-\" \"^[\\\\I]$\")", "true"},
	    {"(regex \"a\" \"^\\\\I$\")", "false"},
	    {"(regex \"/\" \"^\\\\C$\")", "true"},
	    {"(regex \"a\" \"^[\\\\C]$\")", "false"},
	    {"(regex \"\xC3\xA9\" \"^\\\\p{L}$\")", "true"},
	    {"(regex \"\xC3\x89\" \"\xC3\xA9\" \"i\")", "true"},
	    {"(regex \"a[b\" \"a[[]b\")", "true"},
	    {"(regex \"abab\" \"^(ab)\\\\1$\")", "true"},
	    {"(regex (concat \"foo\" \"bar\") (concat \"o\" \"+b\"))", "true"},
	};
	CHECK(cases);
}

static void regular_expressions_replace(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(replace \"abcd\" \"b\" \"Z\")", "\"aZcd\""},
	    {"(replace \"abab\" \"B\" \"Z\" \"i\")", "\"aZaZ\""},
	    {"(replace \"abcd\" \"(ab)|(a)\" \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""},
	    {"(replace \"banana\" \"ana\" \"*\")", "\"b*na\""},
	    {"(replace \"aAbBaC\" \"a\" \"~/\" \"i\")", "\"~/~/bB~/C\""},
	    {"(replace \"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E\"@ja \"[^a-z0-9]\" \"-\")", "\"---\"@ja"},
	    {"(replace \"abc\" \"x\" \"y\")", "\"abc\""},
	    {"(replace \"abc\" \"b*\" \"y\")", "error"},
	    {"(replace \"abc\" \"\" \"y\")", "error"},
	    {"(replace \"abc\" \"^\" \"y\")", "error"},
	    {"(replace \"abc\" \"b\" \"$\")", "error"},
	    {"(replace \"abc\" \"b\" \"$x\")", "error"},
	    {"(replace \"abc\" \"b\" \"\\\\\")", "error"},
	    {"(replace \"abc\" \"b\" \"\\\\x\")", "error"},
	    {"(replace \"abc\" \"z\" \"$\")", "error"},
	    {"(replace \"abc\" \"b\" \"\\\\$\\\\\\\\\")", "\"a$\\\\c\""},
	    {"(replace \"abc\" \"b\" \"<$0>\")", "\"a<b>c\""},
	    {"(replace \"abc\" \"(b)\" \"$12\")", "\"ab2c\""},
	    {"(replace \"abc\" \"b\" \"$9\")", "\"ac\""},
	    {"(replace \"a$c\" \"$\" \"\\\\$\" \"q\")", "\"a\\\\$c\""},
	    {"(replace \"a.c\" \".\" \"$1\" \"q\")", "\"a$1c\""},
	    {"(replace \"abc\" \"b\" \"\")", "\"ac\""},
	    {"(replace \"bbb\" \"b\" \"xy\")", "\"xyxyxy\""},
	    {"(replace \"darted\" \"^(.*?)d(.*)$\" \"$1c$2\")", "\"carted\""},
	    {"(replace \"a b\" \"\\\\b\" \"|\")", "\"a b\""},
	    {"(replace \"\" \"a\" \"b\")", "\"\""},
	    {"(replace 5 \"a\" \"b\")", "error"},
	    {"(replace \"a\"@en \"a\" \"b\"@en)", "error"},
	};
	CHECK(cases);
}

static void casts_to_string_follow_xpath(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(xsd:string <http://e/a>)", "\"http://e/a\""},
	    {"(xsd:string 5)", "\"5\""},
	    {"(xsd:string \"05\"^^xsd:integer)", "\"5\""},
	    {"(xsd:string 1.0E0)", "\"1\""},
	    {"(xsd:string 1.5E10)", "\"1.5E10\""},
	    {"(xsd:string -0.0E0)", "\"-0\""},
	    {"(xsd:string 0.0E0)", "\"0\""},
	    {"(xsd:string 123456.789E0)", "\"123456.789\""},
	    {"(xsd:string 120000E0)", "\"120000\""},
	    {"(xsd:string -0.1E0)", "\"-0.1\""},
	    {"(xsd:string 0.000001234E0)", "\"0.000001234\""},
	    {"(xsd:string 1.0E6)", "\"1.0E6\""},
	    {"(xsd:string 9.9E-7)", "\"9.9E-7\""},
	    {"(xsd:string \"2.5\"^^xsd:float)", "\"2.5\""},
	    {"(xsd:string \"0.1\"^^xsd:float)", "\"0.1\""},
	    {"(xsd:string 0.0625E0)", "\"0.0625\""},
	    {"(xsd:string \"1\"^^xsd:boolean)", "\"true\""},
	    {"(xsd:string \"2002-10-10T17:00:00Z\"^^xsd:dateTime)", "\"2002-10-10T17:00:00Z\""},
	    {"(xsd:string _:b1)", "error"},
	};
	CHECK(cases);
	CHECK_STRICT(cases);
}

static void casts_follow_xpath(void **state)
{
	(void)state;
	static const expectation cases[] = {
	    {"(xsd:boolean \"true\")", "true"},
	    {"(xsd:boolean \"0\")", "false"},
	    {"(xsd:boolean \"yes\")", "error"},
	    {"(xsd:boolean 0)", "false"},
	    {"(xsd:boolean 2.5)", "true"},
	    {"(xsd:boolean \"NaN\"^^xsd:double)", "false"},
	    {"(xsd:boolean \"2002-10-10\"^^xsd:date)", "error"},
	    {"(xsd:boolean <http://e/a>)", "error"},
	    {"(xsd:integer \"13\")", "13"},
	    {"(xsd:integer \" 13 \")", "13"},
	    {"(xsd:integer \"+33.3300\")", "error"},
	    {"(xsd:integer \"-10.2E3\")", "error"},
	    {"(xsd:integer 3.9)", "3"},
	    {"(xsd:integer -3.9E0)", "-3"},
	    {"(xsd:integer \"INF\"^^xsd:double)", "error"},
	    {"(xsd:integer true)", "1"},
	    {"(xsd:integer \"x\"^^xsd:integer)", "error"},
	    {"(xsd:integer \"13\"@en)", "error"},
	    {"(xsd:decimal \"+33.3300\")", "33.33"},
	    {"(xsd:decimal \"-10.2E3\")", "error"},
	    {"(xsd:decimal 1.5E0)", "1.5"},
	    {"(xsd:float \"-10.2E3\")", "\"-1.02E4\"^^xsd:float"},
	    {"(xsd:double \"-10.2E3\")", "-1.02E4"},
	    {"(xsd:double \"abc\")", "error"},
	    {"(xsd:double 1)", "1.0E0"},
	    {"(xsd:dateTime \"2002-10-10T17:00:00Z\")", "\"2002-10-10T17:00:00Z\"^^xsd:dateTime"},
	    {"(xsd:dateTime \"2002-10-10\")", "error"},
	    {"(xsd:dateTime \"2002-10-10\"^^xsd:date)", "\"2002-10-10T00:00:00\"^^xsd:dateTime"},
	    {"(xsd:dateTime 5)", "error"},
	};
	static const expectation extended[] = {
	    {"(xsd:date \"2002-10-10T17:00:00Z\"^^xsd:dateTime)", "\"2002-10-10Z\"^^xsd:date"},
	    {"(xsd:date \"2002-10-10\")", "\"2002-10-10\"^^xsd:date"},
	    {"(xsd:gYear \"2002-10-10\"^^xsd:date)", "\"2002\"^^xsd:gYear"},
	    {"(xsd:time \"17:00:00\")", "\"17:00:00\"^^xsd:time"},
	    {"(xsd:byte \"127\")", "\"127\"^^xsd:byte"},
	    {"(xsd:byte 128)", "error"},
	    {"(xsd:byte \"128\")", "error"},
	    {"(xsd:unsignedInt -1)", "error"},
	    {"(datatype (xsd:long 5))", "xsd:long"},
	    {"(xsd:dayTimeDuration \"PT90M\")", "\"PT1H30M\"^^xsd:dayTimeDuration"},
	    {"(xsd:yearMonthDuration \"P1Y2M3D\"^^xsd:duration)", "\"P1Y2M\"^^xsd:yearMonthDuration"},
	    {"(xsd:string \"a\"@en)", "\"a\""},
	};
	static const expectation strict[] = {{"(xsd:string \"a\"@en)", "error"}};
	CHECK(cases);
	CHECK_STRICT(cases);
	CHECK(extended);
	CHECK_STRICT(strict);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terms_are_taken_apart),
	    cmocka_unit_test(terms_are_made),
	    cmocka_unit_test(numbers_are_rounded),
	    cmocka_unit_test(strings_are_searched),
	    cmocka_unit_test(strings_are_made),
	    cmocka_unit_test(times_have_fields),
	    cmocka_unit_test(regular_expressions_match),
	    cmocka_unit_test(regular_expressions_are_those_of_xpath),
	    cmocka_unit_test(regular_expressions_replace),
	    cmocka_unit_test(casts_to_string_follow_xpath),
	    cmocka_unit_test(casts_follow_xpath),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
