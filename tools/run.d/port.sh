# port.sh: which ports tools/run listens at; sourced by it.
#
# Those that it chooses itself lie from 10000 to 32767: the kernel gives ports
# above to whoever calls out, and one may be gone before we bind it.
PORT_LOST=98 # exit status: somebody took a port between choosing and binding

# Someone listens there.
taken() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# The first free port at or above $1 that is none of the others.
free_port() {
	local p=$1 other
	shift
	for (( ; p <= 32767; p++)); do
		for other in "$@"; do
			[[ $p == "$other" ]] && continue 2
		done
		taken "$p" || { echo "$p"; return; }
	done
	return 1
}

# For KVITOK_PORT=any.
any_port() {
	free_port $((10000 + RANDOM % 9900))
}

# Of the simulator: 18080 beside 8080, its TLS and its mail above.
choose_sim_ports() {
	local base=$((10000 + PORT % 20000))
	SIM_PORT=$(free_port "$base" "$PORT") &&
	    SIM_TLS_PORT=$(free_port $((base + 1000)) "$PORT" "$SIM_PORT") &&
	    SMTP_PORT=$(free_port $((base + 2000)) "$PORT" "$SIM_PORT" \
	        "$SIM_TLS_PORT") || die "no free ports"
}
