# tap.tcl - what the tests at a terminal share; to be read with `source`.
#
# start ?argument …?   begin a conversation, at a terminal of 40 lines and 100 columns
# type text            type it
# see name text        one case: the text appears
# prompt name          one case: the shell asks for a query
# leave name status    one case: the program has ended so
# make_file path line  a file of one line
# done_testing         print the plan

set timeout 20
log_user 0
set stty_init "rows 40 columns 100"
set n_cases 0
set work [exec mktemp -d]
set env(XDG_STATE_HOME) $work/state
set env(TERM) xterm
set env(LC_ALL) C.UTF-8
set env(INPUTRC) /dev/null
unset -nocomplain env(TERTIUM_DATA) env(PAGER)

proc start {args} {
	global env spawn_id
	spawn -noecho $env(TERTIUM) {*}$args
}

proc make_file {path line} {
	set file [open $path w]
	puts $file $line
	close $file
}

proc type {text} {
	send -- $text
}

proc report {is_ok name} {
	global n_cases expect_out
	incr n_cases
	puts "[expr {$is_ok ? {ok} : {not ok}}] $n_cases - $name"
	if {!$is_ok && [info exists expect_out(buffer)]} {
		foreach line [split $expect_out(buffer) \n] {
			puts "# [string map {\x1b \\e \r {}} $line]"
		}
	}
}

proc see {name text} {
	expect {
		-ex $text { report 1 $name }
		timeout { report 0 "$name: \"$text\" does not appear" }
		eof { report 0 "$name: the program ended" }
	}
}

proc prompt {name} {
	see $name "tertium> "
}

proc leave {name wanted} {
	expect {
		eof {}
		timeout { report 0 "$name: the program does not end"; return }
	}
	lassign [wait] pid id os_error status
	report [expr {$os_error == 0 && $status == $wanted}] "$name (status $status)"
}

proc done_testing {} {
	global n_cases work
	file delete -force $work
	puts "1..$n_cases"
}
