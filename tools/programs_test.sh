#!/usr/bin/env bash
# programs_test.sh PROGRAM...: each program refuses an unknown flag in one line, and explains its
# flags with --help.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh

for program; do
  run 2 "$program" --nope=3
  [[ ! -s $work/stdout ]] || fail "something on stdout: $program --nope=3"
  [[ $(wc -l <"$work/stderr") -eq 1 && $(<"$work/stderr") == "${program##*/}: "* ]] ||
    fail "not one line of ${program##*/} on stderr: $program --nope=3"
  run 0 "$program" --help
  in_out "--help"
  silent
done
finish
