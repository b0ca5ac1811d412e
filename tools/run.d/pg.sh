# pg.sh: a private PostgreSQL cluster for tools/run; sourced by it.
#
# Reachable through a unix socket in a folder of its owner alone; never as
# root, for PostgreSQL refuses to run so.

pg_bin() {
	local d
	d=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
	[[ -x $d/initdb ]] || die "PostgreSQL is not installed"
	echo "$d"
}

# As the cluster's owner: postgres when we are root, ourselves otherwise.
pg_as() {
	if ((EUID == 0)); then
		(cd / && exec setpriv --reuid=postgres --regid=postgres \
		    --clear-groups -- "$@" 8>&- 9>&-)
	else
		(cd / && exec "$@" 8>&- 9>&-)
	fi
}

# The cluster's folder.  Below a folder that its owner may not enter (/root)
# it lies in /var/tmp, and $RUN/pg leads there.
pg_folder() {
	if [[ ! -e $RUN/pg ]]; then
		mkdir -m 700 "$RUN/pg" || die "cannot make $RUN/pg"
		if ((EUID == 0)); then
			chmod 711 "$RUN"
			chown postgres:postgres "$RUN/pg"
			if ! pg_as test -w "$RUN/pg"; then
				rmdir "$RUN/pg"
				ln -s "$(pg_as mktemp -d \
				    /var/tmp/kvitok-pg.XXXXXX)" "$RUN/pg"
			fi
		fi
	fi
	PG=$(realpath "$RUN/pg")
}

pg_start() {
	[[ $DB == postgresql ]] || return 0
	local bin
	bin=$(pg_bin) || exit 1
	pg_folder
	if [[ ! -e $PG/data/PG_VERSION ]]; then
		pg_as "$bin/initdb" -D "$PG/data" -U postgres -A trust \
		    -E UTF8 --locale=C.UTF-8 --no-instructions \
		    >"$RUN/log/initdb.log" 2>&1 ||
		    die "initdb failed, see $RUN/log/initdb.log"
		pg_as tee -a "$PG/data/postgresql.conf" >/dev/null <<-END
		listen_addresses = ''
		unix_socket_directories = '$PG'
		unix_socket_permissions = 0700
		log_destination = 'stderr'
		END
	fi
	pg_as "$bin/pg_ctl" -D "$PG/data" -l "$PG/log" -w -t 30 -s \
	    -o "${KVITOK_PG_OPTIONS:-}" start ||
	    die "PostgreSQL does not start, see $PG/log"
	# Ours is no superuser: the ledger's rows are out of its reach.
	psql -q -h "$PG" -U postgres -d postgres -Atc \
	    "SELECT 1 FROM pg_database WHERE datname = 'kvitok'" | grep -q 1 ||
	    { createuser -h "$PG" -U postgres kvitok &&
	        createdb -h "$PG" -U postgres -O kvitok kvitok; } ||
	    die "createdb failed"
}

pg_stop() {
	[[ $DB == postgresql && -n ${PG:-} && -e $PG/data/postmaster.pid ]] ||
	    return 0
	pg_as "$(pg_bin)/pg_ctl" -D "$PG/data" -m fast -w -t 20 -s stop
}
