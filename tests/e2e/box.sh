# box.sh: suppliers with a database of their own, for scripts of the exchange
# and of the supplier in the box; sourced after lib.sh, with EX, a folder, set.

# Databases that a supplier may have here: what is not installed is not tried.
databases() {
	echo sqlite
	[[ $E2E_DB != postgresql ]] || echo postgresql
	[[ $E2E_DB != sqlite || ! -x /usr/sbin/mariadbd ]] || echo mariadb
}

# dsn_of KIND NAME: the connection string of a supplier's database.
dsn_of() {
	case $1 in
	sqlite)
		echo "Driver=SQLite3;Database=$EX/$2.sqlite;Timeout=5000;JournalMode=WAL;"
		;;
	postgresql)
		echo "Driver={PostgreSQL Unicode};Server=${PG:-$EX/pg};Database=$2;Uid=postgres;UseServerSidePrepare=1;"
		;;
	mariadb)
		echo "Driver={MariaDB Unicode};Socket=$EX/my.sock;Database=$2;Uid=root;Charset=utf8mb4;"
		;;
	esac
}

# start_mariadb SQL: a server without users, on a socket in our folder, that
# ends with us; each statement of SQL stands in one line.
start_mariadb() {
	mkdir -p "$EX/my"
	echo "$1" >"$EX/my.sql"
	setpriv --pdeathsig KILL /usr/sbin/mariadbd --no-defaults \
	    --user="$(id -un)" --datadir="$EX/my" --socket="$EX/my.sock" \
	    --skip-networking --skip-grant-tables --init-file="$EX/my.sql" \
	    --pid-file="$EX/my.pid" --innodb-buffer-pool-size=16M \
	    --innodb-log-file-size=4M --character-set-server=utf8mb4 \
	    >"$EX/my.log" 2>&1 &
	wait_for 30 "MariaDB's socket" test -S "$EX/my.sock"
}

end_mariadb() {
	[[ ! -s $EX/my.pid ]] || kill -KILL "$(<"$EX/my.pid")" 2>/dev/null
}

# keep NAME COMMAND...: begun anew whenever it was killed; its id is in KEPT.
KEPT=()
keep() {
	setpriv --pdeathsig TERM multiwatch -f 1 -r 1000 -t 2000 -s TERM -- \
	    "${@:2}" >>"$EX/$1.log" 2>&1 &
	KEPT+=($!)
}

# beside COMMAND...: of every supplier in the box, beside each other.
beside() {
	local name pids=() bad=0
	for name in $(databases); do
		(
			TMP=$(mktemp -d "$TMP/$name.XXXXXX")
			whose "$name"
			"$@"
		) &
		pids+=($!)
	done
	for name in "${pids[@]}"; do
		wait "$name" || bad=1
	done
	((bad == 0)) || fail "$*"
}

# box METHOD PATH [BODY]: what the box at AT is told and says.
box() {
	http "$1" "$AT/control/$2" ${3:+-H 'Content-Type: application/json'
	    --data-binary "$3"}
}

box_ok() {
	box "$@"
	[[ $STATUS == 200 ]] || fail "$BOX: $* is refused"
}

answers() {
	box GET state
	[[ $STATUS == 200 ]]
}
