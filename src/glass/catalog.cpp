#include "glass/catalog.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <sstream>

#include "core/error.h"
#include "glass/agf.h"

namespace lichtbild {
namespace {

namespace fs = std::filesystem;

std::string capitals(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// The five nearest of the known names, as one text.
std::string nearest(std::string_view name, const std::vector<Glass>& glasses) {
  std::vector<std::pair<std::size_t, std::size_t>> ranked;
  for (std::size_t i = 0; i < glasses.size(); ++i)
    ranked.emplace_back(edit_distance(name, capitals(glasses[i].name)), i);
  const std::size_t count = std::min<std::size_t>(ranked.size(), 5);
  std::partial_sort(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(count),
                    ranked.end());
  std::string list;
  for (std::size_t i = 0; i < count; ++i) {
    const Glass& glass = glasses[ranked[i].second];
    list += (i ? ", " : "") + glass.maker + ":" + glass.name;
  }
  return list;
}

std::optional<Glass> special(std::string_view name) {
  if (name == "AIR") return air();
  if (name == "VACUUM") return vacuum();
  if (name == "MIRROR") return mirror();
  return glass_from_code(std::string(name));
}

}  // namespace

void Catalog::add(std::vector<Glass> glasses) {
  glasses_.insert(glasses_.begin() + static_cast<std::ptrdiff_t>(added_),
                  std::make_move_iterator(glasses.begin()), std::make_move_iterator(glasses.end()));
  added_ += glasses.size();
  by_name_.clear();
  for (std::size_t i = 0; i < glasses_.size(); ++i) by_name_.emplace(capitals(glasses_[i].name), i);
}

void Catalog::add_agf(const std::string& path, const std::string& maker) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || fs::is_directory(path, ignored))
    throw Error(path, "cannot be read", "check the path");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  add(parse_agf(bytes.str(), maker.empty() ? capitals(fs::path(path).stem().string()) : maker,
                path));
}

Found Catalog::find(std::string_view name, std::span<const std::string> preferred) const {
  const std::string wanted = capitals(name);
  if (const auto glass = special(wanted)) return {*glass, {}};
  const auto colon = wanted.find(':');
  const std::string maker = colon == wanted.npos ? "" : wanted.substr(0, colon);
  const std::string_view plain =
      colon == wanted.npos ? std::string_view(wanted) : std::string_view(wanted).substr(colon + 1);

  std::vector<std::size_t> candidates;
  for (auto [at, end] = by_name_.equal_range(plain); at != end; ++at)
    if (maker.empty() || capitals(glasses_[at->second].maker) == maker)
      candidates.push_back(at->second);
  if (candidates.empty())
    throw Error(std::string(name), "is not a known glass", "nearest: " + nearest(plain, glasses_));
  const auto rank = [&](std::size_t i) {
    const auto at = std::find_if(preferred.begin(), preferred.end(), [&](const std::string& wish) {
      return capitals(wish) == capitals(glasses_[i].maker);
    });
    return std::pair(at - preferred.begin(), i);
  };
  std::sort(candidates.begin(), candidates.end(),
            [&](auto a, auto b) { return rank(a) < rank(b); });

  Found found{glasses_[candidates[0]], {}};
  for (std::size_t i = 1; i < candidates.size(); ++i)
    found.also_made_by.push_back(glasses_[candidates[i]].maker);
  return found;
}

}  // namespace lichtbild
