# shellcheck shell=bash
# The part build: compiler and libraries.
# Part of scripts/setup, which sources it.

# in_prefix MODULE VERSION: whether the prefix has this library of pkg-config.
in_prefix() {
  PKG_CONFIG_PATH="$prefix/lib/pkgconfig" pkg-config --exists "$1 >= $2"
}

# Only static libraries go into the prefix: what is linked with them runs without it.
build_hiredis() {
  say "building hiredis $HIREDIS_VERSION of Debian $NEXT_SUITE into $prefix"
  fetch_source hiredis "$HIREDIS_VERSION"
  {
    make -C "$source_folder" -j"$(nproc)" USE_SSL=1 PREFIX="$prefix" static hiredis.pc hiredis_ssl.pc
    as_root install -d "$prefix/include/hiredis/adapters" "$prefix/lib/pkgconfig"
    as_root install -m 644 "$source_folder"/*.h "$prefix/include/hiredis/"
    as_root install -m 644 "$source_folder"/libhiredis.a "$source_folder"/libhiredis_ssl.a "$prefix/lib/"
    as_root install -m 644 "$source_folder"/hiredis.pc "$source_folder"/hiredis_ssl.pc "$prefix/lib/pkgconfig/"
  } >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; fail "hiredis does not build"; }
}

build_cpp_httplib() {
  say "building cpp-httplib $CPP_HTTPLIB_VERSION of Debian $NEXT_SUITE into $prefix"
  apt_install meson
  fetch_source cpp-httplib "$CPP_HTTPLIB_VERSION"
  {
    meson setup "$work/httplib-build" "$source_folder" --prefix "$prefix" --libdir lib --buildtype release \
      -Ddefault_library=static -Db_lto=false -Dcpp-httplib_compile=true -Dcpp-httplib_test=false \
      -Dcpp-httplib_openssl=enabled -Dcpp-httplib_zlib=enabled -Dcpp-httplib_brotli=disabled
    ninja -C "$work/httplib-build"
    as_root env DESTDIR= ninja -C "$work/httplib-build" install
  } >"$work/build.log" 2>&1 || { tail -n 30 "$work/build.log" >&2; fail "cpp-httplib does not build"; }
}

# library MODULE VERSION PACKAGE BUILD: Debian's package where it is new enough, else built from the next release's source.
library() {
  local module=$1 version=$2 package=$3 build=$4 available
  pkg-config --exists "$module >= $version" && return 0
  in_prefix "$module" "$version" && return 0
  refresh_apt
  available=$(candidate "$package")
  if [ -n "$available" ] && dpkg --compare-versions "$available" ge "$version"; then
    apt_install "$package"
  else
    apt_install dpkg-dev make
    "$build"
  fi
  pkg-config --exists "$module >= $version" || in_prefix "$module" "$version" || fail "$module $version was not installed as it should be"
}

setup_build() {
  apt_install g++ cmake ninja-build ccache pkg-config git ca-certificates \
    libspdlog-dev libfmt-dev libcli11-dev rapidjson-dev libyaml-cpp-dev prometheus-cpp-dev libssl-dev libexpected-dev zlib1g-dev \
    libcrypt-dev libgtest-dev libgmock-dev
  library hiredis "$HIREDIS_VERSION" libhiredis-dev build_hiredis
  library cpp-httplib "$CPP_HTTPLIB_VERSION" libcpp-httplib-dev build_cpp_httplib
}
