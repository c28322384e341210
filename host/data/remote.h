// Files on other machines: sftp:// to read and write, https:// to read.
//
// libcurl is loaded when such a path is met. A host is taken for the one that
// it says only if its key is in known_hosts (~/.ssh/known_hosts or that of
// EH_SFTP_KNOWN_HOSTS); who asks is known by ssh-agent, the key of EH_SFTP_KEY,
// or the first of ~/.ssh/id_ed25519, id_ecdsa and id_rsa. Certificates of
// https:// are those of the curl command. Where nothing moves for
// EH_REMOTE_TIMEOUT (30) seconds, it is given up.
#pragma once

#include <string>
#include <string_view>

namespace eh::host {

/// Writes a file under a temporary name and renames it when it is whole, with
/// the folders above it made. Throws DataError.
void upload(std::string_view address, std::string_view content);

/// False if there is no such file. Throws DataError.
bool download(std::string_view address, std::string& content);

}  // namespace eh::host
