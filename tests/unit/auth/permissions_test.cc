#include "exporter/auth/permissions.h"

#include <gtest/gtest.h>

namespace bullmq_exporter {
namespace {

using Texts = std::vector<std::string>;

TEST(PermissionsTest, OnlyTheVeryPermissionCounts) {
  EXPECT_TRUE(HasPermission(Texts{"read:x", "manage:all"}, kManageAll));
  for (const Texts& permissions : {Texts{}, Texts{""}, Texts{"manage"}, Texts{"manage:all "},
                                   Texts{"MANAGE:ALL"}, Texts{"manage:*"}}) {
    EXPECT_FALSE(HasPermission(permissions, kManageAll));
  }
}

TEST(PermissionsTest, AnyRoleMayGrantAndUnknownOnesGrantNothing) {
  const RolePermissions map = {{"Super Admin", {"manage:all"}}, {"Reader", {"read:x"}}};
  EXPECT_TRUE(RolesGrant(map, Texts{"Reader", "Super Admin"}, kManageAll));
  for (const Texts& roles :
       {Texts{}, Texts{"Reader"}, Texts{"super admin"}, Texts{"manage:all"}, Texts{"Nobody", ""}}) {
    EXPECT_FALSE(RolesGrant(map, roles, kManageAll));
  }
}

}  // namespace
}  // namespace bullmq_exporter
