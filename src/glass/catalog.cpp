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
  ranked.reserve(glasses.size());
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
  return std::nullopt;
}

std::string read_whole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::error_code ignored;
  if (!file || fs::is_directory(path, ignored))
    throw Error(path, "cannot be read", "check the path");
  constexpr std::size_t longest = 16 << 20;
  std::string bytes(longest + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  if (bytes.size() > longest)
    throw Error(path, "is longer than 16 MiB", "give a catalogue of one maker");
  return bytes;
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
  const std::string name = maker.empty() ? capitals(fs::path(path).stem().string()) : maker;
  add(parse_agf(read_whole(path), name, path));
}

std::vector<const Glass*> Catalog::all_named(std::string_view name, std::string_view maker,
                                             std::span<const std::string> preferred) const {
  std::vector<std::size_t> found;
  for (auto [at, end] = by_name_.equal_range(name); at != end; ++at)
    if (maker.empty() || capitals(glasses_[at->second].maker) == maker) found.push_back(at->second);
  const auto rank = [&](std::size_t i) {
    const auto wish = std::find_if(preferred.begin(), preferred.end(), [&](const std::string& w) {
      return capitals(w) == capitals(glasses_[i].maker);
    });
    return std::pair(wish - preferred.begin(), i);
  };
  std::sort(found.begin(), found.end(), [&](auto a, auto b) { return rank(a) < rank(b); });
  std::vector<const Glass*> glasses;
  glasses.reserve(found.size());
  for (const std::size_t i : found) glasses.push_back(&glasses_[i]);
  return glasses;
}

Found Catalog::find(std::string_view name, std::span<const std::string> preferred) const {
  constexpr std::size_t longest_name = 64;
  if (name.size() > longest_name)
    throw Error(std::string(name.substr(0, longest_name)) + "...", "is not a known glass",
                "names of glasses are short");
  const std::string wanted = capitals(name);
  if (const auto glass = special(wanted)) return {*glass, {}};
  const std::size_t colon = wanted.find(':');
  const std::string maker = wanted.substr(0, colon == wanted.npos ? 0 : colon);
  const std::string plain = wanted.substr(colon == wanted.npos ? 0 : colon + 1);
  const std::vector<const Glass*> found = all_named(plain, maker, preferred);
  if (found.empty()) {
    if (const auto glass = glass_from_code(wanted)) return {*glass, {}};
    if (glasses_.empty())
      throw Error(std::string(name), "no glasses are loaded", "load a catalogue");
    throw Error(std::string(name), "is not a known glass", "nearest: " + nearest(plain, glasses_));
  }
  Found result{*found[0], {}};
  for (const Glass* glass : found) {
    std::vector<std::string>& others = result.also_made_by;
    if (glass->maker != found[0]->maker &&
        std::find(others.begin(), others.end(), glass->maker) == others.end())
      others.push_back(glass->maker);
  }
  return result;
}

}  // namespace lichtbild
