// Parameter<Owner>: a number that a person may set, declared once: name, unit, range, default, one
// line of help.
//
// The file parser, the command line, the Python keywords and the documentation are all made from
// tables of these. The default is the member's own initializer in Owner.
#pragma once

#include <string_view>

namespace lichtbild {

template <class Owner>
struct Parameter {
  std::string_view name;  // dotted: table.key
  std::string_view unit;
  double minimum, maximum;
  double Owner::*value;
  std::string_view help;
};

}  // namespace lichtbild
