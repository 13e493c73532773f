#!/usr/bin/env bash
# Runs the program the way a reader would: what it refuses, with which words and which exit status.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
explain=$1

# explains ARGUMENT...: expects an explanation, and no complaint.
explains() {
  run 0 "$explain" "$@"
  silent
}

# refuses ARGUMENT...: expects what stdin says.
refuses() { refused "$(cat)" "$explain" "$@"; }

# line TEXT: the last explanation has this line.
line() { grep -q -x -F -e "$1" "$work/stdout" || fail "no line \"$1\" on stdout"; }

explains 'ik,kj->ij' 5x784 784x10
line 'c = einsum("ik,kj->ij", a, b)'
line 'a [5, 784], b [784, 10]  ->  c [5, 10]'
explains ',i->i' scalar 3
line 'a [], b [3]  ->  c [3]'
explains '->' scalar
explains 'bi,bj->ij'
line 'No shapes were given; these are made up.'
line 'A [2, 3], B [2, 4]  ->  C [3, 4]'
explains 'abcdefgh...'
explains --help
line "  explain 'ik,kj->ij' 5x784 784x10    two operands, [5, 784] and [784, 10]"

refuses 'ik,kj->iz' 2x3 3x4 << END
explain: output label 'z' is in no operand
  ik,kj->iz
          ^
END
refuses 'ik,kj->ij' 5x784 << END
explain: subscripts for more than 1 operand
  ik,kj->ij
     ^
END
refuses 'i;j' << END
explain: ';' is no label: labels are letters
  i;j
   ^
END
refuses 'ij' 2,3 << END
explain: '2,3' is no shape; write 2x3x4 for [2, 3, 4] (up to 8 sizes), or scalar
END
refuses << END
explain: give it subscripts and shapes, such as 'ik,kj->ij' 5x784 784x10
END
refuses 'ij' 2x3 --fast << END
explain: unknown flag --fast; try --help
END
refuses -h << END
explain: unknown flag -h; try --help
END

finish
