#!/usr/bin/env bash
# train_test.sh TRAIN: what it shows, keeps, and does again.
# shellcheck source=tools/program_testing.sh
. tools/program_testing.sh
train=$1
cd_work() { echo "$work/$1"; }

draws loss.svg "$train" --epochs=1 --batch=100
in_out "^data: built-in digits, 5000 images to learn and 1000 to validate$"
in_out "^mlp 784 50 10: SGD, lr 0.1, batches of 100, seed 1$"
in_out "^epoch  train loss  valid loss  accuracy  seconds$"
in_out "^    1      0\.[0-9]*      0\.[0-9]*   [0-9.]* %"
in_out "\* train   o valid$"
silent  # no progress line into a pipe

# The same bytes in two goes.
whole=$(cd_work whole) again=$(cd_work again) half=$(cd_work half) one=$(cd_work one)
run 0 "$train" --epochs=4 "--save=$whole"
in_out "^saved: $whole$"
run 0 "$train" --epochs=1 "--save=$one"
run 0 "$train" --epochs=3 "--save=$half"
run 0 "$train" --epochs=1 "--load=$half" "--save=$half"
in_out "^    4      0"
cmp "$whole" "$half" || fail "three epochs and one are not four"
run 0 "$train" --epochs=4 --seed=2 "--save=$again"
if cmp -s "$whole" "$again"; then fail "two seeds give one network"; fi

# A reader that knows the published format, and nothing of ours: shapes, and the length of each
# tensor as a vector.
if command -v python3 >/dev/null; then
  python3 - "$whole" <<'EOF' >"$work/stdout" || fail "python3 cannot read what --save wrote"
import json, math, struct, sys
file = open(sys.argv[1], "rb").read()
begin = 8 + struct.unpack("<Q", file[:8])[0]
header = json.loads(file[8:begin])
print(header.pop("__metadata__")["model"])
for name, tensor in sorted(header.items()):
    first, last = (begin + offset for offset in tensor["data_offsets"])
    form = {"F32": "f", "I64": "q"}[tensor["dtype"]]
    count = math.prod(tensor["shape"])
    numbers = struct.unpack(f"<{count}{form}", file[first:last])
    print(name, tensor["dtype"], tensor["shape"], f"{math.hypot(*numbers):.1f}")
EOF
  in_out '^mlp 784 50 10$'
  in_out '^0.weight F32 \[50, 784\] 5\.1$'
  in_out '^2.bias F32 \[10\] 0\.'
  in_out '^optimizer.0.step I64 \[\] 316\.0$'
fi

# Ctrl-C in the middle. (A shell's background jobs ignore it.)
env --default-signal=INT "$train" --epochs=100000 "--save=$half" >"$work/stdout" 2>"$work/stderr" &
until grep -q "^    2" "$work/stdout"; do sleep 0.1; done
kill -INT $!
wait $! || fail "Ctrl-C ends it with status $?"
in_out "^stopped after [0-9]* of 7900000 batches$"
in_out "\* train   o valid$"
in_out "^saved: $half$"
run 0 "$train" --epochs=1 "--load=$half"

refused "train: $work/none: cannot be read: No such file or directory" "$train" "--load=$work/none"
# Files that name another number of epochs, and another optimizer. (The lengths stay.)
LC_ALL=C sed 's/"epochs":"1"/"epochs":"x"/' "$one" >"$half"
refused "train: $half: its \"epochs\" should be a whole number from 0 to 1000000, but is x" \
  "$train" "--load=$half"
LC_ALL=C sed 's/optimizer.0.step/optimizer.0.sten/' "$one" >"$half"
refused "train: $half: load_state() has no use for 0.sten: it belongs to another optimizer or another model" \
  "$train" "--load=$half"
refused "train: --epochs: 0 is not a whole number from 1 to 100000" "$train" --epochs=0
finish
