#!/usr/bin/env bash
# Reviews every step in the history of a description in a git repository: a line for each, with its seconds, the most memory in MB
# (where GNU time is installed) and what the review comes to; then how many steps were read, and the slowest.
# usage: .ci/history.sh REPOSITORY FILE [MOST-STEPS]
set -euo pipefail

if [ $# -lt 2 ]; then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
top=$(cd "$(dirname "$0")/.." && pwd)
program=${CONFORMANCE:-$top/target/release/conformance}
repository=$1 file=$2 most=${3:-100}
if [ ! -x "$program" ]; then
  echo "$program is not built: cargo build --release -p conformance, or set CONFORMANCE to the program" >&2
  exit 2
fi
cd "$repository"
mapfile -t commits < <(git log --first-parent --reverse --format=%H -- "$file" | tail -n "$((most + 1))")
if [ "${#commits[@]}" -lt 2 ]; then
  echo "$file has fewer than two commits in $repository" >&2
  exit 2
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

read_steps=0 slowest=0
for ((step = 1; step < ${#commits[@]}; step++)); do
  old=${commits[step - 1]} new=${commits[step]}
  review=("$program" diff --no-config "$old:$file" "$new:$file" --fail-on never)
  begun=$(date +%s%N)
  code=0
  if [ -x /usr/bin/time ]; then
    /usr/bin/time -q -f %M -o "$work/memory" "${review[@]}" >"$work/out" 2>"$work/err" || code=$?
  else
    "${review[@]}" >"$work/out" 2>"$work/err" || code=$?
  fi
  took=$((($(date +%s%N) - begun) / 1000000))
  memory=$(tail -1 "$work/memory" 2>/dev/null || echo -)
  [ "$memory" = - ] || memory=$((memory / 1024))
  if [ "$code" = 0 ]; then
    read_steps=$((read_steps + 1))
    says=$(head -1 "$work/out" | sed "s/ · .*//")
  else
    says="exit $code: $(head -1 "$work/err")"
  fi
  [ "$took" -le "$slowest" ] || slowest=$took
  printf '%s  %6d ms  %5s MB  %s\n' "${new:0:10}" "$took" "$memory" "$says"
done
printf '%d of %d steps read · the slowest in %d ms\n' "$read_steps" "$((${#commits[@]} - 1))" "$slowest"
