// LICHTBILD_VECTOR_CLONES before a function of plain loops: it is compiled for AVX-512, AVX2 and
// plain x86-64, and the processor chooses when the program starts. Nothing where the compiler or a
// sanitizer cannot. LICHTBILD_INLINE before the body of a lambda in it: it is compiled with the
// function, for each of these.
#pragma once

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
    !defined(__clang__)
#define LICHTBILD_VECTOR_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define LICHTBILD_VECTOR_CLONES
#endif

#if defined(__GNUC__)
#define LICHTBILD_INLINE __attribute__((always_inline))
#else
#define LICHTBILD_INLINE
#endif
