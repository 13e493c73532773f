#!/usr/bin/env bash
# bad_use_test.sh PROGRAM: the program, used badly. What is asked of all programs stands in the
# functions; what each takes, and how it comes to an end soon, in the table.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh

# once FILTER: the arguments that have a benchmark run a rung or two, once.
once="--benchmark_min_time=0 --benchmark_repetitions=1 --benchmark_filter="

# table PROGRAM: what it takes (m: --mnist_dir=DIR, o: --out=DIR, b: Google Benchmark's flags), and
# the arguments of a short run.
table() {
  case $1 in
    01_matmul/walkthrough | 04_init/walkthrough | 04_init/statistics) echo "m" ;;
    05_forward_backward/walkthrough | 05_forward_backward/gradcheck) echo "m" ;;
    06_modules/walkthrough) echo "m" ;;
    02_broadcast/walkthrough | 03_einsum/walkthrough | 03_einsum/write_emitted) echo "-" ;;
    02_broadcast/xray) echo "- 3 3,3" ;;
    03_einsum/explain) echo "- ik,kj->ij" ;;
    03_einsum/growth) echo "b ${once}packed/threads:1/n:64/" ;;
    04_init/look) echo "m 0" ;;
    04_init/depth) echo "o" ;;
    06_modules/fit) echo "mo --steps=0" ;;
    common/benchmark) echo "ob ${once}exp.*ours/rows:1000/" ;;
    01_matmul/benchmark | 02_broadcast/benchmark | 03_einsum/benchmark) echo "mob ${once}/n:5/" ;;
    03_einsum/last_factor) echo "mob ${once}/tiles/n:5/" ;;
    04_init/benchmark) echo "mob ${once}/small/rows" ;;
    05_forward_backward/benchmark) echo "mob ${once}by_matmul/n:1632/" ;;
    06_modules/benchmark) echo "mob --rows=64 ${once}forward/nn/n:64/" ;;
    speedups) echo "mob ${once}/n:5/" ;;
  esac
}

# complains [ARGUMENT...]: the program gives one line on stderr that begins with its name, prints
# nothing, makes no file, and ends with status 2.
complains() {
  run 2 env -C "$work/empty" "$program" "$@"
  [[ ! -s $work/stdout ]] || fail "something on stdout: $program $*"
  [[ $(wc -l <"$work/stderr") -eq 1 && $(<"$work/stderr") == "${program##*/}: "* ]] ||
    fail "not one line of ${program##*/} on stderr: $program $*"
  [[ -z $(ls -A "$work/empty") ]] || fail "files: $(ls -A "$work/empty"): $program $*"
}

unknown_flags() {
  local flag
  for flag in --nope=3 --out --mnist_dir; do complains "$@" "$flag"; done
  [[ $program == *explain ]] || complains "$@" "--nope" "more"
}

# Folders that are not MNIST's: each complaint says which.
wrong_folders() {
  local wrong
  for wrong in "$work"/wrong/*; do
    complains "$@" "--mnist_dir=$wrong"
    in_err "^${program##*/}: $wrong"
  done
}

# Two images of 2 x 2 pixels, and two labels: the files of each wrong folder are wrong in one way.
make_wrong_folders() {
  local wrong=$work/wrong images='\00\00\010\03\00\00\00\02\00\00\00\02\00\00\00\02abcdefgh'
  local labels='\00\00\010\01\00\00\00\02\01\02' name i l
  mkdir -p "$wrong"/{empty,text,cut,swapped,short}
  touch "$wrong/file"
  for name in train t10k; do
    i=$name-images-idx3-ubyte l=$name-labels-idx1-ubyte
    echo "<html>404" | tee "$wrong/text/$i" >"$wrong/text/$l"
    printf %b "$images" | gzip | head -c 20 >"$wrong/cut/$i.gz"
    printf %b "$labels" | gzip >"$wrong/cut/$l.gz"
    printf %b "$images" >"$wrong/swapped/$l"
    printf %b "$labels" >"$wrong/swapped/$i"
    printf %b "${images%h}" >"$wrong/short/$i"
    printf %b "$labels" >"$wrong/short/$l"
  done
}

# An output folder that is a file, that cannot be made, and in which the files cannot be made.
no_place() {
  local out
  mkdir -p "$work"/taken/{ladder.txt,fit.svg,depth.svg}
  for out in "$work/wrong/file" /proc/none/folder "$work/taken"; do
    complains "$@" "--out=$out"
    in_err "$out"
  done
}

# A number of threads that is none is passed over, and one above the processors' is taken. What a
# program prints does not depend on it, but for times.
odd_threads() {
  local threads
  run 0 "$program" "$@"
  mv "$work/stdout" "$work/usual"
  for threads in lots 0 -3 1,x "" 33; do
    run 0 env "OMP_NUM_THREADS=$threads" "$program" "$@"
    [[ $takes == *b* ]] || cmp -s "$work/stdout" "$work/usual" ||
      fail "prints something else with OMP_NUM_THREADS=$threads: $program $*"
  done
}

# A full disk is noticed, and so is a reader who has left, where that is no signal. Where it is one,
# the program ends by it without a word, and no half of a file stays.
bad_ends() {
  local status
  run_to /dev/full "$@"
  run_to closed "$@"
  run_to left "$@"
  if [[ $takes == *o* ]]; then set -- "$@" "--out=$work/cut"; fi
  env --default-signal=PIPE "$program" "$@" 2>"$work/stderr" >&3
  status=$?
  ((status == 128 + $(kill -l PIPE))) || fail "exit status $status, its reader gone: $program $*"
  silent
  if compgen -G "$work/cut/*.part"; then fail "half a file: $program $*"; fi
}

# run_to WHERE [ARGUMENT...]: the program, its stdout going to where nothing can be written: a file,
# nowhere (`closed`), or a pipe that its reader has left.
run_to() {
  local status
  case $1 in
    closed) "$program" "${@:2}" 2>"$work/stderr" >&- ;;
    left) env --ignore-signal=PIPE "$program" "${@:2}" 2>"$work/stderr" >&3 ;;
    *) "$program" "${@:2}" 2>"$work/stderr" >"$1" ;;
  esac
  status=$?
  [[ $status -eq 2 ]] || fail "exit status $status with stdout to $1: $program ${*:2}"
  [[ $(tail -n 1 "$work/stderr") == "${program##*/}: the output could not be written" ]] ||
    fail "not a word about stdout to $1: $program ${*:2}"
}

mkfifo "$work/pipe"
exec 4<>"$work/pipe"  # who opens it for both waits for nobody,
exec 3>"$work/pipe"   # and so need not who opens it to write;
exec 4<&-             # then the reader leaves
make_wrong_folders
mkdir "$work/empty"
program=$PWD/$1
read -r -a row <<<"$(table "${1#./}")"
if ((${#row[@]} == 0)); then
  echo "FAILED: $1 is not in the table"
  exit 1
fi
takes=${row[0]} short=("${row[@]:1}")
unknown_flags "${short[@]}"
if [[ $takes == *m* ]]; then wrong_folders "${short[@]}"; fi
if [[ $takes == *o* ]]; then no_place "${short[@]}"; fi
odd_threads "${short[@]}"
bad_ends "${short[@]}"
if [[ $takes == *b* ]]; then run_to /dev/full --help; fi
finish
