#include "exporter/auth/permissions.h"

#include <algorithm>

namespace bullmq_exporter {

bool HasPermission(std::span<const std::string> permissions, std::string_view permission) {
  return std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
}

bool RolesGrant(const RolePermissions& map, std::span<const std::string> roles,
                std::string_view permission) {
  return std::any_of(roles.begin(), roles.end(), [&](const std::string& role) {
    const auto found = map.find(role);
    return found != map.end() && HasPermission(found->second, permission);
  });
}

}  // namespace bullmq_exporter
