# The pins of scripts/versions.env as CMake variables of the same names.
set(_versions ${PROJECT_SOURCE_DIR}/scripts/versions.env)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${_versions})
file(STRINGS ${_versions} _pins REGEX "^[A-Z_]+=")
foreach(_pin IN LISTS _pins)
  string(REGEX MATCH "^([A-Z_]+)=(.*)$" _ "${_pin}")
  set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
endforeach()
