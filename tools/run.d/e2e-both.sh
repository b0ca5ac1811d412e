# e2e-both.sh: run-e2e on both databases at once; sourced by it.
#
# Tests wait more than they work, so that two instances side by side take
# little longer than one.  The second one's output follows the first one's.
began=$SECONDS
out=$(mktemp -d /tmp/kvitok-e2e.XXXXXX)
setsid tools/run-e2e postgresql "$@" >"$out/postgresql" 2>&1 &
other=$!

# Its tests are in its process group, and end with it.
end_other() {
	kill -TERM -- "-$other" 2>/dev/null && wait "$other"
	rm -rf "$out"
}
trap end_other EXIT
trap 'exit 130' INT TERM
tools/run-e2e sqlite "$@" 2>&1 | tee "$out/sqlite"
rc=${PIPESTATUS[0]}
wait "$other" || rc=$?
cat "$out/postgresql"
grep -h '^# failed: ' "$out/sqlite" "$out/postgresql"
awk -v s=$((SECONDS - began)) '
/^e2e: / { ok += $2; bad += $4 }
END {
	printf "e2e: %d passed, %d failed, on both databases, in %d s\n",
	    ok, bad, s
}' "$out/sqlite" "$out/postgresql"
exit "$rc"
