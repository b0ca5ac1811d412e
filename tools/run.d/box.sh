# box.sh: a supplier in the box beside everything else, for KVITOK_BOX=yes;
# sourced by tools/run.
#
# It plays the water utility of «Портал ЖКХ», with a SQLite database of its
# own, which is kept as Kvitok's is.

box_wanted() {
	[[ $BOX == yes ]]
}

# After make_settings: Kvitok looks into its mailbox.
make_box() {
	box_wanted || return 0
	BOX_PORT=$(free_port $((10000 + (PORT + 3000) % 20000)) "$PORT" \
	    "$SIM_PORT" "$SIM_TLS_PORT" "$SMTP_PORT") || die "no free port"
	KVITOK_BOX_URL=http://127.0.0.1:$BOX_PORT
	echo "Driver=SQLite3;Database=$RUN/box.sqlite;Timeout=5000;JournalMode=WAL;" \
	    >"$RUN/secret/box.dsn"
	cat >"$RUN/box.conf" <<-END
	[box]
	http = 127.0.0.1:$BOX_PORT
	portal = portalgkh
	supplier = vodokanal
	services = hvs, vodootvedenie
	metered = hvs
	dsn = $RUN/secret/box.dsn
	END
	cat >>"$RUN/kvitok.conf" <<-END

	[exchange box]
	portal = portalgkh
	supplier = vodokanal
	kind = odbc
	dsn = $RUN/secret/box.dsn
	spool = $RUN/spool
	poll_s = 1
	send = payments, refunds, readings, requests
	send_from = $(TZ=Etc/GMT-3 date +%F)
	END
	[[ -e $RUN/box.sqlite ]] ||
	    "$BIN/kvitok-sim" supplier -c "$RUN/box.conf" create \
	        >>"$RUN/log/make.log" 2>&1 || {
		rm -f "$RUN/box.sqlite"
		fail_with make "kvitok-sim supplier create failed"
	}
}

start_box() {
	! box_wanted || start kvitok-box "$BIN/kvitok-sim" supplier \
	    -c "$RUN/box.conf"
}
