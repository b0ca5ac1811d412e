# e2e-both.sh: run-e2e on both databases at once; sourced by it.
#
# Tests wait more than they work: each database has two instances, and each of
# these four runs its share of the scripts.  What one of them says comes at
# once, what the others say follows.
began=$SECONDS
out=$(mktemp -d /tmp/kvitok-e2e.XXXXXX)
groups=()

# About half of the time goes into these; what is new goes to the others.
FIRST='^(10|20|28|29|30|32|33|36|40|49|95)-'

# share first|second NAME...: its scripts.  99 looks through all that the others
# have left in an instance: it is the last one in each.
share() {
	local how=-E
	[[ $1 == first ]] || how=-vE
	shift
	printf '%s\n' "$@" | grep -v '^99-' | grep "$how" "$FIRST" ||
	    [[ $how == -vE ]] && printf '%s\n' "$@" | grep '^99-'
}

# Tests are in the group of the run that has started them, and end with it.
end_others() {
	local group
	for group in ${groups[@]+"${groups[@]}"}; do
		kill -TERM -- "-$group" 2>/dev/null && wait "$group"
	done
	rm -rf "$out"
}
trap end_others EXIT
trap 'exit 130' INT TERM

(($#)) || set -- tests/e2e/[0-9][0-9]-*.sh
for name in "$@"; do
	shift
	set -- "$@" "$(basename "$name" .sh)"
done
for part in first second; do
	mapfile -t names < <(share "$part" "$@")
	((${#names[@]})) || continue
	for db in sqlite postgresql; do
		setsid tools/run-e2e "$db" "${names[@]}" \
		    >"$out/${#groups[@]}" 2>&1 &
		groups+=($!)
	done
done

tail -n +1 -f --pid="${groups[0]}" "$out/0"
rc=0
for i in "${!groups[@]}"; do
	wait "${groups[i]}" || rc=$?
	((i == 0)) || cat "$out/$i"
done
grep -h '^# failed: ' "$out"/*
awk -v s=$((SECONDS - began)) '
/^e2e: / { ok += $2; bad += $4 }
END {
	printf "e2e: %d passed, %d failed, on both databases, in %d s\n",
	    ok, bad, s
}' "$out"/*
exit "$rc"
