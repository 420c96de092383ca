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
      : std::runtime_error(one_line(where + ": " + what + (cure.empty() ? "" : "; " + cure))),
        where_(std::move(where)) {}

  const std::string& where() const { return where_; }

 private:
  // Files may hold names with line breaks and worse in them.
  static std::string one_line(std::string text) {
    for (char& c : text)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
  }
  std::string where_;
};

}  // namespace lichtbild
