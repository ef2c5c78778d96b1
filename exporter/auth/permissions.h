#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bullmq_exporter {

// What the API asks for.
inline constexpr std::string_view kManageAll = "manage:all";

// Roles with the permissions that they grant (ApiConfig::roles).
using RolePermissions = std::map<std::string, std::vector<std::string>>;

[[nodiscard]] bool HasPermission(std::span<const std::string> permissions,
                                 std::string_view permission);

// Whether one of the roles grants the permission; a role that is not in the map grants nothing.
[[nodiscard]] bool RolesGrant(const RolePermissions& map, std::span<const std::string> roles,
                              std::string_view permission);

}  // namespace bullmq_exporter
