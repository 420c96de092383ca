// Error: something outside the program is wrong - a file, a flag, a look - said in one line.
//
// Thrown where the bad byte is met and caught once, at the door (cli, python, studio). Physics that
// says no is a value, and our own mistakes are invariant()s; neither is an Error.
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace lichtbild {

class Error : public std::runtime_error {
 public:
  // `where`: the file and the place in it; `what`: what is wrong there; `cure`: what the user can
  // do about it.
  Error(std::string where, const std::string& what, const std::string& cure = {})
      : std::runtime_error(where + ": " + what + (cure.empty() ? "" : "; " + cure)),
        where_(std::move(where)) {}

  const std::string& where() const { return where_; }

 private:
  std::string where_;
};

}  // namespace lichtbild
