// invariant(x): a condition that only our own mistake can break. Checked in debug builds, assumed
// in release builds.
#pragma once

#include <cassert>

#ifdef NDEBUG
#define invariant(condition) ((condition) ? void(0) : __builtin_unreachable())
#else
#define invariant(condition) assert(condition)
#endif
