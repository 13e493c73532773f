#!/usr/bin/env bash
# Runs the X-ray with arguments right and wrong: exit status, and the one line that says what to do.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
xray=$1

# draws ARGUMENT...: expects a drawing and no complaint.
draws() {
  run 0 "$xray" "$@"
  [[ -s $work/stdout ]] || fail "nothing on stdout: $*"
  silent
}

# refuses SENTENCE ARGUMENT...
refuses() { refused "xray: $1" "$xray" "${@:2}"; }

how_many="as in \`xray 3 3,3\`; --help tells what they can be"
no_shape='not a shape: write the sizes with commas between them, as in 3,3 or 256,256,3, or [] for a'
no_shape="$no_shape scalar"

draws 3
draws 3 3,3
draws '[]' '3,4[1:, None, 0].t()'
draws 2,3 2
draws 4000000000,1000000000 1
draws --help
in_out '^usage: xray OPERAND \[OPERAND\]$'
draws 3 -h
in_out '^usage: '

refuses "give one operand or two, not 0, $how_many"
refuses "give one operand or two, not 3, $how_many" 3 3 3
refuses "unknown flag '--shape=3'; there is only --help" 3 --shape=3
refuses "unknown flag '-x'; there is only --help" -x
refuses "'': $no_shape" ''
refuses "'3x3': 'x3' is not a view: between sizes stand commas, as in 3,3, and after them come views, \
each one of [index], .t() and .unsqueeze(dim)" 3x3
refuses "'3,': $no_shape" 3 3,
refuses "'-3,3': Trying to create tensor with negative dimension -3: [-3, 3]" -3,3
refuses "'1,1,1,1,1,1,1,1,1': A tensor has at most 8 dimensions, and one more than \
[1, 1, 1, 1, 1, 1, 1, 1] was asked for" 1,1,1,1,1,1,1,1,1
refuses "'99999999999999999999': 99999999999999999999 does not fit in 63 bits" 99999999999999999999
refuses "'4000000000,4000000000': The number of elements of a tensor of shape \
[4000000000, 4000000000] does not fit in 63 bits" 3 4000000000,4000000000
refuses "The number of elements of a tensor of shape [4000000000, 4000000000] does not fit in 63 bits" \
  4000000000,1 4000000000

finish
