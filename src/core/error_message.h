// error_message: what the outside is told when something refuses it; for tests.
#pragma once

#include <string>

#include "core/error.h"

namespace lichtbild {

// The message of the Error that `body` throws, or "no error".
template <class Body>
std::string error_message(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace lichtbild
