#!/usr/bin/env bash
# run_once.sh BENCHMARK [FLAG...]: runs each rung once. A wrong rung is refused, and the test fails.
exec "$1" --benchmark_min_time=0 "${@:2}"
