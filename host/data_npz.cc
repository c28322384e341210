// The only unit with libzip. Its header is not needed to build the rest.

#include "data_npy.h"

#ifdef EH_HAS_ZIP
#include <zip.h>

#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "data_grid.h"
#include "shared_library.h"

namespace eh::host {
namespace {

class Zip {
  const SharedLibrary library_{{"libzip.so.4", "libzip.so.5"}, "libzip4"};

 public:
  EH_FROM_LIBRARY(zip_source_buffer_create);
  EH_FROM_LIBRARY(zip_source_buffer);
  EH_FROM_LIBRARY(zip_source_keep);
  EH_FROM_LIBRARY(zip_source_free);
  EH_FROM_LIBRARY(zip_source_open);
  EH_FROM_LIBRARY(zip_source_read);
  EH_FROM_LIBRARY(zip_source_close);
  EH_FROM_LIBRARY(zip_open_from_source);
  EH_FROM_LIBRARY(zip_close);
  EH_FROM_LIBRARY(zip_discard);
  EH_FROM_LIBRARY(zip_strerror);
  EH_FROM_LIBRARY(zip_file_add);
  EH_FROM_LIBRARY(zip_file_set_dostime);
  EH_FROM_LIBRARY(zip_get_num_entries);
  EH_FROM_LIBRARY(zip_get_name);
  EH_FROM_LIBRARY(zip_fopen_index);
  EH_FROM_LIBRARY(zip_fread);
  EH_FROM_LIBRARY(zip_file_strerror);
  EH_FROM_LIBRARY(zip_fclose);
  EH_FROM_LIBRARY(zip_error_init);
  EH_FROM_LIBRARY(zip_error_fini);
  EH_FROM_LIBRARY(zip_error_strerror);
};

const Zip& zip() {
  static const Zip library;
  return library;
}

class ZipError {
 public:
  ZipError() { zip().zip_error_init(&error_); }
  ~ZipError() { zip().zip_error_fini(&error_); }
  ZipError(const ZipError&) = delete;
  ZipError& operator=(const ZipError&) = delete;
  zip_error_t* get() { return &error_; }
  std::string text() { return zip().zip_error_strerror(&error_); }

 private:
  zip_error_t error_;
};

// ---- Writing.

struct Member {
  std::string name;
  std::string bytes;
};

Member member(std::string name, const eh_item* value) {
  MemoryOut out;
  try {
    write_npy(value, out);
  } catch (const DataError& error) {
    throw DataError("'" + name + "': " + error.what());
  }
  return {std::move(name) + ".npy", std::move(out.bytes)};
}

// A column of cells, as the list that it is.
Member column_member(GridColumn& column, std::size_t rows) {
  std::vector<eh_item> list(1);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto* cell = column.cell(row);
    list.insert(list.end(), cell, behind(cell));
  }
  list[0].kind = EH_ITEM_LIST;
  list[0].element = column.element;
  list[0].count = rows;
  list[0].as.natural = list.size() - 1;
  return member(column.name, list.data());
}

std::vector<Member> members_of(const eh_item* value) {
  std::vector<Member> members;
  if (value->kind == EH_ITEM_MAP) {
    for (auto at = value + 1; at < behind(value); at = behind(at + 1))
      members.push_back(member(std::string(text_of(*at)), at + 1));
  } else if (value->kind == EH_ITEM_TABLE) {
    auto grid = grid_of(value);
    for (auto& column : grid.columns)
      members.push_back(column_member(column, grid.rows));
  } else {
    members.push_back(member("arr_0", value));
  }
  return members;
}

std::string archive_of(const std::vector<Member>& members) {
  const auto& library = zip();
  ZipError error;
  auto* source = library.zip_source_buffer_create(nullptr, 0, 0, error.get());
  if (!source) throw std::bad_alloc();
  const std::unique_ptr<zip_source_t, decltype(library.zip_source_free)> owned(
      source, library.zip_source_free);
  auto* archive =
      library.zip_open_from_source(source, ZIP_TRUNCATE, error.get());
  if (!archive) throw DataError("libzip cannot write: " + error.text());
  library.zip_source_keep(source);  // the archive owns the first reference
  const auto fail = [&] {
    const std::string why = library.zip_strerror(archive);
    library.zip_discard(archive);
    throw DataError("libzip cannot write: " + why);
  };
  for (const auto& [name, bytes] : members) {
    auto* content =
        library.zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const auto index = content ? library.zip_file_add(archive, name.c_str(),
                                                      content, ZIP_FL_ENC_UTF_8)
                               : -1;
    if (index < 0) {
      library.zip_source_free(content);
      fail();
    }
    // As numpy.savez() has it, so that equal values make equal files.
    constexpr zip_uint16_t january_1980 = 1 << 5 | 1;
    library.zip_file_set_dostime(archive, static_cast<zip_uint64_t>(index), 0,
                                 january_1980, 0);
  }
  if (library.zip_close(archive) != 0) fail();
  if (members.empty()) {
    // The end of a zip file that has nothing in it; libzip writes none.
    return std::string("PK\5\6", 4) + std::string(18, '\0');
  }
  if (library.zip_source_open(source) != 0)
    throw DataError("libzip cannot write");
  std::string out;
  std::string chunk(256 * 1024, '\0');
  for (;;) {
    const auto n = library.zip_source_read(source, chunk.data(), chunk.size());
    if (n < 0) throw DataError("libzip cannot write");
    if (n == 0) break;
    out.append(chunk.data(), static_cast<std::size_t>(n));
  }
  library.zip_source_close(source);
  return out;
}

// ---- Reading.

class Archive {
 public:
  explicit Archive(std::string_view bytes) {
    ZipError error;
    auto* source = library_.zip_source_buffer_create(bytes.data(), bytes.size(),
                                                     0, error.get());
    if (!source) throw std::bad_alloc();
    archive_ = library_.zip_open_from_source(source, ZIP_RDONLY, error.get());
    if (archive_) return;
    library_.zip_source_free(source);
    throw DataError("this is no whole .npz file of " +
                    std::to_string(bytes.size()) + " bytes: " + error.text());
  }
  ~Archive() { library_.zip_discard(archive_); }
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;

  std::uint64_t size() const {
    const auto count = library_.zip_get_num_entries(archive_, 0);
    return count < 0 ? 0 : static_cast<std::uint64_t>(count);
  }
  std::string name(std::uint64_t i) const {
    const char* name = library_.zip_get_name(archive_, i, 0);
    return name ? name : "";
  }
  std::string content(std::uint64_t i) const {
    auto* file = library_.zip_fopen_index(archive_, i, 0);
    if (!file) throw DataError(library_.zip_strerror(archive_));
    const std::unique_ptr<zip_file_t, decltype(library_.zip_fclose)> owned(
        file, library_.zip_fclose);
    std::string bytes;
    std::string chunk(256 * 1024, '\0');
    for (;;) {
      const auto n = library_.zip_fread(file, chunk.data(), chunk.size());
      if (n < 0) throw DataError(library_.zip_file_strerror(file));
      if (n == 0) return bytes;
      bytes.append(chunk.data(), static_cast<std::size_t>(n));
    }
  }

 private:
  const Zip& library_ = zip();
  zip_t* archive_ = nullptr;
};

}  // namespace

void write_npz(const eh_item* value, Out& out) {
  out.write(archive_of(members_of(value)));
}

void read_npz(std::string_view bytes, Items& items) {
  const Archive archive(bytes);
  const auto map = items.open(EH_ITEM_MAP);
  for (std::uint64_t i = 0; i < archive.size(); ++i) {
    auto name = archive.name(i);
    try {
      const auto content = items.keep(archive.content(i));
      if (name.ends_with(".npy")) name.resize(name.size() - 4);
      items.add_text(EH_ITEM_TEXT, items.keep(name));
      read_npy(content, items);
    } catch (const DataError& error) {
      throw DataError("'" + name + "': " + error.what());
    }
  }
  items.close(map, archive.size());
}

}  // namespace eh::host

#else

namespace eh::host {

static constexpr char lacking[] =
    "this eh was built without libzip (on Debian: libzip-dev)";

void write_npz(const eh_item*, Out&) {
  throw DataError(lacking);
}
void read_npz(std::string_view, Items&) {
  throw DataError(lacking);
}

}  // namespace eh::host

#endif
