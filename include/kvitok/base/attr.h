/*
 * attr: compiler attributes under one spelling for gcc and clang.
 */
#ifndef KVITOK_BASE_ATTR_H
#define KVITOK_BASE_ATTR_H

#define KV_MUST_CHECK __attribute__((warn_unused_result))
#define KV_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define KV_NORETURN __attribute__((noreturn))
#define KV_RETURNS_NONNULL __attribute__((returns_nonnull))
#define KV_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
