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

PKGS     = libssl libcrypto libcurl jansson cmocka cairo pangocairo \
           libmicrohttpd libxml-2.0
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
PKG_LIBS   := $(shell pkg-config --libs $(filter-out cmocka,$(PKGS)) 2>/dev/null) \
           -lfcgi -lodbc -linih -lunistring

WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
           -Wformat=2 -Wundef -Wcast-qual -Wstrict-prototypes \
           -Wmissing-prototypes -Wswitch-enum -Wvla -Wwrite-strings \
           -Wnull-dereference -Wfloat-equal -Wimplicit-fallthrough
WARN_gcc = -Wduplicated-cond -Wduplicated-branches -Wlogical-op
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
ASSETS   = $(shell find web/tpl web/static -type f 2>/dev/null)
LIB      = $(BUILD)/libkvitok.a
UNIT     = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c))
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

$(BUILD)/gen/asset.c: tools/embed.sh $(ASSETS)
	@mkdir -p $(@D)
	tools/embed.sh $(ASSETS) >$@

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

store: $(STORE) ## store tests on SQLite and PostgreSQL
	@tools/run-store $(STORE)

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "%-10s %s\n",$$1,$$2}' Makefile

clean: ## remove what was built
	rm -rf build

.PHONY: all check store help clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
