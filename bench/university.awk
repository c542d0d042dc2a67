# university.awk - N-Triples of made-up universities in the manner of LUBM: awk -v n=1000000 -f university.awk
# Universities, departments, research groups, faculty, students, courses, publications, and the class hierarchy.
BEGIN {
	srand(17)
	u = "http://university.example/vocabulary#"
	a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
	split("FullProfessor AssociateProfessor AssistantProfessor Lecturer", ranks, " ")
	hierarchy("Professor Faculty FullProfessor Professor AssociateProfessor Professor AssistantProfessor Professor " \
		"Lecturer Faculty Faculty Employee Employee Person Student Person UndergraduateStudent Student " \
		"GraduateStudent Student TeachingAssistant Student Department Organization University Organization " \
		"ResearchGroup Organization GraduateCourse Course Course Work Publication Work")
	n_universities = int(n / 100000) + 1 # that degrees come from; the last ones have no departments
	for (i = 0; written < n; ++i) {
		university(i)
	}
}
function hierarchy(pairs,    i, k, list) {
	k = split(pairs, list, " ")
	for (i = 1; i < k; i += 2) {
		put(voc(list[i]) " <http://www.w3.org/2000/01/rdf-schema#subClassOf> " voc(list[i + 1]))
	}
}
function university(i,    j, n_departments, s) {
	s = "<http://www.University" i ".edu>"
	put(s " " a " " voc("University"))
	put(s " " voc("name") " \"University" i "\"")
	n_departments = 15 + int(rand() * 11)
	for (j = 0; j < n_departments; ++j) {
		department(i, j, s)
	}
}
function department(i, j, above,    s, k, r, g) {
	s = "<http://www.Department" j ".University" i ".edu>"
	base = "http://www.Department" j ".University" i ".edu/"
	put(s " " a " " voc("Department"))
	put(s " " voc("name") " \"Department" j "\"")
	put(s " " voc("subOrganizationOf") " " above)
	for (k = 0; k < 15; ++k) {
		g = "<" base "ResearchGroup" k ">"
		put(g " " a " " voc("ResearchGroup"))
		put(g " " voc("subOrganizationOf") " " s)
	}
	n_faculty = n_courses = 0
	for (r = 1; r <= 4; ++r) {
		for (k = 0; k < 8 + int(rand() * 5); ++k) {
			faculty(ranks[r], k, s, r, k)
		}
	}
	n_graduates = int(n_faculty * 3.5)
	for (k = 0; k < n_graduates; ++k) {
		student("GraduateStudent", k, s)
	}
	for (k = 0; k < n_faculty * 10; ++k) {
		student("UndergraduateStudent", k, s)
	}
}
function faculty(rank, k, department, r,    s, i) {
	s = "<" base rank k ">"
	staff[n_faculty++] = s
	put(s " " a " " voc(rank))
	person(s, rank k)
	put(s " " voc("worksFor") " " department)
	if (r == 1 && k == 0) {
		put(s " " voc("headOf") " " department)
	}
	put(s " " voc("undergraduateDegreeFrom") " " any_university())
	put(s " " voc("doctoralDegreeFrom") " " any_university())
	put(s " " voc("researchInterest") " \"Research" int(rand() * 30) "\"")
	for (i = 0; i < 2; ++i) {
		courses[n_courses] = "<" base (i ? "GraduateCourse" : "Course") n_courses ">"
		put(courses[n_courses] " " a " " voc(i ? "GraduateCourse" : "Course"))
		put(courses[n_courses] " " voc("name") " \"Course" n_courses "\"")
		put(s " " voc("teacherOf") " " courses[n_courses++])
	}
	for (i = 0; i < (5 - r) * 4; ++i) {
		put("<" base rank k "/Publication" i "> " a " " voc("Publication"))
		put("<" base rank k "/Publication" i "> " voc("publicationAuthor") " " s)
		if (n_graduates > 0 && rand() < 0.5) {
			put("<" base rank k "/Publication" i "> " voc("publicationAuthor") " <" base "GraduateStudent" \
				int(rand() * n_graduates) ">")
		}
	}
}
function student(class, k, department,    s, i) {
	s = "<" base class k ">"
	put(s " " a " " voc(class))
	person(s, class k)
	put(s " " voc("memberOf") " " department)
	for (i = 1 + int(rand() * 3); i > 0; --i) {
		put(s " " voc("takesCourse") " " courses[int(rand() * n_courses)])
	}
	if (class == "GraduateStudent") {
		put(s " " voc("undergraduateDegreeFrom") " " any_university())
	}
	if (class == "GraduateStudent" || rand() < 0.2) {
		put(s " " voc("advisor") " " staff[int(rand() * n_faculty)])
	}
	if (class == "GraduateStudent" && rand() < 0.2) {
		put(s " " a " " voc("TeachingAssistant"))
		put(s " " voc("teachingAssistantOf") " " courses[int(rand() * n_courses)])
	}
}
function person(s, name) {
	put(s " " voc("name") " \"" name "\"")
	put(s " " voc("emailAddress") " \"" name "@" substr(base, 8, length(base) - 8) "\"")
	put(s " " voc("telephone") " \"xxx-xxx-xxxx\"")
}
function any_university() { return "<http://www.University" int(rand() * 10 * n_universities) ".edu>" }
function voc(name) { return "<" u name ">" }
function put(statement) {
	if (written < n) {
		print statement " ."
		++written
	}
}
