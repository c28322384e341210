#include "child/data.h"

#include <cerrno>
#include <exception>
#include <new>

#include "data/codec.h"
#include "data/file.h"
#include "data/format.h"
#include "data/json.h"
#include "data/json_read.h"
#include "os/fd.h"

namespace eh::host::child {
namespace {

void tell(std::string_view why, eh_take_text error, void* context) {
  if (error) error(context, {why.data(), why.size()});
}

// No exception may reach the plugin.
template <class Call>
int guarded(const Call& call, int failure, eh_take_text error, void* context,
            bool* disk_full = nullptr) {
  try {
    return call();
  } catch (const FileError& e) {
    if (disk_full) *disk_full = e.error == ENOSPC || e.error == EDQUOT;
    tell(e.what(), error, context);
  } catch (const std::bad_alloc&) {
    tell("out of memory", error, context);
  } catch (const std::exception& e) {
    tell(e.what(), error, context);
  }
  return failure;
}

template <class Write>
Written written(const Write& write, eh_take_text error, void* context) {
  Written result;
  result.code =
      guarded([&] { return write(), 0; }, 1, error, context, &result.disk_full);
  return result;
}

// What it was before there were others.
bool is_gzip(std::string_view path) {
  return ending_of(path).codec == ".gz";
}

}  // namespace

Written write_file(int at, std::string_view path, std::string_view content,
                   eh_take_text error, void* context,
                   const std::function<void()>& before_naming) {
  return written(
      [&] {
        write_data_file(
            at, path,
            [&](Out& out) {
              const auto gzip =
                  is_gzip(path) ? compressor(".gz", out) : nullptr;
              auto& to = gzip ? *gzip : out;
              to.write(content);
              to.finish();
              if (before_naming) before_naming();
            },
            bool(before_naming));
      },
      error, context);
}

Written write_value(int at, std::string_view path, const eh_item* items,
                    std::size_t count, eh_take_text error, void* context) {
  return written(
      [&] {
        if (count == 0 || items_in(*items) + 1 != count)
          throw DataError("the value is not whole (rebuild the plugin)");
        write_data_file(at, path,
                        [&](Out& out) { host::write_value(path, items, out); });
      },
      error, context);
}

int read_file(int at, std::string_view path, eh_take_text take,
              eh_take_text error, void* context,
              const std::function<void(std::string_view)>& before_taking) {
  return guarded(
      [&] {
        std::string content;
        if (!read_data_file(at, path, content, bool(before_taking))) return 1;
        if (is_gzip(path)) content = decompressed(".gz", content);
        if (before_taking) before_taking(content);
        if (take) take(context, {content.data(), content.size()});
        return 0;
      },
      2, error, context);
}

int read_value(int at, std::string_view path, std::uint32_t how,
               eh_take_items take, eh_take_text error, void* context) {
  return guarded(
      [&] {
        Items items;
        if (how == EH_READ_JSON) {
          read_json(path, items);
        } else {
          if (!read_data_file(at, path, items.content)) return 1;
          host::read_value(path, how, items);
        }
        if (take) take(context, items.list.data(), items.list.size());
        return 0;
      },
      2, error, context);
}

}  // namespace eh::host::child
