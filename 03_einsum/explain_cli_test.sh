#!/bin/sh
# Runs the program the way a reader would: what it refuses, with which words and which exit status.
explain=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# run STATUS ARGUMENT...: expects this exit status, and on stderr what stdin says.
run() {
  want=$1; shift
  cat > "$work/want"
  "$explain" "$@" > "$work/out" 2> "$work/err"
  got=$?
  if [ $got -ne "$want" ] || ! diff "$work/want" "$work/err"; then
    echo "FAILED: exit status $got, want $want: $*"
    failures=$((failures + 1))
  fi
}

# in_out TEXT: what the last run printed has this line.
in_out() {
  grep -q -x -F -e "$1" "$work/out" && return
  echo "FAILED: no line \"$1\" in"; cat "$work/out"
  failures=$((failures + 1))
}

run 0 'ik,kj->ij' 5x784 784x10 < /dev/null
in_out 'c = einsum("ik,kj->ij", a, b)'
in_out 'a [5, 784], b [784, 10]  ->  c [5, 10]'
run 0 ',i->i' scalar 3 < /dev/null
in_out 'a [], b [3]  ->  c [3]'
run 0 '->' scalar < /dev/null
run 0 'bi,bj->ij' < /dev/null
in_out 'No shapes were given; these are made up.'
in_out 'A [2, 3], B [2, 4]  ->  C [3, 4]'
run 0 --help < /dev/null
in_out "  explain 'ik,kj->ij' 5x784 784x10    two operands, [5, 784] and [784, 10]"

run 2 'ik,kj->iz' 2x3 3x4 << END
explain: output label 'z' is in no operand
  ik,kj->iz
          ^
END
run 2 'ik,kj->ij' 5x784 << END
explain: subscripts for more than 1 operand
  ik,kj->ij
     ^
END
run 2 'i;j' << END
explain: ';' is no label: labels are letters
  i;j
   ^
END
run 2 'ij' 2,3 << END
explain: '2,3' is no shape; write 2x3x4 for [2, 3, 4] (up to 8 sizes), or scalar
END
run 2 << END
explain: give it subscripts and shapes, such as 'ik,kj->ij' 5x784 784x10
END
run 2 'ij' 2x3 --fast << END
explain: unknown flag --fast; try --help
END
run 2 -h << END
explain: unknown flag -h; try --help
END

exit $((failures > 0))
