# Kvitok.  "make help" lists the targets.
#
# One build folder per flavour: build/ (gcc), build/clang, build/asan.
# Sources are found by their folder: src/<layer>/*.c; the programs are the
# files of src/main that hold a main().

CC       = gcc
BUILD    = build
PREFIX   = /usr/local
DESTDIR  =
VERSION  = 0.1

PKGS     = libssl libcrypto libcurl jansson cairo pangocairo \
           libmicrohttpd libxml-2.0 libqrencode xlsxwriter libargon2
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(PKGS) 2>/dev/null) \
           -lfcgi -lodbc -linih -lunistring

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
           -Wformat=2 -Wundef -Wcast-qual -Wstrict-prototypes \
           -Wmissing-prototypes -Wswitch-enum -Wvla -Wwrite-strings \
           -Wnull-dereference -Wfloat-equal -Wimplicit-fallthrough
WARN_gcc = -Wduplicated-cond -Wduplicated-branches -Wlogical-op
# Long literals in tables take two lines; it takes them for a lost comma.
WARN_clang = -Wno-string-concatenation
OPT      = -O2 -g -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
           -fstack-clash-protection -fPIE
LINK     = -pie -Wl,-z,relro,-z,now
EXTRA    =
CPPFLAGS = -Iinclude -I$(BUILD)/gen -D_POSIX_C_SOURCE=200809L \
           -DKVITOK_VERSION='"$(VERSION)"'
CFLAGS   = -std=c17 -Werror $(WARN) $(WARN_$(notdir $(CC))) $(OPT) $(EXTRA)

MAINS    = $(patsubst src/main/%.c,%,$(wildcard $(patsubst %,src/main/%.c,\
           kvitokd kvitok_jobs kvitokctl kvitok_sim)))
PROGRAMS = $(foreach m,$(MAINS),$(BUILD)/$(subst _,-,$(m)))
MAIN_SRC = $(foreach m,$(MAINS),src/main/$(m).c)
LIB_SRC  = $(filter-out $(MAIN_SRC),$(wildcard src/*/*.c))
LIB_OBJ  = $(LIB_SRC:%.c=$(BUILD)/%.o)
GEN      = $(if $(wildcard tools/sql2c.awk),\
           $(BUILD)/gen/sql_text.c $(BUILD)/gen/sql_id.h)
GEN_OBJ  = $(patsubst %.c,%.o,$(filter %.c,$(GEN))) $(BUILD)/gen/asset.o
ASSETS   = $(shell find web/tpl web/static -type f 2>/dev/null) \
           $(wildcard sql/demo/*.tsv conf/layouts/pay/*.json) \
           $(wildcard xsd/1/*.xsd sql/box/*.sql sql/mailbox/*.sql)
LIB      = $(BUILD)/libkvitok.a
UNIT     = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
TOOL     = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/tool/*.c))
STORE    = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/store/test_*.c))

all: $(PROGRAMS) ## build the four programs with gcc

ifneq ($(GEN),)
$(GEN) &: $(wildcard sql/schema/*.sql sql/query/*.sql sql/query/pg/*.sql \
    sql/demo/*.sql) tools/sql2c.awk
	@mkdir -p $(BUILD)/gen
	awk -f tools/sql2c.awk -v dir=$(BUILD)/gen \
	    $(sort $(wildcard sql/schema/*.sql)) \
	    $(sort $(wildcard sql/query/*.sql)) \
	    $(sort $(wildcard sql/query/pg/*.sql)) \
	    $(sort $(wildcard sql/demo/*.sql))
endif

$(BUILD)/gen/asset.c: tools/embed.sh $(ASSETS) $(BUILD)/gen/assets.list
	tools/embed.sh $(ASSETS) >$@

# Changes when a file comes or goes.
$(BUILD)/gen/assets.list: FORCE
	@mkdir -p $(@D)
	@echo $(ASSETS) | cmp -s - $@ || echo $(ASSETS) >$@
FORCE:

$(BUILD)/%.o: %.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(PKG_CFLAGS:-I%=-isystem %) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(LIB): $(LIB_OBJ) $(GEN_OBJ)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/kvitok-%: $(BUILD)/src/main/kvitok_%.o $(LIB)
	$(CC) $(CFLAGS) $(LINK) -o $@ $< $(LIB) $(PKG_LIBS)

$(BUILD)/kvitok%: $(BUILD)/src/main/kvitok%.o $(LIB)
	$(CC) $(CFLAGS) $(LINK) -o $@ $< $(LIB) $(PKG_LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIB)
	$(CC) $(CFLAGS) $(LINK) -o $@ $< $(LIB) $(PKG_LIBS) -lcmocka

check: $(UNIT) ## unit tests
	@tools/run-unit $(UNIT)

clang: ## the same programs and unit tests with clang, in build/clang
	@$(MAKE) CC=clang BUILD=build/clang all check

# Each allocation is a block of its own here, so that ASan sees its ends.
# Leaks of libraries that are excused stand in tests/lsan.supp.
asan: export LSAN_OPTIONS = suppressions=tests/lsan.supp:print_suppressions=0
asan: ## unit tests under ASan and UBSan, in build/asan
	@$(MAKE) BUILD=build/asan OPT='-O1 -g -fno-omit-frame-pointer' LINK= \
	    EXTRA='-DARENA_BLOCK=0 -fsanitize=address,undefined \
	    -fno-sanitize-recover=all $(NOISE_gcc)' all check
# What gcc takes the checks of a sanitizer for.
NOISE_gcc = -Wno-maybe-uninitialized -Wno-null-dereference

valgrind: all $(UNIT) ## unit tests under valgrind
	@tools/run-unit -v $(UNIT)

FUZZ     = $(patsubst %.c,build/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_S   = 20
fuzz: ## each harness of tests/fuzz with libFuzzer for FUZZ_S=20 seconds
	@$(MAKE) CC=clang BUILD=build/fuzz OPT='-O1 -g' LINK= \
	    EXTRA='-DARENA_BLOCK=0 -fsanitize=address,undefined,fuzzer-no-link \
	    -fno-sanitize-recover=all' $(FUZZ)
	@mkdir -p build/fuzz/tests/fuzz/fuzz_xml_in.corpus && \
	    cp doc/exchange/examples/*.xml build/fuzz/tests/fuzz/fuzz_xml_in.corpus
	@mkdir -p build/fuzz/tests/fuzz/fuzz_reg_line.corpus && \
	    cp tests/fuzz/reg_line/* build/fuzz/tests/fuzz/fuzz_reg_line.corpus
	@for f in $(FUZZ); do mkdir -p $$f.corpus && echo "$$f" && \
	    $$f -max_total_time=$(FUZZ_S) -max_len=65536 -timeout=5 \
	    -verbosity=0 -print_funcs=0 -print_final_stats=1 \
	    -artifact_prefix=$$f. $$f.corpus || exit 1; done
$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIB)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $< $(LIB) $(PKG_LIBS)

# assert() is a branch that no test can take: it is left out of the count.
cover: ## lines and branches that the unit tests reach
	@find build/cover -name '*.gcda' -delete 2>/dev/null || :
	@$(MAKE) -s BUILD=build/cover OPT='-O0 -g' LINK= \
	    EXTRA='--coverage -DNDEBUG -Wno-unused $(NOISE_gcc)' check >/dev/null
	@tools/cover.sh build/cover $(sort $(LIB_SRC))

layers: ## who includes whom
	@awk -f tools/layers.awk $(SOURCES)

lint: ## banned calls, contracts, reasons, settings, sizes, form
	@tools/lint.sh

format: ## clang-format everything
	clang-format -i $(SOURCES) $(wildcard tests/*/*.[ch])

# One file at a time: of several, clang-tidy 14 mistakes each va_list after the
# first.
analyze: all ## cppcheck, clang-tidy, gcc -fanalyzer
	cppcheck --quiet --enable=warning,portability,performance \
	    --std=c11 --error-exitcode=1 --inline-suppr -Iinclude \
	    -I$(BUILD)/gen -j 2 src
	printf '%s\n' $(LIB_SRC) $(MAIN_SRC) | xargs -P 2 -I{} \
	    clang-tidy --quiet --warnings-as-errors='*' {} -- \
	    $(CPPFLAGS) -std=c17 $(PKG_CFLAGS:-I%=-isystem %)
	@$(MAKE) BUILD=build/analyze EXTRA=-fanalyzer all

SOURCES  = $(shell find src include -name '*.[ch]' | sort)

# What an installation consists of; tests and simulators stay here.
BINDIR   = $(PREFIX)/bin
MANDIR   = $(PREFIX)/share/man
UNITDIR  = $(PREFIX)/lib/systemd/system
CONFDIR  = /etc/kvitok
NGINXDIR = /etc/nginx
INSTALL  = install
# What an installation says for itself.
LOCAL    = $(patsubst %,nginx/kvitok/%.conf,listen rates sockets)
install: all ## into DESTDIR, below PREFIX; settings that are there stay
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(CONFDIR)
	$(foreach p,$(filter-out %/kvitok-sim,$(PROGRAMS)),\
	    $(INSTALL) -m 755 $(p) $(DESTDIR)$(BINDIR)/$(notdir $(p)) &&) :
	$(foreach f,$(wildcard conf/*.conf),\
	    { [ -e $(DESTDIR)$(CONFDIR)/$(notdir $(f)) ] || $(INSTALL) -m 640 \
	    $(f) $(DESTDIR)$(CONFDIR)/$(notdir $(f)); } &&) :
	$(foreach f,$(wildcard xsd/1/*.xsd xsd/report/*.xsd doc/exchange/*.md \
	    doc/exchange/examples/*.xml),$(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(PREFIX)/share/kvitok/$(f:doc/%=%) &&) :
	$(foreach f,$(wildcard conf/layouts/*.json),\
	    $(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(PREFIX)/share/kvitok/layouts/$(notdir $(f)) &&) :
	$(foreach f,$(filter-out %/kvitok-sim.1,$(wildcard man/*.[1-8])),\
	    $(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(f)))/$(notdir $(f)) &&) :
	$(INSTALL) -D -m 644 systemd/kvitok.sysusers \
	    $(DESTDIR)$(PREFIX)/lib/sysusers.d/kvitok.conf
	$(INSTALL) -D -m 644 systemd/kvitok.tmpfiles \
	    $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/kvitok.conf
	$(foreach f,$(wildcard systemd/*.service systemd/*.socket \
	    systemd/*.timer systemd/*.target systemd/*.slice),\
	    $(INSTALL) -D -m 644 $(f) $(DESTDIR)$(UNITDIR)/$(notdir $(f)) &&) :
	sed -i 's|/usr/bin/kvitok|$(BINDIR)/kvitok|g' \
	    $(patsubst systemd/%,$(DESTDIR)$(UNITDIR)/%,\
	    $(wildcard systemd/*.service))
	$(foreach f,$(wildcard nginx/*.conf),$(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(NGINXDIR)/sites-available/$(notdir $(f)) &&) :
	$(foreach f,$(filter-out $(LOCAL),$(wildcard nginx/kvitok/*.conf)),\
	    $(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(NGINXDIR)/kvitok/$(notdir $(f)) &&) :
	$(foreach f,$(LOCAL),\
	    { [ -e $(DESTDIR)$(NGINXDIR)/kvitok/$(notdir $(f)) ] || \
	    $(INSTALL) -D -m 644 $(f) \
	    $(DESTDIR)$(NGINXDIR)/kvitok/$(notdir $(f)); } &&) :

golden: $(TOOL) ## texts of printed receipts, bills, letters
	@BUILD=$(BUILD) tests/e2e/receipt-pdf.sh
	@BUILD=$(BUILD) tests/e2e/bill-pdf.sh

reports: $(BUILD)/tests/tool/report_files ## the ten in every format, as other programs read them
	@BUILD=$(BUILD) tests/e2e/report-files.sh

sim: $(BUILD)/kvitok-sim ## the simulator alone, over its sockets
	@BUILD=$(BUILD) tests/e2e/sim-gateways.sh

store: $(STORE) ## store tests on SQLite and PostgreSQL
	@tools/run-store $(STORE)

audit-check: $(BUILD)/tests/store/test_audit ## each spoiled row is named
	@tools/run-store $<

refund-crowd: $(BUILD)/tests/store/test_app_refund ## 1 000 payments, 100 refunds of each at once
	@KVITOK_ROUNDS=$${KVITOK_ROUNDS:-1000} KVITOK_TEST_S=1800 tools/run-store $<

run: ## everything on this machine, to try it: KVITOK_PORT, _DB, _RUN
	@exec tools/run

e2e: all ## end-to-end tests, through nginx, on both databases
	@tools/run-e2e both

browser: all ## a payer pays in a real browser; screenshots in build/shots
	@tools/run-browser

openapi: all ## the API's descriptions: linted, their examples sent
	@tools/run-openapi

installed: all ## what make install puts down: units, site, settings
	@tools/check-install

bench: all $(BUILD)/bare_fcgi ## speed, beside nginx's and PostgreSQL's own
	@tools/bench

$(BUILD)/bare_fcgi: tests/bench/bare_fcgi.c
	@mkdir -p $(@D)
	$(CC) -std=c17 -O2 $(WARN) -o $@ $< -lfcgi

test: ## every check and test, as .ci/run does
	@.ci/run

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "%-12s %s\n",$$1,$$2}' Makefile

clean: ## remove what was built
	rm -rf build

.PHONY: audit-check refund-crowd run sim e2e browser bench installed test
.PHONY: all check clang asan valgrind fuzz cover layers lint format analyze \
    install golden reports store help clean
.DELETE_ON_ERROR:
.PRECIOUS: $(BUILD)/%.o
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
