package dev.gatehouse.enrich;

import java.util.List;
import java.util.Optional;

/// Where an object of a body stands, and those of its members that matter.
///
/// @param open offset of the `{`
/// @param close offset of the `}`
/// @param members in the order of the body
record ObjectSpan(int open, int close, List<Member> members) {
  /// One that is not there yet.
  static final ObjectSpan EMPTY = new ObjectSpan(0, 0, List.of());

  /// A member of an object.
  ///
  /// @param start offset of the name's opening quote
  /// @param value offset of the value's first byte
  /// @param end offset behind the value's last byte
  /// @param object the value, if it is an object on the way to a target or a target
  record Member(String name, int start, int value, int end, Optional<ObjectSpan> object) {}

  Optional<Member> member(String name) {
    for (Member member : members) {
      if (member.name().equals(name)) {
        return Optional.of(member);
      }
    }
    return Optional.empty();
  }

  /// The object at that path below this one.
  Optional<ObjectSpan> at(List<String> path) {
    Optional<ObjectSpan> object = Optional.of(this);
    for (String name : path) {
      object = object.flatMap(outer -> outer.member(name)).flatMap(Member::object);
    }
    return object;
  }
}
